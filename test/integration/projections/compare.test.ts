import { expect } from 'chai';
import { ORIGIN } from '#contracts/kernel/position.js';
import { Problem } from '#contracts/kernel/problem.js';
import { laneOf } from '#contracts/topics.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { ComparisonReport } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { hashNumber, hashOf } from '#platform/read-store/row-hash.js';
import { rowLine } from '#platform/read-store/table.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SEARCH } from '../../../projections/invoice-search/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import type { ProjectionsHandle } from '../../../projections/role.js';
import { invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = 'invoice-summary';

/** The same projection with other code, as a new version of the program has it. */
const withOtherChannel: RowProjection = { ...INVOICE_SUMMARY, source: undefined as never, evolve: (row, event) => ({ ...evolveInvoice(row as InvoiceSummary | undefined, event as InvoiceEvent), channel: 'CHANGED' }) };
const failingOnce = (seed: number): RowProjection => ({
  ...INVOICE_SUMMARY,
  evolve: (row, event) => {
    if (event.stream === invoiceStream(seed) && event.type === 'fiscal.invoice.validated') throw new Error('not foldable by this code');
    return evolveInvoice(row as InvoiceSummary | undefined, event as InvoiceEvent);
  },
});

describe('a rebuilt generation beside the live one', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const fill = async (streams: number): Promise<void> => {
    for (let seed = 0; seed < streams; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
  };
  const refusal = async (work: Promise<unknown>): Promise<Problem> => {
    const error = await work.then(() => undefined, (reason: unknown) => reason);
    if (!(error instanceof Problem)) throw new Error('it was not refused');
    return error;
  };

  /** What the checkpoints must say: made from the log, by hand. */
  async function digestsOfTheLog(): Promise<Map<string, { rows: number; sum: bigint }>> {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of (await harness.store.readAll(ORIGIN, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    const lanes = new Map<string, { rows: number; sum: bigint }>();
    const line = rowLine(INVOICE_SUMMARY_TABLE.columns);
    for (const [stream, row] of rows) {
      const lane = laneOf('fiscal.invoice.created', stream as never);
      const known = lanes.get(lane) ?? { rows: 0, sum: 0n };
      lanes.set(lane, { rows: known.rows + 1, sum: BigInt.asUintN(128, known.sum + hashNumber(hashOf(line(row)))) });
    }
    return lanes;
  }

  async function keptDigests(generation: number): Promise<Map<string, { rows: number; sum: bigint }>> {
    const kept = await harness.sql<{ lane: string; rows: string; sum: string }>(`SELECT lane, row_count AS rows, digest AS sum FROM checkpoint WHERE projection = '${SUMMARY}' AND generation = ${generation}`);
    const lanes = new Map<string, { rows: number; sum: bigint }>();
    for (const { lane, rows, sum } of kept) {
      const known = lanes.get(lane) ?? { rows: 0, sum: 0n };
      lanes.set(lane, { rows: known.rows + Number(rows), sum: BigInt.asUintN(128, known.sum + BigInt(sum)) });
    }
    return new Map([...lanes].filter(([, { rows }]) => rows > 0));
  }

  it('keeps for every lane the sum of the hashes of its rows, made live and made by a rebuild', async () => {
    harness = await Harness.open(2);
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    for (const index of [0, 1, 2, 3, 4]) for (let seed = 0; seed < 40; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(index, index + 1));
    await caughtUp(worker, SUMMARY);
    const expected = await digestsOfTheLog();
    expect(expected.size).to.be.greaterThan(5);
    expect(await keptDigests(1), 'live').to.deep.equal(expected);
    // So small a window that most rows are written before their last events and those come behind.
    await worker.rebuild(SUMMARY, { windowBytes: 20_000 });
    expect(await keptDigests(2), 'rebuilt').to.deep.equal(expected);
    await harness.append(invoiceStream(99), lifeOf(99));
    await caughtUp(worker, SUMMARY);
    const later = await digestsOfTheLog();
    for (const generation of [1, 2]) expect(await keptDigests(generation), `generation ${generation} afterwards`).to.deep.equal(later);
  });

  it('is refused when other code makes other rows: readers stay, the values are told, and --expect-changes switches to what was refused', async () => {
    harness = await Harness.open(2);
    await fill(12);
    const before = await harness.start({ projections: [INVOICE_SUMMARY] });
    await caughtUp(before, SUMMARY);
    await before.stop();
    const after = await harness.start({ projections: [withOtherChannel] });
    await caughtUp(after, SUMMARY);
    expect((await after.status())[0]?.outOfDate).to.deep.equal({ why: ['its fold is other code'], repair: `folio rebuild ${SUMMARY} --expect-changes` });
    const problem = await refusal(after.rebuild(SUMMARY));
    expect(problem.code).to.equal('rebuild-differs');
    expect(problem.detail['differences']).to.equal('12 rows (channel)');
    const report = after.lastRebuild(SUMMARY);
    expect(report?.outcome).to.equal('refused');
    expect(report?.comparison?.shown).to.deep.include({ table: 'invoice', key: `${invoiceId(3)} 2026-03-01`, column: 'channel', live: 'api', next: 'CHANGED' });
    expect(after.pointer.generationOf(SUMMARY)).to.equal(1);
    expect(await harness.control('SELECT generation, state FROM generation ORDER BY generation')).to.deep.equal([{ generation: 1, state: 'live' }, { generation: 2, state: 'refused' }]);
    expect(await after.rebuild(SUMMARY, { expectChanges: true, actor: 'anna', reason: 'channel' })).to.equal(2);
    expect(after.lastRebuild(SUMMARY)?.comparison?.differing).to.equal(12);
    expect((await after.status())[0]?.outOfDate, 'readers have what this code builds').to.equal(null);
    expect(harness.switches.at(-1)).to.deep.include({ differencesAccepted: true, actor: 'anna', reason: 'channel' });
  });

  it('is begun anew under the same number after a refusal, when nothing is expected', async () => {
    harness = await Harness.open();
    await fill(5);
    const before = await harness.start({ projections: [INVOICE_SUMMARY] });
    await caughtUp(before, SUMMARY);
    await before.stop();
    const after = await harness.start({ projections: [withOtherChannel] });
    await refusal(after.rebuild(SUMMARY));
    const again = await refusal(after.rebuild(SUMMARY));
    expect(again.code).to.equal('rebuild-differs');
    await after.stop();
    const old = await harness.start({ projections: [INVOICE_SUMMARY] });
    expect(await old.rebuild(SUMMARY), 'with the old code nothing differs').to.equal(2);
  });

  it('is refused when a stream is in quarantine on one side only, unless that is accepted', async () => {
    harness = await Harness.open(2);
    await fill(8);
    const before = await harness.start({ projections: [failingOnce(3)] });
    await caughtUp(before, SUMMARY);
    await before.stop();
    const corrected = await harness.start({ projections: [INVOICE_SUMMARY] });
    const problem = await refusal(corrected.rebuild(SUMMARY));
    expect([problem.code, problem.detail['streams']]).to.deep.equal(['rebuild-quarantine-differs', [`${invoiceStream(3)} (live)`]]);
    expect(corrected.lastRebuild(SUMMARY)?.comparison?.parked).to.have.length(1);
    expect(corrected.lastRebuild(SUMMARY)?.comparison?.differing, 'its rows are listed apart').to.equal(0);
    await corrected.rebuild(SUMMARY, { acceptQuarantine: true });
    expect(corrected.pointer.generationOf(SUMMARY)).to.equal(2);
  });

  it('is refused when somebody changed a sum of the live generation by hand', async () => {
    harness = await Harness.open();
    await fill(6);
    const worker = await harness.start({ projections: [DAILY_REPORT] });
    await caughtUp(worker, DAILY_REPORT.name);
    await harness.sql(`UPDATE daily_report_g1.tally SET total = total + 1 WHERE kind = 'document' AND tax = ''`);
    const compared: ComparisonReport[] = [];
    const problem = await refusal(worker.rebuild(DAILY_REPORT.name, { onCompared: (_, comparison) => void compared.push(comparison) }));
    expect(problem.code).to.equal('rebuild-differs');
    expect([...new Set(compared[0]?.shown.map(({ table, column }) => `${table}.${column}`))]).to.deep.equal(['tally.total']);
  });

  it('is compared column by column with rows that are older than hashes are', async () => {
    harness = await Harness.open();
    await fill(6);
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    await caughtUp(worker, SUMMARY);
    await worker.stop();
    await harness.sql('UPDATE invoice_summary_g1.invoice SET row_hash = NULL');
    await harness.sql('UPDATE checkpoint SET digest = NULL, row_count = NULL');
    await harness.sql(`UPDATE invoice_summary_g1.invoice SET channel = 'by hand' WHERE id = '${invoiceId(2)}'`);
    const again = await harness.start({ projections: [INVOICE_SUMMARY] });
    expect((await again.verify(SUMMARY)).digestHolds).to.equal(null);
    await refusal(again.rebuild(SUMMARY));
    expect(again.lastRebuild(SUMMARY)?.comparison?.shown).to.deep.equal([{ table: 'invoice', key: `${invoiceId(2)} 2026-03-01`, column: 'channel', live: 'by hand', next: 'api' }]);
    await again.rebuild(SUMMARY, { expectChanges: true });
    expect((await again.verify(SUMMARY)).digestHolds).to.equal(true);
  });

  it('switches several projections in one pass and at one moment, or none of them', async () => {
    harness = await Harness.open(2);
    await fill(15);
    const projections = [INVOICE_SUMMARY, INVOICE_SEARCH, DAILY_REPORT] as const;
    const names = projections.map(({ name }) => name);
    const worker = await harness.start({ projections: [...projections] });
    await caughtUp(worker, ...names);
    const { epoch } = worker.pointer.current();
    expect(await worker.rebuildSet(names)).to.deep.equal(Object.fromEntries(names.map((name) => [name, 2])));
    expect(worker.pointer.current().epoch, 'one switch').to.equal(epoch + 1);
    expect(worker.pointer.current().generations, 'of all').to.deep.equal(Object.fromEntries(names.map((name) => [name, 2])));
    expect(harness.switches).to.have.length(1);
    await harness.sql(`UPDATE daily_report_g2.tally SET total = total + 1`);
    await refusal(worker.rebuildSet(names));
    expect(worker.pointer.current().epoch, 'none of them').to.equal(epoch + 1);
    expect(worker.lastRebuild(SUMMARY)?.problem?.code).to.equal('rebuild-differs');
    expect(await worker.rollbackSet(names, { actor: 'anna' })).to.deep.equal(Object.fromEntries(names.map((name) => [name, 1])));
    expect(worker.pointer.current().epoch).to.equal(epoch + 2);
    expect(worker.pointer.current().generations, 'all of them').to.deep.equal(Object.fromEntries(names.map((name) => [name, 1])));
  });
});

describe('verify', () => {
  let harness: Harness;
  let worker: ProjectionsHandle;
  beforeEach(async () => {
    harness = await Harness.open(2);
    worker = await harness.start({ projections: [INVOICE_SUMMARY, INVOICE_SEARCH, DAILY_REPORT] });
    for (let seed = 0; seed < 30; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY, INVOICE_SEARCH.name, DAILY_REPORT.name);
  });
  afterEach(() => harness.close());

  it('finds nothing where nothing was changed', async () => {
    for (const { name } of [INVOICE_SUMMARY, INVOICE_SEARCH, DAILY_REPORT]) {
      expect(await worker.verify(name)).to.deep.equal({ projection: name, generation: 1, rows: 30, digestHolds: true, damaged: 0, shown: [] });
    }
  });

  it('finds a value that somebody changed by hand, and says what the log has', async () => {
    await harness.sql(`UPDATE invoice_summary_g1.invoice SET total = 1.00 WHERE id = '${invoiceId(7)}'`);
    const report = await worker.verify(SUMMARY);
    expect(report).to.deep.include({ damaged: 1, digestHolds: true });
    expect(report.shown).to.deep.equal([{ table: 'invoice', key: `${invoiceId(7)} 2026-03-01`, column: 'total', live: '1.00', next: '1007.50' }]);
  });

  it('finds a row that somebody deleted, and one that somebody put in', async () => {
    await harness.sql(`DELETE FROM invoice_summary_g1.invoice WHERE id = '${invoiceId(7)}'`);
    expect(await worker.verify(SUMMARY)).to.deep.include({ rows: 29, damaged: 0, digestHolds: false });
    await harness.sql(`INSERT INTO invoice_search_g1.invoice (id, month, shard_key, revision, position, status, issuer_id, received_at, descriptions, finding_codes, document, row_hash)
      SELECT '${invoiceId(777)}', month, shard_key, revision, position, status, issuer_id, received_at, descriptions, finding_codes, document, row_hash FROM invoice_search_g1.invoice LIMIT 1`);
    expect((await worker.verify(INVOICE_SEARCH.name)).digestHolds).to.equal(false);
  });

  it('finds a text that is searched by and was changed beside its row', async () => {
    await harness.sql(`UPDATE invoice_search_g1.invoice SET document = document || 'other'::tsvector WHERE id = '${invoiceId(9)}'`);
    expect(await worker.verify(INVOICE_SEARCH.name)).to.deep.include({ damaged: 1 });
  });

  it('finds a sum that does not follow from the rows', async () => {
    await harness.sql(`UPDATE daily_report_g1.tally SET total = total + 1 WHERE kind = 'document' AND tax = '' AND status = 'archived'`);
    const report = await worker.verify(DAILY_REPORT.name);
    expect(report.damaged).to.be.greaterThan(0);
    expect([...new Set(report.shown.map(({ table, column }) => `${table}.${column}`))]).to.deep.equal(['tally.total']);
    await harness.sql('DELETE FROM daily_report_g1.tally');
    expect((await worker.verify(DAILY_REPORT.name)).shown[0]).to.deep.include({ table: 'tally', live: null });
  });
});
