import { documentIndexSuite } from '../../suites/document-index.js';
import { MemoryEngine, MemoryIndex } from '../../support/memory-index.js';

const MAPPING = { version: 'test/1', extends: ['test/0'], analysis: {}, properties: { text: { type: 'text' }, number: { type: 'integer' } } };
const EARLIER = { version: 'test/0', analysis: {}, properties: { text: { type: 'text' } } };

describe('documents in an index of this process, for tests', () => {
  const engine = new MemoryEngine();
  let names = 0;
  documentIndexSuite(async () => ({
    index: new MemoryIndex(engine, MAPPING), earlier: new MemoryIndex(engine, EARLIER), freshName: () => `suite-${(names += 1)}`,
    makeForeign: async (name) => void engine.indexes.set(name, { aliases: {}, mappings: {} as never, documents: new Map() }),
    exists: async (name) => engine.indexes.has(name),
    found: async (name) => [...(engine.indexes.get(name)?.documents.keys() ?? [])],
  }));
});
