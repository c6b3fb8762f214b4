import type pg from 'pg';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import type { AppendResult } from '../port.js';
import { CHECK_BASES, LOG_CHANNEL } from './schema.js';
import { notBefore, type BatchOutcome, type LogHead, type PendingAppend } from './batch.js';
import { copyEvents, type Before, type RowWriter } from './copy.js';
import type { PlacedEvent } from './rows.js';

/** The batch was not what the short way assumes (or somebody else appended in between): nothing was written, take the careful way. */
export class NotStraight extends Error {
  override readonly name = 'NotStraight';
  /** @param headMoved somebody else appends to this log too */
  constructor(readonly headMoved: boolean) {
    super('the batch is not straight');
  }
}

/** A batch that the short way can carry: exact revisions only, each stream once. */
export const isStraight = (batch: readonly PendingAppend[]): boolean =>
  batch.every(({ expected }) => typeof expected === 'number' || expected === 'none') && new Set(batch.map(({ stream }) => stream)).size === batch.length;

/** Fails by the column being NOT NULL when the head is not where it is assumed. */
const MOVE_HEAD = { name: 'move-head-on', text: 'UPDATE log_head SET position = CASE position WHEN $1::bigint THEN $2::bigint END, recorded_at = $3' };
const NOTIFY = { name: 'notify', text: `NOTIFY ${LOG_CHANNEL}` };

const HEAD_MOVED = '23502';
const UNIQUE_VIOLATION = '23505';
/** Raised by `check_bases`. */
const BASE_MISSING = 'FL002';

/** A batch with the places that it will have when everything is as assumed. */
export interface StraightBatch extends BatchOutcome {
  readonly from: LogHead;
  readonly bases: readonly PendingAppend[];
}

/** Every append is assumed to win, and the head to be where the last batch left it. */
export function planStraight(batch: readonly PendingAppend[], from: LogHead): StraightBatch {
  const places: PlacedEvent[] = [];
  let { position } = from;
  const results = batch.map((item): AppendResult => {
    const { stream, expected, written } = item;
    const first = expected === 'none' ? 0 : Number(expected) + 1;
    item.placedAt = first;
    for (const [index, one] of written.entries()) {
      position += 1n;
      places.push({ ...one, stream, revision: first + index, position });
    }
    return { outcome: 'appended', revision: toRevision(first + written.length - 1), position: toPosition(position.toString()), repeated: false };
  });
  const recordedAt = notBefore(new Date().toISOString(), from.recordedAt);
  return { from, head: { position, recordedAt }, results, places, recordedAt, bases: batch.filter(({ expected }) => expected !== 'none') };
}

/**
 * The short way: one round trip that is its own transaction. Moving the head proves that it was where it was assumed, and its lock is the
 * order of appends; `check_bases` proves that each expected revision exists (events never go away, so having seen it is enough), and the
 * unique index that the next one is free. Whatever does not hold rolls everything back, head included. Several may be on their way on one
 * connection: the server runs them in order.
 * @param how.writer nobody else's until this resolves; `announce`: whether the batch notifies other processes
 * @throws NotStraight when an assumption fails
 */
export async function commitStraight(client: pg.Client, { from, head, places, recordedAt, bases }: StraightBatch, { writer, announce }: { writer: RowWriter; announce: boolean }): Promise<void> {
  const before: Before[] = [{ ...MOVE_HEAD, values: [from.position.toString(), head.position.toString(), recordedAt] }];
  if (bases.length > 0) before.push({ ...CHECK_BASES, values: [arrayOf(bases.map(({ stream }) => stream)), arrayOf(bases.map(({ expected }) => expected.toString()))] });
  if (announce) before.push(NOTIFY);
  try {
    await copyEvents(client, places, { recordedAt, writer, before });
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === HEAD_MOVED || code === UNIQUE_VIOLATION || code === BASE_MISSING ? new NotStraight(code === HEAD_MOVED) : error;
  }
}

/** An array as text. */
const arrayOf = (items: readonly string[]): string => `{${items.map((item) => `"${item.replaceAll(/["\\]/gu, String.raw`\$&`)}"`).join(',')}}`;
