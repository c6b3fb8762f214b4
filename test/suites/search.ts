import { expect } from 'chai';
import type { SearchResult } from '#contracts/queries.js';
import { sampleId, type ReadBench, type Sample } from '../integration/read-side/bench.js';
import { SEARCH_CASES, SEARCH_SET } from '../integration/read-side/search-set.js';

const seedOf = new Map<string, number>(SEARCH_SET.map(({ seed }) => [sampleId(seed), seed]));
const seedsOf = ({ items }: SearchResult): (number | undefined)[] => items.map(({ invoice }) => seedOf.get(invoice.id));

/** A read side whose search is the engine under test. */
export interface SearchBench {
  readonly bench: ReadBench;
  /** All of them can be found when it resolves. */
  given(samples: readonly Sample[]): Promise<void>;
  close(): Promise<void>;
}

/** What every search engine must answer, over HTTP. */
export function searchSuite(open: () => Promise<SearchBench>): void {
  let opened: SearchBench;
  let bench: ReadBench;
  before(async () => {
    opened = await open();
    bench = opened.bench;
    await opened.given(SEARCH_SET);
  });
  after(() => opened?.close());
  const search = (q: string, rest = ''): Promise<SearchResult> => bench.json(`/api/v1/search?q=${encodeURIComponent(q)}${rest}`);

  for (const [title, q, hits] of SEARCH_CASES) {
    it(`finds by ${title}: ${q}`, async () => {
      const result = await search(q);
      expect(seedsOf(result)).to.deep.equal(hits);
      expect(result.total).to.equal(hits.length);
    });
  }

  it('goes through a result page by page, in the order and with the totals of the whole', async () => {
    const whole = await search('de');
    expect(whole.items).to.have.length.greaterThan(8);
    const seen: SearchResult['items'][number][] = [];
    let next: string | undefined;
    do {
      const page: SearchResult = await search('de', `&limit=3${next === undefined ? '' : `&cursor=${next}`}`);
      expect([page.total, page.facets]).to.deep.equal([whole.total, whole.facets]);
      seen.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    expect(seen).to.deep.equal(whole.items);
  });

  it('reads a misspelt word on later pages as on the first', async () => {
    const first = await search('refersco', '&limit=1');
    const second = await search('refersco', `&limit=2&cursor=${first.next ?? ''}`);
    expect([first.total, ...seedsOf(first), ...seedsOf(second), second.next]).to.deep.equal([3, 9, 11, 10, undefined]);
  });

  it('counts facets over the whole result, not over the page', async () => {
    const { facets, items } = await search('de', '&limit=1');
    expect(items).to.have.length(1);
    expect(facets.currency).to.deep.equal([{ value: 'MXN', count: 9 }, { value: 'EUR', count: 2 }]);
    expect(facets.status).to.deep.equal([{ value: 'archived', count: 9 }, { value: 'cancelled', count: 1 }, { value: 'rejected', count: 1 }]);
    expect(facets.format).to.deep.equal([{ value: 'cfdi-4.0', count: 9 }, { value: 'cii', count: 1 }, { value: 'ubl-2.1', count: 1 }]);
    expect(facets.year).to.deep.equal([{ value: '2026', count: 10 }, { value: '2025', count: 1 }]);
    expect(facets.issuer.slice(0, 2)).to.deep.equal([{ value: 'EMB760512PL8', count: 3 }, { value: 'ANO850101AB1', count: 2 }]);
  });

  for (const [filter, hits] of [
    ['status=cancelled', [4]], ['issuer=CPP9203157Z2', [4, 3]], ['receiver=ANO850101AB1', [3]], ['from=2026-01-01&to=2026-02-12', [3]], ['minTotal=100', [3]], ['maxTotal=99.99', [4]],
    ['currency=EUR', []], ['format=cfdi-4.0', [4, 3]], ['documentType=I', [4, 3]], ['code=CFDI40108', []],
  ] as const) {
    it(`is narrowed by the filter ${filter}`, async () => expect(seedsOf(await search('papel', `&${filter}`))).to.deep.equal(hits));
  }
  it('is narrowed by a finding code', async () => expect(seedsOf(await search('instalacion', '&code=CFDI40108'))).to.deep.equal([8]));

  it('marks what was found, and escapes what strangers wrote', async () => {
    const [hit] = (await search('energia')).items;
    expect(hit?.highlights).to.deep.equal(['Consumo de <mark>energía</mark> &lt;b&gt;enero&lt;/b&gt; &amp; &quot;febrero&quot;']);
    expect((await search('strassenbau')).items[0]?.highlights).to.deep.equal(['Müller <mark>Straßenbau</mark> GmbH']);
    expect((await search('a-100')).items[0]?.highlights).to.deep.equal(['<mark>A-100</mark>']);
    expect((await search('tornilo')).items[0]?.highlights).to.deep.equal(['<mark>Tornillo</mark> de acero inoxidable']);
  });

  for (const q of [
    `'`, `''`, `"`, `\\`, `a'b`, `a\\'b:*`, `foo & | ! <-> bar`, `((((`, `:*A`, `%`, `_%_`, `\u0000`, `a\u0000b`, `$1`, `'; DROP TABLE invoice; --`, '🧾🧾🧾', '\uD800x', 'x'.repeat(300), 'á '.repeat(150),
    '1e999', '-1', '..', 'ﷺ'.repeat(100), 'a-b-c-d-e-f-g-h-i-j-k-l-m-n-o', 'http://x/y?z', 'user@host', 'аврора', '発票 請求書', '٣٤٥', 'a:b/c.d', '<script>', '\u202Eabc', 'e\u0301'.repeat(150), '½ ² ①',
  ]) {
    it(`answers the hostile query ${JSON.stringify(q).slice(0, 40)}`, async () => {
      const answer = await bench.get(`/api/v1/search?q=${encodeURIComponent(q.toWellFormed())}`);
      expect([answer.status, typeof ((await answer.json()) as SearchResult).total]).to.deep.equal([200, 'number']);
    });
  }

  for (const [query, code] of [
    ['', 'query-invalid'], ['q=a&q=b', 'query-invalid'], [`q=${'x'.repeat(301)}`, 'query-invalid'], ['q=a&sort=total', 'query-invalid'], ['q=a&limit=0', 'query-invalid'], ['q=a&cursor=nonsense', 'cursor-invalid'],
  ] as const) {
    it(`refuses ?${query.slice(0, 30)} as ${code}`, async () => expect(await bench.refusal(`/api/v1/search?${query}`)).to.deep.equal([400, code]));
  }

  it('refuses the cursor of another search, and one whose keys or corrections were made up', async () => {
    const { next = '' } = await search('de', '&limit=1');
    expect(await bench.refusal(`/api/v1/search?q=del&limit=1&cursor=${next}`)).to.deep.equal([400, 'cursor-invalid']);
    const forge = (change: (keys: string[]) => void): string => {
      const [form, of, keys] = JSON.parse(Buffer.from(next, 'base64url').toString()) as [number, string, string[]];
      change(keys);
      return Buffer.from(JSON.stringify([form, of, keys])).toString('base64url');
    };
    for (const change of [(keys: string[]) => void (keys[0] = 'NaN'), (keys: string[]) => void (keys[1] = '2026-02-30'), (keys: string[]) => void (keys[2] = 'x'), (keys: string[]) => void (keys[3] = `{"de":["a' | b"]}`), (keys: string[]) => void keys.pop()]) {
      expect(await bench.refusal(`/api/v1/search?q=de&limit=1&cursor=${forge(change)}`)).to.deep.equal([400, 'cursor-invalid']);
    }
  });
}
