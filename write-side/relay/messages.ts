import { publishedData } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Position } from '#contracts/kernel/position.js';
import { toRecord, type BusRecord } from '#contracts/kernel/record.js';
import { partitionOf, topicOf, type Topic } from '#contracts/topics.js';

/** A message with its place on the bus. */
export interface Placed extends BusRecord {
  readonly topic: Topic;
  readonly partition: number;
  /** Of the event in the log. */
  readonly position: Position;
  readonly bytes: number;
}

/** An event that went out without its data, or not at all; told, never silently skipped. */
export interface Parked {
  readonly event: Envelope;
  readonly reason: string;
}

/** What one transaction carries: events in position order, up to and including `upTo`. */
export interface Transaction {
  readonly messages: readonly Placed[];
  readonly parked: readonly Parked[];
  readonly last: Envelope | undefined;
  readonly upTo: Position;
}

export interface TransactionLimits {
  readonly maxEvents: number;
  /** Bytes of one partition in one transaction, by topic: what the broker takes as one batch. */
  readonly maxPartitionBytes: (topic: Topic) => number;
}

/** Bytes that a record has beside key, value and headers, and a batch beside its records. */
const RECORD_OVERHEAD = 40;
const HEADER_OVERHEAD = 6;

function sizeOf({ key, value, headers }: BusRecord): number {
  let size = RECORD_OVERHEAD + Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0) + HEADER_OVERHEAD;
  return size;
}

/** A page of the log as transactions: full ones, then the rest up to `scannedTo`. */
export function* transactionsOf(events: readonly Envelope[], scannedTo: Position, limits: TransactionLimits): Generator<Transaction> {
  let draft = new Draft(limits);
  for (const [index, event] of events.entries()) {
    if (!draft.add(event)) {
      yield draft.close(events[index - 1]?.position ?? event.position);
      draft = new Draft(limits);
      draft.add(event);
    }
  }
  yield draft.close(scannedTo);
}

class Draft {
  readonly #messages: Placed[] = [];
  readonly #parked: Parked[] = [];
  readonly #bytes = new Map<string, number>();
  #last: Envelope | undefined;

  constructor(private readonly limits: TransactionLimits) {}

  /** @returns false when it is full: the event goes into the next one */
  add(event: Envelope): boolean {
    const topic = topicOrNone(event.type);
    if (topic === undefined) {
      this.#last = event;
      this.#parked.push({ event, reason: 'its type belongs to no topic' });
      return true;
    }
    const limit = this.limits.maxPartitionBytes(topic);
    const { message, reason } = placed(event, topic, limit);
    const lane = `${topic}/${message.partition}`;
    const bytes = (this.#bytes.get(lane) ?? 0) + message.bytes;
    if (this.#messages.length > 0 && (bytes > limit || this.#messages.length >= this.limits.maxEvents)) return false;
    this.#bytes.set(lane, bytes);
    this.#messages.push(message);
    if (reason !== undefined) this.#parked.push({ event, reason });
    this.#last = event;
    return true;
  }

  close(upTo: Position): Transaction {
    return { messages: this.#messages, parked: this.#parked, last: this.#last, upTo };
  }
}

function topicOrNone(type: string): Topic | undefined {
  try {
    return topicOf(type);
  } catch {
    return undefined;
  }
}

/** A type that this release does not know, or data that the bus cannot take, goes out as a reference: readers of the store find it there. */
function placed(event: Envelope, topic: Topic, limit: number): { message: Placed; reason?: string } {
  const published = publishedData(event);
  const partition = partitionOf(event.stream);
  const place = (record: BusRecord): Placed => ({ key: record.key, value: record.value, headers: record.headers, topic, partition, position: event.position, bytes: sizeOf(record) });
  if (!published) return { message: place(toRecord(event, undefined, 'absent')), reason: 'its type is not known to this relay' };
  const message = place(toRecord(event, published.data, published.isWhole ? 'whole' : 'withheld'));
  if (message.bytes <= limit) return { message };
  return { message: place(toRecord(event, undefined, 'absent')), reason: `${message.bytes} bytes are more than the topic takes (${limit})` };
}
