import { expect } from 'chai';
import type { SearchResult } from '#contracts/queries.js';
import { searchSuite, type SearchBench } from '../../suites/search.js';
import { ReadBench } from './bench.js';

async function open(shards: number): Promise<SearchBench> {
  const bench = await ReadBench.open({ shards });
  return { bench, given: (samples) => bench.given(samples), close: () => bench.close() };
}

for (const shards of [1, 2]) describe(`search on ${shards} shard(s)`, () => searchSuite(() => open(shards)));

describe('search behind a token', () => {
  it('waits until the invoice is searchable', async () => {
    const bench = await ReadBench.open();
    try {
      const position = await bench.append({ seed: 50, descriptions: ['Ultramarino'] });
      const answer = await bench.get('/api/v1/search?q=ultramarino', { 'folio-position': bench.token(50, position) });
      expect([((await answer.json()) as SearchResult).total, answer.headers.get('folio-stale')]).to.deep.equal([1, null]);
    } finally {
      await bench.close();
    }
  });
});
