import type { Lane } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';
import type { Shards, SlotTable } from '../read-store/shards.js';
import { pause } from '../wake.js';
import type { ProgressHub } from './hub.js';

export interface PollerOptions {
  readonly hub: ProgressHub;
  readonly shards: Shards;
  /** By which the rows lie on the shards that readers use; absent: on all. */
  readonly slots?: () => SlotTable;
  /** Projections and generations whose workers are in other processes. */
  readonly watched: () => readonly { readonly projection: string; readonly generation: number }[];
  readonly signal: AbortSignal;
  /** Default 100 ms. */
  readonly intervalMs?: number;
}

const LANES = 'SELECT lane, position FROM checkpoint WHERE projection = $1 AND generation = $2';

/**
 * For a reader whose workers are elsewhere: one loop per process reads the checkpoints of what is waited for and publishes the lowest
 * position of each lane over all shards. Asks nothing while nobody waits.
 */
export async function pollProgress({ hub, shards, slots, watched, signal, intervalMs = 100 }: PollerOptions): Promise<void> {
  while (!signal.aborted) {
    for (const { projection, generation } of watched()) {
      if (!hub.isAwaited(projection, generation)) continue;
      // A shard that does not answer leaves the position unknown: the waiter reaches its limit and is answered as stale.
      const look = async (): Promise<Map<Lane, Position>> => lowestPositions(slots ? shards.poolsOf(slots()) : shards.pools, projection, generation);
      const lanes = await look().catch(() => undefined);
      if (lanes) hub.publish(projection, generation, lanes);
    }
    await pause(intervalMs, signal);
  }
}

/** The lowest checkpoint of each lane over these shards. */
export async function lowestPositions(pools: Shards['pools'], projection: string, generation: number): Promise<Map<Lane, Position>> {
  const lowest = new Map<Lane, bigint>();
  const answers = await Promise.all(pools.map((pool) => pool.query<{ lane: Lane; position: string }>(LANES, [projection, generation])));
  for (const { lane, position } of answers.flatMap(({ rows }) => rows)) {
    const known = lowest.get(lane);
    const here = BigInt(position);
    if (known === undefined || here < known) lowest.set(lane, here);
  }
  return new Map([...lowest].map(([lane, position]) => [lane, position.toString() as Position]));
}
