import type { Lane } from '#contracts/kernel/lane.js';
import { earlierOf, isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { Lease } from '#platform/control/leases.js';
import type { FeedBatch, LanedEvent } from '#platform/feed/port.js';
import type { WriterConnection } from '#platform/read-store/connection.js';
import { NONE_SKIPPED, type Skipped } from '../kit/fold.js';
import type { StoredProjection } from '../kit/projection.js';
import { addOutcomes, noOutcomes, type Outcomes } from './batch.js';
import { WORKER_LIMITS, type WorkerContext } from './context.js';
import { ShardWriter } from './shard-writer.js';
import { readSkips } from './skips.js';

export interface SessionOptions {
  readonly context: WorkerContext;
  readonly projection: StoredProjection;
  readonly generations: readonly number[];
  readonly leases: readonly Lease[];
  readonly connections: readonly WriterConnection[];
  readonly logId: string;
  /**
   * Head of the log when lanes were taken from an owner that had not let go of them: up to here, and for one batch at most, it may have been
   * handling what it died of. Absent after a clean end.
   */
  readonly careful?: Position;
}

/** The lanes a worker holds, over all shards, for all generations that are kept current: they stand at the same position at every commit. */
export class Session {
  readonly #options: SessionOptions;
  #writers: readonly ShardWriter[] = [];
  #skipped: Skipped = NONE_SKIPPED;
  /** Events that may still be those the owner before died of. */
  #suspects: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#suspects = options.careful === undefined ? 0 : WORKER_LIMITS.batchEvents;
  }

  /** Claims the lanes and brings all generations to one position: a generation that is behind (a new one) catches up first. */
  async open(signal: AbortSignal): Promise<void> {
    const { generations, context, projection } = this.#options;
    this.#skipped = await readSkips(context.readStream, projection);
    if (generations.length > 1) await this.#align(signal);
    if (signal.aborted) return;
    this.#writers = await this.#writersOf(generations);
    this.publish();
  }

  async #writersOf(generations: readonly number[]): Promise<readonly ShardWriter[]> {
    const { context, projection, connections, leases, logId } = this.#options;
    const beforeCommit = context.hooks.beforeCommit && ((): Promise<void> => context.hooks.beforeCommit?.(projection.name) ?? Promise.resolve());
    const writers = connections.map((connection) => new ShardWriter({ projection, generations, connection, readStream: context.readStream, skipped: this.#skipped, beforeCommit }));
    await Promise.all(writers.map((writer) => writer.claim(leases, logId)));
    return writers;
  }

  async #align(signal: AbortSignal): Promise<void> {
    const each = await Promise.all(this.#options.generations.map((generation) => this.#writersOf([generation])));
    const targets = this.#options.connections.map((_, shard) => highest(each.map((writers) => writers[shard]?.positions ?? new Map())));
    for (const writers of each) await this.#catchUp(writers, targets, signal);
  }

  async #catchUp(writers: readonly ShardWriter[], targets: readonly ReadonlyMap<Lane, Position>[], signal: AbortSignal): Promise<void> {
    const behind = (): boolean => writers.some((writer, shard) => [...writer.positions].some(([lane, position]) => isAfter(targets[shard]?.get(lane) ?? ORIGIN, position)));
    if (!behind()) return;
    for await (const batch of this.#read(lowest(writers), signal)) {
      await Promise.all(writers.map((writer, shard) => writer.apply(this.#ofShard(batch.entries, shard), batch.scannedTo, earlierOfEach(targets[shard], batch.reached))));
      if (!behind()) return;
    }
  }

  #read(from: ReadonlyMap<Lane, Position>, signal: AbortSignal): AsyncIterable<FeedBatch> {
    const { context, projection } = this.#options;
    return context.feed.subscribe({ topics: projection.topics, from, batchSize: WORKER_LIMITS.batchEvents, signal });
  }

  /** Everything after the checkpoints; what a lane has already is dropped as a duplicate. */
  batches(signal: AbortSignal): AsyncIterable<FeedBatch> {
    return this.#read(this.positions, signal);
  }

  #ofShard(entries: readonly LanedEvent[], shard: number): readonly LanedEvent[] {
    const { context: { shards }, connections } = this.#options;
    return connections.length === 1 ? entries : entries.filter(({ event }) => shards.shardOf(event.shardKey) === shard);
  }

  /** Every shard commits its rows and its checkpoints, also when no row is its own; then whoever waits is told. */
  async apply(batch: FeedBatch): Promise<Outcomes> {
    const outcomes = noOutcomes();
    const careful = this.#isSuspect(batch);
    const each = await Promise.all(this.#writers.map((writer, shard) => {
      const entries = this.#ofShard(batch.entries, shard);
      return careful ? writer.applyCarefully(entries, batch.scannedTo, batch.reached) : writer.apply(entries, batch.scannedTo, batch.reached);
    }));
    for (const one of each) addOutcomes(outcomes, one);
    this.publish();
    return outcomes;
  }

  #isSuspect({ entries: [first, ...others] }: FeedBatch): boolean {
    const { careful } = this.#options;
    if (!first || careful === undefined || this.#suspects <= 0 || isAfter(first.event.position, careful)) return false;
    this.#suspects -= 1 + others.length;
    return true;
  }

  /** Lanes have nothing up to here: true without a commit, so it is told at once and committed with the next batch. */
  publish(quiet?: FeedBatch): void {
    const { context, projection, generations } = this.#options;
    const quietTo = (lane: Lane): Position => quiet?.reached?.get(lane) ?? (quiet && !quiet.reached ? quiet.scannedTo : ORIGIN);
    const positions = [...this.positions].map(([lane, position]) => [lane, laterOf(position, quietTo(lane))] as const);
    for (const generation of generations) context.hub.publish(projection.name, generation, positions);
  }

  /** The lowest position of each lane over the shards. */
  get positions(): ReadonlyMap<Lane, Position> {
    return lowest(this.#writers);
  }

  get parkedStreams(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.parkedStreams, 0);
  }
}

function highest(each: readonly ReadonlyMap<Lane, Position>[]): Map<Lane, Position> {
  const lanes = new Map<Lane, Position>();
  for (const positions of each) for (const [lane, position] of positions) lanes.set(lane, laterOf(lanes.get(lane) ?? ORIGIN, position));
  return lanes;
}

function lowest(writers: readonly ShardWriter[]): Map<Lane, Position> {
  const lanes = new Map<Lane, Position>();
  for (const writer of writers) for (const [lane, position] of writer.positions) lanes.set(lane, earlierOf(lanes.get(lane) ?? position, position));
  return lanes;
}

/** Per lane what both allow; absent allows everything. */
function earlierOfEach(left: ReadonlyMap<Lane, Position> | undefined, right: ReadonlyMap<Lane, Position> | undefined): ReadonlyMap<Lane, Position> | undefined {
  if (!left || !right) return left ?? right;
  return new Map([...left].map(([lane, position]) => [lane, earlierOf(position, right.get(lane) ?? ORIGIN)]));
}
