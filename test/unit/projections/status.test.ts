import { expect } from 'chai';
import { toPosition } from '#contracts/kernel/position.js';
import { lanesOf } from '#contracts/topics.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { Told } from '../../../projections/join.js';
import type { Observer } from '../../../projections/observe.js';
import { ProjectionStatuses } from '../../../projections/status.js';
import { noOutcomes } from '../../../projections/worker/batch.js';

const HEAD = toPosition('100');
const LANES = lanesOf(INVOICE_SUMMARY.topics);

/** A worker of another process that is where the log is, in these lanes. */
const worker = (owner: string, lanes: typeof LANES): Told & { projection: string; report: Told } => {
  const told: Told = {
    owner, age: 0.5, state: 'running', generations: [1], lanes: lanes.map((lane) => ({ lane, position: HEAD, secondsBehind: 0, eventsPerSecond: 0 })), position: HEAD,
    secondsBehind: 0, eventsPerSecond: 0, stillSeconds: 0, outcomes: noOutcomes(), lastBatchEvents: 0, parkedStreams: 0,
  };
  return { ...told, projection: INVOICE_SUMMARY.name, report: told };
};

describe('the status of a projection', () => {
  const statusOf = async (workers: readonly ReturnType<typeof worker>[], checkpoints: Observer['checkpoints']): Promise<number | null | undefined> => {
    const observer: Pick<Observer, 'generationOf' | 'checkpoints' | 'eventsAfter' | 'waitingSeconds' | 'parked'> = {
      generationOf: () => 1, checkpoints, eventsAfter: async (_, position) => Number(HEAD) - Number(position), waitingSeconds: async () => 1, parked: async () => () => ({ streams: 0, oldestSeconds: 0 }),
    };
    const statuses = new ProjectionStatuses({ observer: observer as Observer, board: { workers: async () => workers, rebuilds: async () => new Map() }, known: [INVOICE_SUMMARY], owner: 'here', workers: new Map(), rebuildOf: () => undefined });
    return (await statuses.all())[0]?.eventsBehind;
  };
  const silent = (): Promise<never> => Promise.reject(new Error('a shard is down'));
  const half = LANES.slice(0, LANES.length / 2);

  it('counts what is behind the checkpoints', async () => {
    expect(await statusOf([], async () => new Map(LANES.map((lane, place) => [lane, toPosition(place === 3 ? '93' : '100')])))).to.equal(7);
  });

  it('counts by what the workers tell where the checkpoints do not answer, as long as they tell of every lane', async () => {
    expect(await statusOf([worker('A', half), worker('B', LANES.slice(half.length))], silent)).to.equal(0);
  });

  it('is unknown where neither checkpoints nor a worker tell of a lane: whoever died may have left anything behind', async () => {
    expect(await statusOf([worker('A', half)], silent)).to.equal(null);
    expect(await statusOf([], silent)).to.equal(null);
  });
});
