import type pg from 'pg';
import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision, type Position } from '#contracts/kernel/position.js';
import { judgeAppend, type StreamHead } from '../judge.js';
import type { AppendResult, ExpectedRevision } from '../port.js';
import { INSERT_AFTER_HEAD, INSERT_EVENTS, isoInstant, toColumns, toStored, type PlacedEvent } from './rows.js';
import { LOG_CHANNEL } from './schema.js';

/** One caller's append on its way. */
export interface PendingAppend {
  readonly stream: StreamId;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  /** JSON of each event's data. */
  readonly json: readonly string[];
  /** Where the last try placed the first event; for finding out later whether that try took effect. */
  placedAt?: number;
}

export interface BatchOutcome {
  readonly results: readonly AppendResult[];
  readonly stored: readonly Envelope[];
  readonly sizes: readonly number[];
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
const NOTIFY = `SELECT pg_notify('${LOG_CHANNEL}', '')`;

/** Head of a stream as the batch sees it: what the database has, plus the effects of earlier appends of the same batch. */
class BatchHead implements StreamHead {
  readonly places = new Map<number, { id: string; position: Position }>();
  constructor(public revision: StreamHead['revision']) {}
  at(revision: number): { id: string; position: Position } | undefined {
    return this.places.get(revision);
  }
}

/** The batch was not what the short way assumes (or somebody else appended in between): nothing was written, take the careful way. */
export class NotStraight extends Error {
  override readonly name = 'NotStraight';
}

/** A batch that the short way can carry: exact revisions only, each stream once. */
export const isStraight = (batch: readonly PendingAppend[]): boolean =>
  batch.every(({ expected }) => typeof expected === 'number' || expected === 'none') && new Set(batch.map(({ stream }) => stream)).size === batch.length;

const TAKE_POSITIONS = {
  name: 'take-positions',
  text: 'UPDATE log_head SET position = position + $1, recorded_at = greatest(recorded_at, $2::timestamptz) RETURNING position, recorded_at',
};
const CHECK_BASES = { name: 'check-bases', text: 'SELECT check_bases($1::text[], $2::bigint[])' };
const UNIQUE_VIOLATION = '23505';
/** Raised by `check_bases`. */
const BASE_MISSING = 'FL002';

/**
 * The short way, one round trip: every append is assumed to win. The head row gives the positions, `check_bases` proves (under its lock) that
 * each expected revision exists, and the unique index that none is taken. Whatever does not hold rolls everything back, head included.
 * @throws NotStraight when an assumption fails
 */
export async function commitStraight(client: pg.Client, batch: readonly PendingAppend[]): Promise<BatchOutcome> {
  const events = batch.reduce((sum, item) => sum + item.events.length, 0);
  const continued = batch.filter(({ expected }) => expected !== 'none');
  const places = placesOf(batch);
  try {
    const [, head] = await allSettledOrFirstError([
      client.query(BEGIN),
      client.query<{ position: string; recorded_at: string }>({ ...TAKE_POSITIONS, values: [events, new Date().toISOString()] }),
      continued.length === 0 ? Promise.resolve() : client.query({ ...CHECK_BASES, values: [continued.map(({ stream }) => stream), continued.map(({ expected }) => expected)] }),
      client.query({ name: 'insert-straight', text: INSERT_AFTER_HEAD, values: [...toColumns(places), events] }),
      client.query(NOTIFY),
      client.query('COMMIT'),
    ] as const);
    const row = head.rows[0];
    if (!row) throw new Error('the log has no head row');
    return placed(batch, places, BigInt(row.position) - BigInt(events), isoInstant(row.recorded_at));
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const { code } = error as { code?: unknown };
    throw code === UNIQUE_VIOLATION || code === BASE_MISSING ? new NotStraight() : error;
  }
}

function placesOf(batch: readonly PendingAppend[]): PlacedEvent[] {
  const places: PlacedEvent[] = [];
  for (const item of batch) {
    const first = item.expected === 'none' ? 0 : Number(item.expected) + 1;
    item.placedAt = first;
    for (const [index, event] of item.events.entries()) places.push({ event, json: item.json[index] ?? '', stream: item.stream, revision: first + index, position: BigInt(places.length + 1) });
  }
  return places;
}

function placed(batch: readonly PendingAppend[], places: readonly PlacedEvent[], base: bigint, recordedAt: string): BatchOutcome {
  const stored = places.map((place) => toStored({ ...place, position: base + place.position }, recordedAt));
  let last = -1;
  const results = batch.map((item): AppendResult => {
    last += item.events.length;
    const end = stored[last];
    if (!end) throw new Error('an append without events');
    return { outcome: 'appended', revision: end.revision, position: end.position, repeated: false };
  });
  return { results, stored, sizes: places.map((place) => place.json.length) };
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
    const { results, placed } = judgeBatch(batch, known, BigInt(row.position));
    if (placed.length === 0) {
      await client.query('ROLLBACK');
      return { results, stored: [], sizes: [] };
    }
    const recordedAt = notBefore(new Date().toISOString(), isoInstant(row.recorded_at));
    const newHead = placed.at(-1)?.position ?? 0n;
    await allSettledOrFirstError([
      client.query({ name: 'insert-events', text: INSERT_EVENTS, values: [...toColumns(placed), recordedAt] }),
      client.query({ ...MOVE_HEAD, values: [newHead.toString(), recordedAt] }),
      client.query(NOTIFY),
      client.query('COMMIT'),
    ] as const);
    return { results, stored: placed.map((item) => toStored(item, recordedAt)), sizes: placed.map((item) => item.json.length) };
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

const notBefore = (instant: string, floor: string): string => (instant > floor ? instant : floor);

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
    for (const [index, event] of item.events.entries()) {
      position += 1n;
      const revision = judged.first + index;
      placed.push({ event, json: item.json[index] ?? '', stream: item.stream, revision, position });
      head.places.set(revision, { id: event.id, position: toPosition(position.toString()) });
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
