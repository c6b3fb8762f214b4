import type { Lane } from '#contracts/kernel/lane.js';
import { earlierOf, isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { Generation } from '#platform/control/generations.js';
import type { Lease } from '#platform/control/leases.js';
import type { FeedBatch, LanedEvent } from '#platform/feed/port.js';
import type { WriterConnection } from '#platform/read-store/connection.js';
import { NONE_SKIPPED, type Skipped } from '../kit/fold.js';
import { isDerived, type StoredProjection } from '../kit/projection.js';
import { addOutcomes, noOutcomes, type Outcomes } from './batch.js';
import { WORKER_LIMITS, type WorkerContext } from './context.js';
import { layoutsOn, type Layout } from './layouts.js';
import { ShardWriter } from './shard-writer.js';
import { readSkips } from './skips.js';

export interface SessionOptions {
  readonly context: WorkerContext;
  readonly projection: StoredProjection;
  readonly generations: readonly Pick<Generation, 'generation' | 'slots'>[];
  readonly leases: readonly Lease[];
  /** Of each shard, in order: at least of those that a generation lies on. */
  readonly connections: readonly WriterConnection[];
  readonly logId: string;
  /**
   * Head of the log when lanes were taken from an owner that had not let go of them: up to here, and for one batch at most, it may have been
   * handling what it died of. Absent after a clean end.
   */
  readonly careful?: Position;
}

type Placed = SessionOptions['generations'];

/** A writer, the shard it writes to, and the layouts that have rows there. */
interface ShardPlace {
  readonly shard: number;
  readonly writer: ShardWriter;
  readonly layouts: readonly Layout[];
}

/** The lanes a worker holds, over all shards, for all generations that are kept current: they stand at the same position at every commit. */
export class Session {
  readonly #options: SessionOptions;
  #places: readonly ShardPlace[] = [];
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
    this.#places = await this.#placesOf(generations);
    this.publish();
  }

  async #placesOf(generations: Placed): Promise<readonly ShardPlace[]> {
    const { context, projection, connections, leases, logId } = this.#options;
    const beforeCommit = context.hooks.beforeCommit && ((): Promise<void> => context.hooks.beforeCommit?.(projection.name) ?? Promise.resolve());
    const places = connections.flatMap((connection, shard): ShardPlace[] => {
      const layouts = isDerived(projection) ? [{ slots: [], generations: generations.map(({ generation }) => generation) }] : layoutsOn(generations, shard);
      if (layouts.length === 0) return [];
      const parts = layouts.map(({ slots, generations: these }) => ({ generations: these, isHere: (shardKey: string): boolean => context.shards.shardOf(shardKey, slots) === shard }));
      const here = layouts.flatMap((layout) => layout.generations);
      return [{ shard, layouts, writer: new ShardWriter({ projection, generations: here, parts, connection, readStream: context.readStream, skipped: this.#skipped, beforeCommit }) }];
    });
    await Promise.all(places.map(({ writer }) => writer.claim(leases, logId)));
    return places;
  }

  /** Shard by shard: where a generation is alone it goes on from where it stands, with the batches of all. */
  async #align(signal: AbortSignal): Promise<void> {
    const each = await Promise.all(this.#options.generations.map((generation) => this.#placesOf([generation])));
    const targets = this.#options.connections.map((_, shard) => highest(each.map((places) => places.find((place) => place.shard === shard)?.writer.positions ?? new Map())));
    for (const places of each) await this.#catchUp(places, targets, signal);
  }

  async #catchUp(places: readonly ShardPlace[], targets: readonly ReadonlyMap<Lane, Position>[], signal: AbortSignal): Promise<void> {
    const behind = (): boolean => places.some(({ writer, shard }) => [...writer.positions].some(([lane, position]) => isAfter(targets[shard]?.get(lane) ?? ORIGIN, position)));
    if (!behind()) return;
    for await (const batch of this.#read(lowest(places), signal)) {
      await Promise.all(places.map((place) => place.writer.apply(this.#ofShard(batch.entries, place), batch.scannedTo, earlierOfEach(targets[place.shard], batch.reached))));
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

  /** What a shard needs of a batch: with one layout only its own events. The writer divides what several layouts have there. */
  #ofShard(entries: readonly LanedEvent[], { shard, layouts }: ShardPlace): readonly LanedEvent[] {
    const { context: { shards }, connections } = this.#options;
    const [only] = layouts;
    if (connections.length === 1 || !only) return entries;
    if (layouts.length === 1) return entries.filter(({ event }) => shards.shardOf(event.shardKey, only.slots) === shard);
    return entries.filter(({ event }) => layouts.some(({ slots }) => shards.shardOf(event.shardKey, slots) === shard));
  }

  /** Every shard commits its rows and its checkpoints, also when no row is its own; then whoever waits is told. */
  async apply(batch: FeedBatch): Promise<Outcomes> {
    const outcomes = noOutcomes();
    const careful = this.#isSuspect(batch);
    const each = await Promise.all(this.#places.map(async (place) => {
      const { writer } = place;
      const entries = this.#ofShard(batch.entries, place);
      const counted = await (careful ? writer.applyCarefully(entries, batch.scannedTo, batch.reached) : writer.apply(entries, batch.scannedTo, batch.reached));
      return this.#isTold(place) ? counted : noOutcomes();
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

  /** Each event is counted where the first generation has it. */
  #isTold({ layouts: [layout] }: ShardPlace): boolean {
    const [first] = this.#options.generations;
    return first !== undefined && layout?.generations.includes(first.generation) === true;
  }

  /** Lanes have nothing up to here: true without a commit, so it is told at once and committed with the next batch. */
  publish(quiet?: FeedBatch): void {
    const { context, projection, generations } = this.#options;
    const quietTo = (lane: Lane): Position => quiet?.reached?.get(lane) ?? (quiet && !quiet.reached ? quiet.scannedTo : ORIGIN);
    for (const { generation } of generations) {
      const here = this.#places.filter(({ layouts }) => layouts.some((layout) => layout.generations.includes(generation)));
      context.hub.publish(projection.name, generation, [...lowest(here)].map(([lane, position]) => [lane, laterOf(position, quietTo(lane))] as const));
    }
  }

  /** The lowest position of each lane over the shards. */
  get positions(): ReadonlyMap<Lane, Position> {
    return lowest(this.#places);
  }

  /** A lane stands at different positions on the shards: a generation was adopted, or the worker before died between two commits. */
  get isApart(): boolean {
    const [first, ...others] = this.#places;
    return others.some(({ writer }) => [...writer.positions].some(([lane, position]) => first?.writer.positions.get(lane) !== position));
  }

  get parkedStreams(): number {
    const [first] = this.#options.generations;
    return first ? this.#places.reduce((sum, { writer }) => sum + writer.parkedIn(first.generation), 0) : 0;
  }
}

function highest(each: readonly ReadonlyMap<Lane, Position>[]): Map<Lane, Position> {
  const lanes = new Map<Lane, Position>();
  for (const positions of each) for (const [lane, position] of positions) lanes.set(lane, laterOf(lanes.get(lane) ?? ORIGIN, position));
  return lanes;
}

function lowest(places: readonly ShardPlace[]): Map<Lane, Position> {
  const lanes = new Map<Lane, Position>();
  for (const { writer } of places) for (const [lane, position] of writer.positions) lanes.set(lane, earlierOf(lanes.get(lane) ?? position, position));
  return lanes;
}

/** Per lane what both allow; absent allows everything. */
function earlierOfEach(left: ReadonlyMap<Lane, Position> | undefined, right: ReadonlyMap<Lane, Position> | undefined): ReadonlyMap<Lane, Position> | undefined {
  if (!left || !right) return left ?? right;
  return new Map([...left].map(([lane, position]) => [lane, earlierOf(position, right.get(lane) ?? ORIGIN)]));
}
