import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import type { VerificationReport } from '#contracts/queries.js';
import { rowOfDocument, SEARCH_DOCUMENT_MAPPING, searchIndexName } from '#contracts/read-models/search-document.js';
import type { IndexMapping } from '#platform/search/elastic/mapping.js';
import type { DocumentIndex, IndexedDocument } from '#platform/search/port.js';
import { indexedSearch } from '../../projections/invoice-search/index-store.js';
import { INVOICE_SUMMARY } from '../../projections/invoice-summary/store.js';
import { rowHashOf } from '../../projections/kit/row-hash.js';
import type { DerivedProjection, StoredProjection } from '../../projections/kit/projection.js';
import type { ProjectionsHandle } from '../../projections/role.js';
import { until } from '../support/until.js';
import { caughtUp, Harness } from '../integration/projections/harness.js';
import { cancelled, copyReceived, invoiceId, invoiceStream, lifeOf } from '../unit/projections/events.js';

const SEARCH = 'invoice-search';
const STREAMS = 30;
export interface ProvableIndex {
  readonly index: DocumentIndex;
  /** The same engine, as a program of another version uses it. */
  withMapping(mapping: IndexMapping): DocumentIndex;
  readonly prefix: string;
  /** Beside Folio, as somebody with the engine's password would; each is there at once. */
  change(index: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  remove(index: string, id: string): Promise<void>;
  put(index: string, document: IndexedDocument): Promise<void>;
}

/** The mapping of the version before: without hashes. */
const { rowHash: _, ...EARLIER_PROPERTIES } = SEARCH_DOCUMENT_MAPPING.properties;
const EARLIER: IndexMapping = { version: 'invoice-search/1', analysis: SEARCH_DOCUMENT_MAPPING.analysis, properties: EARLIER_PROPERTIES };

/** An index that takes what the program before wrote: documents without a hash. */
const withoutHashes = (index: DocumentIndex): DocumentIndex => ({
  create: (name) => index.create(name), drop: (name) => index.drop(name), load: (name, ids) => index.load(name, ids), refresh: (name) => index.refresh(name), scan: (name) => index.scan(name),
  write: (name, documents) => index.write(name, documents.map(({ source: { rowHash: _hash, ...source }, ...rest }) => ({ ...rest, source }))),
});

/**
 * What makes an index of rows provable: nobody changes it unseen, and a rebuild is what readers have.
 * @param rounds verifications while events are applied all the time: not one may raise an alarm
 */
export function provableIndexSuite(open: () => Promise<ProvableIndex>, rounds: number): void {
  let under: ProvableIndex;
  let harness: Harness;
  let search: DerivedProjection;
  const made: number[] = [];
  const nameOf = (generation = 1): string => searchIndexName(under.prefix, generation);
  const other = (change: (row: object) => object): DerivedProjection => ({ ...search, evolve: (row, event) => change(search.evolve(row, event)) as ReturnType<typeof search.evolve> });
  const fill = async (from = 0, to = STREAMS): Promise<void> => {
    for (let seed = from; seed < to; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
  };
  const start = async (...projections: readonly StoredProjection[]) => {
    const worker = await harness.start({ projections });
    await caughtUp(worker, ...projections.map(({ name }) => name));
    return worker;
  };
  const problemOf = async (work: Promise<unknown>): Promise<Problem> => {
    const error = await work.then(() => undefined, (reason: unknown) => reason);
    if (!(error instanceof Problem)) throw new Error(`it was not refused: ${String(error)}`);
    return error;
  };
  const clean = (rows: number, generation = 1): VerificationReport => ({ projection: SEARCH, generation, rows, digestHolds: null, damaged: 0, shown: [] });
  const documentOf = async (seed: number): Promise<IndexedDocument> => {
    const document = (await under.index.load(nameOf(), [invoiceId(seed)])).get(invoiceId(seed));
    if (!document) throw new Error('there is no such document');
    return document;
  };

  /**
   * Meanwhile new invoices come in and old ones go on, a few events at a time: the next when the index has the ones before, so that the log does not
   * run away from it. @returns how many invoices there are afterwards
   */
  async function underLoad(worker: ProjectionsHandle, work: () => Promise<void>): Promise<number> {
    let isOver = false;
    const load = (async (): Promise<number> => {
      let seed = STREAMS;
      for (; !isOver; seed += 1) {
        await harness.append(invoiceStream(seed), lifeOf(seed));
        await harness.append(invoiceStream(seed % STREAMS), [seed % 2 === 0 ? cancelled() : copyReceived()]);
        const { head } = await harness.store.status();
        await until(() => isOver || !isAfter(head, worker.workers()[SEARCH]?.position ?? ORIGIN));
      }
      return seed;
    })();
    await work().finally(() => { isOver = true; });
    return load;
  }

  beforeEach(async () => {
    under = await open();
    harness = await Harness.open(2);
    search = indexedSearch(under.index, under.prefix);
    made.splice(0, made.length, 1, 2, 3, 4);
    await fill();
  });
  afterEach(async () => {
    await harness.close();
    for (const generation of made) await under.index.drop(nameOf(generation));
  });

  describe('verified', () => {
    it('has a hash of its row in every document, and nothing is found where nothing was changed', async () => {
      const worker = await start(INVOICE_SUMMARY, search);
      expect(await worker.verify(SEARCH)).to.deep.equal(clean(STREAMS));
      const { source } = await documentOf(3);
      expect(source['rowHash']).to.equal(rowHashOf(rowOfDocument(source) ?? {}));
    });

    it('finds a value that somebody changed by hand, and says what the log has', async () => {
      const worker = await start(INVOICE_SUMMARY, search);
      await under.change(nameOf(), invoiceId(7), { total: '1.00' });
      const report = await worker.verify(SEARCH);
      expect([report.damaged, report.rows]).to.deep.equal([1, STREAMS]);
      expect(report.shown).to.deep.include({ table: 'document', key: invoiceId(7), column: 'total', live: '1.00', next: '1007.50' });
    });

    it('finds a text that is searched by and was changed beside its row, and a hash that is not its row\'s', async () => {
      const worker = await start(INVOICE_SUMMARY, search);
      const { source } = await documentOf(4);
      await under.change(nameOf(), invoiceId(4), { search: { ...(source['search'] as object), names: 'otra' } });
      await under.change(nameOf(), invoiceId(5), { rowHash: '0'.repeat(32) });
      const report = await worker.verify(SEARCH);
      expect(report.damaged).to.equal(2);
      expect(report.shown.map(({ key, column, live }) => [key, column, live])).to.deep.include.members([[invoiceId(4), 'search.names', '"otra"'], [invoiceId(5), '_version', '5']]);
      await under.put(nameOf(), { ...(await documentOf(6)), source: { ...(await documentOf(6)).source, rowHash: '0'.repeat(32) } });
      expect((await worker.verify(SEARCH)).shown.map(({ key, column }) => [key, column])).to.deep.include([invoiceId(6), 'rowHash']);
    });

    for (const [way, projections] of [['beside the table', [INVOICE_SUMMARY]], ['beside the log, where there is no table', []]] as const) {
      it(`finds a document that is missing, and one too many that is whole in itself, ${way}`, async () => {
        const worker = await start(...projections, search);
        await under.remove(nameOf(), invoiceId(9));
        const row = { ...rowOfDocument((await documentOf(2)).source), id: invoiceId(777) };
        await under.put(nameOf(), { ...(await documentOf(2)), id: invoiceId(777), source: { ...(await documentOf(2)).source, id: invoiceId(777), rowHash: rowHashOf(row) } });
        await under.put(nameOf(), { ...(await documentOf(2)), id: 'no id of ours' });
        const report = await worker.verify(SEARCH);
        expect(report.damaged).to.equal(3);
        const ids = report.shown.filter(({ column }) => column === 'id').map(({ key, live, next }) => [key, live, next]);
        expect(ids).to.have.deep.members([[invoiceId(9), null, invoiceId(9)], [invoiceId(777), invoiceId(777), null], ['no id of ours', 'no id of ours', null]]);
      });
    }

    it('finds a document that was put in with a text that is none of ours', async () => {
      const worker = await start(INVOICE_SUMMARY, search);
      const { source: { id: _id, ...rest }, ...document } = await documentOf(8);
      await under.put(nameOf(), { ...document, source: rest });
      const report = await worker.verify(SEARCH);
      expect([report.damaged, report.shown]).to.deep.equal([1, [{ table: 'document', key: invoiceId(8), column: 'document', live: 'not one of Folio', next: invoiceId(8) }]]);
    });

    it('does not count what is in quarantine, whether the program could fold it now or not', async () => {
      const failing: DerivedProjection = {
        ...search,
        evolve: (row, event) => {
          if (event.stream === invoiceStream(3) && event.type === 'fiscal.invoice.created') throw new Error('not foldable');
          if (event.stream === invoiceStream(4) && event.type === 'fiscal.invoice.validated') throw new Error('not foldable');
          return search.evolve(row, event);
        },
      };
      const worker = await start(INVOICE_SUMMARY, failing);
      expect(await worker.verify(SEARCH), 'one without a row, one with its first events').to.deep.equal(clean(STREAMS - 1));
      await worker.stop();
      const corrected = await start(INVOICE_SUMMARY, search);
      expect(await corrected.verify(SEARCH), 'not released yet').to.deep.equal(clean(STREAMS - 1));
    });

    it('raises no alarm while events are applied all the time', async () => {
      const worker = await start(INVOICE_SUMMARY, search);
      const reports: VerificationReport[] = [];
      const seeds = await underLoad(worker, async () => {
        for (let round = 0; round < rounds; round += 1) reports.push(await worker.verify(SEARCH));
      });
      expect(reports.filter(({ damaged }) => damaged > 0)).to.deep.equal([]);
      expect(seeds, 'events came in meanwhile').to.be.greaterThan(STREAMS + 3);
      await caughtUp(worker, SEARCH);
      expect(await worker.verify(SEARCH)).to.deep.equal(clean(seeds));
    });
  });

  describe('of the version before', () => {
    it('is used by the program after it at once: read, written to and verified, and rebuilt without a difference', async () => {
      const before = await start(INVOICE_SUMMARY, indexedSearch(withoutHashes(under.withMapping(EARLIER)), under.prefix));
      await before.stop();
      await fill(STREAMS, STREAMS + 3);
      const worker = await start(INVOICE_SUMMARY, search);
      expect(await worker.quarantine.list(SEARCH)).to.deep.equal([]);
      expect((await documentOf(1)).source['rowHash'], 'kept as it was').to.equal(undefined);
      expect((await documentOf(STREAMS)).source['rowHash']).to.be.a('string');
      expect(await worker.verify(SEARCH)).to.deep.equal(clean(STREAMS + 3));
      expect(await worker.rebuild(SEARCH)).to.equal(2);
      expect(worker.lastRebuild(SEARCH)?.comparison).to.deep.equal({ compared: STREAMS + 3, differing: 0, shown: [], parked: [] });
      await worker.rollback(SEARCH);
      await under.put(nameOf(), { ...(await documentOf(7)), source: { ...(await documentOf(7)).source, currency: 'EUR' } });
      const { damaged, shown } = await worker.verify(SEARCH);
      expect([damaged, shown], 'by its stream, since there is no hash').to.deep.equal([1, [{ table: 'document', key: invoiceId(7), column: 'currency', live: 'EUR', next: 'MXN' }]]);
    });
  });

  describe('rebuilt', () => {
    it('is compared by all of its documents, and switched to while events are applied all the time', async () => {
      const worker = await start(search);
      await underLoad(worker, async () => {
        for (const generation of [2, 3]) expect(await worker.rebuild(SEARCH)).to.equal(generation);
      });
      expect(worker.lastRebuild(SEARCH)?.comparison).to.deep.include({ differing: 0, shown: [], parked: [] });
      expect(worker.lastRebuild(SEARCH)?.comparison?.compared).to.be.greaterThan(STREAMS);
    });

    it('is refused when other code makes other rows: readers stay, the fields are told, and --expect-changes switches', async () => {
      await (await start(search)).stop();
      const after = await start(other((row) => ({ ...row, currency: 'EUR' })));
      const problem = await problemOf(after.rebuild(SEARCH));
      expect([problem.code, problem.detail['differences']]).to.deep.equal(['rebuild-differs', `${STREAMS} rows (currency)`]);
      expect(after.lastRebuild(SEARCH)?.comparison?.shown[0]).to.deep.include({ table: 'document', column: 'currency', live: 'MXN', next: 'EUR' });
      expect(after.pointer.generationOf(SEARCH)).to.equal(1);
      expect(await after.rebuild(SEARCH, { expectChanges: true })).to.equal(2);
      expect(harness.switches.at(-1)).to.deep.include({ differencesAccepted: true });
      expect(await after.verify(SEARCH)).to.deep.equal(clean(STREAMS, 2));
    });

    it('is refused when somebody changed, removed or added documents of the live one by hand', async () => {
      const worker = await start(search);
      await under.change(nameOf(), invoiceId(7), { status: 'cancelled' });
      await under.remove(nameOf(), invoiceId(8));
      const extra = await documentOf(2);
      await under.put(nameOf(), { ...extra, id: invoiceId(777), source: { ...extra.source, id: invoiceId(777), position: '999999999', revision: 77 } });
      await problemOf(worker.rebuild(SEARCH));
      const comparison = worker.lastRebuild(SEARCH)?.comparison;
      expect([comparison?.compared, comparison?.differing]).to.deep.equal([STREAMS, 3]);
      expect(comparison?.shown.map(({ key, column, live, next }) => [key, column, live, next])).to.have.deep.members([
        [invoiceId(7), 'status', 'cancelled', 'archived'], [invoiceId(8), 'id', null, invoiceId(8)], [invoiceId(777), 'id', invoiceId(777), null],
      ]);
    });

    it('is refused when a stream is in quarantine on one side only, unless that is accepted', async () => {
      const failing: DerivedProjection = {
        ...search,
        evolve: (row, event) => {
          if (event.stream === invoiceStream(3) && event.type === 'fiscal.invoice.validated') throw new Error('not foldable by this code');
          return search.evolve(row, event);
        },
      };
      await (await start(failing)).stop();
      const corrected = await start(search);
      const problem = await problemOf(corrected.rebuild(SEARCH));
      expect([problem.code, problem.detail['streams']]).to.deep.equal(['rebuild-quarantine-differs', [`${invoiceStream(3)} (live)`]]);
      expect(corrected.lastRebuild(SEARCH)?.comparison?.differing, 'its document is listed apart').to.equal(0);
      await corrected.rebuild(SEARCH, { acceptQuarantine: true });
      expect(corrected.pointer.generationOf(SEARCH)).to.equal(2);
    });

    it('is kept as it was at another moment, and compared with the live one field by field', async () => {
      const worker = await start(search);
      const last = (await harness.store.readStream(invoiceStream(STREAMS - 2))).at(-1)?.position ?? '0';
      await worker.audits.project([SEARCH], { name: 'then', until: last });
      await harness.append(invoiceStream(1), [cancelled()]);
      await caughtUp(worker, SEARCH);
      const diff = await worker.audits.diff(SEARCH, 'then', 'live');
      expect([diff.compared, diff.differing]).to.deep.equal([STREAMS, 2]);
      expect(diff.shown.filter(({ column }) => column === 'status' || column === 'id').map(({ key, live, next }) => [key, live, next])).to.have.deep.members([
        [invoiceId(1), 'archived', 'cancelled'], [invoiceId(STREAMS - 1), null, invoiceId(STREAMS - 1)],
      ]);
      expect((await worker.audits.diff(SEARCH, 'live', 'live')).differing).to.equal(0);
    });
  });
}
