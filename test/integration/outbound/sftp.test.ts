import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { SftpFetcher, type SftpHost, type SftpLimits } from '#platform/outbound/sftp.js';
import { codeOf, until } from '../../support/until.js';
import { SftpServer } from './sftp-server.js';

const never = new AbortController().signal;
const bytesOf = async (body: Readable): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
};

describe('fetching files over SFTP', () => {
  const LARGE = Buffer.alloc(300_000, 'factura ');
  let server: SftpServer;
  before(async () => { server = await SftpServer.start({ '/in/a b.xml': '<a/>', '/in/large.xml': LARGE }, 'right'); });
  afterEach(() => { server.mood = 'well'; });
  after(() => server.stop());

  const fetcher = (host: Partial<SftpHost> = {}, limits: Partial<SftpLimits> = {}): SftpFetcher =>
    new SftpFetcher([{ host: '127.0.0.1', port: server.port, user: 'folio', password: 'right', hostKey: server.fingerprint, ...host }], limits);
  const address = (path: string): string => `sftp://127.0.0.1:${server.port}${path}`;
  const finalOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'fetched', (error: unknown) => (error as { detail?: { final?: unknown } }).detail?.final);

  it('brings the bytes of a file, small and large, and leaves no connection behind', async () => {
    expect((await fetcher().fetch(address('/in/a%20b.xml'), bytesOf, never)).toString()).to.equal('<a/>');
    expect(await fetcher().fetch(address('/in/large.xml'), bytesOf, never)).to.deep.equal(LARGE);
    await until(() => server.open === 0);
  });

  it('speaks only to servers that the operator named, with the key that they are known by, and never by credentials of an address', async () => {
    for (const url of [`sftp://127.0.0.1:1/in/a`, `sftp://localhost:${server.port}/in/a`, `sftp://folio:right@127.0.0.1:${server.port}/in/a`, 'https://127.0.0.1/a', address('/'), address('/%00'), address('/%E0%A4'), 'no address']) {
      expect(await codeOf(fetcher().fetch(url, bytesOf, never)), url).to.equal('url-not-allowed');
    }
    const signIns = server.signIns;
    expect(await codeOf(fetcher({ hostKey: `SHA256:${'A'.repeat(43)}` }).fetch(address('/in/large.xml'), bytesOf, never))).to.equal('fetch-failed');
    expect(server.signIns, 'nobody signed in').to.equal(signIns);
  });

  it('tells a file that is not there, which no repetition helps, from a sign-in that was refused', async () => {
    expect(await finalOf(fetcher().fetch(address('/in/none.xml'), bytesOf, never))).to.equal(true);
    expect(await finalOf(fetcher({ password: 'wrong' }).fetch(address('/in/large.xml'), bytesOf, never))).to.equal(false);
  });

  it('does not wait for a server that falls silent after a kilobyte, nor take what it sent for the file', async () => {
    server.mood = 'silent';
    let seen = 0;
    const counted = async (body: Readable): Promise<void> => { for await (const part of body as AsyncIterable<Buffer>) seen += part.length; };
    expect(await codeOf(fetcher({}, { idleTimeoutMs: 150 }).fetch(address('/in/large.xml'), counted, never))).to.equal('fetch-failed');
    expect(seen).to.be.below(LARGE.length);
    await until(() => server.open === 0);
  });

  it('ends when the connection ends in the middle of a file, or when it is given up', async () => {
    server.mood = 'gone';
    expect(await codeOf(fetcher().fetch(address('/in/large.xml'), bytesOf, never))).to.equal('fetch-failed');
    server.mood = 'silent';
    const stop = new AbortController();
    const fetched = codeOf(fetcher().fetch(address('/in/large.xml'), bytesOf, stop.signal));
    await until(() => server.open > 0);
    stop.abort();
    expect(await fetched).to.equal('fetch-failed');
    await until(() => server.open === 0);
  });

  it('leaves a server alone that failed several times', async () => {
    const tired = fetcher({ password: 'wrong' }, { breakerFailures: 2, breakerOpenMs: 60_000 });
    for (let time = 0; time < 2; time += 1) await codeOf(tired.fetch(address('/in/large.xml'), bytesOf, never));
    const signIns = server.signIns;
    expect(await codeOf(tired.fetch(address('/in/large.xml'), bytesOf, never))).to.equal('fetch-failed');
    expect(server.signIns).to.equal(signIns);
  });
});
