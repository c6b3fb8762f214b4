import type { Lane } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import { lowestPositions } from '#platform/progress/poller.js';
import type { Shards } from '#platform/read-store/shards.js';
import type { StoredProjection } from './kit/projection.js';
import { typePrefixOf } from './kit/topics.js';
import type { WorkerContext } from './worker/context.js';

/** Streams in quarantine of one generation of a projection. */
export interface Parked {
  readonly streams: number;
  /** Age of the oldest (s), by the clock of its shard. */
  readonly oldestSeconds: number;
}

const PARKED = `SELECT projection, generation, count(*) AS streams, extract(epoch FROM now() - min(parked_at)) AS oldest FROM quarantine GROUP BY projection, generation`;
const keyOf = (projection: string, generation: number): string => `${projection}|${generation}`;

/** What the checkpoints, the log and the quarantine say of projections, whoever works on them. */
export class Observer {
  readonly #context: Pick<WorkerContext, 'feed' | 'shards' | 'pointer'>;
  readonly #store: Pick<EventStore, 'readAll'>;

  constructor(context: Pick<WorkerContext, 'feed' | 'shards' | 'pointer'>, store: Pick<EventStore, 'readAll'>) {
    this.#context = context;
    this.#store = store;
  }

  /** 0 before there is one. */
  generationOf(projection: string): number {
    return this.#context.pointer.generationOf(projection) ?? 0;
  }

  /** Checkpoints of the generation that readers use, the lowest over the shards. */
  async checkpoints(projection: string): Promise<ReadonlyMap<Lane, Position>> {
    return lowestPositions(this.#pools(), projection, this.generationOf(projection));
  }

  /** Shards that readers use; others may be down without anybody missing them. */
  #pools(): Shards['pools'] {
    const { shards, pointer } = this.#context;
    return shards.poolsOf(pointer.current().slots);
  }

  /** Events of the projection's topics after the position; null where they cannot be counted. */
  async eventsAfter({ topics }: Pick<StoredProjection, 'topics'>, position: Position): Promise<number | null> {
    return (await this.#context.feed.status(topics, position)).behind;
  }

  /** Age (s) of the first event of the topics after the position, from its recording; 0: there is none. */
  async waitingSeconds({ topics }: Pick<StoredProjection, 'topics'>, position: Position): Promise<number> {
    const { events: [next] } = await this.#store.readAll(position, { filter: { typePrefixes: topics.map(typePrefixOf) }, limit: 1 });
    return next ? Math.max(0, (Date.now() - Date.parse(next.recordedAt)) / 1_000) : 0;
  }

  /** Of all projections at once: one query per shard. */
  async parked(): Promise<(projection: string) => Parked> {
    const found = await parkedOf(this.#pools());
    return (projection) => found.get(keyOf(projection, this.generationOf(projection))) ?? { streams: 0, oldestSeconds: 0 };
  }
}

async function parkedOf(pools: Shards['pools']): Promise<ReadonlyMap<string, Parked>> {
  const found = new Map<string, Parked>();
  const answers = await Promise.all(pools.map((pool) => pool.query<{ projection: string; generation: string; streams: string; oldest: string }>(PARKED)));
  for (const { projection, generation, streams, oldest } of answers.flatMap(({ rows }) => rows)) {
    const key = keyOf(projection, Number(generation));
    const before = found.get(key) ?? { streams: 0, oldestSeconds: 0 };
    found.set(key, { streams: before.streams + Number(streams), oldestSeconds: Math.max(before.oldestSeconds, Number(oldest)) });
  }
  return found;
}
