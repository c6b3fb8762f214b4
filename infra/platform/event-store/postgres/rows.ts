import type { Actor, Envelope, EventMetadata, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position, Revision } from '#contracts/kernel/position.js';
import type { ArrayWriter } from './binary-array.js';

/** Column order of every SELECT, as arrays (rowMode `array`): half the cost of objects by name. */
export const COLUMNS = 'position, stream, revision, id, type, version, recorded_at, meta, data';

/** What a caller gives of each event, in the order of `toColumns` (the largest first: the driver's buffer grows once); position and time of recording come from the head. */
const GIVEN: readonly (readonly [column: string, type: string])[] = [['data', 'json'], ['meta', 'json'], ['stream', 'text'], ['type', 'text'], ['id', 'uuid'], ['revision', 'bigint'], ['version', 'int']];
/** The head of an INSERT whose rows are: position, time of recording, and the given columns. */
export const INSERT_INTO_EVENT = `INSERT INTO event (position, recorded_at, ${GIVEN.map(([column]) => column).join(', ')})`;
/** Parameters 1 to 7 are the columns as arrays, 8 is their length. Members by index: for some hundred rows cheaper than sets to walk along. */
export const GIVEN_PLACES = 'generate_series(1, $8::int) AS given(place)';
export const GIVEN_COLUMNS = GIVEN.map(([, type], index) => `($${index + 1}::${type}[])[given.place]`).join(', ');

/** Positions from parameter 9 on; parameter 10 is the time of recording. */
export const INSERT_EVENTS = `${INSERT_INTO_EVENT} SELECT $9::bigint + given.place - 1, $10::timestamptz, ${GIVEN_COLUMNS} FROM ${GIVEN_PLACES}`;

/** A row as the driver gives it with every type as text. */
export type EventRow = readonly (string | null)[];

const field = (row: EventRow, index: number): string => row[index] ?? '';

/** Postgres prints `2026-11-20 22:05:05.31+00` in UTC; the wire has ISO 8601 with milliseconds. */
export function isoInstant(text: string): string {
  const seconds = `${text.slice(0, 10)}T${text.slice(11, 19)}`;
  const zone = text.lastIndexOf('+');
  const fraction = text[19] === '.' ? text.slice(20, zone) : '';
  return `${seconds}.${fraction.padEnd(3, '0')}Z`;
}

/** Column `meta`: an array, because the names of its members would be most of every row. New members are added at the end. */
type Meta = readonly [
  occurredAt: string, correlationId: EventMetadata['correlationId'], causationId: string, actorKind: Actor['kind'], actorId: string, shardKey: string, month: string,
  traceparent: string | null, scope: string | null,
];

const metaOf = ({ occurredAt, correlationId, causationId, traceparent, actor, scope, shardKey, month }: NewEvent): string =>
  JSON.stringify([occurredAt, correlationId, causationId, actor.kind, actor.id, shardKey, month, traceparent ?? null, scope ?? null] satisfies Meta);

export function toEnvelope(row: EventRow): Envelope {
  const [occurredAt, correlationId, causationId, kind, id, shardKey, month, traceparent, scope] = JSON.parse(field(row, 7)) as Meta;
  const envelope: { -readonly [Name in keyof Envelope]: Envelope[Name] } = {
    id: field(row, 3) as Envelope['id'],
    type: field(row, 4),
    version: Number(row[5]),
    stream: field(row, 1) as StreamId,
    revision: Number(row[2]) as Revision,
    position: field(row, 0) as Position,
    recordedAt: isoInstant(field(row, 6)),
    occurredAt,
    correlationId,
    causationId,
    actor: { kind, id },
    shardKey,
    month,
    data: JSON.parse(field(row, 8)) as unknown,
  };
  if (traceparent !== null) envelope.traceparent = traceparent;
  if (scope !== null) envelope.scope = scope;
  return envelope;
}

/** An event as JSON, the way it is stored. */
export interface WrittenEvent {
  readonly event: NewEvent;
  readonly meta: string;
  readonly data: string;
}

export const written = (event: NewEvent): WrittenEvent => ({ event, meta: metaOf(event), data: JSON.stringify(event.data) });

/** An event that won its place in the batch. */
export interface PlacedEvent extends WrittenEvent {
  readonly stream: StreamId;
  readonly revision: number;
  readonly position: bigint;
}

/** Parameters 1 to 8 of an INSERT, valid until the writer is reset. */
export function toColumns(writer: ArrayWriter, placed: readonly PlacedEvent[]): (Buffer | number)[] {
  const of = <Value>(pick: (item: PlacedEvent) => Value): Value[] => placed.map(pick);
  return [
    writer.json(of((item) => item.data)), writer.json(of((item) => item.meta)), writer.text(of((item) => item.stream)), writer.text(of(({ event }) => event.type)),
    writer.uuid(of(({ event }) => event.id)), writer.int8(of((item) => item.revision)), writer.int4(of(({ event }) => event.version)), placed.length,
  ];
}

/** The same envelope a reader would get, made from what was stored. */
export const toStored = ({ event, data, stream, revision, position }: PlacedEvent, recordedAt: string): Envelope => ({
  ...event,
  stream,
  revision: revision as Revision,
  position: position.toString() as Position,
  recordedAt,
  data: JSON.parse(data) as unknown,
});
