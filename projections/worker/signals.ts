import type { Lane } from '#contracts/kernel/lane.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { FeedBatch, LanedEvent } from '#platform/feed/port.js';
import { addOutcomes, noOutcomes, type Outcomes } from './batch.js';

/** Rates are means over the last so many seconds. */
export const RATE_SECONDS = 10;

export interface LaneSignals {
  /** Age (s) of the oldest event of the lane that was read and is not visible yet. */
  readonly secondsBehind: number;
  readonly eventsPerSecond: number;
}

type Positions = ReadonlyMap<Lane, Position>;

const secondsSince = (recordedAt: string | undefined): number => (recordedAt === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(recordedAt)) / 1_000));

/**
 * What one worker can tell of its work without asking anybody: counted as batches pass, read whenever somebody asks.
 * `clock` is monotonic (ms), so that a change of the wall clock makes no rate and no standstill.
 */
export class WorkerSignals {
  readonly outcomes: Outcomes = noOutcomes();
  lastBatchEvents = 0;
  /** Time of the oldest event of each lane that was read and is not committed. */
  #unseen: ReadonlyMap<Lane, string> = new Map();
  readonly #seconds: { readonly second: number; readonly byLane: Map<Lane, number> }[] = [];
  readonly #clock: () => number;
  readonly #began: number;
  #movedAt: number;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#began = clock();
    this.#movedAt = this.#began;
  }

  /** A batch is in hand; only what is new in lanes that are held counts. @returns that */
  begin(batch: FeedBatch, held: Positions): readonly LanedEvent[] {
    const fresh = batch.entries.filter(({ event, lane }) => held.has(lane) && isAfter(event.position, held.get(lane) ?? ORIGIN));
    const unseen = new Map<Lane, string>();
    for (const { event, lane } of fresh) if (!unseen.has(lane)) unseen.set(lane, event.recordedAt);
    this.#unseen = unseen;
    return fresh;
  }

  /** The batch is visible. Lanes that have more behind them are behind by the age of what they show. */
  committed(batch: FeedBatch, fresh: readonly LanedEvent[], outcomes: Outcomes, moved: boolean): void {
    addOutcomes(this.outcomes, outcomes);
    this.lastBatchEvents = batch.entries.length;
    const now = this.#clock();
    if (moved) this.#movedAt = now;
    this.#unseen = batch.atHead ? new Map() : new Map(fresh.map(({ event, lane }) => [lane, event.recordedAt]));
    this.#count(fresh, Math.floor(now / 1_000));
  }

  #count(fresh: readonly LanedEvent[], second: number): void {
    while (this.#seconds[0] && this.#seconds[0].second <= second - RATE_SECONDS) this.#seconds.shift();
    let last = this.#seconds.at(-1);
    if (last?.second !== second) this.#seconds.push((last = { second, byLane: new Map() }));
    for (const { lane } of fresh) last.byLane.set(lane, (last.byLane.get(lane) ?? 0) + 1);
  }

  /** Seconds since a lane last moved, or since the worker began. */
  get stillSeconds(): number {
    return (this.#clock() - this.#movedAt) / 1_000;
  }

  get secondsBehind(): number {
    return Math.max(0, ...[...this.#unseen.values()].map(secondsSince));
  }

  get eventsPerSecond(): number {
    return this.#rate((byLane) => [...byLane.values()].reduce((sum, count) => sum + count, 0));
  }

  ofLane(lane: Lane): LaneSignals {
    return { secondsBehind: secondsSince(this.#unseen.get(lane)), eventsPerSecond: this.#rate((byLane) => byLane.get(lane) ?? 0) };
  }

  /** The second that runs counts as far as it has come; a worker younger than the window has its rate over its own life, of at least a second. */
  #rate(countOf: (byLane: ReadonlyMap<Lane, number>) => number): number {
    const now = this.#clock();
    const first = Math.floor(now / 1_000) - RATE_SECONDS + 1;
    const events = this.#seconds.reduce((sum, { second, byLane }) => sum + (second >= first ? countOf(byLane) : 0), 0);
    return events / Math.min(now / 1_000 - first, Math.max(1, (now - this.#began) / 1_000));
  }
}

/** Some lane of `after` is further than in `before`. */
export const hasMoved = (before: Positions, after: Positions): boolean => [...after].some(([lane, position]) => isAfter(position, before.get(lane) ?? ORIGIN));
