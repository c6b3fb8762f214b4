import type { Lane } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';
import type { Statement } from '#platform/read-store/connection.js';
import type { DigestChanges } from '#platform/read-store/row-hash.js';
import { createStatements, indexStatements, keyStatement, schemaOf } from '#platform/read-store/table.js';
import type { RowProjection } from '../kit/projection.js';

/** Checkpoints and parked streams of a generation. */
export const forgetGeneration = (projection: string, generation: number): readonly Statement[] =>
  ['checkpoint', 'quarantine', 'quarantine_event'].map((table) => ({ text: `DELETE FROM ${table} WHERE projection = $1 AND generation = $2`, values: [projection, generation] }));

/** An empty generation without keys and indexes. */
export function emptyGeneration(projection: RowProjection, generation: number): readonly Statement[] {
  const schema = schemaOf(projection.name, generation);
  const { tallies } = projection;
  const texts = [
    `DROP SCHEMA IF EXISTS ${schema} CASCADE`, `CREATE SCHEMA ${schema}`, ...createStatements(schema, projection.table),
    ...(tallies ? createStatements(schema, tallies.table, tallies.table.columns) : []),
  ];
  return [...texts.map((text) => ({ text })), ...forgetGeneration(projection.name, generation)];
}

/** An empty generation with everything that a worker needs to write into it. */
export function wholeGeneration(projection: RowProjection, generation: number): readonly Statement[] {
  const { name, table, tallies } = projection;
  const schema = schemaOf(name, generation);
  const texts = [keyStatement(schema, table), ...(tallies ? [keyStatement(schema, tallies.table)] : []), ...indexStatements(schema, table)];
  return [...emptyGeneration(projection, generation), ...texts.map((text) => ({ text }))];
}

/** All lanes of a generation stand at one position of one log; `digests`: what their rows on this shard add up to already. */
export const placeCheckpoints = (projection: string, generation: number, lanes: readonly Lane[], position: Position, logId: string, digests?: DigestChanges<Lane>): Statement => ({
  text: `INSERT INTO checkpoint (projection, generation, lane, position, epoch, log_id, row_count, digest)
    SELECT $1, $2, lane, $4, 0, $5, rows, digest FROM unnest($3::text[], $6::bigint[], $7::numeric[]) AS all_lanes(lane, rows, digest) ON CONFLICT (projection, generation, lane) DO NOTHING`,
  values: [projection, generation, lanes, position, logId, lanes.map((lane) => digests?.get(lane)?.rows ?? 0), lanes.map((lane) => String(digests?.get(lane)?.sum ?? 0))],
});

/** A generation's tables, checkpoints and parked streams. */
export function dropGeneration(projection: string, generation: number): readonly Statement[] {
  return [{ text: `DROP SCHEMA IF EXISTS ${schemaOf(projection, generation)} CASCADE` }, ...forgetGeneration(projection, generation)];
}
