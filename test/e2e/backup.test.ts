import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSettings } from '#platform/config.js';
import { readManifest } from '#platform/backup/folder.js';
import { runningServer } from '#platform/embedded-postgres/server-process.js';
import { Client } from '../../cli/client.js';
import type { BackupReport } from '../../cli/commands/backup.js';
import { restore } from '../../cli/commands/restore.js';
import { SETTINGS } from '../../cli/config.js';
import { DataFolder } from '../../cli/data-folder.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { importTrust } from '../../cli/trust.js';
import type { TailEvent } from '../../cli/event-stream.js';
import { editManifest, forgeListing } from '../support/backup.js';
import { FOLIO_AUTHORITY } from '../support/csd/throwaway.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { ROOT } from '../support/root.js';
import { codeOf, until, untilSeen } from '../support/until.js';

const EMAIL = 'admin@folio.example';
const PASSWORD = 'a test password of length';
const BEFORE = 40;
const MEANWHILE = 160;
const CALLERS = 8;

describe('backup and restore', function () {
  this.timeout(90_000);
  let root: string;
  let source: FolioProcess;
  let report: BackupReport;
  const running: (FolioProcess | undefined)[] = [];
  const folder = (): string => join(root, 'backup');
  const place = (name: string): string => join(root, name);

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'folio-backup-'));
    await mkdir(place('source'));
    await writeFile(place('authority.pem'), FOLIO_AUTHORITY);
    await importTrust(join(place('source'), 'trust'), [place('authority.pem')]);
    await rm(place('authority.pem'));
    source = await FolioProcess.start(place('source'));
  });
  after(async () => {
    for (const one of [source, ...running]) await one?.end();
    for (const name of await readdir(root)) await cleanUp(place(name));
    await rm(root, { recursive: true, force: true });
  });

  const submit = (client: Client, index: number) => client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {});
  const signIn = async (client: Client): Promise<string> => (await client.post<{ access_token: string }>('/api/v1/auth/token', { grant_type: 'password', username: EMAIL, password: PASSWORD })).body.access_token;
  const statuses = async (client: Client): Promise<readonly string[]> => (await allRows(client)).map(({ status }) => status);
  const logOf = async (client: Client, head: string): Promise<readonly { type: string }[]> => {
    const events: TailEvent[] = [];
    const stop = new AbortController();
    for await (const event of client.tail('0', [], stop.signal)) {
      if (event.type !== 'position') events.push(event);
      if (Number(event.id) >= Number(head)) stop.abort();
    }
    return events.filter(({ id }) => Number(id) <= Number(head)).map(({ data }) => JSON.parse(data) as { type: string });
  };
  const filesOf = async (data: string, part: string): Promise<readonly unknown[]> => {
    const names = (await readdir(join(data, part), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
    return Promise.all(names.map(async (name) => [name.slice(data.length), await readFile(name, 'utf8')]));
  };

  it('takes what is there while more comes in, and gives all of it back: log, users, keys, originals', async () => {
    // Story: documents come in without pause while the backup is taken. Then the machine is gone. On another one the backup is restored and started.
    const client = await source.client();
    for (let index = 0; index < BEFORE; index += 1) await submit(client, index);
    const token = await signIn(client);
    const waiting = Array.from({ length: MEANWHILE }, (_, index) => BEFORE + index);
    let acknowledged = 0;
    const caller = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        await submit(client, index);
        acknowledged += 1;
      }
    };
    const importing = Promise.all(Array.from({ length: CALLERS }, caller));
    await until(() => acknowledged > 10);
    const taken = await folio(['backup', folder(), '--json', '--data', source.data]);
    expect(taken, taken.stderr).to.include({ code: 0 });
    report = JSON.parse(taken.stdout) as BackupReport;
    await importing;
    expect(report.events).to.be.greaterThan(BEFORE * 2).and.to.equal(Number(report.head));
    expect(report).to.deep.include({ keys: 2, leftOut: [] });
    const original = await logOf(client, report.head);

    const restored = await folio(['restore', folder(), '--json', '--data', place('restored')]);
    expect(restored, restored.stderr).to.include({ code: 0 });
    const { ok, lines } = JSON.parse(restored.stdout) as { ok: boolean; lines: { what: string; ok: boolean; detail: string }[] };
    expect([ok, lines.map(({ what }) => what)]).to.deep.equal([true, ['backup', 'log', 'write side', 'keys', 'objects', 'originals', 'projections', 'rebuild']]);
    const again = await FolioProcess.start(place('restored'), { args: [] });
    running.push(again);
    const other = await again.client();
    expect(await logOf(other, report.head)).to.deep.equal(original);
    expect((await other.get<{ logId: string }>('/api/v1/log')).body.logId).to.equal(report.logId);
    await untilSeen(async () => (await statuses(other)).every((status) => status === 'archived'));
    const rows = await expectRowsAreFolds(other);
    expect(rows.length).to.be.greaterThan(BEFORE).and.at.most(BEFORE + MEANWHILE);
    expect(rows.length).to.equal(original.filter(({ type }) => type === 'fiscal.invoice.created').length);
    expect(again.output).not.to.include('shown this once');
    for (const part of ['keys', 'trust']) expect(await filesOf(again.data, part)).to.deep.equal(await filesOf(source.data, part)).and.not.to.be.empty;
    // A token that was given out before is good, and so is the old password.
    for (const bearer of [token, await signIn(other)]) expect((await new Client({ url: other.url, token: bearer }).get('/api/v1/auth/users')).status).to.equal(200);
    for (const { id } of rows.slice(0, 20)) {
      const answer = await fetch(new URL(`/api/v1/invoices/${id}/original`, other.url), { headers: { authorization: `Bearer ${token}` } });
      const sha256 = createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex');
      expect([answer.status, answer.headers.get('folio-sha256')]).to.deep.equal([200, sha256]);
    }
    // It goes on where the backup ended: new documents, and those whose processing the backup caught in the middle.
    await submit(other, 9_000);
    await untilSeen(async () => (await statuses(other)).filter((status) => status === 'archived').length === rows.length + 1);
  });

  it('is readable by its owner only, and has no read models in it', async () => {
    const { stdout } = await folio(['backup', place('again'), '--data', source.data]);
    expect(stdout).to.match(/^in it +\d+ events, \d+ objects, 2 keys;.*every checksum read back/mu);
    const entries = await readdir(place('again'), { recursive: true, withFileTypes: true });
    const { stat } = await import('node:fs/promises');
    for (const entry of entries) expect((await stat(join(entry.parentPath, entry.name))).mode & 0o077, entry.name).to.equal(0);
    expect((await readdir(place('again'))).sort()).to.include.members(['archive', 'keys', 'listing', 'log', 'manifest.json', 'write']);
    expect(Object.keys((await readManifest(place('again'))).databases)).to.deep.equal(['log', 'write']);
  });

  it('starts an instance for itself where none is running, and writes over nothing', async () => {
    await source.end();
    const alone = await folio(['backup', place('alone'), '--json', '--data', source.data]);
    expect(alone, alone.stderr).to.include({ code: 0 });
    expect((JSON.parse(alone.stdout) as BackupReport).logId).to.equal(report.logId);
    const over = await folio(['backup', place('alone'), '--data', source.data]);
    expect([over.code, over.stderr.includes('is not empty')]).to.deep.equal([3, true]);
    const into = await folio(['restore', folder(), '--data', source.data]);
    expect([into.code, into.stderr.includes('is not empty')]).to.deep.equal([3, true]);
    expect((await readdir(root)).filter((name) => name.includes('partial'))).to.deep.equal([]);
  });

  describe('a backup that is not what was written', () => {
    const copy = (): string => place('damaged');
    beforeEach(() => cp(folder(), copy(), { recursive: true }));
    afterEach(() => rm(copy(), { recursive: true, force: true }));
    const settings = readSettings(SETTINGS, {});
    const restoring = (): Promise<boolean> => restore({ folder: copy(), data: place('untouched'), settings, withRebuild: false, onLine: () => undefined });
    const archived = async (): Promise<string> => {
      const found = (await readdir(join(copy(), 'archive'), { recursive: true, withFileTypes: true })).find((entry) => entry.isFile());
      return join(found?.parentPath ?? '', found?.name ?? '');
    };
    const EVENTS = 'log/event/00000001.copy';

    const damages: Readonly<Record<string, () => Promise<unknown>>> = {
      'a byte flipped': async () => { const path = join(copy(), EVENTS); const bytes = await readFile(path); bytes[100] = (bytes[100] ?? 0) ^ 1; await writeFile(path, bytes); },
      'a file cut': async () => truncate(await archived(), 5),
      'a file gone': async () => rm(await archived()),
      'its manifest gone': () => rm(join(copy(), 'manifest.json')),
      'a file added': () => writeFile(join(copy(), 'keys/tokens/added.json'), '{}'),
      'a name that leads out of it': () => forgeListing(copy(), (lines) => lines.map((line) => line.replace('keys/server.secret', 'keys/../../x.json'))),
      'a later format': () => editManifest(copy(), (manifest) => ({ ...manifest, format: 2 })),
      'a later release': () => editManifest(copy(), (manifest) => ({ ...manifest, databases: { ...manifest.databases, write: { ...manifest.databases.write, migrations: [...manifest.databases.write.migrations, 9_999] } } })),
    };
    for (const [what, damage] of Object.entries(damages)) {
      it(`is refused before anything is written: ${what}`, async () => {
        await damage();
        expect(await codeOf(restoring())).to.equal('backup-damaged');
        expect(existsSync(place('untouched'))).to.equal(false);
      });
    }

    it('is refused with one line and exit code 3', async () => {
      await truncate(join(copy(), EVENTS), 50);
      const { code, stdout, stderr } = await folio(['restore', copy(), '--data', place('untouched')]);
      expect([code, stdout]).to.deep.equal([3, '']);
      expect(stderr).to.match(/^folio: The backup in .* cannot be restored: log\/event\/00000001\.copy has fewer bytes than were written\.\n$/u);
      expect(existsSync(place('untouched'))).to.equal(false);
    });

    it('is not restored beside a setting that keeps data elsewhere', async () => {
      for (const [name, value] of [['objectStore', 'http://a:b@127.0.0.1/x'], ['eventStore', 'esdb://x'], ['keys', '/x']] as const) {
        expect(await codeOf(restore({ folder: copy(), data: place('untouched'), settings: { ...settings, [name]: value }, withRebuild: false, onLine: () => undefined })), name).to.equal('setting-wrong');
      }
      expect(existsSync(place('untouched'))).to.equal(false);
    });
  });

  it('killed in the middle leaves a folder that nothing starts on and that can be restored into again; an original that was lost is told', async () => {
    const data = place('killed');
    const child = spawn(process.execPath, [join(ROOT, 'build/cli/main.js'), 'restore', folder(), '--data', data], { cwd: ROOT, stdio: 'ignore' });
    const ended = new Promise((resolve) => { child.on('exit', resolve); });
    const cluster = join(data, 'postgres/cluster');
    await until(async () => (await runningServer(cluster)) !== undefined);
    child.kill('SIGKILL');
    await ended;
    const { code, stderr } = await folio(['start', '--port', '0', '--data', data]);
    expect([code, stderr.includes('a restore into it did not come to its end')]).to.deep.equal([3, true]);
    expect(await codeOf(DataFolder.take(data))).to.equal('data-folder-unusable');
    const lacking = place('lacking');
    await cp(folder(), lacking, { recursive: true });
    // One that an event names: the backup may have others, which came in after its instant.
    const lost = /"sha256":"(\w{64})"/u.exec(await readFile(join(lacking, 'log/event/00000001.copy'), 'utf8'))?.[1] ?? 'none';
    await forgeListing(lacking, (lines) => lines.filter((line) => !line.includes(lost)));
    for (const { parentPath, name } of (await readdir(lacking, { recursive: true, withFileTypes: true })).filter((entry) => entry.name.includes(lost))) await rm(join(parentPath, name));
    const again = await folio(['restore', lacking, '--no-rebuild', '--data', data]);
    expect(again, again.stderr).to.include({ code: 1 });
    expect(again.stdout).to.match(new RegExp(`^BAD  originals .*; missing: ${lost}$`, 'mu')).and.to.include('can be started').and.not.to.include('rebuild ');
    await (await DataFolder.take(data)).release();
    expect((await readdir(data)).sort()).to.deep.equal(['demo.json', 'keys', 'objects', 'postgres', 'trust']);
  });
});
