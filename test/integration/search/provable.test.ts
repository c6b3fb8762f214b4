import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import { SEARCH_DOCUMENT_MAPPING } from '#contracts/read-models/search-document.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import type { IndexedDocument } from '#platform/search/port.js';
import { provableIndexSuite } from '../../suites/provable-index.js';
import { describeWith } from '../../support/engines.js';
import { MemoryEngine, MemoryIndex } from '../../support/memory-index.js';
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
  }));
});
