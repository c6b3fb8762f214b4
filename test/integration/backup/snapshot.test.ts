import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import pg from 'pg';
import { restoreRows } from '#platform/backup/copy-in.js';
import { verifyBackup } from '#platform/backup/folder.js';
import { BACKUP_LIMITS, type Manifest } from '#platform/backup/manifest.js';
import { Snapshot, type SnapshotSources } from '#platform/backup/snapshot.js';
import { unpackBackup } from '#platform/backup/unpack.js';
import { BackupWriter } from '#platform/backup/writer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { whileLogStands } from '#platform/event-store/postgres/freeze.js';
import { EVENT_STORE_MIGRATIONS, EVENT_STORE_TABLES } from '#platform/event-store/postgres/schema.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { migrate } from '#platform/postgres/migrate.js';
import { WRITE_MIGRATIONS, WRITE_TABLES } from '../../../write-side/role.js';
import { freshLog } from '../../support/event-store.js';
import { newStream, someEvents } from '../../support/events.js';
import { freshDatabase } from '../../support/postgres.js';
import { codeOf, until } from '../../support/until.js';

const NASTY = ['a\tb', 'line\nline', '\\.', '\\N', 'back\\slash', '\r\n', '"quoted"', '', 'ñ €', '\u2028'];

describe('the rows of a backup', () => {
  let sources: SnapshotSources;
  let folder: string;
  let clients: pg.Client[];
  beforeEach(async () => {
    clients = [];
    folder = await mkdtemp(join(tmpdir(), 'folio-rows-'));
    const write = await freshDatabase();
    await migrate(write, WRITE_MIGRATIONS);
    sources = { log: await freshLog(), write: { settings: write, tables: WRITE_TABLES } };
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await rm(folder, { recursive: true, force: true });
  });

  const connect = async (settings: ConnectionSettings): Promise<pg.Client> => {
    const client = new pg.Client(settings);
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const plain = <Result>(work: Promise<Result>): Promise<Result> => work;
  /** The snapshot's rows as a folder. */
  async function take(snapshot: Snapshot): Promise<Manifest> {
    const writer = new BackupWriter(new Date());
    const reading = unpackBackup(writer.stream as unknown as Readable, join(folder, 'backup'));
    const facts = await snapshot.writeTo(writer, plain);
    await writer.finish({ ...facts, folio: 'test', keys: 0, objects: { count: 0, bytes: 0, leftOut: [] } });
    await reading;
    snapshot.destroy();
    return verifyBackup(join(folder, 'backup'));
  }
  const contentOf = async (settings: ConnectionSettings, table: string): Promise<unknown> => {
    const client = await connect(settings);
    await client.query("SET datestyle = 'ISO'; SET timezone = 'UTC'");
    return (await client.query({ text: `SELECT * FROM ${table} AS whole ORDER BY whole::text`, types: { getTypeParser: () => String } })).rows;
  };
  const backends = async (watcher: pg.Client, state: string): Promise<readonly string[]> => (await watcher.query<{ database: string }>(
    `SELECT datname AS database FROM pg_stat_activity WHERE application_name = 'folio-backup' AND state ${state} AND datname = ANY($1)`, [[sources.log.owner.database, sources.write.settings.database]],
  )).rows.map(({ database }) => database);

  it('are of every table that the migrations make, and there is nothing else that counts', async () => {
    for (const [settings, tables] of [[sources.log.owner, EVENT_STORE_TABLES], [sources.write.settings, WRITE_TABLES]] as const) {
      const { rows } = await (await connect(settings)).query<{ name: string; kind: string }>(`SELECT relname AS name, relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname !~ '^(pg_|information_schema)' AND relkind <> 'i'`);
      expect(rows.filter(({ kind }) => kind !== 'r'), 'sequences, views and the like').to.deep.equal([]);
      expect(rows.map(({ name }) => name).sort()).to.deep.equal([...tables, 'schema_migration'].sort());
    }
  });

  it('come back exactly as they were, whatever text is in them', async () => {
    const store = new PostgresEventStore({ append: sources.log.append, read: sources.log.owner });
    const stream = newStream();
    for (const text of NASTY) await store.append(stream, 'any', someEvents(1).map((event) => ({ ...event, data: { text } })));
    const { events } = await store.readAll(ORIGIN);
    await store.close();
    const write = await connect(sources.write.settings);
    for (const [index, text] of NASTY.entries()) await write.query('INSERT INTO credential VALUES ($1, $2, $3)', [String(index), text, text]);
    await write.query(`INSERT INTO idempotency VALUES ('p', 'r', 'k', 'h', 'l', 1, 2, NULL), ('p', 'r', 'k2', 'h', 'l', 1, 2, '{"a": "\\\\n"}')`);
    // A server that writes dates its own way: the third of February there is the second of March elsewhere.
    await write.query(`INSERT INTO work_item VALUES (gen_random_uuid(), 1, 'fetch', '2026-02-03T04:05:06.789123Z', 0, NULL, NULL, 'c', NULL)`);
    for (const { database } of [sources.log.owner, sources.write.settings]) await write.query(`ALTER DATABASE ${database} SET datestyle = 'SQL, DMY'; ALTER DATABASE ${database} SET timezone = 'America/Mexico_City'`);
    const manifest = await take(await Snapshot.open(sources));
    expect(manifest.log).to.include({ head: String(NASTY.length), events: NASTY.length });
    const [log, other] = [await freshLog(), await freshDatabase()];
    await migrate(other, WRITE_MIGRATIONS);
    await restoreRows(log.owner, join(folder, 'backup'), manifest, 'log');
    await restoreRows(other, join(folder, 'backup'), manifest, 'write');
    for (const table of EVENT_STORE_TABLES) expect(await contentOf(log.owner, table), table).to.deep.equal(await contentOf(sources.log.owner, table));
    for (const table of WRITE_TABLES) expect(await contentOf(other, table), table).to.deep.equal(await contentOf(sources.write.settings, table));
    const restored = new PostgresEventStore({ append: log.append, read: log.read });
    expect((await restored.readAll(ORIGIN)).events).to.deep.equal(events);
    const next = await restored.append(newStream(), 'none', someEvents(1));
    expect(next).to.have.property('position', String(NASTY.length + 1));
    await restored.close();
  });

  it('are read in pages and cut into parts, each row once, whatever gaps the positions have', async () => {
    const count = BACKUP_LIMITS.pageRows * 2 + 17;
    const owner = await connect(sources.log.owner);
    await owner.query(`INSERT INTO event SELECT i * 3, 'stream-' || i, 0, gen_random_uuid(), 'test.bulk', 1, now(), '[]', repeat(md5(i::text), 10 + i % 20) FROM generate_series(1, ${count}) AS i`);
    await owner.query(`INSERT INTO event VALUES (${count * 3 + 3}, 'stream-large', 0, gen_random_uuid(), 'test.large', 1, now(), '[]', repeat('x', ${BACKUP_LIMITS.partBytes * 2}))`);
    await owner.query(`UPDATE log_head SET position = ${count * 3 + 3}`);
    const manifest = await take(await Snapshot.open(sources));
    expect(manifest.log.events).to.equal(count + 1);
    expect(manifest.files).to.be.greaterThan(6);
    const log = await freshLog();
    await restoreRows(log.owner, join(folder, 'backup'), manifest, 'log');
    const digest = `SELECT count(*), md5(string_agg(md5(e::text), '' ORDER BY position)) FROM event AS e`;
    expect((await (await connect(log.owner)).query(digest)).rows).to.deep.equal((await owner.query(digest)).rows);
  }).timeout(30_000);

  it('of an earlier release are taken in its form, and brought to this one', async () => {
    const early = await freshLog(2);
    const owner = await connect(early.owner);
    await owner.query(`INSERT INTO event VALUES (1, 'invoice-a', 0, gen_random_uuid(), 'fiscal.invoice.cancelled', 1, '2026-01-01T00:00:00Z',
      '{"occurredAt":"2026-01-01T00:00:00.000Z","correlationId":"c","causationId":"d","actor":{"kind":"user","id":"u"},"shardKey":"s","month":"2026-01-01"}', '{"motive":"01"}')`);
    await owner.query('UPDATE log_head SET position = 1');
    const manifest = await take(await Snapshot.open({ ...sources, log: early }));
    expect(manifest.databases.log.migrations).to.deep.equal([1, 2]);
    const log = await freshLog(2);
    await restoreRows(log.owner, join(folder, 'backup'), manifest, 'log');
    await migrate(log.owner, EVENT_STORE_MIGRATIONS);
    const store = new PostgresEventStore({ read: log.read });
    expect((await store.readAll(ORIGIN)).events).to.have.length(1).and.to.have.nested.property('[0].actor.id', 'u');
    await store.close();
  });

  it('go into no table and no column that the migrations have not made', async () => {
    const manifest = await take(await Snapshot.open(sources));
    const log = await freshLog();
    const owner = await connect(log.owner);
    const changes = ['ALTER TABLE log_head ADD COLUMN mine int', 'ALTER TABLE log_head DROP COLUMN mine; CREATE TABLE mine (a int)', 'DROP TABLE mine; ALTER TABLE event RENAME TO fact'];
    for (const change of changes) {
      await owner.query(change);
      expect(await codeOf(restoreRows(log.owner, join(folder, 'backup'), manifest, 'log')), change).to.equal('backup-damaged');
    }
    expect((await owner.query('SELECT position FROM log_head')).rows).to.deep.equal([{ position: '0' }]);
  });

  it('of both databases are of one instant: no event comes between the look at the log and the look at the write side', async () => {
    // Story: the processor's checkpoint follows the log. Were the write side looked at a moment after the log, its checkpoint could name events that the
    // backup does not have; a restored processor would pass over as many new ones. So an append that comes between the two looks must wait.
    const store = new PostgresEventStore({ append: sources.log.append, read: sources.log.owner });
    await store.append(newStream(), 'none', someEvents(1));
    const blocker = await connect(sources.write.settings);
    await blocker.query('BEGIN; LOCK TABLE schema_migration');
    const opening = Snapshot.open(sources);
    const watcher = await connect(sources.log.owner);
    const waiting = async (name: string): Promise<boolean> => (await watcher.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`, [name])).rowCount === 1;
    await until(() => waiting('folio-backup'));
    let appended = false;
    const append = store.append(newStream(), 'none', someEvents(1)).then(() => { appended = true; });
    await until(() => waiting('folio-append'));
    expect(appended).to.equal(false);
    await blocker.query('COMMIT');
    const snapshot = await opening;
    await append;
    expect([snapshot.head, (await store.status()).head]).to.deep.equal(['1', '2']);
    expect((await take(snapshot)).log).to.include({ head: '1', events: 1 });
    await store.close();
  });

  it('let the log stand for a bounded time only, whatever the other side does', async () => {
    let [holding, done] = [false, false];
    const work = (): Promise<void> => {
      holding = true;
      return until(() => done);
    };
    const late = whileLogStands(sources.log.append, work, { waitMs: 1_000, holdMs: 300 });
    await until(() => holding);
    const store = new PostgresEventStore({ append: sources.log.append, read: sources.log.owner });
    await store.append(newStream(), 'none', someEvents(1));
    done = true;
    expect(await codeOf(late)).to.equal('store-unavailable');
    await store.close();
  });

  it('hold the write side only, and only until they are read; cut, they hold nothing', async () => {
    const watcher = await connect(sources.log.owner);
    // More than the stream takes unread.
    await (await connect(sources.write.settings)).query(`INSERT INTO credential SELECT i::text, 'u', repeat(md5(i::text), 31250) FROM generate_series(1, 10) AS i`);
    const snapshot = await Snapshot.open(sources);
    const writer = new BackupWriter(new Date());
    const writing = snapshot.writeTo(writer, plain).catch((error: unknown) => error);
    await until(async () => (await backends(watcher, 'IS NOT NULL')).length === 2);
    expect(await backends(watcher, 'IS NOT NULL AND xact_start IS NOT NULL')).to.deep.equal([sources.write.settings.database]);
    snapshot.destroy();
    writer.abort(new Error('nobody reads'));
    expect(await writing).to.be.instanceOf(Error);
    await until(async () => (await backends(watcher, 'IS NOT NULL')).length === 0);
  });
});
