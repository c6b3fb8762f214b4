import { expect } from 'chai';
import type { Lane } from '#contracts/kernel/lane.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { FeedBatch } from '#platform/feed/port.js';
import { join, type Told } from '../../../projections/join.js';
import { noOutcomes } from '../../../projections/worker/batch.js';
import { hasMoved, WorkerSignals } from '../../../projections/worker/signals.js';
import { created, history, invoiceStream } from './events.js';

const stream = invoiceStream(1);
const LANE = laneOf('fiscal.invoice.created', stream);
const OTHER = 'v1/fiscal-invoice/99' as Lane;
const held = new Map<Lane, Position>([[LANE, ORIGIN]]);

/** Events of one lane at positions 1 … n, recorded so many seconds ago. */
function batchOf(count: number, options: { readonly lane?: Lane; readonly secondsAgo?: number; readonly atHead?: boolean } = {}): FeedBatch {
  const [event] = history(stream, [created()]);
  if (!event) throw new Error('no event');
  const recordedAt = new Date(Date.now() - (options.secondsAgo ?? 0) * 1_000).toISOString();
  const entries = Array.from({ length: count }, (_, index) => ({ lane: options.lane ?? LANE, event: { ...event, recordedAt, position: toPosition(String(index + 1)) } }));
  return { entries, scannedTo: toPosition(String(count)), atHead: options.atHead ?? true };
}

function worked(signals: WorkerSignals, batch: FeedBatch, moved = true): void {
  signals.committed(batch, signals.begin(batch, held), noOutcomes(), moved);
}

describe('What a worker tells of its work', () => {
  let now: number;
  let signals: WorkerSignals;
  beforeEach(() => {
    now = 1_000_000;
    signals = new WorkerSignals(() => now);
  });

  it('is a rate over the last ten seconds, in sum and for each lane', () => {
    now += 60_000;
    worked(signals, batchOf(40));
    expect(signals.eventsPerSecond).to.be.closeTo(40 / 9, 0.01);
    expect(signals.ofLane(LANE).eventsPerSecond).to.equal(signals.eventsPerSecond);
    expect(signals.ofLane(OTHER).eventsPerSecond).to.equal(0);
    now += 9_900;
    expect(signals.eventsPerSecond).to.be.closeTo(40 / 9.9, 0.5);
    now += 100;
    expect(signals.eventsPerSecond).to.equal(0);
  });

  it('is a rate over its own life while that is shorter, so that a new worker does not look slow', () => {
    now += 2_000;
    worked(signals, batchOf(40));
    expect(signals.eventsPerSecond).to.equal(20);
  });

  it('counts neither what it has seen nor what is of a lane it does not hold', () => {
    const seen = new Map([[LANE, toPosition('3')]]);
    expect(signals.begin(batchOf(5), seen)).to.have.length(2);
    expect(signals.begin(batchOf(5, { lane: OTHER }), held)).to.deep.equal([]);
    expect(signals.secondsBehind).to.equal(0);
  });

  it('is behind by the oldest event in hand, until that is visible', () => {
    const batch = batchOf(2, { secondsAgo: 40 });
    const fresh = signals.begin(batch, held);
    expect(signals.secondsBehind).to.be.closeTo(40, 1);
    expect(signals.ofLane(LANE).secondsBehind).to.be.closeTo(40, 1);
    expect(signals.ofLane(OTHER).secondsBehind).to.equal(0);
    signals.committed(batch, fresh, noOutcomes(), true);
    expect(signals.secondsBehind).to.equal(0);
  });

  it('stays behind after a batch that more comes behind', () => {
    worked(signals, batchOf(2, { secondsAgo: 40, atHead: false }));
    expect(signals.secondsBehind).to.be.closeTo(40, 1);
  });

  it('stands still from its last movement on, whatever it read since', () => {
    now += 7_000;
    worked(signals, batchOf(1));
    now += 5_000;
    worked(signals, batchOf(1), false);
    expect(signals.stillSeconds).to.equal(5);
  });

  it('has moved when some lane is further, not when lanes are only listed again', () => {
    const after = new Map([[LANE, toPosition('2')], [OTHER, ORIGIN]]);
    expect([hasMoved(held, after), hasMoved(after, after), hasMoved(after, held)]).to.deep.equal([true, false, false]);
  });
});

describe('Workers of one projection joined', () => {
  const told = (owner: string, more: Partial<Told>): Told => ({
    owner, age: 0, state: 'running', generations: [1], lanes: [], position: ORIGIN, secondsBehind: 0, eventsPerSecond: 2, stillSeconds: 0,
    outcomes: { applied: 1, duplicate: 2, ignored: 3, quarantined: 4 }, lastBatchEvents: 7, parkedStreams: 0, ...more,
  });
  const lane = (name: Lane, eventsPerSecond: number) => ({ lane: name, position: ORIGIN, secondsBehind: 3, eventsPerSecond });
  const positions = new Map([[LANE, toPosition('10')], [OTHER, toPosition('9')]]);

  it('are sums, and each lane names its holder', () => {
    const status = join([told('a', { lanes: [lane(LANE, 1)], lastBatchEvents: 3 }), told('b', { age: 0.4 })], positions, 5);
    expect(status).to.deep.include({ workers: 2, silentSeconds: 0.4, position: '9', eventsPerSecond: 4, lastBatchEvents: 7, outcomes: { applied: 2, duplicate: 4, ignored: 6, quarantined: 8 } });
    expect(status.lanes).to.deep.equal([
      { lane: LANE, position: '10', owner: 'a', eventsBehind: null, secondsBehind: 3, eventsPerSecond: 1 },
      { lane: OTHER, position: '9', owner: null, eventsBehind: null, secondsBehind: 0, eventsPerSecond: 0 },
    ]);
  });

  it('tell lanes in the order of their partitions', () => {
    const lanes = ['v1/fiscal-invoice/10', 'v1/auth-events/3', 'v1/fiscal-invoice/2'] as Lane[];
    expect(join([], new Map(lanes.map((name) => [name, ORIGIN])), 0).lanes.map((one) => one.lane)).to.deep.equal(['v1/auth-events/3', 'v1/fiscal-invoice/2', 'v1/fiscal-invoice/10']);
  });

  it('leave out one that is silent for longer than its lanes are kept for it, and say for how long', () => {
    const status = join([told('a', {}), told('dead', { age: 4, lanes: [lane(LANE, 9)], state: 'failing' })], positions, 0);
    expect(status).to.deep.include({ state: 'running', workers: 1, silentSeconds: 4, eventsPerSecond: 2 });
    expect(status.lanes[0]).to.deep.include({ owner: null, eventsBehind: 0 });
  });

  for (const [states, expected] of [
    [['running', 'waiting'], 'running'], [['waiting'], 'waiting'], [['running', 'failing'], 'failing'], [['failing', 'log-diverged'], 'log-diverged'], [['stopped'], 'stopped'], [[], 'stopped'],
  ] as const) {
    it(`are ${expected} when they are ${states.join(' and ') || 'none'}`, () => {
      expect(join(states.map((state) => told(state, { state })), positions, 0).state).to.equal(expected);
    });
  }
});
