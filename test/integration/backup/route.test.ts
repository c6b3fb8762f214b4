import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toSha256 } from '#contracts/kernel/ids.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { verifyBackup } from '#platform/backup/folder.js';
import type { BackupSources } from '#platform/backup/take.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { createHttpServer, type HttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import type { KeptObject } from '#platform/object-store/port.js';
import { migrate } from '#platform/postgres/migrate.js';
import { backupRoute, BACKUP_SENDING } from '../../../cli/backup/route.js';
import { Client } from '../../../cli/client.js';
import { backup } from '../../../cli/commands/backup.js';
import { WRITE_MIGRATIONS, WRITE_TABLES } from '../../../write-side/role.js';
import { freshLog, type PostgresLog } from '../../support/event-store.js';
import { newStream, someEvents } from '../../support/events.js';
import { freshDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', (error: { document?: { code: string }; code?: string }) => error.document?.code ?? error.code ?? 'no code');

describe('a backup over HTTP', () => {
  let root: string;
  let log: PostgresLog;
  let store: PostgresEventStore;
  let objects: FolderObjectStore;
  let watcher: pg.Client;
  let follower: pg.Client;
  let writeName: string;
  let server: HttpServer;
  let url: string;
  let all: () => AsyncIterable<KeptObject>;
  let tier: string;
  let sources: () => Promise<BackupSources>;
  let taken = 0;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'folio-route-'));
    log = await freshLog();
    store = new PostgresEventStore({ append: log.append, read: log.read });
    objects = new FolderObjectStore(join(root, 'objects'));
    await writeFile(join(root, 'server.secret'), '00');
    const write = await freshDatabase();
    await migrate(write, WRITE_MIGRATIONS);
    writeName = write.database;
    watcher = new pg.Client(log.owner);
    follower = new pg.Client(write);
    await Promise.all([watcher.connect(), follower.connect()]);
    all = () => objects.all();
    tier = 'operator';
    sources = async () => ({ log, write: { settings: write, tables: WRITE_TABLES }, keyFolder: root, operatorFolders: { trust: join(root, 'trust'), catalogues: join(root, 'catalogues') }, objects: Object.assign(Object.create(objects) as FolderObjectStore, { all: () => all() }) });
    await serve({ ...BACKUP_SENDING, silenceMs: 1_000 });
  });
  const serve = async (limits: { readonly silenceMs: number; readonly snapshotMs: number }): Promise<void> => {
    server = createHttpServer({
      routes: [backupRoute({ sources, draining: () => server.draining, logger: createLogger({ level: 'fatal' }), limits })], logger: createLogger({ level: 'fatal' }),
      authenticate: async () => ({ userId: 'u', role: 'admin', tier, tokenId: 't' }),
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  };
  afterEach(async () => {
    await server.close(1_000);
    await store.close();
    await Promise.all([watcher.end(), follower.end()]);
    await rm(root, { recursive: true, force: true });
  });

  const client = (): Client => new Client({ url, token: 'x' });
  const target = (): string => join(root, `backup-${++taken}`);
  const open = async (): Promise<number> => (await watcher.query(`SELECT 1 FROM pg_stat_activity WHERE application_name IN ('folio-backup', 'folio-freeze') AND datname IN ($1, $2)`, [log.owner.database, writeName])).rowCount ?? 0;
  /** An event whose object is durable before it. */
  const submit = async (text: string): Promise<string> => {
    const { sha256 } = await objects.put(Buffer.from(text));
    await store.append(newStream(), 'none', someEvents(1).map((event) => ({ ...event, data: { sha256 } })));
    return sha256;
  };
  const namedIn = async (folder: string): Promise<readonly string[]> => (await readFile(join(folder, 'log/event/00000001.copy'), 'utf8')).split('\n').slice(0, -1).map((row) => (JSON.parse(row.split('\t').at(-1) ?? '') as Envelope & { sha256: string }).sha256);
  /** A reader that takes the head of the answer and then nothing. */
  const lazyReader = (): Promise<IncomingMessage> => new Promise((resolve, reject) => { get(`${url}/api/v1/backup`, { headers: { authorization: 'Bearer x' } }, (answer) => resolve(answer.pause())).on('error', reject); });
  /** More than the connection takes unread, in the middle of the rows that are held as they were. */
  const fill = async (): Promise<void> => { await follower.query(`INSERT INTO credential SELECT i::text, 'u', repeat(md5(i::text), 31250) FROM generate_series(1, 40) AS i`); };
  const stalled = (): Promise<void> => until(async () => (await watcher.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'folio-backup' AND xact_start IS NOT NULL AND datname = $1`, [writeName])).rowCount === 1);

  it('has every object that an event of it names, also when both come in while it is taken', async () => {
    // Story: documents never stop coming. One comes before the log is looked at; one whenever the objects are asked for, in the middle of the backup.
    const early = await submit('early');
    all = async function* () {
      await submit('while objects are told, before');
      yield* objects.all();
      await submit('while objects are told, after');
    };
    const folder = target();
    const report = await backup(client(), folder);
    expect(report).to.include({ events: 1, head: '1', objects: 2, keys: 1 });
    const named = await namedIn(folder);
    expect(named).to.deep.equal([early]);
    for (const sha256 of named) expect(await readFile(join(folder, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256))).to.be.instanceOf(Buffer);
    await verifyBackup(folder);
  });

  it('loses no object that is archived meanwhile', async () => {
    const hashes = await Promise.all(['one', 'two', 'three'].map(submit));
    let first = true;
    all = async function* () {
      for await (const one of objects.all()) {
        if (first) for (const sha256 of hashes) await objects.archive(toSha256(sha256));
        first = false;
        yield one;
      }
    };
    expect(await backup(client(), target())).to.include({ objects: 3 });
  });

  it('leaves an object out that is not what its name says, and tells it', async () => {
    const sha256 = await submit('genuine');
    await submit('sound');
    const key = `objects/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
    await writeFile(join(root, 'objects', key), 'forged!');
    expect(await backup(client(), target())).to.deep.include({ objects: 1, leftOut: [key] });
  });

  it('is for the command line only: not for the token of an admin', async () => {
    tier = 'enterprise';
    expect(await codeOf(backup(client(), target()))).to.equal('role-insufficient');
    expect((await fetch(`${url}/api/v1/backup`, { method: 'HEAD', headers: { authorization: 'Bearer x' } })).status).to.equal(403);
    tier = 'operator';
    expect((await fetch(`${url}/api/v1/backup`, { method: 'HEAD', headers: { authorization: 'Bearer x' } })).headers.get('content-type')).to.equal('application/x-tar');
    expect(await open()).to.equal(0);
  });

  it('tells why it could not go on, leaves nothing behind, and can be taken again', async () => {
    all = async function* () {
      yield* objects.all();
      throw platformProblem('object-store-unavailable', { reason: 'EIO' });
    };
    await submit('one');
    const folder = target();
    expect(await codeOf(backup(client(), folder))).to.equal('object-store-unavailable');
    expect((await import('node:fs')).readdirSync(root).filter((name) => name.startsWith('backup-'))).to.deep.equal([]);
    all = () => objects.all();
    expect(await backup(client(), folder)).to.include({ objects: 1 });
    expect(await codeOf(backup(client(), folder))).to.equal('folder-not-empty');
  });

  it('ends with its reader: nothing of it stays open on the database, and the next one may come', async () => {
    await fill();
    const reader = await lazyReader();
    await stalled();
    expect(await codeOf(backup(client(), target()))).to.equal('backup-impossible');
    reader.destroy();
    await until(async () => (await open()) === 0);
    await until(async () => (await codeOf(backup(client(), target()))) === 'no error');
  }).timeout(20_000);

  it('ends by itself when its reader takes nothing for too long', async () => {
    await fill();
    const reader = await lazyReader();
    await stalled();
    reader.on('error', () => undefined);
    const ended = new Promise((resolve) => { reader.on('close', resolve); });
    await until(async () => (await open()) === 0);
    reader.resume();
    await ended;
    expect(reader.complete).to.equal(false);
  }).timeout(20_000);

  it('ends when its reader is alive, but takes longer than the write side may be held', async () => {
    await server.close(1_000);
    await serve({ silenceMs: 60_000, snapshotMs: 500 });
    await fill();
    const reader = await lazyReader();
    reader.on('error', () => undefined);
    await stalled();
    await until(async () => (await open()) === 0);
    reader.destroy();
  }).timeout(20_000);

  it('ends when the server stops', async () => {
    await fill();
    const reader = await lazyReader();
    await stalled();
    reader.on('error', () => undefined);
    expect(await server.close(10_000)).to.equal(true);
    await until(async () => (await open()) === 0);
  }).timeout(20_000);
});
