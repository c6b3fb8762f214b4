import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { toSha256 } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { parseS3Address, type S3Address } from '#platform/object-store/s3-address.js';
import { S3ObjectStore } from '#platform/object-store/s3.js';
import { findProgram } from '../../../cli/engines/provide.js';
import { describeWith } from '../../support/engines.js';
import { codeOf } from '../../support/until.js';

const probe = (address: S3Address, createBucket = false): Promise<string> => new S3ObjectStore({ address }).probe({ createBucket }).then(
  () => 'fine', (error: unknown) => (error instanceof Problem && error.code === 'setting-wrong' ? error.message : `not a Problem: ${String(error)}`),
);
const local = (server: Server, scheme = 'http'): S3Address => ({ ...parseS3Address('http://a:b@127.0.0.1/folio'), endpoint: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}` });

describe('the address of an S3 bucket', () => {
  it('names endpoint, credentials, bucket and region', () => {
    expect(parseS3Address('http://folio-engine:p%2Fw@127.0.0.1:9000/folio')).to.deep.equal({
      endpoint: 'http://127.0.0.1:9000', bucket: 'folio', region: 'us-east-1', credentials: { accessKeyId: 'folio-engine', secretAccessKey: 'p/w' },
    });
    expect(parseS3Address('https://s3.eu-west-1.amazonaws.com/my-bucket?region=eu-west-1')).to.deep.equal({ endpoint: 'https://s3.eu-west-1.amazonaws.com', bucket: 'my-bucket', region: 'eu-west-1' });
  });

  it('is refused with the reason, which never holds the secret', () => {
    for (const text of ['', 's3://k:the-secret@h/b', 'http://k:the-secret@h', 'http://k:the-secret@h/two/parts', 'http://k:the-secret@h/No', 'http://:the-secret@h/bucket', 'http://k:%E0%A4%Athe-secret@h/bucket']) {
      expect(() => parseS3Address(text), text).to.throw(Problem, /^FOLIO_S3 is wrong: (?!.*the-secret)/u);
    }
  });
});

describe('an S3 store that is not there', () => {
  const gone: S3Address = { ...parseS3Address('http://a:b@127.0.0.1/folio'), endpoint: 'http://127.0.0.1:1' };
  const servers: Server[] = [];
  after(() => { for (const server of servers) server.close(); });
  const listening = async <Kind extends Server | TlsServer>(server: Kind): Promise<Kind> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return server;
  };

  it('is a fault of every operation, never "it has no such object"', async () => {
    const store = new S3ObjectStore({ address: gone, limits: { attempts: 1 } });
    const sha256 = toSha256('a'.repeat(64));
    const work = [store.has(sha256), store.get(sha256), store.put(Buffer.from('x')), store.archive(sha256)];
    expect(new Set(await Promise.all(work.map(codeOf)))).to.deep.equal(new Set(['object-store-unavailable']));
    store.close();
  });

  it('is told by its probe: nothing there, an unknown host, something else', async () => {
    expect(await probe(gone)).to.equal('FOLIO_S3 is wrong: http://127.0.0.1:1: nothing listens there.');
    expect(await probe({ ...gone, endpoint: 'http://no-such-host.invalid' })).to.include('the host is unknown');
    const web = await listening(createServer((_, response) => { response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>hello</body></html>'); }));
    expect(await probe(local(web))).to.include('what answers there is not S3');
  });

  it('is told by its probe: TLS where there is none, none where there is, a certificate that nobody trusts', async function () {
    const plain = await listening(createServer());
    expect(await probe(local(plain, 'https'))).to.include('it does not speak TLS; write http://');
    const openssl = findProgram('openssl');
    if (openssl === undefined) this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'folio-s3-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(openssl, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1'], { stdio: 'ignore' });
    const tls = await listening(createTlsServer({ key: await readFile(key), cert: await readFile(cert) }));
    await rm(folder, { recursive: true, force: true });
    expect(await probe(local(tls, 'https'))).to.include('its certificate is not trusted');
    expect(await probe(local(tls, 'http'))).to.include('perhaps it does not speak this protocol');
  });
});

describeWith('s3', 'the probe of an S3 bucket', (engine) => {
  it('names a bucket that is missing, and makes it only when asked', async () => {
    const address = { ...parseS3Address(engine()), bucket: `folio-${randomUUID()}` };
    expect(await probe(address)).to.include(`there is no bucket ${address.bucket}`);
    expect([await probe(address, true), await probe(address), await probe(address, true)]).to.deep.equal(['fine', 'fine', 'fine']);
  });

  it('names a wrong access key and a wrong secret, without showing them', async () => {
    const address = parseS3Address(engine());
    const with_ = (accessKeyId: string, secretAccessKey: string): Promise<string> => probe({ ...address, credentials: { accessKeyId, secretAccessKey } });
    const accessKeyId = address.credentials?.accessKeyId ?? '';
    expect(await with_('nobody-42', 'guess-42')).to.include('the access key is not known').and.not.match(/nobody-42|guess-42/u);
    expect(await with_(accessKeyId, 'guess-42')).to.include('the secret does not belong to the access key').and.not.include('guess-42');
  });
});
