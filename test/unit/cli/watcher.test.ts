import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from '../../../cli/client.js';
import { Endings } from '../../../cli/commands/take-in.js';
import type { Reach } from '../../../cli/watch/instance.js';
import { Ledger } from '../../../cli/watch/ledger.js';
import { FileChanged, type ListedFile, type Listing, type Source } from '../../../cli/watch/source.js';
import { Taking, type WatchLine } from '../../../cli/watch/take.js';
import { Watcher } from '../../../cli/watch/watcher.js';
import { until } from '../../support/until.js';

/** A directory whose files, faults and times the test says. */
class Directory implements Source {
  readonly name = '/in';
  places = 2;
  readonly hasOwnClock = false;
  readonly leastRestMs = 0;
  readonly files = new Map<string, { content: string; mtime: number; fault?: Error }>();
  listFault: Error | undefined;
  looks = 0;
  reads: string[] = [];

  owns(path: string): boolean {
    return path.startsWith('/in/');
  }

  async list(): Promise<Listing> {
    this.looks += 1;
    if (this.listFault) throw this.listFault;
    return { files: [...this.files].map(([name, { content, mtime }]) => ({ path: `/in/${name}`, name, size: content.length, mtime })), isCut: false, unreadable: [] };
  }

  async read({ name }: ListedFile): Promise<Buffer<ArrayBuffer>> {
    this.reads.push(name);
    const file = this.files.get(name);
    if (!file) throw new FileChanged();
    if (file.fault) throw file.fault;
    return Buffer.from(file.content);
  }
}

describe('the watch of one directory', () => {
  let server: Server;
  let folder: string;
  let ledger: Ledger;
  let directory: Directory;
  let stop: AbortController;
  let running: Promise<void>;
  let lines: WatchLine[];
  let failures: string[];
  let told: string[];
  /** What the instance answers to a document, by its bytes; otherwise that it is there already. */
  let answer: (body: string) => { readonly status: number; readonly body: unknown } | undefined;
  let posts: string[];
  let suspected: number;

  before(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        const body = Buffer.concat(parts).toString();
        posts.push(body);
        const { status, body: sent } = answer(body) ?? { status: 200, body: { id: `id-${body}`, position: '1', outcome: 'duplicate', attempt: 1 } };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(sent));
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  });
  after(() => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-watcher-'));
    [directory, stop, lines, failures, told, posts, suspected, answer] = [new Directory(), new AbortController(), [], [], [], [], 0, () => undefined];
    ledger = await Ledger.open(join(folder, 'ledger.jsonl'));
    const reach: Reach = { client: new Client({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'none' }), whenReady: () => Promise.resolve(), suspect: () => { suspected += 1; } };
    const taking = new Taking({ reach, endings: new Endings(), ledger, tell: (line) => lines.push(line), settleMs: 100 });
    const watcher = new Watcher({ source: directory, ledger, taking, reach, everyMs: 5, tell: (line) => told.push(line), onFailure: (file, reason) => failures.push(`${file}: ${reason}`) });
    running = watcher.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  const put = (name: string, content: string, fault?: Error): void => void directory.files.set(name, { content, mtime: directory.files.size + 1, ...(fault && { fault }) });
  const looksMore = async (count: number): Promise<void> => {
    const from = directory.looks;
    await until(() => directory.looks >= from + count);
  };
  const files = (): string[] => lines.map(({ file }) => file);

  it('lets no file wait for one that cannot be read, and takes that when it can', async () => {
    put('bad.xml', 'bad', Object.assign(new Error('EACCES: not yours'), { code: 'EACCES' }));
    put('good.xml', 'good');
    await until(() => files().includes('/in/good.xml') && failures.length > 0);
    expect([files(), failures[0]]).to.deep.equal([['/in/good.xml'], '/in/bad.xml: EACCES: not yours']);
    put('bad.xml', 'bad');
    await until(() => files().includes('/in/bad.xml'));
    expect(posts.toSorted()).to.deep.equal(['bad', 'good']);
  });

  it('reads nothing more of a directory that went away in the middle, until it is seen again', async () => {
    directory.places = 1;
    put('a.xml', 'a', new Error('the share is gone'));
    put('b.xml', 'b');
    await until(() => failures.length > 0);
    directory.listFault = new Error('the share is gone');
    await until(() => told.length > 0);
    const reads = directory.reads.length;
    await looksMore(2);
    expect(directory.reads.length).to.equal(reads);
    directory.listFault = undefined;
    put('a.xml', 'a');
    await until(() => lines.length === 2);
    expect(told.map((line) => line.replace(/:.*/u, ''))).to.deep.equal(['/in cannot be looked at', '/in can be looked at again']);
  });

  it('tries again what the instance could not do, and records what it refused', async () => {
    answer = (body) => (body === 'poison' ? { status: 500, body: { code: 'internal', status: 500, detail: 'x', retryable: true } } : body === 'stranger' ? { status: 401, body: { code: 'token-invalid', status: 401, detail: 'x' } } : body === 'no json' ? { status: 404, body: 'nothing here' } : body === 'other' ? { status: 422, body: { code: 'document-unsupported', status: 422, detail: 'x', root: 'order' } } : undefined);
    for (const content of ['poison', 'stranger', 'no json', 'other', 'good']) put(`${content}.xml`, content);
    await until(() => lines.length === 2 && failures.length >= 3);
    expect(lines.map(({ file, category, detail }) => [file, category, detail])).to.have.deep.members([['/in/other.xml', 'unsupported', 'order'], ['/in/good.xml', 'duplicate', 'id-good']]);
    expect(suspected).to.be.at.least(3);
    answer = () => undefined;
    await until(() => lines.length === 5);
    expect(posts.filter((body) => body === 'other' || body === 'good').length).to.equal(2);
  });

  it('sends a file once while it stays, also when it is only touched, and again when it is another one', async () => {
    put('a.xml', 'a');
    await until(() => lines.length === 1);
    await looksMore(5);
    expect([posts, directory.reads]).to.deep.equal([['a'], ['a.xml']]);
    directory.files.set('a.xml', { content: 'a', mtime: 99 });
    await until(() => directory.reads.length === 2 && ledger.get('/in/a.xml')?.mtime === 99);
    await looksMore(5);
    expect([posts, directory.reads.length]).to.deep.equal([['a'], 2]);
    directory.files.set('a.xml', { content: 'b', mtime: 100 });
    await until(() => posts.length === 2);
    expect(posts).to.deep.equal(['a', 'b']);
  });

  it('forgets a file that is gone before its turn has come again', async () => {
    const fault = Object.assign(new Error('not yours'), { code: 'EACCES' });
    put('gone.xml', 'gone', fault);
    put('stays.xml', 'stays', fault);
    await until(() => failures.length === 2);
    directory.files.delete('gone.xml');
    // The third turn of the one comes later than the second of the other would have.
    await until(() => directory.reads.filter((name) => name === 'stays.xml').length === 3);
    expect(directory.reads.filter((name) => name === 'gone.xml').length).to.equal(1);
  });
});
