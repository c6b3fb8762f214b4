import type { Lane } from '#contracts/kernel/lane.js';
import { toPosition, type Position } from '#contracts/kernel/position.js';
import type { Statement, WriterConnection } from '#platform/read-store/connection.js';
import { DIGEST_MODULUS } from '#platform/read-store/row-hash.js';
import type { TargetWrites } from './generation-target.js';

const HOLD = 'SELECT lane, position FROM checkpoint WHERE projection = $1 AND generation = $2 AND lane = ANY($3::text[]) ORDER BY lane FOR UPDATE';
const EDITED = `UPDATE checkpoint AS c SET edits = edits + 1, row_count = row_count + e.more_rows, digest = mod(digest + e.more, ${DIGEST_MODULUS})
  FROM unnest($3::text[], $4::bigint[], $5::numeric[]) AS e(lane, more_rows, more) WHERE projection = $1 AND generation = $2 AND c.lane = e.lane`;

/** Until the end of the transaction no worker commits these lanes. @returns where each stands */
export async function holdLanes(connection: Pick<WriterConnection, 'rows'>, projection: string, generation: number, lanes: readonly Lane[]): Promise<ReadonlyMap<Lane, Position>> {
  return new Map((await connection.rows({ text: HOLD, values: [projection, generation, lanes] })).map(([lane, position]) => [lane as Lane, toPosition(position ?? '0')]));
}

/** Rows of lanes that are held were changed beside their worker: one that has read them before is fenced, and reads them anew (ADR 19). */
export const lanesEdited = (projection: string, generation: number, lanes: readonly Lane[], digests: TargetWrites['digests']): Statement =>
  ({ text: EDITED, values: [projection, generation, lanes, lanes.map((lane) => digests?.get(lane)?.rows ?? 0), lanes.map((lane) => String(digests?.get(lane)?.sum ?? 0))] });
