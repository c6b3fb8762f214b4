import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EventStoreDBClient, eventTypeFilter, MaxAppendSizeExceededError, WrongExpectedVersionError, type Position } from '@eventstore/db-client';
import { expect } from 'chai';
import type { EventStoreDouble } from '../../support/eventstoredb/double.js';
import { DoubleFixture } from '../../support/eventstoredb/stores.js';
import { ROOT } from '../../support/root.js';
import { until } from '../../support/until.js';

const event = (type = 'test.happened', data: Record<string, unknown> = {}) => ({ id: crypto.randomUUID(), type, contentType: 'application/json', data, metadata: undefined }) as const;

describe('the double of EventStoreDB, asked by the client library itself', () => {
  const fixture = new DoubleFixture();
  const clients: EventStoreDBClient[] = [];
  const clientOf = (double: EventStoreDouble, settings = ''): EventStoreDBClient => {
    const client = EventStoreDBClient.connectionString(`${double.connectionString}${settings}`);
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
    await fixture.close();
  });

  it('takes batches, keeps them whole, and knows the ids of an earlier one', async () => {
    const double = await fixture.double({ maxAppendBytes: 10_000 });
    const client = clientOf(double);
    const events = [event(), event('test.happened', { text: 'x'.repeat(3_000) }), event()];
    const once = await client.appendToStream('test-1', events, { expectedRevision: 'no_stream', batchAppendSize: 100 });
    expect(once).to.deep.include({ success: true, nextExpectedRevision: 2n });
    await client.appendToStream('test-1', event(), { expectedRevision: 2n });
    expect(await client.appendToStream('test-1', events, { expectedRevision: 'no_stream' })).to.deep.equal(once);
    expect(await client.appendToStream('test-1', events)).to.deep.equal(once);
    const [first = event()] = events;
    for (const [mixed, expectedRevision] of [[[first, event()], 'no_stream'], [[first, event()], 'any'], [[event()], 9n], [[event()], 1n]] as const) {
      const error: unknown = await client.appendToStream('test-1', [...mixed], { expectedRevision }).catch((refused: unknown) => refused);
      expect(error).to.be.instanceOf(WrongExpectedVersionError).with.property('actualVersion', 3n);
    }
    const error: unknown = await client.appendToStream('test-2', event('test.happened', { text: 'x'.repeat(10_000) })).catch((refused: unknown) => refused);
    expect(error).to.be.instanceOf(MaxAppendSizeExceededError).with.property('maxAppendSize', 10_000);
    expect(double.log.stream('test-1')).to.have.length(4);
  });

  it('serves a filtered subscription after a position, with checkpoints, and says when it has caught up', async () => {
    const double = await fixture.double();
    const client = clientOf(double);
    await client.appendToStream('test-1', [event('a.one'), event('b.one'), event('a.two')]);
    const [start] = double.log.stream('test-1');
    const checkpoints: Position[] = [];
    const filter = eventTypeFilter({ prefixes: ['a.'], maxSearchWindow: 2, checkpointInterval: 1, checkpointReached: (_subscription, position) => void checkpoints.push(position) });
    const types: string[] = [];
    const subscription = client.subscribeToAll({ fromPosition: { commit: start?.commit ?? 0n, prepare: start?.prepare ?? 0n }, filter });
    subscription.on('caughtUp', () => void types.push('caught up')).on('data', (resolved) => void types.push(resolved.event?.type ?? ''));
    await until(() => types.length === 2);
    await client.appendToStream('test-1', [event('b.two'), event('b.three'), event('a.three')]);
    await until(() => types.length === 3);
    expect(types.filter((type) => type !== 'caught up')).to.deep.equal(['a.two', 'a.three']);
    expect(types.indexOf('caught up')).to.be.lessThan(types.indexOf('a.three'));
    expect(checkpoints.map(({ commit }) => commit)).to.deep.equal([2, 4].map((index) => double.log.stream('test-1')[index]?.commit));
    await subscription.unsubscribe();
  });

  it('is found by gossip among several addresses', async () => {
    const double = await fixture.double();
    const gone = await fixture.double();
    await gone.wire.unplug();
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${gone.wire.port},127.0.0.1:${double.wire.port}?tls=false&gossipTimeout=1`);
    clients.push(client);
    expect(await client.appendToStream('test-1', event())).to.deep.include({ success: true, nextExpectedRevision: 0n });
    await gone.wire.plug();
  });

  it('shows why the adapter sends one call per append: in the batch path one lost connection ends the process', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/test/support/eventstoredb/two-clients.js')], { encoding: 'utf8', timeout: 20_000 });
    expect(stdout).to.equal('rejected rejected\n');
    expect(stderr).to.contain('is not iterable');
    expect(status).not.to.equal(0);
  });

  it('shows why the adapter never trusts an answer without exceptions: the batch path then tells revision 1, whatever it is', async () => {
    const client = clientOf(await fixture.double(), '&throwOnAppendFailure=false');
    await client.appendToStream('test-1', Array.from({ length: 42 }, () => event()));
    expect(await client.appendToStream('test-1', event(), { expectedRevision: 3n })).to.deep.include({ success: false, nextExpectedRevision: 1n });
  });
});
