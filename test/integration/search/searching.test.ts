import { expect } from 'chai';
import type { SearchResult } from '#contracts/queries.js';
import { describeWith } from '../../support/engines.js';
import { until } from '../../support/until.js';
import { SEARCH_SET } from '../read-side/search-set.js';
import { EngineProxy } from '../../support/engine-proxy.js';
import { IndexedBench } from './indexed-bench.js';

const REFRESH = /_refresh$/u;
const OPEN_PIT = /point_in_time$/u;

interface Cursor { readonly form: number; readonly of: string; readonly keys: string[] }
const opened = (cursor: string): Cursor => {
  const [form, of, keys] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string, string[]];
  return { form, of, keys };
};
const forged = ({ form, of, keys }: Cursor): string => Buffer.from(JSON.stringify([form, of, keys])).toString('base64url');

describeWith('opensearch', 'searching in an engine', (address) => {
  let proxy: EngineProxy;
  let indexed: IndexedBench;
  /** Nothing is found before somebody asks for a refresh. */
  before(async () => {
    proxy = await EngineProxy.before(address());
    indexed = await IndexedBench.open(address(), { via: proxy.url, tuning: { refreshInterval: '-1' } });
    await indexed.given(SEARCH_SET);
  });
  beforeEach(() => {
    proxy.intervene = () => 'pass';
    proxy.seen.length = 0;
  });
  after(async () => {
    await indexed?.close();
    await proxy?.cut();
  });
  const search = (q: string, rest = ''): Promise<SearchResult> => indexed.bench.json(`/api/v1/search?q=${encodeURIComponent(q)}${rest}`);
  const idsOf = ({ items }: SearchResult): string[] => items.map(({ invoice }) => invoice.id);

  describe('behind a token', () => {
    it('finds what was written, after one refresh; without a token nobody waits and nothing is refreshed', async () => {
      const position = await indexed.append({ seed: 60, descriptions: ['Ultramarino'] });
      await indexed.bench.caughtUp();
      expect([(await search('ultramarino')).total, proxy.count('POST', REFRESH)]).to.deep.equal([0, 0]);
      const token = { 'folio-position': indexed.bench.token(60, position) };
      const answer = await indexed.bench.get('/api/v1/search?q=ultramarino', token);
      expect([((await answer.json()) as SearchResult).total, answer.headers.get('folio-stale'), proxy.count('POST', REFRESH)]).to.deep.equal([1, null, 1]);
      await indexed.bench.get('/api/v1/search?q=ultramarino', token);
      expect(proxy.count('POST', REFRESH), 'what is searchable already needs no refresh').to.equal(1);
    });

    it('shares the refresh: fifty searches at once make few of them, and each sees its own write', async () => {
      const seeds = Array.from({ length: 50 }, (_, at) => 100 + at);
      const positions = await Promise.all(seeds.map((seed) => indexed.append({ seed, descriptions: [`Escritura${seed}`] })));
      await indexed.bench.caughtUp();
      proxy.seen.length = 0;
      const totals = await Promise.all(seeds.map(async (seed, at) => {
        const ask = (): Promise<Response> => indexed.bench.get(`/api/v1/search?q=escritura${seed}`, { 'folio-position': indexed.bench.token(seed, positions[at] ?? ('0' as never)) });
        let answer = await ask();
        // A busy machine may not answer in time; the caller is told to come again, and does.
        while (answer.status === 503) answer = await ask();
        return ((await answer.json()) as SearchResult).total;
      }));
      expect(new Set(totals)).to.deep.equal(new Set([1]));
      expect(proxy.count('POST', REFRESH)).to.be.within(1, seeds.length / 2);
    });

    it('knows how far the index is applied and how far it is searchable', async () => {
      const position = await indexed.append({ seed: 61, descriptions: ['Catamaran'] });
      await indexed.bench.caughtUp();
      const lane = indexed.bench.token(61, position).split('.')[1] as never;
      const generation = indexed.bench.worker.pointer.current().generations['invoice-search'] ?? 0;
      const searchable = indexed.search.searchable(generation);
      expect(searchable.positionOf(lane)).to.not.equal(position);
      await indexed.search.makeSearchable(generation, [{ lane, position }]);
      expect(searchable.positionOf(lane)).to.equal(position);
    });

    it('says that the engine is gone when it cannot be refreshed', async () => {
      const position = await indexed.append({ seed: 62, descriptions: ['Bergantin'] });
      proxy.intervene = ({ path }) => (REFRESH.test(path) ? { status: 503 } : 'pass');
      expect(await indexed.bench.refusal('/api/v1/search?q=bergantin', { 'folio-position': indexed.bench.token(62, position) })).to.deep.equal([503, 'search-unavailable']);
      proxy.intervene = () => 'pass';
      const answer = await indexed.bench.get('/api/v1/search?q=bergantin', { 'folio-position': indexed.bench.token(62, position) });
      expect(((await answer.json()) as SearchResult).total).to.equal(1);
    });
  });

  describe('deep in a result', () => {
    const pages = async (between: (page: number) => Promise<void> | void): Promise<string[]> => {
      const seen: string[] = [];
      let next: string | undefined;
      for (let page = 0; page === 0 || next !== undefined; page += 1) {
        const result: SearchResult = await search('de', `&limit=3${next === undefined ? '' : `&cursor=${next}`}`);
        seen.push(...idsOf(result));
        next = result.next;
        if (next !== undefined) await between(page);
      }
      return seen;
    };

    it('goes on in one moment of the index from the second page on, and gives it back at the end', async () => {
      const whole = idsOf(await search('de', '&limit=200'));
      proxy.seen.length = 0;
      let late = 70;
      const seen = await pages(async (page) => {
        if (page === 0) return;
        await indexed.append({ seed: late, descriptions: ['de de de'], day: '2026-01-01' });
        await indexed.index.refresh(indexed.name);
        late += 1;
      });
      expect(seen).to.deep.equal(whole);
      await until(() => proxy.count('DELETE', OPEN_PIT) === 1);
      expect(proxy.count('POST', OPEN_PIT)).to.equal(1);
    });

    it('goes on by its sort keys when that moment is over, when none can be had, and when it is of another generation', async () => {
      const whole = idsOf(await search('de', '&limit=200'));
      proxy.intervene = ({ path, body }) => (path === '/_search' && body.includes('"pit"') ? { status: 404, body: { error: { type: 'search_context_missing_exception', reason: 'gone' } } } : 'pass');
      expect(await pages(() => undefined)).to.deep.equal(whole);
      proxy.intervene = ({ path }) => (OPEN_PIT.test(path) ? { status: 429, body: { error: { type: 'rejected', reason: 'too many point in time contexts' } } } : 'pass');
      expect(await pages(() => undefined)).to.deep.equal(whole);
      proxy.intervene = () => 'pass';
      const second = await search('de', `&limit=3&cursor=${(await search('de', '&limit=3')).next ?? ''}`);
      const cursor = opened(second.next ?? '');
      cursor.keys[4] = cursor.keys[4]?.replace(/^\d+/u, '77') ?? '';
      expect(idsOf(await search('de', `&limit=3&cursor=${forged(cursor)}`))).to.deep.equal(whole.slice(6, 9));
    });

    it('shows nothing of another index to a bearer who made up the moment', async () => {
      const other = await IndexedBench.open(address());
      try {
        await other.given([{ seed: 1, descriptions: ['secreto de otros'] }]);
        const { pit_id: pit } = (await (await fetch(`${address()}/${other.name}/_search/point_in_time?keep_alive=1m`, { method: 'POST' })).json()) as { pit_id: string };
        const cursor = opened((await search('de', '&limit=3')).next ?? '');
        [cursor.keys[0], cursor.keys[4]] = ['99.0', `${indexed.name.split('-g')[1] ?? ''}.${pit}`];
        const leaked = await search('de', `&limit=3&cursor=${forged(cursor)}`);
        expect([leaked.total, leaked.items, leaked.facets.status]).to.deep.equal([0, [], []]);
        cursor.keys[4] = '1.*';
        expect(await indexed.bench.refusal(`/api/v1/search?q=de&limit=3&cursor=${forged(cursor)}`)).to.deep.equal([400, 'cursor-invalid']);
      } finally {
        await other.close();
      }
    });

    it('answers from now when the caller asks for his own write on a later page', async () => {
      const second = await search('de', `&limit=3&cursor=${(await search('de', '&limit=3')).next ?? ''}`);
      const position = await indexed.append({ seed: 90, descriptions: ['de'] });
      proxy.seen.length = 0;
      const answer = await indexed.bench.get(`/api/v1/search?q=de&limit=3&cursor=${second.next ?? ''}`, { 'folio-position': indexed.bench.token(90, position) });
      expect([((await answer.json()) as SearchResult).total, proxy.seen.some(({ body }) => body.includes('"pit"'))]).to.deep.equal([second.total + 1, false]);
    });
  });

  describe('when the engine is not well', () => {
    const refused = (): Promise<[number, string]> => indexed.bench.refusal('/api/v1/search?q=papel');
    const recovered = (): Promise<void> => until(async () => (await indexed.bench.get('/api/v1/search?q=papel')).status === 200);

    it('says so within its time, and lists do not need it', async () => {
      proxy.intervene = () => 'hang';
      expect(await refused()).to.deep.equal([503, 'search-unavailable']);
      expect((await indexed.bench.get('/api/v1/invoices')).status).to.equal(200);
      proxy.intervene = () => 'pass';
      await recovered();
    });

    it('is back when the engine is', async () => {
      await proxy.cut();
      for (let attempt = 0; attempt < 8; attempt += 1) expect(await refused()).to.deep.equal([503, 'search-unavailable']);
      await proxy.open();
      await recovered();
    });

    it('never trusts its answers', async () => {
      const json = { 'content-type': 'application/json' };
      for (const answer of [
        { status: 200, body: '<html>' }, { status: 200, body: '{', headers: json }, { status: 200, body: {} }, { status: 200, body: { hits: { total: { value: 1 }, hits: [{ _id: 'x', _source: {}, sort: [1, '', ''] }] } } },
        { status: 200, body: { hits: { total: { value: 'many' }, hits: [] }, aggregations: {} } }, { status: 400, body: { error: { reason: 'x'.repeat(10_000) } } }, { status: 418, body: 'tea' }, { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      ]) {
        proxy.intervene = () => answer;
        expect(await refused(), JSON.stringify(answer).slice(0, 80)).to.deep.equal([503, 'search-unavailable']);
      }
      proxy.intervene = () => 'pass';
      await recovered();
    });

    it('says so when the index is not there', async () => {
      const none = await IndexedBench.open(address());
      await none.index.drop(none.name);
      expect(await none.bench.refusal('/api/v1/search?q=papel')).to.deep.equal([503, 'search-unavailable']);
      await none.close();
    });
  });

  it('writes nothing of a stranger into names, scripts or places: a search is values in clauses that are always the same', async () => {
    const shapeOf = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shapeOf);
      return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)])) : typeof value;
    };
    const shapes = new Set<string>();
    for (const q of ['abcdef', 'script', '_source', 'ctx}}],"{', 'params[]', '*:keys"']) {
      proxy.seen.length = 0;
      await search(q);
      const asked = proxy.seen.find(({ path }) => path.endsWith('/_search'));
      shapes.add(`${asked?.path ?? ''} ${JSON.stringify(shapeOf(JSON.parse(asked?.body ?? '{}')))}`);
    }
    expect(shapes.size).to.equal(1);
    expect([...shapes][0]).to.not.include('script');
  });
});
