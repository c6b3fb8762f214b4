import type pg from 'pg';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { earlierOf, ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';

/** How far each lane of a generation has come, over the shards that are asked: what is lowest. */
export type Stands = ReadonlyMap<Lane, Position>;

export async function standsOf(pools: readonly pg.Pool[], projection: string, generation: number): Promise<Stands> {
  const stands = new Map<Lane, Position>();
  for (const pool of pools) {
    const { rows } = await pool.query<{ lane: Lane; position: string }>('SELECT lane, position FROM checkpoint WHERE projection = $1 AND generation = $2', [projection, generation]);
    for (const { lane, position } of rows) stands.set(lane, earlierOf(stands.get(lane) ?? toPosition(position), toPosition(position)));
  }
  return stands;
}

/** Where the lane of an event stands. */
export const standOf = (stands: Stands, { type, stream }: Pick<Envelope, 'type' | 'stream'>): Position => stands.get(laneOf(type, stream)) ?? ORIGIN;
