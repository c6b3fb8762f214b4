import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { searchKeysOf } from '#contracts/read-models/search-words.js';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { column, type TableSpec } from '#contracts/read-models/tables/table.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { INVOICE_SEARCH } from '../../../projections/invoice-search/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { PostgresSearch } from '../../../read-side/search/postgres-search.js';
import { ReadView } from '../../../read-side/view.js';
import { invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = INVOICE_SUMMARY.name;

type Noted = InvoiceSummary & { readonly note: string };

/** The next version of the program: a column more, and one that it makes otherwise. */
const NOTED_TABLE: TableSpec<Noted> = {
  ...INVOICE_SUMMARY_TABLE, columns: [...INVOICE_SUMMARY_TABLE.columns, column('note', 'text', (row) => row.note)],
  parse: (values) => ({ ...INVOICE_SUMMARY_TABLE.parse(values.slice(0, -1)), note: values.at(-1) ?? '' }),
};
const NOTED: RowProjection<Noted> = {
  ...INVOICE_SUMMARY, source: undefined as never, table: NOTED_TABLE,
  evolve: (row, event) => ({ ...INVOICE_SUMMARY.evolve(row, event), channel: 'web', note: `of ${event.type}` }),
};

const SEARCH = INVOICE_SEARCH.name;

/** As the version before made it: the engine's parser split the texts, by configurations of the generation's own. */
const PARSED_TABLE: TableSpec<InvoiceSearchRow> = {
  ...INVOICE_SEARCH_TABLE,
  derived: [column('keys', 'tsvector', (row) => searchKeysOf(row).map((key, at) => `'${key}':${at + 1}A`).join(' ')), column('names', 'text', ({ issuer, receiver }) => `${issuer.name ?? ''} ${receiver.name ?? ''}`), column('description_text', 'text', (row) => row.descriptions.join('\n'))],
  before: [
    'CREATE TEXT SEARCH CONFIGURATION {schema}.folio_spanish (COPY = pg_catalog.spanish)',
    'ALTER TEXT SEARCH CONFIGURATION {schema}.folio_spanish ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.spanish_stem',
    'CREATE TEXT SEARCH CONFIGURATION {schema}.folio_simple (COPY = pg_catalog.simple)',
    'ALTER TEXT SEARCH CONFIGURATION {schema}.folio_simple ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.simple',
  ],
  generated: [
    `document tsvector GENERATED ALWAYS AS (keys
      || setweight(to_tsvector('{schema}.folio_spanish'::regconfig, names), 'B') || setweight(to_tsvector('{schema}.folio_simple'::regconfig, names), 'B')
      || setweight(to_tsvector('{schema}.folio_spanish'::regconfig, description_text), 'C') || setweight(to_tsvector('{schema}.folio_simple'::regconfig, description_text), 'C')) STORED`,
  ],
};

describe('a search table that the version before made', () => {
  let harness: Harness;
  let shards: Shards;
  before(async () => { harness = await Harness.open(2); });
  after(async () => {
    await shards.close();
    await harness.close();
  });

  it('is searched, stands still, and is replaced when the change is expected', async () => {
    const before = await harness.start({ projections: [{ ...INVOICE_SEARCH, table: PARSED_TABLE } as RowProjection] });
    for (let seed = 0; seed < 6; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(before, SEARCH);
    await before.rebuild(SEARCH);
    expect(await before.verify(SEARCH)).to.deep.include({ rows: 6, digestHolds: true, damaged: 0 });
    await before.stop();

    const worker = await harness.start({ projections: [INVOICE_SEARCH as RowProjection] });
    shards = new Shards({ shards: harness.shardSettings, slots: evenSlots(SLOTS, 2), slotOf, readers: 2 });
    const found = async (text: string): Promise<number> =>
      (await new PostgresSearch().search(new ReadView({ shards, pointer: worker.pointer, progress: worker.hub, log: harness.store }), { text, filter: {}, limit: 50, cursor: undefined })).total;
    await harness.append(invoiceStream(6), lifeOf(6));
    expect((await worker.status())[0]?.outOfDate?.why).to.deep.equal(['its table has another shape']);
    const questions = ['tornillos papeleria', 'tornillo', 'instalacion', 'A-103', 'tornilo'];
    expect(await Promise.all(questions.map(found))).to.deep.equal([6, 6, 6, 1, 6]);
    const refused: unknown = await worker.rebuild(SEARCH).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'rebuild-differs');
    expect(worker.lastRebuild(SEARCH)?.comparison?.shown.map(({ column: name, next }) => [name, next])).to.deep.equal([['description_text', null], ['keys', null], ['names', null]]);
    await worker.rebuild(SEARCH, { expectChanges: true });
    expect(await Promise.all(questions.map(found))).to.deep.equal([7, 7, 7, 1, 7]);
    expect(await worker.verify(SEARCH)).to.deep.include({ rows: 7, digestHolds: true, damaged: 0 });
  });
});

describe('a table that changes its shape', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  beforeEach(async () => {
    harness = await Harness.open(2);
    const before = await harness.start({ projections: [INVOICE_SUMMARY] });
    for (let seed = 0; seed < 10; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(0, 3));
    await caughtUp(before, SUMMARY);
    await before.stop();
    worker = await harness.start({ projections: [NOTED as RowProjection] });
  });
  afterEach(() => harness.close());

  const refusal = async (work: Promise<unknown>): Promise<Problem> => {
    const error = await work.then(() => undefined, (reason: unknown) => reason);
    if (!(error instanceof Problem)) throw new Error(`it was not refused: ${String(error)}`);
    return error;
  };

  it('stands still for the new code, which says so, and goes on with a rebuild that expects the change', async () => {
    expect((await worker.status())[0]?.outOfDate).to.deep.equal({ why: ['its table has another shape', 'its fold is other code'], repair: `folio rebuild ${SUMMARY} --expect-changes` });
    await harness.append(invoiceStream(50), lifeOf(50));
    const problem = await refusal(worker.rebuild(SUMMARY));
    expect([problem.code, problem.detail['differences']]).to.deep.equal(['rebuild-differs', '10 rows (note, channel)']);
    expect(worker.lastRebuild(SUMMARY)?.comparison?.shown[0]).to.deep.equal({ table: 'invoice', key: 'every row', column: 'note', live: null, next: 'there' });
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE), 'readers have what they had').to.have.length(10);
    expect(await worker.rebuild(SUMMARY, { expectChanges: true, actor: 'anna' })).to.equal(2);
    expect(harness.switches.at(-1)).to.deep.include({ differencesAccepted: true, actor: 'anna' });
    for (let seed = 0; seed < 10; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(3));
    await caughtUp(worker, SUMMARY);
    const rows = await harness.rows<Noted>(SUMMARY, 2, NOTED_TABLE as never);
    const seeds = [...Array.from({ length: 10 }, (_, seed) => seed), 50];
    const last = new Map(seeds.map((seed) => [invoiceId(seed), `of ${lifeOf(seed).at(-1)?.type}`]));
    expect(new Map(rows.map(({ id, note }) => [id as string, note]))).to.deep.equal(last);
    expect(new Set(rows.map(({ channel }) => channel))).to.deep.equal(new Set(['web']));
    expect(await worker.verify(SUMMARY)).to.deep.include({ generation: 2, rows: 11, digestHolds: true, damaged: 0 });
    expect((await worker.status())[0]?.outOfDate).to.equal(null);
  });

  it('is gone back to only by the program that writes it, which brings it up to date first', async () => {
    await worker.rebuild(SUMMARY, { expectChanges: true });
    await harness.append(invoiceStream(60), lifeOf(60));
    await caughtUp(worker, SUMMARY);
    expect((await refusal(worker.rollback(SUMMARY))).code).to.equal('rollback-impossible');
    await worker.stop();
    const old = await harness.start({ projections: [INVOICE_SUMMARY], owner: 'old' });
    expect(await old.rollback(SUMMARY)).to.equal(1);
    await caughtUp(old, SUMMARY);
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.have.length(11);
    expect(await old.verify(SUMMARY)).to.deep.include({ generation: 1, rows: 11, digestHolds: true, damaged: 0 });
  });
});
