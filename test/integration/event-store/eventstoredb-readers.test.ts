import { expect } from 'chai';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { ORIGIN, toRevision, type Position } from '#contracts/kernel/position.js';
import { openClient } from '#platform/event-store/eventstoredb/client.js';
import { LiveBell } from '#platform/event-store/eventstoredb/live.js';
import type { EventStoreDbStore } from '#platform/event-store/eventstoredb/store.js';
import { Bell } from '#platform/wake.js';
import { newStream, someEvents } from '../../support/events.js';
import type { ProposedEvent } from '../../support/eventstoredb/log.js';
import { DoubleFixture } from '../../support/eventstoredb/stores.js';
import { until } from '../../support/until.js';

const foreign = (over: Partial<Record<keyof ProposedEvent, string | Uint8Array>> = {}): ProposedEvent =>
  ({ id: crypto.randomUUID(), type: 'somebody.else', contentType: 'application/json', data: Buffer.from('{}'), metadata: Buffer.from('{}'), ...over }) as ProposedEvent;

/** Reads until so many events came, from a position on. */
async function follow(store: EventStoreDbStore, after: Position, wanted: number, onPage: (seen: number) => void = () => undefined): Promise<Envelope[]> {
  const stop = new AbortController();
  const events: Envelope[] = [];
  for await (const page of store.subscribe({ after, signal: stop.signal, batchSize: 16 })) {
    events.push(...page.events);
    onPage(events.length);
    if (events.length >= wanted) stop.abort();
  }
  return events;
}

describe('readers of EventStoreDB', () => {
  const fixture = new DoubleFixture();
  afterEach(() => fixture.close());

  it('lose and double nothing, and keep the order, when connections drop in the middle of a subscription while 200 appends run', async () => {
    const double = await fixture.double();
    const [writer, reader] = [fixture.store(double, { patienceMs: 4_000, appendDeadlineMs: 2_000 }), fixture.store(double)];
    const stream = newStream();
    let cuts = 0;
    const reading = follow(reader, ORIGIN, 200, (seen) => {
      if (seen < 30 * (cuts + 1)) return;
      cuts += 1;
      double.wire.cut();
    });
    for (let revision = -1; revision < 199; revision += 1) await writer.append(stream, revision < 0 ? 'none' : toRevision(revision), someEvents(1));
    expect((await reading).map(({ revision }) => revision)).to.deep.equal(Array.from({ length: 200 }, (_, index) => index));
    expect(cuts).to.be.greaterThan(3);
  });

  it('go on by themselves after a server that was away, was not ready and named another leader', async () => {
    const double = await fixture.double();
    const leader = await fixture.double({ log: double.log });
    const [writer, reader] = [fixture.store(leader), fixture.store(double)];
    const stream = newStream();
    let seen = 0;
    const reading = follow(reader, ORIGIN, 4, (count) => {
      seen = count;
    });
    await writer.append(stream, 'none', someEvents(1));
    await until(() => seen === 1);
    await double.wire.unplug();
    await writer.append(stream, toRevision(0), someEvents(1));
    await double.wire.plug();
    await until(() => seen === 2);
    double.faults.notReady = true;
    double.wire.cut();
    await writer.append(stream, toRevision(1), someEvents(1));
    await until(() => double.refused > 2);
    double.faults.notReady = false;
    await until(() => seen === 3);
    double.faults.leader = { address: '127.0.0.1', port: leader.wire.port };
    double.wire.cut();
    await writer.append(stream, toRevision(2), someEvents(1));
    expect((await reading).map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 3]);
  });

  it('are woken by the server for every event of anybody, again after the subscription was lost, and whatever the callback throws', async () => {
    const double = await fixture.double();
    const client = await openClient(double.connectionString);
    const bell = new Bell();
    const live = new LiveBell(() => Promise.resolve(client), bell);
    live.start();
    for (let losses = 0; losses < 3; losses += 1) {
      await until(() => double.readers === 1 && bell.rings > 0);
      const before = bell.rings;
      double.log.write('other-1', 'any', [foreign()]);
      await until(() => bell.rings > before);
      double.wire.cut();
      await until(() => double.readers === 0);
    }
    await live.close();
    const [stop, told] = [new AbortController(), { times: 0 }];
    const listening = client.listen(() => {
      told.times += 1;
      if (told.times > 1) throw new Error('of the callback');
    }, stop.signal);
    await until(() => told.times === 1);
    for (const times of [2, 3]) {
      double.log.write('other-1', 'any', [foreign()]);
      await until(() => told.times === times);
    }
    stop.abort();
    await listening;
    await client.close();
    await until(() => double.readers === 0);
  });

  it('leave no call open when a page is full, and none in the client', async () => {
    const double = await fixture.double();
    const store = fixture.store(double, { appendDeadlineMs: 2_000 });
    for (let index = 0; index < 10; index += 1) await store.append(newStream(), 'none', someEvents(100));
    for (let index = 0; index < 30; index += 1) expect((await store.readAll(ORIGIN, { limit: 10, filter: { typePrefixes: ['fiscal.'] } })).events).to.have.length(10);
    await until(() => double.readers === 0);
  });

  it('page through a log with few events that pass, without losing one', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    for (let index = 0; index < 1_300; index += 1) double.log.write('other-1', 'any', [foreign()]);
    const { head: start } = await store.status();
    await store.append(newStream(), 'none', someEvents(3));
    for (let index = 0; index < 12_000; index += 1) double.log.write('other-1', 'any', [foreign()]);
    await store.append(newStream(), 'none', someEvents(2));
    const events: Envelope[] = [];
    let [after, pages, atHead] = [ORIGIN, 0, false];
    for (; !atHead; pages += 1) {
      const page = await store.readAll(after, { limit: 2, filter: { typePrefixes: ['fiscal.'] } });
      events.push(...page.events);
      [after, atHead] = [page.scannedTo, page.atHead];
    }
    expect(events.map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 0, 1]);
    expect(pages).to.be.lessThan(6);
    expect((await store.readAll(start)).events.length).to.be.lessThan(6);
  });

  it('skip what is not an event of Folio, whatever it looks like', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    const stream = newStream();
    await store.append(stream, 'none', someEvents(1));
    const [stored] = double.log.stream(stream);
    const ours = JSON.parse(Buffer.from(stored?.metadata ?? []).toString()) as Record<string, unknown>;
    const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
    const hostile = [
      { metadata: new Uint8Array() }, { metadata: Buffer.from([0, 255, 254]) }, { metadata: Buffer.from('{') }, { metadata: bytes([1]) }, { metadata: bytes(null) }, { metadata: bytes('x') }, { metadata: bytes({ $correlationId: 7 }) },
      { metadata: bytes({ ...ours, version: 'one' }) }, { metadata: bytes({ ...ours, actor: null }) }, { metadata: bytes({ ...ours, actor: { kind: 'root', id: 'x' } }) }, { metadata: bytes({ ...ours, occurredAt: 3 }) },
      { type: '$>', data: Buffer.from('0@somewhere'), metadata: bytes(ours) }, { contentType: 'application/octet-stream', data: Buffer.from([1, 2, 3]) },
    ];
    for (const [index, over] of hostile.entries()) double.log.write(index % 2 === 0 ? 'other-1' : stream, 'any', [foreign(over)]);
    double.log.write('$ce-invoice', 'any', [foreign({ metadata: bytes(ours) })]);
    const next = double.log.stream(stream).length - 1;
    await store.append(stream, toRevision(next), someEvents(1));
    expect((await store.readStream(stream)).map(({ revision }) => revision)).to.deep.equal([0, next + 1]);
    const page = await store.readAll(ORIGIN);
    expect(page.events.map(({ revision }) => revision)).to.deep.equal([0, next + 1]);
    expect(page.scannedTo).to.equal((await store.status()).head === page.scannedTo ? page.scannedTo : double.log.stream(stream).at(-1)?.commit.toString());
    expect(await follow(store, ORIGIN, 2)).to.have.length(2);
  });

  it('agree on the identity of the log, also when they ask for it at once, and never see its stream', async () => {
    const double = await fixture.double();
    const stores = [fixture.store(double), fixture.store(double), fixture.store(double)];
    const ids = await Promise.all(stores.map(async (store) => (await store.status()).logId));
    expect(new Set(ids).size).to.equal(1);
    expect((await fixture.store(await fixture.double()).status()).logId).not.to.equal(ids[0]);
    expect(await stores[0]?.readAll(ORIGIN)).to.deep.include({ events: [], atHead: true });
  });
});
