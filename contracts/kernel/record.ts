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
/** What else only Folio needs, in one: clients of the bus take a time for each header that grows with their number. */
const ENVELOPE = 'folio-envelope';
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
      'folio-revision': String(revision), 'folio-position': position, 'folio-recorded-at': recordedAt, 'folio-correlation-id': correlationId, 'folio-causation-id': causationId,
      'folio-form': form, [ENVELOPE]: JSON.stringify({ version, actor, shardKey, month, scope } satisfies EnvelopeHeader), ...(traceparent !== undefined && { traceparent }),
    },
  };
}

interface EnvelopeHeader {
  readonly version: number;
  readonly actor: Actor;
  readonly shardKey: string;
  readonly month: string;
  readonly scope?: string | undefined;
}

/** Keyless; says that everything up to the position was published, also where nothing of it went to this partition. */
export const watermarkRecord = (position: Position): { readonly value: string; readonly headers: Readonly<Record<string, string>> } => ({ value: '', headers: { [WATERMARK]: position } });

/** @param header the text of a header, if the record has it @returns undefined: not even the place can be read, so only a human can say what this was */
export function fromRecord(header: (name: string) => string | undefined, value: string): ReadRecord | undefined {
  const mark = header(WATERMARK);
  if (mark !== undefined) {
    const position = parsePosition(mark);
    return position && { kind: 'watermark', position };
  }
  const stream = header('ce_subject');
  const [revision, position] = [parseRevision(header('folio-revision') ?? ''), parsePosition(header('folio-position') ?? '')];
  if (!isText(stream) || revision === undefined || position === undefined) return undefined;
  const reference = { kind: 'reference', stream: stream as StreamId, revision, position } as const;
  if (header('folio-form') !== 'whole') return reference;
  const event = wholeEvent(header, value, { stream: reference.stream, revision, position });
  return event ? { kind: 'event', event } : reference;
}

const ACTORS: ReadonlySet<unknown> = new Set<Actor['kind']>(['user', 'client', 'system']);
const isText = (text: unknown): text is string => typeof text === 'string' && text !== '' && text.length <= MAX_HEADER;

function wholeEvent(header: (name: string) => string | undefined, value: string, place: Pick<Envelope, 'stream' | 'revision' | 'position'>): Envelope | undefined {
  const data = parseObject(value);
  const rest = envelopeHeader(header(ENVELOPE));
  const [id, type, occurredAt, recordedAt] = [header('ce_id'), header('ce_type'), header('ce_time'), header('folio-recorded-at')];
  const [correlationId, causationId, traceparent] = [header('folio-correlation-id'), header('folio-causation-id'), header('traceparent')];
  if (!data || !rest || !isText(id) || !isText(type) || !isText(occurredAt) || !isText(recordedAt) || !isText(correlationId) || !isText(causationId)) return undefined;
  return {
    ...place, id: id as EventId, type, version: rest.version, occurredAt, recordedAt, correlationId: correlationId as CorrelationId, causationId, actor: rest.actor,
    shardKey: rest.shardKey, month: rest.month, data, ...(traceparent !== undefined && { traceparent }), ...(rest.scope !== undefined && { scope: rest.scope }),
  };
}

function envelopeHeader(text: string | undefined): EnvelopeHeader | undefined {
  const { version, actor, shardKey, month, scope } = parseObject(text !== undefined && text.length <= 4 * MAX_HEADER ? text : '') ?? {};
  const { kind, id } = (typeof actor === 'object' ? actor : undefined) as Partial<Actor> ?? {};
  if (!Number.isInteger(version) || !ACTORS.has(kind) || !isText(id) || !isText(shardKey) || !isText(month) || (scope !== undefined && typeof scope !== 'string')) return undefined;
  return { version: version as number, actor: { kind: kind as Actor['kind'], id }, shardKey, month, scope };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
