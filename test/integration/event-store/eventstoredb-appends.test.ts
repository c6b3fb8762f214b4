import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { AppendResult } from '#platform/event-store/port.js';
import { newStream, someEvent, someEvents } from '../../support/events.js';
import { DoubleFixture } from '../../support/eventstoredb/stores.js';
import { codeOf, until } from '../../support/until.js';

const problemOf = async (work: Promise<unknown>): Promise<Problem | undefined> => work.then(() => undefined, (error: unknown) => (error instanceof Problem ? error : undefined));
const large = (kilobytes: number) => someEvent('fiscal.invoice.cancelled', { motive: 'x'.repeat(kilobytes * 1024) });

describe('appends to EventStoreDB, when something goes wrong', () => {
  const fixture = new DoubleFixture();
  afterEach(() => fixture.close());

  for (const expected of ['none', 'any'] as const) {
    it(`are one event when the answer was lost (${expected})`, async () => {
      const double = await fixture.double();
      const store = fixture.store(double, { patienceMs: 3_000 });
      const stream = newStream();
      double.faults.lostAnswers = 1;
      expect(await store.append(stream, expected, someEvents(2))).to.include({ outcome: 'appended', revision: 1, repeated: false });
      expect(await store.readStream(stream)).to.have.length(2);
    });
  }

  it('are found in the log when the answer is slower than the deadline', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    double.faults.answerAfterMs = 5_000;
    const stream = newStream();
    expect(await store.append(stream, 'none', someEvents(1))).to.include({ outcome: 'appended', revision: 0 });
    expect(await store.readStream(stream)).to.have.length(1);
  });

  it('are told lost to another writer when the answer was lost and somebody else wrote there', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    const stream = newStream();
    double.faults.deaf = true;
    const late = store.append(stream, 'none', someEvents(1));
    double.log.write(stream, 'any', [{ id: crypto.randomUUID(), type: 'other', contentType: 'application/json', data: Buffer.from('{}'), metadata: new Uint8Array() }]);
    expect(await late).to.deep.equal({ outcome: 'conflict', current: 0 });
  });

  it('end in bounded time and say that the outcome is unknown when the server takes them and never answers; the repetition succeeds', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    const [stream, events] = [newStream(), someEvents(1)];
    double.faults.deaf = true;
    expect(await codeOf(store.append(stream, 'none', events))).to.equal('outcome-unknown');
    double.faults.deaf = false;
    expect(await store.append(stream, 'none', events)).to.include({ outcome: 'appended', revision: 0, repeated: false });
  });

  it('and reads end in bounded time when the connection stays and carries nothing, and go on when it does again', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    const stream = newStream();
    await store.append(stream, 'none', someEvents(1));
    double.wire.silence(true);
    expect(await codeOf(store.append(stream, toRevision(0), someEvents(1)))).to.equal('outcome-unknown');
    expect(await codeOf(store.readStream(stream))).to.equal('store-unavailable');
    double.wire.silence(false);
    expect((await store.readStream(stream)).length).to.be.greaterThan(0);
  });

  it('say that nothing was written when no server could be reached, and work when it is back', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    await double.wire.unplug();
    expect(await codeOf(store.append(newStream(), 'none', someEvents(1)))).to.equal('store-unavailable');
    await double.wire.plug();
    expect(await store.append(newStream(), 'none', someEvents(1))).to.include({ outcome: 'appended' });
  });

  it('wait for a server that is not ready yet', async () => {
    const double = await fixture.double();
    const store = fixture.store(double, { patienceMs: 5_000 });
    double.faults.notReady = true;
    const appending = store.append(newStream(), 'none', someEvents(1));
    await until(() => double.refused > 1);
    double.faults.notReady = false;
    expect(await appending).to.include({ outcome: 'appended', revision: 0, repeated: false });
  });

  it('go to the leader that a follower names', async () => {
    const leader = await fixture.double();
    const follower = await fixture.double({ log: leader.log });
    follower.faults.leader = { address: '127.0.0.1', port: leader.wire.port };
    const store = fixture.store(follower, { patienceMs: 3_000 });
    const stream = newStream();
    expect(await store.append(stream, 'none', someEvents(1))).to.include({ outcome: 'appended', revision: 0 });
    expect(await store.readStream(stream)).to.have.length(1);
    expect((await store.status()).head).not.to.equal('0');
  });

  it('over the size that the server takes are refused with the size and the limit, before or by the server', async () => {
    const double = await fixture.double({ maxAppendBytes: 100_000 });
    const known = await problemOf(fixture.store(double, { maxAppendBytes: 50_000 }).append(newStream(), 'none', [large(60)]));
    const told = await problemOf(fixture.store(double).append(newStream(), 'none', [large(60), large(60)]));
    expect([known?.code, known?.detail['limit'], told?.code, told?.detail['limit']]).to.deep.equal(['event-too-large', 50_000, 'event-too-large', 100_000]);
    expect(told?.detail['size']).to.be.greaterThan(120_000);
    const whole = await problemOf(fixture.store(double).append(newStream(), 'none', Array.from({ length: 5 }, () => large(250))));
    expect([whole?.code, whole?.detail['limit']]).to.deep.equal(['event-too-large', 1024 * 1024]);
  });

  it('of one store are not disturbed when the connection of another is lost (a map of the whole process in the library)', async () => {
    const [broken, healthy] = [await fixture.double(), await fixture.double()];
    const [first, second] = [fixture.store(broken, { patienceMs: 3_000, appendDeadlineMs: 2_000 }), fixture.store(healthy, { appendDeadlineMs: 2_000 })];
    await Promise.all([first.append(newStream(), 'none', someEvents(1)), second.append(newStream(), 'none', someEvents(1))]);
    const writes = healthy.log.all.length;
    [broken.faults.answerAfterMs, healthy.faults.answerAfterMs] = [60_000, 100];
    const appends = [first.append(newStream(), 'none', someEvents(1)), second.append(newStream(), 'none', someEvents(1))];
    await until(() => healthy.log.all.length > writes);
    broken.wire.cut();
    for (const result of await Promise.all(appends)) expect(result).to.include({ outcome: 'appended', revision: 0, repeated: false });
    expect(healthy.log.all).to.have.length(writes + 1);
  });

  it('tell a conflict with the true revision also where the connection string turns exceptions off', async () => {
    const double = await fixture.double();
    const store = fixture.store({ connectionString: `${double.connectionString}&throwOnAppendFailure=false` });
    const stream = newStream();
    await store.append(stream, 'none', someEvents(42));
    expect(await store.append(stream, toRevision(3), someEvents(1))).to.deep.equal({ outcome: 'conflict', current: 41 });
  });

  for (const settings of ['', '&keepAliveTimeout=20000']) {
    it(`have a connection of their own${settings}`, async () => {
      const double = await fixture.double();
      const store = fixture.store({ connectionString: `${double.connectionString}${settings}` });
      await store.append(newStream(), 'none', someEvents(1));
      expect(double.wire.connections).to.equal(1);
      await store.status();
      expect(double.wire.connections).to.equal(2);
    });
  }

  it('that were accepted are answered before the store is closed, later ones are refused', async () => {
    const double = await fixture.double();
    const store = fixture.store(double);
    const stream = newStream();
    const appends = Array.from({ length: 5 }, () => store.append(stream, 'any', someEvents(1)));
    await store.close();
    expect((await Promise.all(appends)).map((result) => result.outcome === 'appended' && result.revision)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(await codeOf(store.append(stream, 'any', someEvents(1)))).to.equal('shutting-down');
    expect(await codeOf(store.readStream(stream))).to.equal('shutting-down');
  });

  it('lose and double nothing when connections are cut again and again', async () => {
    const double = await fixture.double();
    const store = fixture.store(double, { appendDeadlineMs: 2_000, patienceMs: 4_000 });
    let writes = 0;
    // At the very moment of a write: the log has it, its answer is lost with everybody else's.
    double.log.onWrite(() => {
      writes += 1;
      if (writes % 20 === 0 && writes < 400) double.wire.cut();
    });
    const shared = newStream();
    const answers = await Promise.all(Array.from({ length: 300 }, async (_, index) => {
      const events = someEvents(1 + (index % 3));
      const result: AppendResult | Error = await store.append(index % 2 === 0 ? newStream() : shared, 'any', events).catch((error: unknown) => error as Error);
      return { events, result };
    }));
    const stored = new Map<string, number>();
    for (const { id } of double.log.all) stored.set(id, (stored.get(id) ?? 0) + 1);
    expect([...stored.values()].every((count) => count === 1), 'an event stands once').to.equal(true);
    for (const { events, result } of answers) {
      const present = events.filter(({ id }) => stored.has(id)).length;
      if (result instanceof Problem && result.code === 'outcome-unknown') expect(present).to.be.oneOf([0, events.length]);
      else expect(present).to.equal(result instanceof Error ? 0 : events.length);
    }
    expect(answers.filter(({ result }) => !(result instanceof Error)).length, 'most came through').to.be.greaterThan(200);
  });
});
