import type { Actor, Envelope } from './envelope.js';
import type { CorrelationId, EventId, StreamId } from './ids.js';
import { parsePosition, parseRevision, type Position } from './position.js';

/**
 * An event as a message of the bus: CloudEvents 1.0 in binary mode (Kafka protocol binding), plus what a reader needs to keep order and to
 * find the event in the store again. The value is the JSON of the data in its published form.
 */
export interface BusRecord {
  /** The stream: all its events are in one partition, in order. */
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * `whole`: the value is all of the data. `withheld`: fields that may not leave were left out. `absent`: the event is too large for the bus, the
 * value is empty. A reader with the right to see the rest asks the store for `stream` at `revision`.
 */
export type RecordForm = 'whole' | 'withheld' | 'absent';

/** A message as it was read: the envelope's place always, the whole event only when nothing was left out. */
export type ReadRecord =
  | { readonly kind: 'event'; readonly event: Envelope }
  | { readonly kind: 'reference'; readonly stream: StreamId; readonly revision: number; readonly position: Position }
  | { readonly kind: 'watermark'; readonly position: Position };

export const CLOUD_EVENTS_VERSION = '1.0';
export const CONTENT_TYPE = 'application/json';
const SOURCE = '/folio';
const WATERMARK = 'folio-watermark';
/** Longest value of a header (characters) that is taken for one of ours. */
const MAX_HEADER = 512;

/** The message of an event; `data` is the published form's, `form` what of it is there. */
export function toRecord(event: Envelope, data: unknown, form: RecordForm): BusRecord {
  const { id, type, version, stream, revision, position, occurredAt, recordedAt, correlationId, causationId, traceparent, actor, scope, shardKey, month } = event;
  return {
    key: stream,
    value: form === 'absent' ? '' : JSON.stringify(data),
    headers: {
      'ce_specversion': CLOUD_EVENTS_VERSION, 'ce_id': id, 'ce_type': type, 'ce_source': SOURCE, 'ce_subject': stream, 'ce_time': occurredAt, 'content-type': CONTENT_TYPE,
      'folio-version': String(version), 'folio-revision': String(revision), 'folio-position': position, 'folio-recorded-at': recordedAt, 'folio-correlation-id': correlationId,
      'folio-causation-id': causationId, 'folio-actor': `${actor.kind}:${actor.id}`, 'folio-shard-key': shardKey, 'folio-month': month, 'folio-form': form,
      ...(traceparent !== undefined && { traceparent }), ...(scope !== undefined && { 'folio-scope': scope }),
    },
  };
}

/** Keyless; says that everything up to the position was published, also where nothing of it went to this partition. */
export const watermarkRecord = (position: Position): { readonly value: string; readonly headers: Readonly<Record<string, string>> } => ({ value: '', headers: { [WATERMARK]: position } });

/** Undefined: not even the place can be read, so only a human can say what this was. */
export function fromRecord(headers: Readonly<Record<string, string>>, value: string): ReadRecord | undefined {
  const mark = headers[WATERMARK];
  if (mark !== undefined) {
    const position = parsePosition(mark);
    return position && { kind: 'watermark', position };
  }
  const stream = headers['ce_subject'];
  const [revision, position] = [parseRevision(headers['folio-revision'] ?? ''), parsePosition(headers['folio-position'] ?? '')];
  if (stream === undefined || stream === '' || stream.length > MAX_HEADER || revision === undefined || position === undefined) return undefined;
  const reference = { kind: 'reference', stream: stream as StreamId, revision, position } as const;
  if (headers['folio-form'] !== 'whole') return reference;
  const event = wholeEvent(headers, value, { stream: reference.stream, revision, position });
  return event ? { kind: 'event', event } : reference;
}

const ACTORS: ReadonlySet<string> = new Set<Actor['kind']>(['user', 'client', 'system']);

function wholeEvent(headers: Readonly<Record<string, string>>, value: string, place: Pick<Envelope, 'stream' | 'revision' | 'position'>): Envelope | undefined {
  const data = parseJson(value);
  const text = (name: string): string => headers[name] ?? '';
  const actor = text('folio-actor');
  const colon = actor.indexOf(':');
  const version = Number(text('folio-version'));
  const needed = ['ce_id', 'ce_type', 'ce_time', 'folio-recorded-at', 'folio-correlation-id', 'folio-causation-id', 'folio-shard-key', 'folio-month'];
  if (data === undefined || !Number.isInteger(version) || !ACTORS.has(actor.slice(0, Math.max(0, colon))) || needed.some((name) => text(name) === '' || text(name).length > MAX_HEADER)) return undefined;
  const { traceparent } = headers;
  const scope = headers['folio-scope'];
  return {
    ...place, id: text('ce_id') as EventId, type: text('ce_type'), version, occurredAt: text('ce_time'), recordedAt: text('folio-recorded-at'),
    correlationId: text('folio-correlation-id') as CorrelationId, causationId: text('folio-causation-id'), actor: { kind: actor.slice(0, colon) as Actor['kind'], id: actor.slice(colon + 1) },
    shardKey: text('folio-shard-key'), month: text('folio-month'), data, ...(traceparent !== undefined && { traceparent }), ...(scope !== undefined && { scope }),
  };
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
