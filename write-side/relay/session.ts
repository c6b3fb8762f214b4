import type { Kafka, TopicMessages } from 'kafkajs';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { watermarkRecord } from '#contracts/kernel/record.js';
import { PARTITIONS, TOPICS, type Topic } from '#contracts/topics.js';
import { compactedTopic, ensureTopics, eventTopic, offsetsOf } from '#platform/bus/topics.js';
import { TransactionalProducer } from '#platform/bus/transactional-producer.js';
import type { EventStore } from '#platform/event-store/port.js';
import { withSpan } from '#platform/telemetry/span.js';
import { transactionsOf, type Parked, type Transaction } from './messages.js';
import { lastPosition, positionMessage, relayPosition, type RelayPosition } from './position-log.js';

export interface SessionOptions {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly name: string;
  readonly store: Pick<EventStore, 'status' | 'readStream'>;
  /** Called before the transaction that carries the events in another form than whole. */
  readonly onParked: (parked: readonly Parked[]) => Promise<void>;
}

export const RELAY_LIMITS = {
  /** Events of one transaction, and of one page of the store. */
  maxEvents: 3_000,
  /** Shortest time between two pages that are not full (ms); a single event after a quiet time is not delayed. */
  lingerMs: 5,
  /** A partition without a record for this long is told the position (ms). */
  idleMs: 1_000,
} as const;

/** Part of what the broker takes that a transaction may fill: sizes are estimated. */
const FILL = 0.9;
const ALL_TOPICS = Object.keys(TOPICS) as Topic[];

export const positionTopic = (prefix: string): string => `${prefix}folio-relay-positions`;
export const transactionalIdOf = (prefix: string, name: string): string => `${prefix}folio-relay-${name}`;

/** One producer's life: shut out the older one, find the committed position, publish from there. Any error ends it. */
export class RelaySession {
  readonly #told = new Map<string, { topic: Topic; partition: number; position: Position; at: number }>();
  #position: RelayPosition;

  private constructor(
    private readonly options: SessionOptions, private readonly producer: TransactionalProducer, position: RelayPosition, private readonly maxBytes: Readonly<Record<Topic, number>>,
  ) {
    this.#position = position;
    for (const topic of ALL_TOPICS) for (let partition = 0; partition < PARTITIONS; partition += 1) this.#told.set(`${topic}/${partition}`, { topic, partition, position: ORIGIN, at: 0 });
  }

  /** @throws Problem log-diverged | bus-topic-wrong, or what the bus's own failure is */
  static async open(options: SessionOptions): Promise<RelaySession> {
    const { kafka, prefix, name, store } = options;
    const topic = positionTopic(prefix);
    const { maxBytes, isEmpty } = await prepareTopics(kafka, prefix);
    const producer = await TransactionalProducer.open(kafka, transactionalIdOf(prefix, name));
    try {
      const committed = await lastPosition(kafka, producer, topic);
      if (!committed && !isEmpty) throw platformProblem('bus-topic-wrong', { topic, reason: 'it holds no position although events were published; from the beginning they would be published twice' });
      const position = committed ?? relayPosition((await store.status()).logId, ORIGIN, undefined);
      const session = new RelaySession(options, producer, position, maxBytes);
      await session.checkLog();
      return session;
    } catch (error) {
      await producer.close();
      throw error;
    }
  }

  get position(): Position {
    return this.#position.position;
  }

  /** Whether the log is still the one that was published: nothing is skipped on another one. @throws Problem log-diverged */
  async checkLog(): Promise<void> {
    const { store } = this.options;
    const { logId, position, last } = this.#position;
    const status = await store.status(position);
    if (status.logId !== logId || isAfter(position, status.head)) throw platformProblem('log-diverged');
    if (!last) return;
    const [found] = await store.readStream(last.stream, { from: last.revision, limit: 1 });
    if (found?.id !== last.id) throw platformProblem('log-diverged');
  }

  /** Makes the messages of a page of the log, in as many transactions as it needs; nothing is sent yet. */
  prepare(events: readonly Envelope[], scannedTo: Position): readonly Transaction[] {
    return [...transactionsOf(events, scannedTo, { maxEvents: RELAY_LIMITS.maxEvents, maxPartitionBytes: (topic) => this.maxBytes[topic] })];
  }

  /** One after the other, in the order in which they were prepared. */
  async publish(transactions: readonly Transaction[]): Promise<void> {
    for (const transaction of transactions) await this.#commit(transaction);
  }

  async #commit({ messages, parked, last, upTo }: Transaction): Promise<void> {
    if (parked.length > 0) await this.options.onParked(parked);
    const next: RelayPosition = last ? relayPosition(this.#position.logId, upTo, last) : { ...this.#position, position: upTo };
    if (messages.length === 0 && parked.length === 0) {
      this.#position = next;
      return;
    }
    const byTopic = new Map<Topic, TopicMessages>();
    for (const { topic, partition, key, value, headers } of messages) {
      let batch = byTopic.get(topic);
      if (!batch) byTopic.set(topic, batch = { topic: this.options.prefix + topic, messages: [] });
      batch.messages.push({ partition, key, value, headers });
    }
    // One span per transaction; it belongs to the trace of its first event (a transaction may carry events of many).
    await withSpan('publish', { 'folio.events': messages.length }, messages[0]?.headers['traceparent'], () => this.producer.publish([...byTopic.values(), positionMessage(positionTopic(this.options.prefix), next)]));
    this.#position = next;
    this.#noteTold(messages);
  }

  /** A reader of a partition knows the log as far as the partition's last record says. */
  #noteTold(places: readonly { readonly topic: Topic; readonly partition: number; readonly position: Position }[]): void {
    const at = performance.now();
    for (const { topic, partition, position } of places) this.#told.set(`${topic}/${partition}`, { topic, partition, position, at });
  }

  /** Partitions that have been quiet learn how far the log is, so that their lanes are true too. */
  async tellIdle(): Promise<void> {
    const { position } = this.#position;
    const quietSince = performance.now() - RELAY_LIMITS.idleMs;
    const idle = [...this.#told.values()].filter((told) => isAfter(position, told.position) && told.at <= quietSince);
    if (idle.length === 0) return;
    const record = watermarkRecord(position);
    const topics = [...new Set(idle.map(({ topic }) => topic))];
    await this.producer.publish(topics.map((topic) => ({
      topic: this.options.prefix + topic, messages: idle.filter((told) => told.topic === topic).map(({ partition }) => ({ ...record, headers: { ...record.headers }, partition })),
    })));
    this.#noteTold(idle.map((told) => ({ ...told, position })));
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}

/** Makes the topics of the layout that are missing and checks the others. @returns what a transaction may put into one partition (bytes) @throws Problem bus-topic-wrong */
export async function prepareTopics(kafka: Kafka, prefix: string): Promise<{ maxBytes: Readonly<Record<Topic, number>>; isEmpty: boolean }> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const specs = ALL_TOPICS.map((topic) => eventTopic(prefix + topic, PARTITIONS, TOPICS[topic].retentionMs));
    const maxBytes = await ensureTopics(admin, [...specs, compactedTopic(positionTopic(prefix))]);
    const offsets = await Promise.all(specs.map(({ name }) => offsetsOf(admin, name)));
    const filled = Object.fromEntries(ALL_TOPICS.map((topic) => [topic, (maxBytes.get(prefix + topic) ?? 0) * FILL])) as Record<Topic, number>;
    return { maxBytes: filled, isEmpty: offsets.flat().every(({ high }) => high === '0') };
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
