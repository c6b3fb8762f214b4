import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { ElasticIndex } from '#platform/search/elastic/elastic-index.js';
import type { IndexedDocument } from '#platform/search/port.js';
import { documentIndexSuite } from '../../suites/document-index.js';
import { describeWith } from '../../support/engines.js';
import { codeOf } from '../../support/until.js';
import { EngineProxy, type SeenRequest } from '../../support/engine-proxy.js';
import { freshPrefix } from './indexed-bench.js';

const MAPPING = { version: 'test/1', extends: ['test/0'], analysis: {}, properties: { text: { type: 'text' }, number: { type: 'integer' } } };
const EARLIER = { version: 'test/0', analysis: {}, properties: { text: { type: 'text' } } };
const WAITS = { busyFirstMs: 1, busyLongestMs: 4, busyAttempts: 4 };
const documents = (count: number): IndexedDocument[] => Array.from({ length: count }, (_, at) => ({ id: `d${at}`, revision: toRevision(0), source: { text: `text ${at}` } }));

interface Found { readonly hits: { readonly hits: readonly { readonly _id: string }[] } }

describeWith('opensearch', 'documents in an index', (address) => {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${address()}${path}`, { headers: { 'content-type': 'application/json' }, ...init });
  const found = async (name: string): Promise<string[]> => ((await (await ask(`/${name}/_search?size=100`)).json()) as Found).hits.hits.map(({ _id: id }) => id);
  const exists = async (name: string): Promise<boolean> => (await ask(`/${name}`, { method: 'HEAD' })).ok;
  let engine: ElasticEngine;
  let proxy: EngineProxy;
  let index: ElasticIndex;
  let name: string;
  before(async () => {
    proxy = await EngineProxy.before(address());
    engine = await ElasticEngine.connect({ url: proxy.url });
    index = new ElasticIndex(engine, MAPPING, {}, { ...WAITS, requestMs: 5_000 });
  });
  beforeEach(async () => {
    proxy.intervene = () => 'pass';
    proxy.seen.length = 0;
    name = `${freshPrefix()}docs`;
  });
  after(async () => {
    for (const created of made) await ask(`/${created}`, { method: 'DELETE' });
    await engine?.close();
    await proxy?.cut();
  });
  const made: string[] = [];
  const makeForeign = async (foreign: string, body: unknown = {}): Promise<void> => {
    made.push(foreign);
    expect((await ask(`/${foreign}`, { method: 'PUT', body: JSON.stringify(body) })).status).to.equal(200);
  };
  const create = async (): Promise<void> => {
    made.push(name);
    await index.create(name);
  };
  const isBulk = ({ path }: SeenRequest): boolean => path.endsWith('/_bulk');

  describe('as every document index', () => documentIndexSuite(async () => ({ index, earlier: new ElasticIndex(engine, EARLIER), freshName: () => `${freshPrefix()}suite`, makeForeign, exists, found })));

  it('tells what is foreign: another version, a changed field, more fields, dynamic fields, an alias of that name', async () => {
    const ours = (change: object) => ({ mappings: { dynamic: 'strict', _meta: { folio: 'test/1' }, properties: MAPPING.properties, ...change } });
    const reasons: string[] = [];
    for (const [at, body] of [ours({ _meta: { folio: 'test/-1' } }), ours({ properties: { ...MAPPING.properties, number: { type: 'long' } } }), ours({ properties: { ...MAPPING.properties, more: { type: 'long' } } }), ours({ dynamic: true }), { ...ours({}), aliases: { [`${name}-a`]: {} } }].entries()) {
      await makeForeign(`${name}${at}`, body);
      reasons.push(await index.create(`${name}${at}`).then(() => 'taken', (error: Error) => error.message));
    }
    reasons.push(await index.create(`${name}-a`).then(() => 'taken', (error: Error) => error.message));
    const parts = ['has the mapping "test/-1"', 'field number was changed', 'field more was changed', 'may add fields', 'has no alias', 'is an alias of'];
    for (const [at, part] of parts.entries()) expect(reasons[at]).to.include(part);
  });

  describe('over several shards', () => documentIndexSuite(async () => ({
    index: new ElasticIndex(engine, MAPPING, { shards: 3 }, { pageDocuments: 100 }), earlier: new ElasticIndex(engine, EARLIER), freshName: () => `${freshPrefix()}suite`, makeForeign, exists, found,
  })));

  it('takes no name that an engine reads as several indexes', async () => {
    for (const wild of ['*', '_all', 'a,b', '', '-a', 'A']) expect(await index.drop(wild).then(() => 'dropped', (error: Error) => error.name), wild).to.equal('RangeError');
  });

  it('asks again for those that met 429, alone, and for whole bulks', async () => {
    await create();
    let bulks = 0;
    proxy.intervene = (request) => {
      if (!isBulk(request)) return 'pass';
      bulks += 1;
      if (bulks === 1) return { status: 429, body: { error: { type: 'es_rejected_execution_exception', reason: 'full' } } };
      if (bulks > 2) return 'pass';
      return { status: 200, body: { errors: true, items: [{ index: { status: 201 } }, { index: { status: 429, error: { type: 'rejected', reason: 'full' } } }, { index: { status: 409, error: { type: 'version_conflict', reason: '' } } }] } };
    };
    expect(await index.write(name, documents(3))).to.deep.equal(['written', 'written', 'older']);
    expect(proxy.seen.filter(isBulk).map(({ body }) => body.match(/"_id":"(\w+)"/gu))).to.deep.equal([['"_id":"d0"', '"_id":"d1"', '"_id":"d2"'], ['"_id":"d0"', '"_id":"d1"', '"_id":"d2"'], ['"_id":"d1"']]);
  });

  it('gives up after some 429s: nothing is known, the caller repeats', async () => {
    await create();
    proxy.intervene = (request) => (isBulk(request) ? { status: 429 } : 'pass');
    expect(await codeOf(index.write(name, documents(2)))).to.equal('search-unavailable');
    expect(proxy.seen.filter(isBulk)).to.have.length(WAITS.busyAttempts + 1);
    proxy.intervene = () => 'pass';
    expect(await index.write(name, documents(2))).to.deep.equal(['written', 'written']);
  });

  it('counts nothing as refused that is no fault of the document', async () => {
    await create();
    for (const status of [403, 404, 500, 503]) {
      proxy.intervene = (request) => (isBulk(request) ? { status: 200, body: { errors: true, items: [{ index: { status: 201 } }, { index: { status, error: { type: 'cluster_block_exception', reason: 'read-only' } } }] } } : 'pass');
      expect(await codeOf(index.write(name, documents(2))), String(status)).to.equal('search-unavailable');
    }
  });

  it('sends halves where a bulk is too large for what stands in front, and refuses the one document that is', async () => {
    await create();
    proxy.intervene = (request) => (isBulk(request) && request.body.length > 400 ? { status: 413, body: 'too large' } : 'pass');
    const large = { id: 'large', revision: toRevision(0), source: { text: 'x'.repeat(500) } };
    const outcomes = await index.write(name, [...documents(5), large, ...documents(9).slice(5)]);
    expect(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : 'refused'))).to.deep.equal(['written', 'written', 'written', 'written', 'written', 'refused', 'written', 'written', 'written', 'written']);
  });

  it('bounds a bulk by documents and by bytes', async () => {
    await create();
    const bounded = new ElasticIndex(engine, MAPPING, {}, { ...WAITS, maxDocuments: 4, maxBytes: 600 });
    const mixed = [...documents(6), { id: 'long', revision: toRevision(0), source: { text: 'y'.repeat(1_000) } }, ...documents(3)];
    expect(new Set(await bounded.write(name, mixed))).to.deep.equal(new Set(['written']));
    const sizes = proxy.seen.filter(isBulk).map(({ body }) => [body.split('\n').length >> 1, body.length > 600]);
    expect(sizes).to.deep.equal([[4, false], [2, false], [1, true], [3, false]]);
  });

  it('never trusts an answer: HTML, half JSON, other shapes, too few outcomes, silence, a cut', async () => {
    await create();
    const hostile = new ElasticIndex(engine, MAPPING, {}, { ...WAITS, requestMs: 150 });
    const answers = [{ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }, { status: 200, body: '{"items":[', headers: { 'content-type': 'application/json' } }, { status: 200, body: { items: 'x' } }, { status: 200, body: { items: [{ index: { status: 201 } }] } }, { status: 200, body: 'null', headers: { 'content-type': 'application/json' } }] as const;
    for (const answer of answers) {
      proxy.intervene = () => answer;
      expect(await codeOf(hostile.write(name, documents(2)))).to.equal('search-unavailable');
      expect(await codeOf(hostile.load(name, ['d0', 'd1']))).to.equal('search-unavailable');
    }
    proxy.intervene = () => 'hang';
    expect(await codeOf(hostile.write(name, documents(2)))).to.equal('search-unavailable');
    await proxy.cut();
    expect(await codeOf(hostile.write(name, documents(2)))).to.equal('search-unavailable');
    await proxy.open();
  });

  it('takes no empty or redirecting answer for a yes', async () => {
    for (const answer of [{ status: 200, body: '' }, { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, { status: 204, body: '' }]) {
      proxy.intervene = () => answer;
      expect([await codeOf(index.refresh('x')), await codeOf(index.create('x'))]).to.deep.equal(['search-unavailable', 'search-unavailable']);
    }
    proxy.intervene = () => 'pass';
    while ((await codeOf(index.drop('x'))) !== 'no error') await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('makes documents findable by itself, or not', async () => {
    made.push(name);
    const quiet = new ElasticIndex(engine, MAPPING, { refreshInterval: '-1' });
    await quiet.create(name);
    const intervalOf = async (): Promise<unknown> => Object.values((await (await ask(`/${name}/_settings/index.refresh_interval?flat_settings=true`)).json()) as Record<string, { settings: Record<string, unknown> }>)[0]?.settings['index.refresh_interval'];
    expect(await intervalOf()).to.equal('-1');
    await quiet.setRefreshInterval(name, '1s');
    expect(await intervalOf()).to.equal('1s');
  });

  it('waits for a bulk as long as a bulk may take, not as long as a search may', async () => {
    await create();
    const impatient = await ElasticEngine.connect({ url: proxy.url, requestMs: 200 });
    const patient = new ElasticIndex(impatient, MAPPING, {}, { requestMs: 20_000 });
    proxy.delayMs = 1_500;
    try {
      expect(await codeOf(impatient.request({ method: 'GET', path: `/${name}` }))).to.equal('search-unavailable');
      expect(await patient.write(name, documents(1))).to.deep.equal(['written']);
    } finally {
      proxy.delayMs = 0;
      await impatient.close();
    }
  });

  it('points a name for people at one index, and away from the one before', async () => {
    await create();
    await makeForeign(`${name}-other`);
    for (const target of [`${name}-other`, name, name]) await index.setAlias(`${name}-people`, target);
    expect(Object.keys((await (await ask(`/_alias/${name}-people`)).json()) as object)).to.deep.equal([name]);
  });
});
