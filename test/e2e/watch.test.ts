import { spawn, type ChildProcess } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Client } from '../../cli/client.js';
import { demoDocuments, generatedCfdi } from '../../cli/demo/index.js';
import type { LedgerLine } from '../../cli/watch/ledger.js';
import type { WatchLine } from '../../cli/watch/take.js';
import { SftpServer } from '../integration/outbound/sftp-server.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { ROOT } from '../support/root.js';
import { untilSeen } from '../support/until.js';
import { zipOf } from '../support/zip.js';

const ENVIRONMENT = { FOLIO_LOG_LEVEL: 'warn', FOLIO_ADMIN_PASSWORD: 'a test password of length' };

/** `folio watch --json` as a process of its own. */
class WatchProcess {
  output = '';
  errors = '';
  readonly #child: ChildProcess;
  readonly exited: Promise<number | string>;

  constructor(data: string, places: readonly string[], env: Readonly<Record<string, string>> = {}, every = '0.2') {
    const args = [join(ROOT, 'build/cli/main.js'), 'watch', ...places, '--json', '--every', every, '--data', data];
    this.#child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...ENVIRONMENT, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    this.#child.stderr?.on('data', (chunk: Buffer) => { this.errors += chunk.toString(); });
    this.exited = new Promise((resolve) => this.#child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
  }

  get lines(): WatchLine[] {
    return this.output.split('\n').slice(0, -1).map((line) => JSON.parse(line) as WatchLine);
  }

  /** Lines of one file, in their order. */
  of(name: string): WatchLine[] {
    return this.lines.filter(({ file }) => file.endsWith(name));
  }

  async told(name: string, times = 1): Promise<readonly WatchLine[]> {
    await untilSeen(async () => this.of(name).length >= times);
    return this.of(name);
  }

  end(signal: NodeJS.Signals): Promise<number | string> {
    this.#child.kill(signal);
    return this.exited;
  }
}

describe('folio watch', function watching() {
  this.timeout(180_000);
  let running: FolioProcess;
  let client: Client;
  let folder: string;
  let watcher: WatchProcess | undefined;
  let next = 1;
  before(async () => {
    running = await FolioProcess.start(await FolioProcess.folder());
    client = await running.client();
  });
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'folio-watch-')); });
  afterEach(async () => {
    await watcher?.end('SIGKILL');
    watcher = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  after(() => cleanUp(running.data, running));

  const invoice = (): Uint8Array => generatedCfdi({ index: 70_000 + next++ });
  const put = async (name: string, bytes: Uint8Array | string = invoice(), into = folder): Promise<void> => {
    await writeFile(join(into, `${name}.part`), bytes);
    await rename(join(into, `${name}.part`), join(into, name));
  };
  const start = (places: readonly string[] = [folder], env: Readonly<Record<string, string>> = {}, every = '0.2'): WatchProcess => (watcher = new WatchProcess(running.data, places, env, every));
  const head = async (): Promise<string> => (await client.get<{ head: string }>('/api/v1/log')).body.head;
  const historyOf = async (id = ''): Promise<string[]> => (await client.get<{ items: { type: string }[] }>(`/api/v1/invoices/${id}/events`)).body.items.map(({ type }) => type.replace('fiscal.invoice.', ''));
  const ONCE = ['created', 'processing-started', 'validated', 'archived'];

  it('takes in what is put while it runs, each file once, and what was refused only when it is another version', async () => {
    const demo = await demoDocuments(3);
    await mkdir(join(folder, 'deep', '.snapshot'), { recursive: true });
    await symlink(ROOT, join(folder, 'out'));
    await writeFile(join(running.data, 'outside.xml'), invoice());
    await symlink(join(running.data, 'outside.xml'), join(folder, 'link.xml'));
    await put('.snapshot/hidden.xml', invoice(), join(folder, 'deep'));
    start();
    await put('a.xml');
    await put('b.XML', invoice(), join(folder, 'deep'));
    await put('broken.xml', demo.find(({ broken }) => broken !== undefined)?.bytes);
    await put('nothing.xml', 'no document at all');
    await put('other.xml', '<?xml version="1.0"?><order/>');
    await put('ignored.txt', 'no document');
    for (const name of ['a.xml', 'b.XML', 'broken.xml', 'nothing.xml', 'other.xml']) await watcher?.told(name);
    const categories = Object.fromEntries((watcher?.lines ?? []).map(({ file, category }) => [file.slice(folder.length + 1), category]));
    expect(categories).to.deep.equal({ 'a.xml': 'archived', 'deep/b.XML': 'archived', 'broken.xml': 'rejected', 'nothing.xml': 'unreadable', 'other.xml': 'unsupported' });
    const [a] = watcher?.of('a.xml') ?? [];
    expect(await historyOf(a?.id)).to.deep.equal(ONCE);
    // Touched: not sent. Written anew: taken in as what it is now.
    const before = await head();
    await utimes(join(folder, 'a.xml'), 1, 1);
    await utimes(join(folder, 'nothing.xml'), 1, 1);
    await put('other.xml');
    await watcher?.told('other.xml', 2);
    await put('after.xml');
    await watcher?.told('after.xml');
    expect(watcher?.of('other.xml').map(({ category }) => category)).to.deep.equal(['unsupported', 'archived']);
    expect([watcher?.of('a.xml').length, watcher?.of('nothing.xml').length]).to.deep.equal([1, 1]);
    expect(await head()).not.to.equal(before);
    expect(await historyOf(a?.id)).to.deep.equal(ONCE);
    expect(watcher?.lines.length).to.equal(7);
    expect(await watcher?.end('SIGTERM')).to.equal(0);
  });

  it('takes a file that is written slowly only when it is whole', async () => {
    start([folder], {}, '2');
    const slow = join(folder, 'slow.xml');
    await writeFile(slow, Buffer.concat([Buffer.from(invoice()), Buffer.from('<!--')]));
    let isWriting = true;
    const writing = (async () => {
      while (isWriting) {
        await appendFile(slow, 'x'.repeat(50));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await appendFile(slow, '-->');
    })();
    // The other one came to rest beside it: it was looked at twice, so was the slow one.
    await put('quick.xml');
    expect((await watcher?.told('quick.xml'))?.[0]?.category).to.equal('archived');
    expect(watcher?.of('slow.xml')).to.deep.equal([]);
    isWriting = false;
    await writing;
    expect((await watcher?.told('slow.xml'))?.map(({ category }) => category)).to.deep.equal(['archived']);
  });

  it('begins again behind a kill -9 in the middle of many files: every invoice is there once, without a copy', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `many-${String(index).padStart(3, '0')}.xml`);
    for (const name of names) await writeFile(join(folder, name), invoice());
    start();
    await untilSeen(async () => (watcher?.lines.length ?? 0) >= 15);
    await watcher?.end('SIGKILL');
    const ledger = join(running.data, 'watch', 'ledger.jsonl');
    const torn = await readFile(ledger);
    await truncate(ledger, torn.length - 30);
    // What a kill came upon between disk and output is in the ledger alone.
    const remembered = async (): Promise<LedgerLine[]> => (await readFile(ledger, 'utf8')).split('\n').filter((line) => line.endsWith('}') && line.includes(folder)).map((line) => JSON.parse(line) as LedgerLine);
    const before = await remembered();
    expect(before.length).to.be.below(names.length);
    start();
    await untilSeen(async () => (await remembered()).length >= names.length);
    const all = await remembered();
    expect(all.map(({ path }) => path).toSorted()).to.deep.equal(names.map((name) => join(folder, name)));
    for (const { id } of all) expect(await historyOf(id)).to.deep.equal(ONCE);
    expect(new Set(all.map(({ category }) => category.replace('duplicate', 'archived')))).to.deep.equal(new Set(['archived']));
    expect((watcher?.lines ?? []).filter(({ file }) => before.some(({ path }) => path === file)), 'what was remembered is not sent again').to.deep.equal([]);
    // At rest, a third start has nothing to do.
    expect(await watcher?.end('SIGINT')).to.equal(0);
    const [headBefore, whole] = [await head(), await readFile(ledger, 'utf8')];
    const { code, stdout } = await folio(['watch', folder, '--once', '--json', '--every', '0.2', '--data', running.data]);
    expect([code, stdout, await head()]).to.deep.equal([0, '', headBefore]);
    expect((await readFile(ledger, 'utf8')).split('\n').toSorted()).to.deep.equal(whole.split('\n').toSorted());
  });

  it('goes on when the instance ends in the middle and another one starts', async () => {
    start();
    await put('before.xml');
    await watcher?.told('before.xml');
    await running.end('SIGTERM');
    const names = Array.from({ length: 20 }, (_, index) => `away-${index}.xml`);
    for (const name of names) await put(name);
    await untilSeen(async () => /does not answer/u.test(watcher?.errors ?? ''));
    running = await FolioProcess.start(running.data);
    client = await running.client();
    for (const name of names) expect((await watcher?.told(name))?.map(({ category }) => category), name).to.deep.equal(['archived']);
    for (const { id } of watcher?.lines ?? []) expect(await historyOf(id)).to.deep.equal(ONCE);
    expect(watcher?.errors).to.include('the instance answers');
  });

  it('waits for an instance that does not run, and ends when it is told to meanwhile', async function alone() {
    this.timeout(15_000);
    watcher = new WatchProcess(join(folder, 'no-data'), [folder]);
    await untilSeen(async () => /no instance runs on/u.test(watcher?.errors ?? ''));
    expect(await watcher.end('SIGTERM')).to.equal(0);
  });

  it('takes the entries of an archive in, once', async () => {
    const [good, other] = [invoice(), invoice()];
    start();
    await put('three.zip', zipOf([{ name: 'good.xml', content: good }, { name: 'notes.txt', content: 'no document' }, { name: 'below/other.xml', content: other }, { name: 'bad.xml', content: 'nothing' }]));
    await put('broken.zip', zipOf([{ name: 'good.xml', content: good }]).subarray(0, 200));
    await watcher?.told('broken.zip');
    await watcher?.told('bad.xml');
    await watcher?.told('other.xml');
    const categories = Object.fromEntries((watcher?.lines ?? []).map(({ file, category }) => [file.slice(folder.length + 1), category]));
    expect(categories).to.deep.equal({ 'three.zip!good.xml': 'archived', 'three.zip!below/other.xml': 'archived', 'three.zip!bad.xml': 'unreadable', 'broken.zip': 'unreadable' });
    await copyFile(join(folder, 'three.zip'), join(folder, 'again.zip'));
    expect((await watcher?.told('again.zip!good.xml'))?.map(({ category }) => category)).to.deep.equal(['duplicate']);
  });

  it('looks once for cron, and a second watch of the same ledger is refused', async () => {
    await put('one.xml');
    const once = await folio(['watch', folder, '--once', '--every', '0.3', '--data', running.data]);
    expect([once.code, once.stdout]).to.deep.equal([0, `archived                ${join(folder, 'one.xml')}\n`]);
    const missing = await folio(['watch', folder, join(tmpdir(), 'folio-no-such-folder'), '--once', '--every', '0.3', '--data', running.data]);
    expect([missing.code, missing.stdout]).to.deep.equal([1, '']);
    start();
    await put('two.xml');
    await watcher?.told('two.xml');
    const second = await folio(['watch', folder, '--data', running.data]);
    expect(second.code).to.equal(3);
    expect(second.stderr).to.match(/^folio: --ledger is wrong: .* belongs to another watch \(process \d+\)\.\n$/u);
    for (const place of ['ftp://user:hush@a.example/in', 'sftp://user:hush@a.example/in', 'sftp://a.example/in']) {
      const refused = await folio(['watch', place, '--data', running.data, '--ledger', join(folder, 'own.jsonl')]);
      expect(refused.code, place).to.be.oneOf([2, 3]);
      expect(refused.stderr.trim().split('\n').length).to.equal(1);
      expect(refused.stderr).not.to.include('hush');
    }
  });

  it('takes files of an SFTP server once, which falls silent in the middle of one and holds up no other directory', async () => {
    const padding = Buffer.from(`<!--${'x'.repeat(100_000)}-->`);
    const server = await SftpServer.start({ '/in/first invoice.xml': Buffer.from(invoice()), '/in/second.xml': Buffer.concat([invoice(), padding]), '/in/third.xml.part': Buffer.from('half') }, 'right');
    const hosts = join(folder, 'sftp.json');
    await writeFile(hosts, JSON.stringify([{ host: '127.0.0.1', port: server.port, user: 'folio', password: 'right', hostKey: server.fingerprint, idleSeconds: 2 }]));
    try {
      server.mood = 'silent';
      start([folder, `sftp://127.0.0.1:${server.port}/in/`], { FOLIO_SFTP: hosts });
      await untilSeen(async () => server.signIns > 2);
      await put('beside.xml');
      expect((await watcher?.told('beside.xml'))?.[0]?.category).to.equal('archived');
      await untilSeen(async () => /second\.xml: .*again in/u.test(watcher?.errors ?? ''));
      expect(watcher?.of('second.xml')).to.deep.equal([]);
      server.mood = 'well';
      for (const name of ['first%20invoice.xml', 'second.xml']) expect((await watcher?.told(name))?.map(({ category }) => category), name).to.deep.equal(['archived']);
      // Renamed when it is whole.
      server.files.delete('/in/third.xml.part');
      server.files.set('/in/third.xml', Buffer.from(invoice()));
      expect((await watcher?.told('third.xml'))?.map(({ category }) => category)).to.deep.equal(['archived']);
      for (const { id } of watcher?.lines ?? []) expect(await historyOf(id)).to.deep.equal(ONCE);
      expect(watcher?.lines.length).to.equal(4);
      expect(`${watcher?.output}${watcher?.errors}`).not.to.include('right');
      expect(await watcher?.end('SIGTERM')).to.equal(0);
    } finally {
      await server.stop();
    }
  });
});
