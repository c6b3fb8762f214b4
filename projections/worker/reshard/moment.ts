import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Generation } from '#platform/control/generations.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { sqlState } from '#platform/read-store/connection.js';
import { TEXT_TYPES } from '#platform/postgres/pool.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import { pause } from '#platform/wake.js';

export type Placed = Pick<Generation, 'generation' | 'slots'>;

/** A lane's checkpoint of one generation on one shard. */
export interface LanePlace {
  readonly generation: number;
  readonly lane: string;
  readonly position: string;
  readonly epoch: string;
  /** Null where the rows are older than digests are. */
  readonly rows: number | null;
  readonly sum: bigint | null;
}

/** One shard as it was at the moment: everything read through the client is of one snapshot. */
export interface ShardMoment {
  readonly client: Pick<pg.Client, 'query'>;
  readonly lanes: readonly LanePlace[];
}

export interface MomentOptions {
  /** The shards on which the generations lie. */
  readonly shards: readonly ConnectionSettings[];
  readonly projection: string;
  readonly generations: readonly Placed[];
  readonly signal: AbortSignal;
  /** Looks before the workers are held for a batch (default 40). */
  readonly looks?: number;
}

const LOOKS = 40;
const LOOK_MS = 5;
/** Rounds in which workers are held, each for the time of a batch. */
const ROUNDS = 50;
const SETTLE_MS = 2;
const SETTLE_LOOKS = 100;
const LOCK_TIMEOUT = '55P03';

const LANES = 'SELECT generation, lane, position, epoch, row_count AS rows, digest AS sum FROM checkpoint WHERE projection = $1 AND generation = ANY($2::int[])';
const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

type LaneRow = Record<'generation' | 'lane' | 'position' | 'epoch', string> & { readonly rows: string | null; readonly sum: string | null };

/** Checkpoints of the generations, as one statement sees them. */
export async function readLanes(client: Pick<pg.Client | pg.Pool, 'query'>, projection: string, generations: readonly Placed[]): Promise<readonly LanePlace[]> {
  const { rows } = await (client as Pick<pg.Pool, 'query'>).query<LaneRow>({ text: LANES, values: [projection, generations.map(({ generation }) => generation)] });
  return rows.map(({ generation, lane, position, epoch, rows: count, sum }) => ({
    generation: Number(generation), lane, position, epoch, rows: count === null ? null : Number(count), sum: sum === null ? null : BigInt(sum),
  }));
}

/** Every generation has all its lanes on every shard that it lies on, and what `valueOf` says of a lane is the same everywhere. */
export function agree(shards: readonly (readonly LanePlace[])[], generations: readonly Placed[], valueOf: (place: LanePlace) => string): boolean {
  const known = new Map<string, string>();
  for (const place of shards.flat()) {
    const value = known.get(place.lane);
    if (value === undefined) known.set(place.lane, valueOf(place));
    else if (value !== valueOf(place)) return false;
  }
  const isWhole = ({ generation, slots }: Placed): boolean => shards.slice(0, shardsIn(slots)).every((places) => places.filter((place) => place.generation === generation).length === known.size);
  return known.size > 0 && generations.every(isWhole);
}

const standing = ({ position, epoch }: LanePlace): string => `${position} ${epoch}`;

/**
 * Does the work on snapshots of all shards in which every lane stands at the same position everywhere. A quiet log is met so at once, a busy one
 * after some looks, because between two batches all shards are at the same place. One that is never met so is held: the first shard takes no commit until
 * all others have the batch that is on its way, and is looked at right behind it. That delays the workers by one batch.
 * @throws Problem reshard-impossible when even that does not meet them
 */
export async function atOneMoment<Result>(options: MomentOptions, work: (shards: readonly ShardMoment[]) => Promise<Result>): Promise<Result> {
  const { looks = LOOKS, signal } = options;
  for (let look = 0; look < looks + ROUNDS; look += 1) {
    signal.throwIfAborted();
    const clients: pg.Client[] = [];
    try {
      for (const settings of options.shards) clients.push(await connect(settings));
      const moments = look < looks ? await Promise.all(clients.map((client) => snapshot(client, options))) : await held(clients, options);
      if (moments && agree(moments.map(({ lanes }) => lanes), options.generations, standing)) return await work(moments);
    } finally {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    }
    await pause(LOOK_MS, signal);
  }
  throw platformProblem('reshard-impossible', { reason: `the lanes of ${options.projection} were never met at one position; try again when less is written` });
}

/** Does the work on a snapshot of each shard, wherever the lanes stand. */
export async function inSnapshots<Result>(shards: readonly ConnectionSettings[], work: (moments: readonly ShardMoment[]) => Promise<Result>): Promise<Result> {
  const clients: pg.Client[] = [];
  try {
    for (const settings of shards) {
      const client = await connect(settings);
      clients.push(client);
      await client.query(SNAPSHOT);
    }
    return await work(clients.map((client) => ({ client, lanes: [] })));
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client({ ...settings, application_name: 'folio-compare', connectionTimeoutMillis: 3_000, types: TEXT_TYPES });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function snapshot(client: pg.Client, { projection, generations }: MomentOptions): Promise<ShardMoment> {
  await client.query(SNAPSHOT);
  return { client, lanes: await readLanes(client, projection, generations) };
}

/** The table and not its rows: the lock stands in one line with those of the workers, so that what is let through is known. Readers of it are not held. */
const HOLD = `SET LOCAL lock_timeout = '2s'; LOCK TABLE checkpoint IN SHARE MODE`;

/**
 * While the first shard takes no commits, the others come to the end of the batch that is on its way and stay there: their snapshots are taken. Then
 * the first one lets through what waits, which is that batch, and is held again behind it. @returns undefined when it was not met: try again
 */
async function held(clients: readonly pg.Client[], options: MomentOptions): Promise<readonly ShardMoment[] | undefined> {
  const [first, ...others] = clients;
  const [settings] = options.shards;
  if (!first || !settings) return undefined;
  try {
    await first.query(`BEGIN; ${HOLD}`);
    await settled(first, others, options);
    const moments = await Promise.all(others.map((client) => snapshot(client, options)));
    await first.query(`COMMIT; ${SNAPSHOT.replace(' READ ONLY', '')}; ${HOLD}`);
    const lanes = await readLanes(first, options.projection, options.generations);
    return [await withoutLock(first, settings, lanes), ...moments];
  } catch (error) {
    if (sqlState(error) === LOCK_TIMEOUT) return undefined;
    throw error;
  }
}

/** Nothing has moved between two looks; whoever comes too late for this is met in another round. */
async function settled(first: pg.Client, others: readonly pg.Client[], { projection, generations, signal }: MomentOptions): Promise<void> {
  const look = async (): Promise<string> => JSON.stringify(await Promise.all([first, ...others].map(async (client) => (await readLanes(client, projection, generations)).map(({ lane, position }) => [lane, position]))));
  let before = '';
  for (let looks = 0; looks < SETTLE_LOOKS; looks += 1) {
    const now = await look();
    if (now === before) return;
    before = now;
    await pause(SETTLE_MS, signal);
  }
}

/** The same snapshot in another transaction: the workers go on while it is read. */
async function withoutLock(holder: pg.Client, settings: ConnectionSettings, lanes: readonly LanePlace[]): Promise<ShardMoment> {
  const { rows: [exported] } = await holder.query<{ name: string }>('SELECT pg_export_snapshot() AS name');
  const client = await connect(settings);
  try {
    await client.query(`${SNAPSHOT}; SET TRANSACTION SNAPSHOT '${exported?.name ?? ''}'`);
  } catch (error) {
    await client.end();
    throw error;
  }
  // The holder's connection is the one that is closed by who opened it; this one goes with it.
  holder.once('end', () => void client.end().catch(() => undefined));
  await holder.query('COMMIT');
  return { client, lanes };
}
