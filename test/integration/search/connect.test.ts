import 'reflect-metadata';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { ElasticEngine } from '#platform/search/elastic/engine.js';
import { checkPrefix, type ElasticSettings } from '#platform/search/elastic/settings.js';
import { describeWith } from '../../support/engines.js';
import { codeOf } from '../../support/until.js';
import { EngineProxy, type Intervention } from '../../support/engine-proxy.js';

const opensearch = (number: string): Intervention => ({ status: 200, body: { version: { number, distribution: 'opensearch' }, tagline: 'The OpenSearch Project: https://opensearch.org/' } });
const elasticsearch = (number: string): Intervention => ({ status: 200, headers: { 'x-elastic-product': 'Elasticsearch' }, body: { version: { number, build_flavor: 'default' }, tagline: 'You Know, for Search' } });

/** `[setting, reason]` of a refused connection. */
async function wrong(settings: ElasticSettings): Promise<[string, string]> {
  try {
    await (await ElasticEngine.connect({ requestMs: 2_000, ...settings })).close();
    return ['none', 'it was connected'];
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'setting-wrong') throw error;
    return [String(error.detail['setting']), String(error.detail['reason'])];
  }
}

interface Certificate { readonly cert: string; readonly key: string }

async function selfSigned(names: x509.JsonGeneralName[]): Promise<Certificate> {
  x509.cryptoProvider.set(webcrypto as typeof globalThis.crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=folio-test', keys, signingAlgorithm: algorithm, notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000),
    extensions: [new x509.SubjectAlternativeNameExtension(names), new x509.BasicConstraintsExtension(true)],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n` };
}

describe('connecting to a search engine', () => {
  let proxy: EngineProxy;
  before(async () => { proxy = await EngineProxy.before(); });
  beforeEach(() => { proxy.seen.length = 0; });
  after(() => proxy.cut());

  for (const [title, settings, setting, part] of [
    ['an address that is none', { url: 'search' }, 'FOLIO_SEARCH', 'must be an address'],
    ['another scheme', { url: 'ftp://search' }, 'FOLIO_SEARCH', 'must be an address'],
    ['credentials in the address', { url: 'https://a:b@search' }, 'FOLIO_SEARCH', 'credentials in it'],
    ['a query in the address', { url: 'https://search/?a=b' }, 'FOLIO_SEARCH', 'behind its path'],
    ['a user and a key', { url: 'https://search', username: 'a', password: 'b', apiKey: 'c' }, 'FOLIO_SEARCH_API_KEY', 'not both'],
    ['a password without a user', { url: 'https://search', password: 'b' }, 'FOLIO_SEARCH_USER', 'without a user'],
    ['a user without a password', { url: 'https://search', username: 'a' }, 'FOLIO_SEARCH_PASSWORD', 'without a password'],
    ['an authority that is no certificate', { url: 'https://search', ca: 'nonsense' }, 'FOLIO_SEARCH_CA', 'PEM'],
    ['an authority without TLS', { url: 'http://search', ca: 'nonsense' }, 'FOLIO_SEARCH_CA', 'https://'],
  ] as const) {
    it(`refuses ${title}, before anybody is asked`, async () => {
      const [named, reason] = await wrong(settings);
      expect([named, reason.includes(part)], reason).to.deep.equal([setting, true]);
    });
  }

  for (const [title, answer, part] of [
    ['a web page', { status: 200, body: '<html>' }, 'neither'], ['JSON of something else', { status: 200, body: { version: { number: '9.0.0', distribution: 'other' }, tagline: 'x' } }, 'neither'],
    ['half JSON', { status: 200, body: '{', headers: { 'content-type': 'application/json' } }, 'neither'], ['nothing', { status: 404, body: 'nothing here' }, '404 nothing'.split(' ')[0] ?? ''],
    ['OpenSearch 2', opensearch('2.19.1'), 'OpenSearch 3 or newer'], ['Elasticsearch 8', elasticsearch('8.19.4'), 'Elasticsearch 9 or newer'],
    ['a proxy that wants TLS', { status: 400, body: 'The plain HTTP request was sent to HTTPS port' }, 'expects https'], ['nobody in time', 'hang', 'in time'],
  ] as const) {
    it(`names the address when it finds ${title}`, async () => {
      proxy.intervene = () => answer;
      const [named, reason] = await wrong({ url: proxy.url, requestMs: 300 });
      expect([named, reason.includes(part)], reason).to.deep.equal(['FOLIO_SEARCH', true]);
    });
  }

  it('blames no setting when the engine says that it cannot answer yet', async () => {
    proxy.intervene = () => ({ status: 503, body: { error: { type: 'cluster', reason: 'red' } } });
    expect(await codeOf(ElasticEngine.connect({ url: proxy.url }))).to.equal('search-unavailable');
  });

  it('names the credentials when they are missing, wrong, or not enough, and never tells them', async () => {
    proxy.intervene = () => ({ status: 401, body: { error: { type: 'security_exception', reason: 'missing authentication' } } });
    expect((await wrong({ url: proxy.url }))[0]).to.equal('FOLIO_SEARCH_USER');
    const [setting, reason] = await wrong({ url: proxy.url, username: 'folio', password: 'hunter2' });
    expect([setting, reason.includes('hunter2')]).to.deep.equal(['FOLIO_SEARCH_PASSWORD', false]);
    expect(proxy.seen.at(-1)?.headers.authorization).to.equal(`Basic ${Buffer.from('folio:hunter2').toString('base64')}`);
    proxy.intervene = () => ({ status: 403, body: {} });
    expect((await wrong({ url: proxy.url, apiKey: 'a2V5' }))[0]).to.equal('FOLIO_SEARCH_API_KEY');
  });

  it('speaks to Elasticsearch 9 as its own client does, and believes only an answer that says that it is', async () => {
    proxy.intervene = ({ path }) => (path === '/' ? elasticsearch('9.1.0') : { status: 200, headers: { 'x-elastic-product': 'Elasticsearch' }, body: { fine: true } });
    const engine = await ElasticEngine.connect({ url: proxy.url });
    expect([engine.product, engine.version, await engine.request({ method: 'GET', path: '/x' })]).to.deep.equal(['elasticsearch', '9.1.0', { fine: true }]);
    expect(proxy.seen.map(({ headers }) => headers.accept?.includes('compatible-with=9'))).to.deep.equal([false, true]);
    proxy.intervene = () => ({ status: 200, body: { fine: true } });
    expect(await codeOf(engine.request({ method: 'GET', path: '/x' }))).to.equal('search-unavailable');
    await engine.close();
  });

  it('speaks plain JSON to OpenSearch 3, in bulks too', async () => {
    proxy.intervene = ({ path }) => (path === '/' ? opensearch('3.0.0') : { status: 200, body: {} });
    const engine = await ElasticEngine.connect({ url: proxy.url });
    await engine.request({ method: 'POST', path: '/_bulk', bulkBody: '{}\n' });
    expect([engine.product, proxy.seen.at(-1)?.headers['content-type'], proxy.seen.at(-1)?.headers.accept?.includes('vnd')]).to.deep.equal(['opensearch', 'application/x-ndjson', false]);
    await engine.close();
  });

  it('leaves an engine that fails several times in a row alone for a moment, and comes back', async () => {
    proxy.intervene = () => opensearch('3.0.0');
    const engine = await ElasticEngine.connect({ url: proxy.url });
    const ask = (): Promise<unknown> => engine.request({ method: 'GET', path: '/x' });
    proxy.intervene = () => ({ status: 503 });
    for (let failure = 0; failure < 9; failure += 1) expect(await codeOf(ask())).to.equal('search-unavailable');
    expect(proxy.count('GET', /^\/x$/u)).to.equal(5);
    proxy.intervene = () => ({ status: 200, body: { fine: true } });
    let answer = await codeOf(ask());
    while (answer !== 'no error') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      answer = await codeOf(ask());
    }
    await engine.close();
  });

  describe('over TLS', () => {
    let server: Server;
    let right: Certificate;
    const urlOf = (scheme: string): string => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const listen = async (certificate: Certificate): Promise<void> => {
      server = createServer(certificate, (_request, response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify({ version: { number: '3.1.0', distribution: 'opensearch' } })));
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    };
    before(async () => { right = await selfSigned([{ type: 'ip', value: '127.0.0.1' }]); });
    beforeEach(() => listen(right));
    afterEach(() => { server.closeAllConnections(); server.close(); });

    it('is in with the right authority, and names it when it is missing or another', async () => {
      expect((await wrong({ url: urlOf('https'), ca: right.cert }))[0]).to.equal('none');
      for (const ca of [undefined, (await selfSigned([{ type: 'ip', value: '127.0.0.1' }])).cert]) {
        const [setting, reason] = await wrong({ url: urlOf('https'), ...(ca !== undefined && { ca }) });
        expect([setting, reason.includes('not trusted')], reason).to.deep.equal(['FOLIO_SEARCH_CA', true]);
      }
    });

    it('names the address when the certificate is one of another host', async () => {
      server.close();
      const other = await selfSigned([{ type: 'dns', value: 'other.example' }]);
      await listen(other);
      const [setting, reason] = await wrong({ url: urlOf('https'), ca: other.cert });
      expect([setting, reason.includes('another host')], reason).to.deep.equal(['FOLIO_SEARCH', true]);
    });

    it('says which of http:// and https:// it is', async () => {
      proxy.intervene = () => opensearch('3.0.0');
      expect((await wrong({ url: proxy.url.replace('http:', 'https:') }))[1]).to.include('does not speak TLS');
      expect((await wrong({ url: urlOf('http') }))[1]).to.include('may expect https://');
    });
  });

  it('names the address when nothing listens there', async () => {
    const gone = await EngineProxy.before();
    await gone.cut();
    const [setting, reason] = await wrong({ url: gone.url });
    expect([setting, reason.includes('nothing answers there')]).to.deep.equal(['FOLIO_SEARCH', true]);
  });

  it('takes as a prefix only what the name of an index can begin with', async () => {
    for (const good of ['', 'folio-', 'a.b_c-1']) expect(checkPrefix(good)).to.equal(good);
    for (const bad of ['Folio-', '-a', '_a', '*', 'a,b', 'a/b', 'ñ', 'x'.repeat(101)]) expect(await codeOf(Promise.resolve().then(() => checkPrefix(bad))), bad).to.equal('setting-wrong');
  });
});

describeWith('opensearch', 'connecting to a real engine', (address) => {
  it('finds out who it is', async () => {
    const engine = await ElasticEngine.connect({ url: `${address()}/` });
    expect([engine.product, engine.version.split('.')[0]]).to.deep.equal(['opensearch', '3']);
    await engine.close();
  });
});
