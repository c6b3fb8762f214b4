import { expect } from 'chai';
import type { Kafka } from 'kafkajs';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { fromRecord } from '#contracts/kernel/record.js';
import { partitionOf, TOPICS } from '#contracts/topics.js';
import { createTopics } from '#platform/bus/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Leases } from '#platform/control/leases.js';
import { migrateControl } from '#platform/control/migrations.js';
import { RelayBoard } from '#platform/control/relay-board.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { EventStore } from '#platform/event-store/port.js';
import { Relay, type RelayOptions } from '../../../write-side/relay/relay.js';
import { positionTopic, RelaySession } from '../../../write-side/relay/session.js';
import { committedRecords, eventRecords, testBus, type SeenRecord } from '../../support/bus.js';
import { describeWith } from '../../support/engines.js';
import { freshDatabase } from '../../support/postgres.js';
import { codeOf, until } from '../../support/until.js';
import { created, invoiceStream, started, toNew, userStream } from '../../unit/projections/events.js';

const EVENTS = Object.keys(TOPICS);
const registered = { type: 'auth.user.registered', data: { email: 'secret.person@example.org', name: 'Secret Person', role: 'viewer', tier: 'free', credential: 'credential-row' } };

async function appendInvoices(store: EventStore, from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed += 1) {
    await store.append(invoiceStream(seed), 'none', [toNew(invoiceStream(seed), 0, created(seed)), toNew(invoiceStream(seed), 1, started())]);
  }
}

describeWith('kafka', 'relay', (address) => {
  let kafka: Kafka;
  let prefix = '';
  let control: ControlDatabase;
  let store: MemoryEventStore;
  const relays: Relay[] = [];

  beforeEach(async () => {
    const bus = testBus(address());
    kafka = bus.kafka;
    prefix = bus.settings.prefix;
    const settings = await freshDatabase();
    await migrateControl(settings);
    control = new ControlDatabase(settings);
    store = new MemoryEventStore();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await control.close();
  });

  const start = (owner = 'relay-1', more: Partial<RelayOptions> = {}): Relay => {
    const log = { info: () => undefined, warn: () => undefined };
    const relay = new Relay({ name: 'main', kafka, prefix, store, leases: new Leases(control, owner), board: new RelayBoard(control), log, ...more });
    relays.push(relay);
    relay.start();
    return relay;
  };
  const reached = async (relay: Relay, position?: Position): Promise<void> => {
    const target = position ?? (await store.status()).head;
    await until(() => !isAfter(target, relay.status().position));
  };
  /** What can be read once it is at least so many: a commit is answered before readers see it. */
  const published = async (count: number): Promise<readonly SeenRecord[]> => {
    for (;;) {
      const records = eventRecords(await committedRecords(kafka, EVENTS.map((topic) => prefix + topic)));
      if (records.length >= count) return records;
    }
  };
  const log = async (): Promise<readonly Envelope[]> => (await store.readAll(ORIGIN, { limit: 10_000 })).events;

  it('publishes every event once, in order, as a CloudEvent that reads back as the stored event', async () => {
    await appendInvoices(store, 0, 300);
    await reached(start());
    const records = await published(600);
    const events = await log();
    expect(records.map(({ headers }) => headers['ce_id'])).to.have.members(events.map(({ id }) => id as string));
    const byId = new Map(events.map((event) => [event.id as string, event]));
    for (const { topic, partition, key, value, headers } of records) {
      const event = byId.get(headers['ce_id'] ?? '');
      expect(fromRecord((name) => headers[name], value)).to.deep.equal({ kind: 'event', event });
      expect([topic, partition, key]).to.deep.equal([`${prefix}fiscal-invoice`, event && partitionOf(event.stream), event?.stream]);
      expect(headers).to.include({ 'ce_specversion': '1.0', 'ce_type': event?.type, 'content-type': 'application/json' });
    }
    for (let partition = 0; partition < 12; partition += 1) {
      const positions = records.filter((record) => record.partition === partition).map(({ headers }) => headers['folio-position'] as Position);
      expect(positions.every((position, index) => index === 0 || isAfter(position, positions[index - 1] ?? ORIGIN))).to.equal(true);
    }
  });

  it('stamps records with the time of publishing, not of the event', async () => {
    const before = Date.now();
    await appendInvoices(store, 0, 1);
    await reached(start());
    for (const { timestamp } of await published(2)) expect(Number(timestamp)).to.be.within(before - 5_000, Date.now() + 5_000);
  });

  it('lets nothing out that is withheld, and says that something is', async () => {
    await store.append(userStream(1), 'none', [toNew(userStream(1), 0, registered)]);
    await reached(start());
    const [record] = await published(1);
    expect(record?.headers['folio-form']).to.equal('withheld');
    expect(JSON.stringify(record)).not.to.match(/secret|credential-row/iu);
    expect(fromRecord((name) => record?.headers[name], record?.value ?? '')).to.include({ kind: 'reference', stream: userStream(1), revision: 0 });
  });

  it('goes on where it was, whoever was relay before', async () => {
    await appendInvoices(store, 0, 50);
    const first = start();
    await reached(first);
    await first.stop();
    await appendInvoices(store, 50, 50);
    await reached(start('relay-2'));
    const ids = (await published(200)).map(({ headers }) => headers['ce_id']);
    expect(ids).to.have.length(200);
    expect(new Set(ids).size).to.equal(200);
  });

  it('outlives a log that fails while a transaction commits, and publishes the rest once', async () => {
    await appendInvoices(store, 0, 50);
    const real = store;
    let failures = 0;
    const failing: RelayOptions['store'] = {
      status: (...asked) => real.status(...asked), readStream: (...asked) => real.readStream(...asked),
      async *subscribe(options) {
        for await (const page of real.subscribe({ ...options, batchSize: 40 })) {
          yield page;
          // The next page was asked for at once; what it meets is told long before the commit of this one.
          failures += 1;
          if (failures <= 2) throw new Error('the log went away');
        }
      },
    };
    // A rejection that nobody listens to ends a process; here it is only counted.
    let unheard = 0;
    const hear = (): void => { unheard += 1; };
    process.on('unhandledRejection', hear);
    await reached(start('relay-1', { store: failing }));
    process.off('unhandledRejection', hear);
    const ids = (await published(100)).map(({ headers }) => headers['ce_id']);
    expect([ids.length, new Set(ids).size, failures > 2, unheard]).to.deep.equal([100, 100, true, 0]);
  });

  it('shuts an older relay out: what that one still sends is never committed', async () => {
    await appendInvoices(store, 0, 20);
    const events = await log();
    const options = { kafka, prefix, name: 'main', store, onParked: async () => undefined };
    const older = await RelaySession.open(options);
    await older.publish(older.prepare(events.slice(0, 10), events[9]?.position ?? ORIGIN));
    const newer = await RelaySession.open(options);
    expect(newer.position).to.equal(events[9]?.position);
    const refused = await older.publish(older.prepare(events.slice(10), events.at(-1)?.position ?? ORIGIN)).then(() => 'taken', () => 'refused');
    await newer.publish(newer.prepare(events.slice(10), events.at(-1)?.position ?? ORIGIN));
    await Promise.all([older.close(), newer.close()]);
    expect(refused).to.equal('refused');
    expect(await published(40)).to.have.length(40);
  });

  it('has a standby take over within five seconds of a death without goodbye', async () => {
    await appendInvoices(store, 0, 10);
    const leases = new Leases(control, 'dead');
    await leases.take('relay-main', ['v1/relay/0' as never]);
    const began = Date.now();
    const standby = start('relay-2');
    expect(standby.status().state).to.equal('standby');
    await reached(standby);
    expect(Date.now() - began).to.be.lessThan(50_000);
    expect(await published(20)).to.have.length(20);
  });

  it('tells partitions without events how far the log is', async () => {
    await appendInvoices(store, 0, 1);
    const relay = start();
    await reached(relay);
    const head = relay.status().position;
    const marks = async (): Promise<readonly SeenRecord[]> => (await committedRecords(kafka, [`${prefix}fiscal-invoice`, `${prefix}auth-events`])).filter(({ headers }) => headers['folio-watermark'] === head);
    let told = await marks();
    while (told.length < 23) told = await marks();
    expect(told).to.have.length(23);
    expect(told.every(({ key }) => key === undefined)).to.equal(true);
  });

  it('sends a reference for an event that the topic cannot take, notes it, and blocks nothing', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }, { name: 'max.message.bytes', value: '4000' }];
    await createTopics(admin, [{ topic: `${prefix}fiscal-invoice`, numPartitions: 12, configEntries }]);
    await admin.disconnect();
    const large = created(1);
    const stuffed = { ...large, data: { ...large.data, identity: 'x'.repeat(10_000) } };
    await store.append(invoiceStream(1), 'none', [toNew(invoiceStream(1), 0, stuffed), toNew(invoiceStream(1), 1, started())]);
    await appendInvoices(store, 2, 30);
    await reached(start());
    const records = await published(62);
    expect(records).to.have.length(62);
    const reference = records.find(({ key, headers }) => key === invoiceStream(1) && headers['folio-revision'] === '0');
    expect(reference).to.deep.include({ value: '' });
    expect(fromRecord((name) => reference?.headers[name], '')).to.deep.include({ kind: 'reference', stream: invoiceStream(1), revision: 0 });
    const board = new RelayBoard(control);
    while ((await board.read())[0]?.parked !== 1) await new Promise((resolve) => setImmediate(resolve));
    expect((await board.read())[0]).to.deep.include({ name: 'main', state: 'running', parked: 1 });
  });

  it('refuses a topic with another number of partitions', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await createTopics(admin, [{ topic: `${prefix}fiscal-invoice`, numPartitions: 3 }]);
    await admin.disconnect();
    expect(await codeOf(RelaySession.open({ kafka, prefix, name: 'main', store, onParked: async () => undefined }))).to.equal('bus-topic-wrong');
  });

  it('refuses a topic whose timestamps are those of events', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await createTopics(admin, [{ topic: `${prefix}auth-events`, numPartitions: 12, configEntries: [{ name: 'message.timestamp.type', value: 'CreateTime' }] }]);
    await admin.disconnect();
    expect(await codeOf(RelaySession.open({ kafka, prefix, name: 'main', store, onParked: async () => undefined }))).to.equal('bus-topic-wrong');
  });

  it('publishes nothing from the beginning when its position was lost and events are there', async () => {
    await appendInvoices(store, 0, 5);
    const first = start();
    await reached(first);
    await first.stop();
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [positionTopic(prefix)] });
    while ((await admin.listTopics()).includes(positionTopic(prefix))) await new Promise((resolve) => setImmediate(resolve));
    await admin.disconnect();
    expect(await codeOf(RelaySession.open({ kafka, prefix, name: 'main', store, onParked: async () => undefined }))).to.equal('bus-topic-wrong');
    expect(await published(10)).to.have.length(10);
  });

  it('stops when the store is another one, or an older state of the same', async () => {
    await appendInvoices(store, 0, 5);
    const first = start();
    await reached(first);
    await first.stop();
    const other = new MemoryEventStore();
    await appendInvoices(other, 0, 5);
    const second = start('relay-2', { store: other });
    await until(() => second.status().state === 'log-diverged');
    const { logId } = await store.status();
    const shorter: RelayOptions['store'] = { subscribe: (options) => other.subscribe(options), readStream: async () => [], status: async () => ({ logId, head: '3' as Position, behind: 0 }) };
    const third = start('relay-2', { store: shorter });
    await until(() => third.status().state === 'log-diverged');
    expect(await published(10)).to.have.length(10);
  });

  it('notices while it runs that the store is an older state', async () => {
    await appendInvoices(store, 0, 5);
    let restored = false;
    const view: RelayOptions['store'] = {
      subscribe: (options) => store.subscribe(options), readStream: (stream, options) => store.readStream(stream, options),
      status: async (after) => ({ ...(await store.status(after)), ...(restored && { head: '2' as Position }) }),
    };
    const relay = start('relay-1', { store: view, checkLogMs: 20 });
    await reached(relay);
    restored = true;
    await until(() => relay.status().state === 'log-diverged');
  });
});
