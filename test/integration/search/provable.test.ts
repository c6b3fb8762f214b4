import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import { SEARCH_DOCUMENT_MAPPING, searchIndexName } from '#contracts/read-models/search-document.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import type { IndexedDocument } from '#platform/search/port.js';
import { indexedSearch } from '../../../projections/invoice-search/index-store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { provableIndexSuite } from '../../suites/provable-index.js';
import { describeWith } from '../../support/engines.js';
import { MemoryEngine, MemoryIndex } from '../../support/memory-index.js';
import { until } from '../../support/until.js';
import { cancelled, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from '../projections/harness.js';
import { freshPrefix } from './indexed-bench.js';

describe('an index that can be proven [in this process]', () => {
  provableIndexSuite(async () => {
    const engine = new MemoryEngine();
    const documentsOf = (index: string): Map<string, IndexedDocument> => engine.indexes.get(index)?.documents ?? new Map<string, IndexedDocument>();
    return {
      index: new MemoryIndex(engine, SEARCH_DOCUMENT_MAPPING), withMapping: (mapping) => new MemoryIndex(engine, mapping), prefix: freshPrefix(),
      change: async (index, id, fields) => {
        const { revision, source } = documentsOf(index).get(id) ?? { revision: 0, source: {} };
        documentsOf(index).set(id, { id, revision: toRevision(revision + 1), source: { ...source, ...fields } });
      },
      remove: async (index, id) => void documentsOf(index).delete(id),
      put: async (index, document) => void documentsOf(index).set(document.id, document),
    };
  }, 20);
});

/*
 * A document is written before its lane's position is committed, and the two generations one after the other. Here a write is held back in between, so that whoever
 * looks sees what no other moment shows: it must not count.
 */
describe('an index that is looked at between a write and its commit', () => {
  class HeldIndex extends MemoryIndex {
    /** Name of the index whose writes wait. */
    held: string | undefined;
    waiting = 0;
    loads = 0;
    onScan: (index: string) => Promise<void> = () => Promise.resolve();

    override async write(...[index, documents]: Parameters<MemoryIndex['write']>): ReturnType<MemoryIndex['write']> {
      if (index === this.held) this.waiting += 1;
      await until(() => index !== this.held);
      return super.write(index, documents);
    }

    override load(...[index, ids]: Parameters<MemoryIndex['load']>): ReturnType<MemoryIndex['load']> {
      this.loads += 1;
      return super.load(index, ids);
    }

    override async* scan(index: string): AsyncIterable<readonly IndexedDocument[]> {
      await this.onScan(index);
      yield* super.scan(index);
    }
  }

  let index: HeldIndex;
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  const [live, next] = [searchIndexName('held-', 1), searchIndexName('held-', 2)];
  beforeEach(async () => {
    index = new HeldIndex(new MemoryEngine(), SEARCH_DOCUMENT_MAPPING);
    harness = await Harness.open();
    worker = await harness.start({ projections: [INVOICE_SUMMARY, indexedSearch(index, 'held-')] });
    for (let seed = 1; seed < 5; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, INVOICE_SUMMARY.name, 'invoice-search');
  });
  afterEach(() => {
    index.held = undefined;
    return harness.close();
  });

  it('lacks no document whose event its lane has not passed, though the table has the row', async () => {
    index.held = live;
    await harness.append(invoiceStream(9), lifeOf(9));
    await until(() => index.waiting > 0);
    await caughtUp(worker, INVOICE_SUMMARY.name);
    expect(await worker.verify('invoice-search')).to.deep.include({ rows: 4, damaged: 0 });
  });

  it('does not differ from its next generation because that is written a moment later', async () => {
    let isCompared = false;
    index.onScan = async (name) => {
      if (isCompared || name !== live) return;
      isCompared = true;
      index.held = next;
      await harness.append(invoiceStream(1), [cancelled()]);
      await until(() => index.waiting > 0);
      const before = index.loads;
      // Let go of after some looks at both.
      void until(() => index.loads > before + 5).then(() => { index.held = undefined; });
    };
    expect(await worker.rebuild('invoice-search')).to.equal(2);
    expect([isCompared, worker.lastRebuild('invoice-search')?.comparison?.differing]).to.deep.equal([true, 0]);
  });
});

describeWith('opensearch', 'an index that can be proven', (address) => {
  let engine: ElasticEngine;
  before(async () => {
    engine = await ElasticEngine.connect({ url: address() });
  });
  after(() => engine?.close());

  /** What somebody with curl does; a change is seen by readers after a refresh. */
  async function byHand(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await fetch(`${address()}/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    expect(answer.ok, `${method} ${path.slice(0, 80)}: ${await answer.text()}`).to.equal(true);
  }

  provableIndexSuite(async () => ({
    index: new ElasticIndex(engine, SEARCH_DOCUMENT_MAPPING), withMapping: (mapping) => new ElasticIndex(engine, mapping), prefix: freshPrefix(),
    change: (index, id, fields) => byHand('POST', `${index}/_update/${id}`, { doc: fields }),
    remove: (index, id) => byHand('DELETE', `${index}/_doc/${id}`),
    put: (index, { id, revision, source }) => byHand('PUT', `${index}/_doc/${encodeURIComponent(id)}?version=${revision}&version_type=external_gte`, source),
  }), 6);
});
