import { expect } from 'chai';
import pg from 'pg';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN, toRevision } from '#contracts/kernel/position.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { EVENT_STORE_MIGRATIONS } from '#platform/event-store/postgres/schema.js';
import { migrate } from '#platform/postgres/migrate.js';
import { freshLog, freshPostgresStore, type PostgresLog } from '../../support/event-store.js';
import { newStream, someEvent, someEvents } from '../../support/events.js';
import { eventStoreSuite } from '../../suites/event-store.js';

eventStoreSuite('postgres', async () => {
  const store = await freshPostgresStore();
  return { store, close: () => store.close() };
});

const sqlStateOf = async (work: Promise<unknown>): Promise<string | undefined> => work.then(() => undefined, (error: { code?: string }) => error.code);

describe('event store: postgres, beyond the suite', () => {
  let log: PostgresLog;
  let store: PostgresEventStore;
  let owner: pg.Client;
  beforeEach(async () => {
    log = await freshLog();
    store = new PostgresEventStore({ append: log.append, read: log.read, patienceMs: 5_000 });
    owner = new pg.Client(log.owner);
    await owner.connect();
  });
  afterEach(async () => {
    await store.close();
    await owner.end();
  });

  it('never shows a position before all smaller ones: an append waits behind a transaction that is held open', async () => {
    // Story: a writer has taken position 1 and has not committed. Another writer wants position 2. Were it allowed to commit first, a
    // reader could see 2, move its checkpoint past 1, and never read event 1.
    await owner.query('BEGIN');
    await owner.query('SELECT position FROM log_head FOR UPDATE');
    await owner.query(
      `INSERT INTO event (position, stream, revision, id, type, version, recorded_at, meta, data)
       VALUES (1, 'invoice-slow', 0, gen_random_uuid(), 'fiscal.invoice.cancelled', 1, now(), '[]', '{}')`,
    );
    await owner.query('UPDATE log_head SET position = 1');
    let settled = false;
    const second = store.append(newStream(), 'none', someEvents(1)).finally(() => { settled = true; });
    await until(async () => (await waitingFor(log, 'folio-append')) > 0);
    expect(settled).to.equal(false);
    expect((await store.readAll(ORIGIN)).events).to.deep.equal([]);
    await owner.query('COMMIT');
    await second;
    expect((await store.readAll(ORIGIN)).events.map((event) => event.position)).to.deep.equal(['1', '2']);
  });

  it('lets only the guilty caller fail, whatever it is that the database refuses', async () => {
    await owner.query("ALTER TABLE event ADD CONSTRAINT no_poison CHECK (type <> 'test.poison')");
    await store.append(newStream(), 'none', someEvents(1));
    const appends = Array.from({ length: 64 }, (_, index) => store.append(newStream(), 'none', [someEvent(index === 17 ? 'test.poison' : 'fiscal.invoice.cancelled')]));
    const settled = await Promise.allSettled(appends);
    expect(settled.map(({ status }, index) => (status === 'rejected' ? index : -1)).filter((index) => index >= 0)).to.deep.equal([17]);
    expect((await store.status()).head).to.equal('64');
  });

  it('refuses half of a surrogate pair, which no read model could hold, and keeps a whole one', async () => {
    const refused = await store.append(newStream(), 'none', [someEvent('fiscal.invoice.cancelled', { motive: 'x\uD83E' })]).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'event-refused');
    const stream = newStream();
    await store.append(stream, 'none', [someEvent('fiscal.invoice.cancelled', { motive: '\uD83E\uDDFE and \\ud83e and \\\\u0000' })]);
    expect((await store.readStream(stream))[0]?.data).to.deep.equal({ motive: '\uD83E\uDDFE and \\ud83e and \\\\u0000' });
  });

  it('numbers positions without holes, also after refused batches', async () => {
    await Promise.allSettled([
      store.append(newStream(), 'none', [someEvent('fiscal.invoice.cancelled', { motive: '\u0000' })]),
      ...Array.from({ length: 30 }, () => store.append(newStream(), 'none', someEvents(2))),
      store.append(newStream(), toRevision(5), someEvents(1)),
    ]);
    await store.append(newStream(), 'none', someEvents(1));
    const { rows } = await owner.query<{ lowest: string; highest: string; count: string }>('SELECT min(position) AS lowest, max(position) AS highest, count(*) FROM event');
    expect(rows[0]).to.deep.equal({ lowest: '1', highest: '61', count: '61' });
  });

  it('loses and doubles nothing when its connections are cut again and again while appending', async () => {
    const stream = newStream();
    let done = false;
    const cutting = (async () => {
      while (!done) await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'folio-append' AND datname = current_database() AND random() < 0.5`);
    })();
    const answers = await Promise.all(Array.from({ length: 300 }, async (_, index) => {
      const events = someEvents(1 + (index % 3));
      const result = await store.append(index % 2 === 0 ? newStream() : stream, 'any', events).catch((error: unknown) => error);
      return { events, result };
    }));
    done = true;
    await cutting;
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM event');
    const stored = new Map<string, number>();
    for (const { id } of rows) stored.set(id, (stored.get(id) ?? 0) + 1);
    expect([...stored.values()].every((count) => count === 1), 'an event stands once').to.equal(true);
    for (const { events, result } of answers) {
      const present = events.filter((event) => stored.has(event.id)).length;
      if (result instanceof Problem && result.code === 'outcome-unknown') expect(present).to.be.oneOf([0, events.length]);
      else expect(present).to.equal(result instanceof Problem ? 0 : events.length);
    }
  });

  it('keeps one order, without holes, when two processes append to the same log, and lets each know what the other wrote', async () => {
    const other = new PostgresEventStore({ append: log.append, read: log.read });
    const shared = newStream();
    const turns = Array.from({ length: 120 }, (_, index) => index);
    const appendAll = async (writer: PostgresEventStore): Promise<number> => {
      const results = await Promise.all(turns.map(async (index) => {
        if (index % 10 !== 0) return writer.append(newStream(), 'none', someEvents(1 + (index % 2)));
        return writer.append(shared, index === 0 ? 'none' : toRevision(index / 10 - 1), someEvents(1));
      }));
      return results.filter(({ outcome }) => outcome === 'appended').length;
    };
    await store.append(newStream(), 'none', someEvents(1));
    await other.append(newStream(), 'none', someEvents(1));
    const [one, two] = await Promise.all([appendAll(store), appendAll(other)]);
    const stored = (await store.readStream(shared)).length;
    expect(one + two - stored, 'every stream of its own was appended').to.equal(2 * 108);
    const { rows } = await owner.query<{ highest: string; count: string; head: string; disorder: string }>(
      `SELECT max(position) AS highest, count(*), (SELECT position FROM log_head) AS head,
              (SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS back FROM event) AS pairs WHERE back) AS disorder FROM event`,
    );
    const total = (2 + 2 * 168 + stored).toString();
    expect(rows[0]).to.deep.equal({ highest: total, count: total, head: total, disorder: '0' });
    await other.close();
  });

  it('keeps a subscription going through a lost connection', async () => {
    const stop = new AbortController();
    const stream = newStream();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const page of store.subscribe({ after: ORIGIN, signal: stop.signal })) {
        seen.push(...page.events.map((event) => event.revision));
        if (seen.length >= 2) stop.abort();
      }
    })();
    await store.append(stream, 'none', someEvents(1));
    await until(async () => seen.length === 1);
    await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('folio-listen', 'folio-log-read') AND datname = current_database()`);
    await store.append(stream, toRevision(0), someEvents(1));
    await reading;
    expect(seen).to.deep.equal([0, 1]);
  });

  it('shows an append of another process to a subscriber without waiting for its own', async () => {
    const other = new PostgresEventStore({ append: log.append, read: log.read });
    const stop = new AbortController();
    const pages = store.subscribe({ after: ORIGIN, signal: stop.signal })[Symbol.asyncIterator]();
    const next = pages.next();
    await other.append(newStream(), 'none', someEvents(1));
    const page = await next;
    expect(page.done === true ? [] : page.value.events).to.have.length(1);
    stop.abort();
    await other.close();
  });

  it('lets nobody change or delete events, and the rebuild role insert none', async () => {
    await store.append(newStream(), 'none', someEvents(1));
    for (const statement of [`UPDATE event SET type = 'x'`, 'DELETE FROM event', 'TRUNCATE event']) expect(await sqlStateOf(owner.query(statement)), statement).to.equal('0A000');
    for (const role of [log.append, log.read]) {
      const client = new pg.Client(role);
      await client.connect();
      for (const statement of [`UPDATE event SET type = 'x'`, 'DELETE FROM event', 'TRUNCATE event', 'ALTER TABLE event DISABLE TRIGGER ALL']) expect(await sqlStateOf(client.query(statement)), `${role.user}: ${statement}`).to.equal('42501');
      if (role.user === log.read.user) expect(await sqlStateOf(client.query(`INSERT INTO event (position) VALUES (99)`))).to.equal('42501');
      await client.end();
    }
  });

  const pagesOf = async (reader: PostgresEventStore, limit: number, between: () => Promise<unknown> = () => Promise.resolve()): Promise<[events: number, scannedTo: string, atHead: boolean][]> => {
    const pages: [number, string, boolean][] = [];
    for (let after = ORIGIN, atHead = false; !atHead;) {
      const page = await reader.readAll(after, { limit });
      pages.push([page.events.length, page.scannedTo, page.atHead]);
      ({ scannedTo: after, atHead } = page);
      await between();
    }
    return pages;
  };

  it('reads to the head as it is when the last page is read, also when it grew since the first', async () => {
    const reader = new PostgresEventStore({ read: log.read });
    await store.append(newStream(), 'none', someEvents(10));
    let more = 1;
    const grow = async (): Promise<unknown> => (more-- > 0 ? store.append(newStream(), 'none', someEvents(3)) : undefined);
    expect(await pagesOf(reader, 4, grow)).to.deep.equal([[4, '4', false], [4, '8', false], [4, '12', false], [1, '13', true]]);
    await store.append(newStream(), 'none', someEvents(1));
    expect(await pagesOf(reader, 20), 'what is not a whole page reaches to the head').to.deep.equal([[14, '14', true]]);
    expect(await reader.readAll(ORIGIN, { limit: 4, filter: { types: ['none.such'] } })).to.deep.equal({ events: [], scannedTo: '14', atHead: true });
    await reader.close();
  });

  it('never says that it read further than the log goes, when that was taken back to an older backup', async () => {
    const reader = new PostgresEventStore({ read: log.read });
    await store.append(newStream(), 'none', someEvents(10));
    await pagesOf(reader, 4);
    await owner.query('ALTER TABLE event DISABLE TRIGGER ALL; DELETE FROM event WHERE position > 6; UPDATE log_head SET position = 6');
    expect(await pagesOf(reader, 4)).to.deep.equal([[4, '4', false], [2, '6', true]]);
    await reader.close();
  });

  it('refuses to append when it was opened for reading only', async () => {
    const reader = new PostgresEventStore({ read: log.read });
    const refused = await reader.append(newStream(), 'none', someEvents(1)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'event-refused');
    await reader.close();
  });

  it('runs each migration once, also when two starts race', async () => {
    const counts = await Promise.all([migrate(log.owner, EVENT_STORE_MIGRATIONS), migrate(log.owner, EVENT_STORE_MIGRATIONS)]);
    expect(counts).to.deep.equal([0, 0]);
  });

  it('reads what an older release wrote, after its migrations', async () => {
    const older = await freshLog(2);
    const client = new pg.Client(older.owner);
    await client.connect();
    const event = { ...someEvent(), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const { occurredAt, correlationId, causationId, traceparent, actor, shardKey, month } = event;
    const meta = JSON.stringify({ occurredAt, correlationId, causationId, traceparent, actor, shardKey, month });
    const stream = newStream();
    await client.query("INSERT INTO event VALUES (1, $1, 0, $2, $3, 1, '2026-03-01T12:00:00.5Z', $4, $5)", [stream, event.id, event.type, meta, JSON.stringify(event.data)]);
    await client.query('UPDATE log_head SET position = 1');
    await client.end();
    expect(await migrate(older.owner, EVENT_STORE_MIGRATIONS)).to.equal(2);
    const reader = new PostgresEventStore({ read: older.read });
    const stored = await reader.readStream(stream);
    await reader.close();
    expect(stored).to.deep.equal([{ ...event, stream, revision: 0, position: '1', recordedAt: '2026-03-01T12:00:00.500Z' }]);
  });
});

async function waitingFor(log: PostgresLog, application: string): Promise<number> {
  const client = new pg.Client(log.owner);
  await client.connect();
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock' AND datname = current_database()`, [application]);
  await client.end();
  return Number(rows[0]?.count ?? 0);
}

/** Polls a condition; a hang ends by mocha's own limit. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
