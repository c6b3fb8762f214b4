import type pg from 'pg';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import type { AppendResult } from '../port.js';
import type { BatchOutcome, PendingAppend } from './batch.js';
import type { ArrayWriter } from './binary-array.js';
import { GIVEN_COLUMNS, GIVEN_PLACES, INSERT_INTO_EVENT, isoInstant, toColumns, type PlacedEvent } from './rows.js';
import { LOG_CHANNEL } from './schema.js';

/** The batch was not what the short way assumes (or somebody else appended in between): nothing was written, take the careful way. */
export class NotStraight extends Error {
  override readonly name = 'NotStraight';
}

/** A batch that the short way can carry: exact revisions only, each stream once. */
export const isStraight = (batch: readonly PendingAppend[]): boolean =>
  batch.every(({ expected }) => typeof expected === 'number' || expected === 'none') && new Set(batch.map(({ stream }) => stream)).size === batch.length;

/** Parameters 1 to 7: the events; 8: how many; 9: the time; 10, 11: streams that must have the revision; 12: whether to notify. */
const APPEND_STRAIGHT = {
  name: 'append-straight',
  text: `WITH head AS (
      UPDATE log_head SET position = position + $8::int, recorded_at = greatest(recorded_at, $9::timestamptz) RETURNING position - $8::int AS base, recorded_at
    ), inserted AS (
      ${INSERT_INTO_EVENT} SELECT (SELECT base FROM head) + given.place, (SELECT recorded_at FROM head), ${GIVEN_COLUMNS} FROM ${GIVEN_PLACES}
    )
    SELECT base, recorded_at, CASE WHEN $10::text[] <> '{}' THEN check_bases($10::text[], $11::bigint[]) END, CASE WHEN $12 THEN pg_notify('${LOG_CHANNEL}', '') END FROM head`,
};
const UNIQUE_VIOLATION = '23505';
/** Raised by `check_bases`. */
const BASE_MISSING = 'FL002';

/**
 * The short way: one statement that is its own transaction. Every append is assumed to win: the head row gives the positions, `check_bases`
 * proves that each expected revision exists (events never go away, so having seen it is enough), and the unique index that the next one is
 * free. Whatever does not hold rolls everything back, head included. Several may be on their way on one connection: the server runs them in order.
 * @param how.writer nobody else's until this resolves; `announce`: whether the batch notifies other processes
 * @throws NotStraight when an assumption fails
 */
export async function commitStraight(client: pg.Client, batch: readonly PendingAppend[], { writer, announce }: { writer: ArrayWriter; announce: boolean }): Promise<BatchOutcome> {
  const places = placesOf(batch);
  const continued = batch.filter(({ expected }) => expected !== 'none');
  writer.reset();
  const columns = toColumns(writer, places);
  const bases = [writer.text(continued.map(({ stream }) => stream)), writer.int8(continued.map(({ expected }) => Number(expected)))];
  try {
    const { rows } = await client.query<{ base: string; recorded_at: string }>({ ...APPEND_STRAIGHT, values: [...columns, new Date().toISOString(), ...bases, announce] });
    const row = rows[0];
    if (!row) throw new Error('the log has no head row');
    return answered(batch, places, BigInt(row.base), isoInstant(row.recorded_at));
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === UNIQUE_VIOLATION || code === BASE_MISSING ? new NotStraight() : error;
  }
}

function placesOf(batch: readonly PendingAppend[]): PlacedEvent[] {
  const places: PlacedEvent[] = [];
  for (const item of batch) {
    const first = item.expected === 'none' ? 0 : Number(item.expected) + 1;
    item.placedAt = first;
    for (const [index, one] of item.written.entries()) places.push({ ...one, stream: item.stream, revision: first + index, position: BigInt(places.length + 1) });
  }
  return places;
}

function answered(batch: readonly PendingAppend[], places: readonly PlacedEvent[], base: bigint, recordedAt: string): BatchOutcome {
  let last = 0n;
  const results = batch.map((item): AppendResult => {
    last += BigInt(item.events.length);
    return { outcome: 'appended', revision: toRevision((item.placedAt ?? 0) + item.events.length - 1), position: toPosition((base + last).toString()), repeated: false };
  });
  return { results, places: places.map((place) => ({ ...place, position: base + place.position })), recordedAt };
}
