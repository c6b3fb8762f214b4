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

  describe('looking into a directory', () => {
    let crowded: SftpServer;
    before(async () => {
      crowded = await SftpServer.start(Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`/out/f\u00e1ctura ${index}.xml`, 'x'.repeat(index)])), 'right');
      crowded.modified.set('/out/f\u00e1ctura 7.xml', 1_700_000_000);
    });
    afterEach(() => { crowded.directoryMood = 'well'; });
    after(() => crowded.stop());
    const looker = (limits: Partial<SftpLimits> = {}): SftpFetcher => new SftpFetcher([{ host: '127.0.0.1', port: crowded.port, user: 'folio', password: 'right', hostKey: crowded.fingerprint }], limits);
    const out = (): string => `sftp://127.0.0.1:${crowded.port}/out`;

    it('tells every entry with size and time, whatever number a server sends at once', async () => {
      const { entries, isCut } = await looker().list(out(), never);
      expect([entries.length, isCut]).to.deep.equal([250, false]);
      expect(entries.find(({ name }) => name === 'f\u00e1ctura 7.xml')).to.deep.equal({ name: 'f\u00e1ctura 7.xml', size: 7, modified: 1_700_000_000, isFile: true });
      await until(() => crowded.open === 0);
    });

    it('ends at its limit and says so', async () => {
      const { entries, isCut } = await looker().list(out(), never, 120);
      expect([entries.length, isCut]).to.deep.equal([120, true]);
      expect((await looker().list(out(), never, 250)).isCut).to.equal(false);
    });

    it('takes no link and no directory for a file, and no name that leads elsewhere', async () => {
      const hostile = await SftpServer.start({ '/d/link.xml': '', '/d/below.xml': '', '/d/../up.xml': '', '/d/a/b.xml': '', '/d/..': '', '/d/good.xml': 'x' }, 'right');
      hostile.modes.set('/d/link.xml', 0o120_777).set('/d/below.xml', 0o040_755);
      const { entries } = await new SftpFetcher([{ host: '127.0.0.1', port: hostile.port, user: 'folio', password: 'right', hostKey: hostile.fingerprint }]).list(`sftp://127.0.0.1:${hostile.port}/d`, never);
      expect(entries.map(({ name, isFile }) => [name, isFile])).to.deep.equal([['link.xml', false], ['below.xml', false], ['good.xml', true]]);
      await hostile.stop();
    });

    it('does not wait for a server that falls silent, nor take half of a directory for the whole', async () => {
      crowded.directoryMood = 'silent';
      expect(await codeOf(looker({ idleTimeoutMs: 150 }).list(out(), never))).to.equal('fetch-failed');
      crowded.directoryMood = 'gone';
      expect(await codeOf(looker().list(out(), never))).to.equal('fetch-failed');
      await until(() => crowded.open === 0);
    });

    it('tells a directory that is not there, and an address that is none of the operator\'s', async () => {
      expect(await finalOf(looker().list(`sftp://127.0.0.1:${crowded.port}/none`, never))).to.equal(true);
      expect(await codeOf(looker().list('sftp://127.0.0.1:1/out', never))).to.equal('url-not-allowed');
      expect(looker().checked(`SFTP://127.0.0.1:${crowded.port}/f%C3%A1c%20x/`)).to.equal(`sftp://127.0.0.1:${crowded.port}/f%C3%A1c%20x/`);
      expect(() => looker().checked('sftp://folio:right@127.0.0.1/out')).to.throw('credentials');
    });
  });
});
