import type { Lane } from '#contracts/kernel/lane.js';
import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { LaneStatus, ProjectionStatus, WorkerState } from '#contracts/queries.js';
import { LEASE_SECONDS } from '#platform/control/leases.js';
import { addOutcomes, noOutcomes } from './worker/batch.js';
import type { RunnerStatus } from './worker/runner.js';

/** What a worker says of itself, and how long ago it said so (s; 0 for those of this process). */
export interface Told extends RunnerStatus {
  readonly owner: string;
  readonly age: number;
}

export type Joined = Pick<ProjectionStatus, 'state' | 'workers' | 'silentSeconds' | 'lanes' | 'position' | 'eventsPerSecond' | 'lastBatchEvents' | 'outcomes'>;

/** Told first is what needs somebody to look at. */
const WORST_FIRST: readonly WorkerState[] = ['log-diverged', 'failing', 'running', 'starting', 'waiting'];

/** A worker is there for as long as others leave it its lanes. */
export const isThere = ({ age, state }: Told): boolean => age <= LEASE_SECONDS && state !== 'stopped';

/** All workers of one projection as one: rates and outcomes are sums; `positions` is where each lane stands, whoever says so. */
export function join(told: readonly Told[], positions: ReadonlyMap<Lane, Position>, eventsBehind: number | null): Joined {
  const there = told.filter(isThere);
  const outcomes = noOutcomes();
  for (const worker of there) addOutcomes(outcomes, worker.outcomes);
  return {
    state: WORST_FIRST.find((state) => there.some((worker) => worker.state === state)) ?? 'stopped',
    workers: there.length,
    silentSeconds: told.length === 0 ? null : Math.max(...told.map(({ age }) => age)),
    lanes: [...positions].sort(byName).map(([lane, position]) => laneStatus(lane, position, there, eventsBehind)),
    position: lowestOf(positions.values()),
    eventsPerSecond: there.reduce((sum, worker) => sum + worker.eventsPerSecond, 0),
    lastBatchEvents: Math.max(0, ...there.map(({ lastBatchEvents }) => lastBatchEvents)),
    outcomes,
  };
}

/** Partition 2 before 10. */
const byName = ([left]: readonly [Lane, Position], [right]: readonly [Lane, Position]): number => left.localeCompare(right, 'en', { numeric: true });

export const lowestOf = (positions: Iterable<Position>): Position => [...positions].sort(comparePositions)[0] ?? ORIGIN;

/** Just after a lane has changed hands, two may say that it is theirs: the first of them is told. */
function laneStatus(lane: Lane, position: Position, there: readonly Told[], eventsBehind: number | null): LaneStatus {
  const holder = there.find(({ lanes }) => lanes.some((held) => held.lane === lane));
  const signals = holder?.lanes.find((held) => held.lane === lane);
  return {
    lane, position, owner: holder?.owner ?? null, eventsBehind: eventsBehind === 0 ? 0 : null,
    secondsBehind: signals?.secondsBehind ?? 0, eventsPerSecond: signals?.eventsPerSecond ?? 0,
  };
}
