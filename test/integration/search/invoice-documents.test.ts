import { expect } from 'chai';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { rowOfDocument, SEARCH_DOCUMENT_MAPPING, toSearchDocument } from '#contracts/read-models/search-document.js';
import { toMoney } from '#contracts/money.js';
import type { SearchResult } from '#contracts/queries.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import { describeWith } from '../../support/engines.js';
import { IndexedBench } from './indexed-bench.js';

const LONG = 'ñ🧾'.repeat(5_000);

/** Rows at the edges of what a document may say, and beyond. */
const EDGES: Readonly<Record<string, Partial<InvoiceSearchRow>>> = {
  'nothing but an id': { series: null, number: null, uuid: null, issuer: {}, receiver: {}, currency: null, total: null, issuanceDay: null, format: null, documentType: null, descriptions: [], findingCodes: [] },
  'the largest amount': { total: toMoney(`${'9'.repeat(24)}.${'9'.repeat(12)}`) },
  'the smallest amount': { total: toMoney(`-${'9'.repeat(24)}.${'9'.repeat(12)}`) },
  'a day that is none': { issuanceDay: '9999-99-99' },
  'an instant with nanoseconds': { receivedAt: '2026-03-05T12:00:00.123456789Z' },
  'texts without an end': { issuer: { id: LONG, name: LONG }, series: LONG, number: LONG, uuid: LONG, currency: LONG, findingCodes: [LONG] },
  'one word of all descriptions': { descriptions: ['x'.repeat(32_768)] },
  'four thousand descriptions': { descriptions: Array.from({ length: 4_096 }, (_, at) => `línea${at} ${'palabra'.repeat(at % 3)}`) },
  'half a character pair': { issuer: { name: 'x\uD800y' }, descriptions: ['\uDC00'] },
  'texts that look like something': { issuer: { name: '{"index":{}}\n<b>' }, series: '*', number: '_id', descriptions: ['', ' ', '\u0000', '$.x', 'a'.repeat(300).split('').join(' ')] },
};

describeWith('opensearch', 'invoices as documents', (address) => {
  let indexed: IndexedBench;
  before(async () => {
    indexed = await IndexedBench.open(address());
    await indexed.given([{ seed: 1 }]);
  });
  after(() => indexed?.close());

  for (const [title, change] of Object.entries(EDGES)) {
    it(`takes, and gives back, ${title}`, async () => {
      const { id, revision, source } = await indexed.documentOf(1);
      const row: InvoiceSearchRow = { ...(rowOfDocument(source) as InvoiceSearchRow), ...change };
      expect(await indexed.index.write(indexed.name, [{ id, revision, source: { ...toSearchDocument(row) } }])).to.deep.equal(['written']);
      expect(rowOfDocument((await indexed.index.load(indexed.name, [id])).get(id)?.source)).to.deep.equal(row);
      await indexed.index.refresh(indexed.name);
      const all: SearchResult = await indexed.bench.json(`/api/v1/search?q=${id}`);
      expect([all.total, all.items[0]?.invoice.total]).to.deep.equal([1, row.total]);
    });
  }

  it('compares amounts to the last digit, where a float would not', async () => {
    const { id, revision, source } = await indexed.documentOf(1);
    const total = toMoney('123456789012345678901234.000000000001');
    await indexed.index.write(indexed.name, [{ id, revision, source: { ...toSearchDocument({ ...(rowOfDocument(source) as InvoiceSearchRow), total }) } }]);
    await indexed.index.refresh(indexed.name);
    const totalOf = async (filter: string): Promise<number> => (await indexed.bench.json<SearchResult>(`/api/v1/search?q=${id}&${filter}`)).total;
    expect(await totalOf(`minTotal=${total}`)).to.equal(1);
    expect(await totalOf(`maxTotal=${total}`)).to.equal(1);
    expect(await totalOf('minTotal=123456789012345678901234.000000000002')).to.equal(0);
    expect(await totalOf('maxTotal=123456789012345678901234')).to.equal(0);
  });

  it('is an index that is found again with its mapping, by another process', async () => {
    const engine = await ElasticEngine.connect({ url: address() });
    await new ElasticIndex(engine, SEARCH_DOCUMENT_MAPPING).create(indexed.name);
    const older = new ElasticIndex(engine, { ...SEARCH_DOCUMENT_MAPPING, version: 'invoice-search/0' });
    expect(await older.create(indexed.name).then(() => 'taken', (error: Error) => error.message)).to.include(SEARCH_DOCUMENT_MAPPING.version);
    await engine.close();
  });
});
