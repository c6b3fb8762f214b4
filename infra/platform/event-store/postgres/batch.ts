import type pg from 'pg';
import type { NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision, type Position } from '#contracts/kernel/position.js';
import { judgeAppend, type StreamHead } from '../judge.js';
import type { AppendResult, ExpectedRevision } from '../port.js';
import { copyEvents, RowWriter } from './copy.js';
import { isoInstant, type PlacedEvent, type WrittenEvent } from './rows.js';
import { LOG_CHANNEL } from './schema.js';

/** One caller's append on its way. */
export interface PendingAppend {
  readonly stream: StreamId;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  /** The same events as they are stored. */
  readonly written: readonly WrittenEvent[];
  /** Where the last try placed the first event; for finding out later whether that try took effect. */
  placedAt?: number;
}

/** The last position that was given away, and when; later events are not recorded earlier. */
export interface LogHead {
  readonly position: bigint;
  readonly recordedAt: string;
}

export interface BatchOutcome {
  /** Where the batch leaves the log. */
  readonly head: LogHead;
  readonly results: readonly AppendResult[];
  /** What was written, in the order of positions, and the time of recording. */
  readonly places: readonly PlacedEvent[];
  readonly recordedAt: string;
}

const BEGIN = 'BEGIN';
const LOCK_HEAD = { name: 'lock-head', text: 'SELECT position, recorded_at FROM log_head FOR UPDATE' };
const READ_HEADS = {
  name: 'read-heads',
  text: `SELECT wanted.stream, head.revision FROM unnest($1::text[]) AS wanted(stream)
         CROSS JOIN LATERAL (SELECT revision FROM event WHERE event.stream = wanted.stream ORDER BY revision DESC LIMIT 1) AS head`,
};
const READ_PLACES = {
  name: 'read-places',
  text: `SELECT event.stream, event.revision, event.id, event.position FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS wanted(stream, low, high)
         JOIN event ON event.stream = wanted.stream AND event.revision BETWEEN wanted.low AND wanted.high`,
};
const MOVE_HEAD = { name: 'move-head', text: 'UPDATE log_head SET position = $1, recorded_at = $2' };
export const NOTIFY = `SELECT pg_notify('${LOG_CHANNEL}', '')`;

/** Head of a stream as the batch sees it: what the database has, plus the effects of earlier appends of the same batch. */
class BatchHead implements StreamHead {
  readonly places = new Map<number, { id: string; position: Position }>();
  constructor(public revision: StreamHead['revision']) {}
  at(revision: number): { id: string; position: Position } | undefined {
    return this.places.get(revision);
  }
}

/**
 * One transaction for everything that waits: lock the head row, read the heads of the touched streams, judge in arrival order,
 * insert the winners, move the head, notify once. Two round trips (three when a repetition is suspected).
 * `client` must be in pipeline mode; on any error the transaction is rolled back and the error thrown.
 */
export async function commitBatch(client: pg.Client, batch: readonly PendingAppend[]): Promise<BatchOutcome> {
  const streams = [...new Set(batch.map((item) => item.stream))];
  try {
    const [, head, heads] = await allSettledOrFirstError([
      client.query(BEGIN),
      client.query<{ position: string; recorded_at: string }>(LOCK_HEAD),
      client.query<{ stream: StreamId; revision: string }>({ ...READ_HEADS, values: [streams] }),
    ] as const);
    const row = head.rows[0];
    if (!row) throw new Error('the log has no head row');
    const known = new Map(streams.map((stream) => [stream, new BatchHead(null)]));
    for (const { stream, revision } of heads.rows) known.set(stream, new BatchHead(toRevision(Number(revision))));
    await readSuspectedRepetitions(client, batch, known);
    const found: LogHead = { position: BigInt(row.position), recordedAt: isoInstant(row.recorded_at) };
    const { results, placed } = judgeBatch(batch, known, found.position);
    const last = placed.at(-1);
    if (!last) {
      await client.query('ROLLBACK');
      return { head: found, results, places: [], recordedAt: '' };
    }
    const recordedAt = notBefore(new Date().toISOString(), found.recordedAt);
    await allSettledOrFirstError([
      copyEvents(client, placed, { recordedAt, writer: new RowWriter() }),
      client.query({ ...MOVE_HEAD, values: [last.position.toString(), recordedAt] }),
      client.query(NOTIFY),
      client.query('COMMIT'),
    ] as const);
    return { head: { position: last.position, recordedAt }, results, places: placed, recordedAt };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Every query of a pipeline answers; the first error is the cause, the later ones only echo the aborted transaction. */
async function allSettledOrFirstError<Queries extends readonly Promise<unknown>[]>(queries: Queries): Promise<{ -readonly [Key in keyof Queries]: Awaited<Queries[Key]> }> {
  const settled = await Promise.allSettled(queries);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as { -readonly [Key in keyof Queries]: Awaited<Queries[Key]> };
}

export const notBefore = (instant: string, floor: string): string => (instant > floor ? instant : floor);

async function readSuspectedRepetitions(client: pg.Client, batch: readonly PendingAppend[], known: Map<StreamId, BatchHead>): Promise<void> {
  const suspects = batch.filter(({ stream, expected }) => {
    const base = expected === 'none' ? -1 : expected;
    return typeof base === 'number' && base < (known.get(stream)?.revision ?? -1);
  });
  if (suspects.length === 0) return;
  const low = suspects.map(({ expected }) => (typeof expected === 'number' ? expected + 1 : 0));
  const high = suspects.map(({ events }, index) => (low[index] ?? 0) + events.length - 1);
  const { rows } = await client.query<{ stream: StreamId; revision: string; id: string; position: string }>({ ...READ_PLACES, values: [suspects.map((item) => item.stream), low, high] });
  for (const row of rows) known.get(row.stream)?.places.set(Number(row.revision), { id: row.id, position: toPosition(row.position) });
}

function judgeBatch(batch: readonly PendingAppend[], known: Map<StreamId, BatchHead>, headPosition: bigint): { results: AppendResult[]; placed: PlacedEvent[] } {
  const placed: PlacedEvent[] = [];
  let position = headPosition;
  const results = batch.map((item): AppendResult => {
    const head = known.get(item.stream) ?? new BatchHead(null);
    const judged = judgeAppend(item.expected, item.events, head);
    if (!judged.write) return judged.result;
    item.placedAt = judged.first;
    for (const [index, one] of item.written.entries()) {
      position += 1n;
      const revision = judged.first + index;
      placed.push({ ...one, stream: item.stream, revision, position });
      head.places.set(revision, { id: one.event.id, position: toPosition(position.toString()) });
      head.revision = toRevision(revision);
    }
    return { outcome: 'appended', revision: toRevision(judged.first + item.events.length - 1), position: toPosition(position.toString()), repeated: false };
  });
  return { results, placed };
}

/**
 * After a commit whose answer was lost: which of the appends took effect? Reads under the append lock, so that a transaction that is
 * still in flight on the server has ended before we look. Undefined = it did not take effect.
 */
export async function resolveUnknown(client: pg.Client, batch: readonly PendingAppend[]): Promise<(AppendResult | undefined)[]> {
  try {
    await client.query(BEGIN);
    await client.query(LOCK_HEAD);
    const results: (AppendResult | undefined)[] = [];
    for (const item of batch) results.push(await resolveOne(client, item));
    return results;
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

async function resolveOne(client: pg.Client, { stream, events, placedAt }: PendingAppend): Promise<AppendResult | undefined> {
  if (placedAt === undefined) return undefined;
  const last = placedAt + events.length - 1;
  const { rows } = await client.query<{ id: string; position: string }>('SELECT id, position FROM event WHERE stream = $1 AND revision = $2', [stream, last]);
  const found = rows[0];
  if (!found || found.id !== events.at(-1)?.id) return undefined;
  return { outcome: 'appended', revision: toRevision(last), position: toPosition(found.position), repeated: false };
}
