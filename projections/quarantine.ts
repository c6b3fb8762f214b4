import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { ParkedStream, WaitingEvent } from '#contracts/queries.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import { isDerived, type StoredProjection } from './kit/projection.js';
import { knownProjection } from './known.js';
import { currentGenerations } from './worker/bootstrap.js';
import type { WorkerContext } from './worker/context.js';
import { release, type Released } from './worker/quarantine/release.js';
import { readSkips } from './worker/skips.js';

/** What an operator told a projection to leave out, for the record in stream `projection-{name}`. */
export interface EventSkip {
  readonly projection: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly actor: string;
  readonly reason: string;
}

export interface QuarantineOptions {
  readonly context: WorkerContext;
  readonly known: readonly StoredProjection[];
  /** Tells the live workers of this process that rows were edited beside them. */
  readonly reloadWorkers: (projection: string) => void;
  /** Appends `projection.event.skipped`; the read models themselves have no right to write events. */
  readonly recordSkip: (skip: EventSkip) => Promise<void>;
}

/** Streams listed at most; the counts in the metrics know of all. */
const MAX_LISTED = 1_000;
const MAX_WAITING = 1_000;

interface ParkedRow {
  stream: string;
  generation: string;
  lane: string;
  revision: string;
  position: string;
  event_id: string;
  type: string;
  reason: string;
  parked_at: string;
  waiting: string;
}

const PARKED = `SELECT stream, generation, lane, revision, position, event_id, type, reason, to_char(parked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS parked_at,
    (SELECT count(*) FROM quarantine_event AS e WHERE e.projection = q.projection AND e.generation = q.generation AND e.stream = q.stream) AS waiting
  FROM quarantine AS q WHERE projection = $1 AND generation = ANY($2::int[]) AND ($3::text IS NULL OR stream = $3) ORDER BY parked_at, stream, generation LIMIT ${MAX_LISTED}`;
const WAITING = `SELECT revision, position, event->>'type' AS type, event->>'id' AS id FROM quarantine_event WHERE projection = $1 AND generation = $2 AND stream = $3 ORDER BY revision LIMIT ${MAX_WAITING}`;

interface Found extends ParkedStream {
  readonly shard: number;
  readonly generation: number;
}

/** Streams that a projection could not take, for whoever has to look at them. */
export class Quarantine {
  constructor(private readonly options: QuarantineOptions) {}

  /** Parked streams of all projections, or of one; the oldest first. */
  async list(projection?: string): Promise<readonly ParkedStream[]> {
    const asked = projection === undefined ? this.options.known : [this.#known(projection)];
    const found = await Promise.all(asked.map((one) => this.#found(one)));
    return found.flat().filter(({ generation, projection: name }) => generation === this.options.context.pointer.generationOf(name)).map(asParked).sort((left, right) => (left.parkedAt < right.parkedAt ? -1 : 1));
  }

  /** One of them with the events that wait behind it. @throws Problem projection-unknown | stream-not-parked */
  async show(projection: string, stream: string): Promise<ParkedStream & { readonly events: readonly WaitingEvent[] }> {
    const [first] = await this.#parked(projection, stream);
    const pool = this.options.context.shards.pools[first.shard];
    const rows = pool ? (await pool.query<{ revision: string; position: string; type: string; id: string }>(WAITING, [projection, first.generation, stream])).rows : [];
    return { ...asParked(first), events: rows };
  }

  /** Folds it again, with the code and the upcasters of now. @throws Problem projection-unknown | stream-not-parked | stream-parked-again */
  async retry(projection: string, stream: string): Promise<void> {
    const known = this.#known(projection);
    const parked = await this.#parked(projection, stream);
    const skipped = await readSkips(this.options.context.readStream, known);
    let still: Released;
    for (const shard of new Set(parked.map((one) => one.shard))) {
      const here = parked.filter((one) => one.shard === shard);
      const settings = this.options.context.shards.settings[shard];
      const [first] = here;
      if (!settings || !first) continue;
      const generations = here.map(({ generation }) => generation);
      still = (await release({ context: this.options.context, projection: known, settings, stream: stream as StreamId, lane: first.lane, generations, skipped })) ?? still;
    }
    this.options.reloadWorkers(projection);
    if (still) throw platformProblem('stream-parked-again', { stream, projection, revision: still.event.revision, reason: still.reason });
  }

  /**
   * Leaves the event out at which the stream is parked, for good: on record first, so that every rebuild leaves it out too, then the stream goes on.
   * @throws Problem as `retry`; after `stream-parked-again` the skip is on record, and the stream is parked at a later event
   */
  async skip(projection: string, stream: string, by: { readonly actor: string; readonly reason: string }): Promise<void> {
    const [{ revision, eventId }] = await this.#parked(projection, stream);
    await this.options.recordSkip({ projection, stream, revision: Number(revision), eventId, ...by });
    await this.retry(projection, stream);
  }

  #known(name: string): StoredProjection {
    return knownProjection(this.options.known, name);
  }

  async #parked(projection: string, stream: string): Promise<readonly [Found, ...Found[]]> {
    const [first, ...others] = await this.#found(this.#known(projection), stream);
    if (!first) throw platformProblem('stream-not-parked', { stream: stream.slice(0, 200), projection });
    return [first, ...others];
  }

  /** In every generation that is kept current, the one that readers use first. */
  async #found(projection: StoredProjection, stream: string | null = null): Promise<readonly Found[]> {
    const { context } = this.options;
    const { name } = projection;
    const current = await currentGenerations(context, projection);
    const generations = current.map(({ generation }) => generation);
    const pools = context.shards.pools.slice(0, isDerived(projection) ? 1 : Math.max(0, ...current.map(({ slots }) => shardsIn(slots))));
    const each = await Promise.all(pools.map(async (pool, shard) => (await pool.query<ParkedRow>(PARKED, [name, generations, stream])).rows.map((row): Found => ({ ...parkedOf(name, row), shard, generation: Number(row.generation) }))));
    const live = context.pointer.generationOf(name);
    return each.flat().sort((left, right) => Number(right.generation === live) - Number(left.generation === live));
  }
}

const parkedOf = (projection: string, { stream, lane, revision, position, event_id: eventId, type, reason, parked_at: parkedAt, waiting }: ParkedRow): ParkedStream =>
  ({ projection, stream, lane: lane as Lane, revision, position, eventId, type, reason, parkedAt, waiting: Number(waiting) });

const asParked = ({ shard: _shard, generation: _generation, ...parked }: Found): ParkedStream => parked;
