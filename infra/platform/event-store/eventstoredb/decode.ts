import type { Actor, Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { CorrelationId, EventId, StreamId } from '#contracts/kernel/ids.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { checkSize, checkText } from '../judge.js';
import type { ProposedEvent, RecordedEvent } from './client.js';

const encoder = new TextEncoder();

/** The event as it goes to the server and its size in bytes. Correlation and causation have the names that the server's own projections know. @throws Problem event-too-large | event-refused */
export function toProposed(event: NewEvent): ProposedEvent & { readonly bytes: number } {
  const { id, type, version, occurredAt, correlationId, causationId, traceparent, actor, scope, shardKey, month, data } = event;
  const written: unknown = JSON.stringify(data);
  if (typeof written !== 'string') throw platformProblem('event-refused', { reason: 'the data is no JSON' });
  const text = JSON.stringify({ $correlationId: correlationId, $causationId: causationId, version, occurredAt, actor, shardKey, month, traceparent, scope });
  const metadata = encoder.encode(text);
  const bytes = Buffer.byteLength(written) + metadata.length + type.length;
  checkSize(bytes);
  checkText(written);
  checkText(text);
  return { id, type, data, metadata, bytes };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isActor = (value: unknown): value is Actor => isRecord(value) && isText(value['id']) && (value['kind'] === 'user' || value['kind'] === 'client' || value['kind'] === 'system');

/**
 * The envelope, or undefined for an event that is not one of Folio's: a system event, a link, another program's.
 * `recordedAt` is the leader's clock as recorded; it is not corrected here, because every reader must see the same instant.
 */
export function toEnvelope({ stream, revision, id, type, data, metadata, created, commit }: RecordedEvent): Envelope | undefined {
  if (stream.startsWith('$') || type.startsWith('$') || !isRecord(metadata)) return undefined;
  const { $correlationId, $causationId, version, occurredAt, actor, shardKey, month, traceparent, scope } = metadata;
  const known = isText($correlationId) && isText($causationId) && isText(occurredAt) && isText(shardKey) && isText(month) && isActor(actor) && Number.isInteger(version);
  if (!known || revision > BigInt(Number.MAX_SAFE_INTEGER) || Number.isNaN(created.getTime())) return undefined;
  return {
    id: id as EventId,
    type,
    version: Number(version),
    occurredAt,
    correlationId: $correlationId as CorrelationId,
    causationId: $causationId,
    actor: { kind: actor.kind, id: actor.id },
    shardKey,
    month,
    data,
    stream: stream as StreamId,
    revision: toRevision(Number(revision)),
    position: toPosition(commit.toString()),
    recordedAt: created.toISOString(),
    ...(isText(traceparent) && { traceparent }),
    ...(isText(scope) && { scope }),
  };
}
