import type { Envelope, EventMetadata, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position, Revision } from '#contracts/kernel/position.js';

/** Column order of every SELECT, as arrays (rowMode `array`): half the cost of objects by name. */
export const COLUMNS = 'position, stream, revision, id, type, version, recorded_at, meta, data';

/** What a caller gives of each event, in the order of `toColumns`; the time of recording comes from the head. */
const GIVEN: readonly (readonly [column: string, type: string])[] = [
  ['position', 'bigint'], ['stream', 'text'], ['revision', 'bigint'], ['id', 'uuid'], ['type', 'text'], ['version', 'int'], ['meta', 'json'], ['data', 'jsonb'],
];
const NAMES = GIVEN.map(([column]) => column).join(', ');
const ARRAYS = GIVEN.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
const LAST = `$${GIVEN.length + 1}`;

/** Positions as given; the last parameter is the time of recording. */
export const INSERT_EVENTS = `INSERT INTO event (${NAMES}, recorded_at) SELECT given.*, ${LAST}::timestamptz FROM unnest(${ARRAYS}) AS given(${NAMES})`;

/** Positions given from 1, counted from where the head stood before its own transaction moved it by the last parameter. */
export const INSERT_AFTER_HEAD = `INSERT INTO event (${NAMES}, recorded_at)
  SELECT head.position - ${LAST}::bigint + given.position, ${GIVEN.slice(1).map(([column]) => `given.${column}`).join(', ')}, head.recorded_at FROM unnest(${ARRAYS}) AS given(${NAMES}), log_head AS head`;

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

export function toEnvelope(row: EventRow): Envelope {
  const metadata = JSON.parse(field(row, 7)) as EventMetadata;
  return {
    id: field(row, 3) as Envelope['id'],
    type: field(row, 4),
    version: Number(row[5]),
    stream: field(row, 1) as StreamId,
    revision: Number(row[2]) as Revision,
    position: field(row, 0) as Position,
    recordedAt: isoInstant(field(row, 6)),
    ...metadata,
    data: JSON.parse(field(row, 8)) as unknown,
  };
}

/** The metadata of an event as it is stored. */
const metaOf = ({ occurredAt, correlationId, causationId, traceparent, actor, scope, shardKey, month }: NewEvent): string =>
  JSON.stringify({ occurredAt, correlationId, causationId, traceparent, actor, scope, shardKey, month } satisfies { [Name in keyof EventMetadata]: unknown });

/** An event that won its place in the batch, with its data as the JSON that is stored. */
export interface PlacedEvent {
  readonly event: NewEvent;
  readonly json: string;
  readonly stream: StreamId;
  readonly revision: number;
  readonly position: bigint;
}

/** The column arrays of one INSERT, without the time of recording. */
export function toColumns(placed: readonly PlacedEvent[]): unknown[][] {
  const of = (pick: (item: PlacedEvent) => unknown): unknown[] => placed.map(pick);
  return [
    of((item) => item.position.toString()), of((item) => item.stream), of((item) => item.revision), of(({ event }) => event.id), of(({ event }) => event.type),
    of(({ event }) => event.version), of(({ event }) => metaOf(event)), of((item) => item.json),
  ];
}

/** The same envelope a reader would get, made from what was stored. */
export const toStored = ({ event, json, stream, revision, position }: PlacedEvent, recordedAt: string): Envelope => ({
  ...event,
  stream,
  revision: revision as Revision,
  position: position.toString() as Position,
  recordedAt,
  data: JSON.parse(json) as unknown,
});
