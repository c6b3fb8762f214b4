import { randomUUID } from 'node:crypto';
import type { Kafka, TopicMessages } from 'kafkajs';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toStreamId, type StreamId } from '#contracts/kernel/ids.js';
import { parsePosition, parseRevision, type Position, type Revision } from '#contracts/kernel/position.js';
import { readTail } from '#platform/bus/read-tail.js';
import type { TransactionalProducer } from '#platform/bus/transactional-producer.js';

/** Where the relay stands: everything up to the position is on the bus, and `last` is the newest event of it, by which the log is known again. */
export interface RelayPosition {
  readonly logId: string;
  readonly position: Position;
  readonly last?: { readonly stream: StreamId; readonly revision: Revision; readonly id: string };
}

const KEY = 'position';
const MARKER = 'opened';
/** Offsets from the end where the last position is looked for first; two per transaction. */
const USUAL_DISTANCE = 200;
const READ_LIMIT_MS = 30_000;

/** The message that goes into every transaction. */
export function positionMessage(topic: string, { logId, position, last }: RelayPosition): TopicMessages {
  const value = JSON.stringify({ logId, position, ...(last && { stream: last.stream, revision: String(last.revision), id: last.id }) });
  return { topic, messages: [{ key: KEY, value, partition: 0 }] };
}

export const relayPosition = (logId: string, position: Position, last: Envelope | undefined): RelayPosition =>
  ({ logId, position, ...(last && { last: { stream: last.stream, revision: last.revision, id: last.id } }) });

/**
 * The last committed position. The producer has shut out every older one and now writes a marker of its own: what stands before the marker is
 * final. Undefined: nothing was ever published.
 */
export async function lastPosition(kafka: Kafka, producer: TransactionalProducer, topic: string): Promise<RelayPosition | undefined> {
  const marker = randomUUID();
  await producer.publish([{ topic, messages: [{ key: MARKER, value: marker, partition: 0 }] }]);
  const until = ({ key, value }: { key: Buffer | null; value: Buffer | null }): boolean => key?.toString() === MARKER && value?.toString() === marker;
  for (const back of [USUAL_DISTANCE, undefined]) {
    const messages = await readTail(kafka, { topic, until, limitMs: READ_LIMIT_MS, ...(back !== undefined && { back }) });
    const last = messages.findLast(({ key }) => key?.toString() === KEY);
    if (last) return decode(last.value?.toString() ?? '');
  }
  return undefined;
}

/** @throws Error when the topic holds something else: publishing from a guessed position would double or lose events */
function decode(text: string): RelayPosition {
  const value = JSON.parse(text) as Partial<Record<'logId' | 'position' | 'stream' | 'revision' | 'id', unknown>>;
  const [position, revision] = [parsePosition(String(value.position)), parseRevision(String(value.revision))];
  if (typeof value.logId !== 'string' || position === undefined) throw new Error('the relay position on the bus is not one of ours');
  if (typeof value.stream !== 'string' || typeof value.id !== 'string' || revision === undefined) return { logId: value.logId, position };
  return { logId: value.logId, position, last: { stream: toStreamId(value.stream), revision, id: value.id } };
}
