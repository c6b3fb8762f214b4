import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Lane, Token } from '#contracts/kernel/lane.js';
import { toPosition, type Position } from '#contracts/kernel/position.js';
import { pollProgress } from '#platform/progress/poller.js';
import { ProgressHub, type Waited } from '#platform/progress/hub.js';
import type { Shards } from '#platform/read-store/shards.js';
import { until } from '../../support/until.js';

const lane = (partition: number): Lane => `v1/fiscal-invoice/${partition}` as Lane;
const token = (position: string, partition = 0): Token => ({ position: toPosition(position), lane: lane(partition) });
/** Long enough that no test gets there. */
const LONG_MS = 60_000;

/** A token that tells how often anybody looked at its position. */
class Watched implements Token {
  static looks = 0;

  constructor(private readonly at: string, readonly lane: Lane) {}

  get position(): Position {
    Watched.looks += 1;
    return toPosition(this.at);
  }
}

describe('waiting for a projection', () => {
  it('ends as soon as every token has been reached, and not before', async () => {
    const hub = new ProgressHub();
    let ended = false;
    const waiting = hub.waitFor('p', 1, [token('5'), token('9', 1)], 5_000).then((waited) => ((ended = true), waited));
    hub.publish('p', 1, [[lane(0), toPosition('7')]]);
    await Promise.resolve();
    expect(ended).to.equal(false);
    hub.publish('p', 1, [[lane(1), toPosition('10')]]);
    expect(await waiting).to.deep.equal({ reached: true, position: '7' });
  });

  it('ends at its limit and tells how far the view is', async () => {
    const hub = new ProgressHub();
    hub.publish('p', 1, [[lane(0), toPosition('3')]]);
    expect(await hub.waitFor('p', 1, [token('5')], 5)).to.deep.equal({ reached: false, position: '3' });
  });

  it('does not take the progress of another generation or lane for its own, nor goes back', async () => {
    const hub = new ProgressHub();
    hub.publish('p', 2, [[lane(0), toPosition('100')]]);
    hub.publish('p', 1, [[lane(1), toPosition('100')], [lane(0), toPosition('9')]]);
    hub.publish('p', 1, [[lane(0), toPosition('2')]]);
    expect(await hub.waitFor('p', 1, [token('10')], 1)).to.deep.equal({ reached: false, position: '9' });
    expect((await hub.waitFor('p', 1, [token('9')], 0)).reached).to.equal(true);
  });

  it('is known to who asks for progress elsewhere, for as long as it lasts', async () => {
    const hub = new ProgressHub();
    const both = [hub.waitFor('p', 1, [token('5')], LONG_MS), hub.waitFor('p', 1, [token('7')], 1)];
    expect([hub.isAwaited('p', 1), hub.isAwaited('p', 2), hub.isAwaited('q', 1)]).to.deep.equal([true, false, false]);
    await both[1];
    expect(hub.isAwaited('p', 1)).to.equal(true);
    hub.publish('p', 1, [[lane(0), toPosition('6')]]);
    await both[0];
    expect(hub.isAwaited('p', 1)).to.equal(false);
  });

  /** What each waiter has come to once it is its turn, in the order of the waiters. */
  const settled = async (waits: readonly Promise<Waited>[]): Promise<boolean[]> => {
    const done = waits.map(() => false);
    for (const [index, wait] of waits.entries()) void wait.then(() => { done[index] = true; });
    await new Promise((resolve) => setImmediate(resolve));
    return done;
  };

  it('wakes exactly those whose tokens are reached, whatever came in which order, and whoever gave up in between', async () => {
    const tokens = fc.array(fc.record({ position: fc.integer({ min: 1, max: 20 }), partition: fc.integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 3 });
    const steps = fc.array(fc.record({ partition: fc.integer({ min: 0, max: 2 }), position: fc.integer({ min: 1, max: 22 }) }), { maxLength: 6 });
    const waiters = fc.array(fc.record({ tokens, impatient: fc.boolean() }), { maxLength: 25 });
    await fc.assert(fc.asyncProperty(waiters, steps, async (given, publishes) => {
      const hub = new ProgressHub();
      const reached = new Map<number, number>();
      const isReached = (of: (typeof given)[number]): boolean => of.tokens.every(({ partition, position }) => (reached.get(partition) ?? 0) >= position);
      const waits = given.map((of) => hub.waitFor('p', 1, of.tokens.map(({ partition, position }) => token(String(position), partition)), of.impatient ? 1 : LONG_MS));
      await Promise.all(waits.filter((_, index) => given[index]?.impatient));
      for (const { partition, position } of publishes) {
        hub.publish('p', 1, [[lane(partition), toPosition(String(position))]]);
        reached.set(partition, Math.max(position, reached.get(partition) ?? 0));
        expect(await settled(waits)).to.deep.equal(given.map((of) => of.impatient || isReached(of)));
      }
      hub.publish('p', 1, [0, 1, 2].map((partition) => [lane(partition), toPosition('100')] as const));
      expect(new Set(await settled(waits))).to.deep.equal(new Set(given.length > 0 ? [true] : []));
      expect(hub.isAwaited('p', 1)).to.equal(false);
    }), { numRuns: 150 });
  });

  it('costs those who wait on nothing when a checkpoint comes', async () => {
    const hub = new ProgressHub();
    const [waiters, publishes] = [5_000, 1_000];
    // Positions in no order, in twelve lanes, all far away.
    const waits = Array.from({ length: waiters }, (_, index) => hub.waitFor('p', 1, [new Watched(String(10_000 + ((index * 7_919) % waiters)), lane(index % 12))], LONG_MS));
    const joining = Watched.looks;
    for (let position = 1; position <= publishes; position += 1) hub.publish('p', 1, Array.from({ length: 12 }, (_, partition) => [lane(partition), toPosition(String(position))] as const));
    expect(Watched.looks - joining, 'one look at each line for each checkpoint').to.be.at.most(publishes * 12);
    expect(joining, 'a few comparisons to join').to.be.at.most(waiters * 6);
    const before = Watched.looks;
    for (let position = 10_000; position < 10_000 + waiters; position += 1) hub.publish('p', 1, [[lane(position % 12), toPosition(String(position))]]);
    hub.publish('p', 1, Array.from({ length: 12 }, (_, partition) => [lane(partition), toPosition('99999')] as const));
    await Promise.all(waits);
    expect(Watched.looks - before, 'a few comparisons each to be woken in order').to.be.at.most(waiters * 60);
  });

  it('takes ten thousand at once and answers those beyond them with what is there', async () => {
    const hub = new ProgressHub();
    const waits = Array.from({ length: 10_000 }, () => hub.waitFor('p', 1, [token('5')], LONG_MS));
    expect(await hub.waitFor('p', 1, [token('5')], LONG_MS)).to.deep.equal({ reached: false, position: '0' });
    hub.publish('p', 1, [[lane(0), toPosition('5')]]);
    expect((await Promise.all(waits)).every(({ reached }) => reached)).to.equal(true);
    const again = hub.waitFor('p', 1, [token('6')], LONG_MS);
    hub.publish('p', 1, [[lane(0), toPosition('6')]]);
    expect((await again).reached, 'their places are free again').to.equal(true);
  });

  it('keeps nobody alive who was answered, however long others wait on in the same lane', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const hub = new ProgressHub();
    const last = hub.waitFor('p', 1, [token('1000000')], LONG_MS);
    const wait = (at: number, limitMs: number): { waited: Promise<Waited>; tokens: WeakRef<object> } => {
      const tokens = [token(String(at))];
      return { waited: hub.waitFor('p', 1, tokens, limitMs), tokens: new WeakRef(tokens) };
    };
    const woken = Array.from({ length: 100 }, (_, index) => wait(1 + ((index * 37) % 100), LONG_MS));
    const late = Array.from({ length: 100 }, (_, index) => wait(200 + ((index * 37) % 100), 1));
    await Promise.all(late.map(({ waited }) => waited));
    hub.publish('p', 1, [[lane(0), toPosition('100')]]);
    await Promise.all(woken.map(({ waited }) => waited));
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect([woken, late].map((some) => some.filter(({ tokens }) => tokens.deref() !== undefined).length)).to.deep.equal([0, 0]);
    hub.publish('p', 1, [[lane(0), toPosition('1000000')]]);
    expect((await last).reached).to.equal(true);
  });

  it('asks other processes once for all who wait, and nothing while nobody does', async () => {
    const hub = new ProgressHub();
    let position = 0;
    let asked = 0;
    const query = async () => {
      asked += 1;
      position += 1;
      return { rows: Array.from({ length: 12 }, (_, partition) => ({ lane: lane(partition), position: String(position) })) };
    };
    const stopped = new AbortController();
    let turns = 0;
    const watched = () => {
      turns += 1;
      return [{ projection: 'p', generation: 1 }];
    };
    const polling = pollProgress({ hub, shards: { pools: [{ query }] } as unknown as Shards, watched, signal: stopped.signal, intervalMs: 1 });
    const waits = Array.from({ length: 1_000 }, (_, index) => hub.waitFor('p', 1, [token(String(1 + (index % 10)), index % 12)], LONG_MS));
    expect((await Promise.all(waits)).every(({ reached }) => reached)).to.equal(true);
    expect(asked).to.equal(10);
    const later = turns + 5;
    await until(() => turns >= later);
    expect(asked, 'nobody waits').to.equal(10);
    stopped.abort();
    await polling;
  });
});
