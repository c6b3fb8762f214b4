import type { Actor, Envelope, EventMetadata, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position, Revision } from '#contracts/kernel/position.js';

/** Column order of every SELECT, as arrays (rowMode `array`): half the cost of objects by name; and of what is copied into the log. */
export const COLUMNS = 'position, stream, revision, id, type, version, recorded_at, meta, data';

/** A row as the driver gives it with every type as text. */
export type EventRow = readonly (string | null)[];

const field = (row: EventRow, index: number): string => row[index] ?? '';

let lastText = '';
let lastInstant = '';

/** Postgres prints `2026-11-20 22:05:05.31+00` in UTC; the wire has ISO 8601 with milliseconds. Events that were appended together have the same. */
export function isoInstant(text: string): string {
  if (text !== lastText) [lastText, lastInstant] = [text, instantOf(text)];
  return lastInstant;
}

function instantOf(text: string): string {
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

/** The same envelope a reader would get, made from what was stored. */
export const toStored = ({ event, data, stream, revision, position }: PlacedEvent, recordedAt: string): Envelope => ({
  ...event,
  stream,
  revision: revision as Revision,
  position: position.toString() as Position,
  recordedAt,
  data: JSON.parse(data) as unknown,
});
