import type { Admin, Kafka, Producer } from 'kafkajs';
import type { Lane } from '#contracts/kernel/lane.js';
import { comparePositions, isAfter, ORIGIN, toRevision, type Position } from '#contracts/kernel/position.js';
import { fromRecord, type ReadRecord } from '#contracts/kernel/record.js';
import { createTopics, offsetsOf } from '../../bus/topics.js';
import type { EventStore } from '../../event-store/port.js';
import { pause } from '../../wake.js';
import { gatherMs } from '../gather.js';
import type { Feed, FeedBatch, FeedOptions } from '../port.js';
import type { TopicRules } from '../store-feed.js';
import { enterLanes, type LaneEntry } from './entry.js';
import { LaneBuffers, type Item } from './lane-buffers.js';
import { PartitionBroken, PartitionReader, READER_LIMITS, type Fetched, type RawRecord } from './reader.js';

export interface KafkaFeedOptions {
  readonly kafka: Kafka;
  /** Put before the names of topics. */
  readonly prefix: string;
  /** Of every topic. */
  readonly partitions: number;
  readonly rules: TopicRules & { laneName(topic: string, partition: number): Lane };
  /** Heals what the bus lacks: references, gaps of deleted records, records that cannot be read. */
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'status'>;
  /** A record of which not even the place can be read. */
  readonly onDeadLetter?: (topic: string, partition: number, offset: string) => void;
}

/** Longest wait for something new before the begin of the partitions is looked at (ms). */
const IDLE_LOOK_MS = 5_000;
const STORE_PAGE = 1_000;
const LOADING_MS = 30_000;
const LOADING_PAUSE_MS = 100;

export const deadLetterTopic = (prefix: string): string => `${prefix}folio-dead-letters`;

/**
 * The bus as a feed. Each subscription reads its lanes from where they stand, whatever any group has committed; a lane whose records were
 * deleted before it got to them is read from the store first. Any doubt about continuity ends the subscription with an error: the next one
 * enters every lane anew from its checkpoint.
 */
export class KafkaFeed implements Feed {
  readonly #options: KafkaFeedOptions;
  readonly #idle = new Map<string, PartitionReader[]>();
  readonly #open = new Set<PartitionReader>();
  #admin: Promise<Admin> | undefined;
  #deadLetters: Promise<Producer> | undefined;

  constructor(options: KafkaFeedOptions) {
    this.#options = options;
  }

  async *subscribe({ topics, from, batchSize, signal }: FeedOptions): AsyncIterable<FeedBatch> {
    const entries = await enterLanes(from, { admin: await this.#adminClient(), prefix: this.#options.prefix, store: this.#options.store });
    const lanes = new LaneBuffers(from);
    const behind = entries.filter(({ fromStore }) => fromStore);
    if (behind.length > 0) yield* this.#fromStore(topics, behind, lanes, batchSize, signal);
    if (signal.aborted) return;
    const reader = await this.#reader(topics, entries, signal);
    if (!reader) return;
    try {
      yield* this.#fromBus(reader, lanes, batchSize, signal);
      reader.release();
      this.#giveBack(reader, topics);
    } finally {
      if (!this.#isIdle(reader, topics)) await this.#drop(reader);
    }
  }

  /** Up to the head as it is now: whatever was deleted was published before, and whatever comes later is still on the bus. */
  async *#fromStore(topics: readonly string[], entries: readonly LaneEntry[], lanes: LaneBuffers, batchSize: number, signal: AbortSignal): AsyncIterable<FeedBatch> {
    const { store, rules } = this.#options;
    const wanted = new Set(entries.map(({ lane }) => lane));
    const filter = { typePrefixes: topics.map((topic) => rules.typePrefixOf(topic)) };
    const { head } = await store.status();
    let after = [...wanted].map((lane) => lanes.reached(lane)).sort(comparePositions)[0] ?? ORIGIN;
    while (isAfter(head, after) && !signal.aborted) {
      const page = await store.readAll(after, { filter, limit: Math.max(batchSize, STORE_PAGE) });
      after = page.scannedTo;
      const found = page.events.map((event) => ({ event, lane: rules.laneOf(event) })).filter(({ lane }) => wanted.has(lane));
      for (const lane of wanted) lanes.moveTo(lane, after);
      for (let at = 0; at < found.length || at === 0; at += batchSize) {
        const part = found.slice(at, at + batchSize);
        const isLast = at + batchSize >= found.length;
        // Only the last part of a page completes it; before, a lane is complete up to the part's last event.
        const upTo = isLast ? after : (part.at(-1)?.event.position ?? after);
        yield { entries: part, scannedTo: upTo, reached: lanes.reachedAll((lane, reached) => (wanted.has(lane) && !isLast ? upTo : reached)), atHead: false };
      }
      if (page.atHead) break;
    }
  }

  async *#fromBus(reader: PartitionReader, lanes: LaneBuffers, batchSize: number, signal: AbortSignal): AsyncIterable<FeedBatch> {
    while (!signal.aborted) {
      if (lanes.isEmpty) {
        const fetched = await reader.next(IDLE_LOOK_MS, signal);
        if (fetched.length === 0 && !signal.aborted) await this.#checkBegin(reader);
        for (const one of fetched) await this.#accept(reader, lanes, one);
      } else for (const one of await reader.next(0, signal)) await this.#accept(reader, lanes, one);
      if (signal.aborted || lanes.isEmpty) continue;
      const { batch, used } = lanes.take(batchSize);
      const began = performance.now();
      yield batch;
      reader.used(used);
      // What waits already is as good as gathered.
      if (lanes.isEmpty && batch.entries.length < batchSize) await pause(gatherMs(batch.entries.length) - (performance.now() - began), signal);
    }
  }

  async #accept(reader: PartitionReader, lanes: LaneBuffers, { topic, partition, records }: Fetched): Promise<void> {
    const lane = this.#options.rules.laneName(topic.slice(this.#options.prefix.length), partition);
    for (const record of records) {
      const read = fromRecord((name) => headerText(record, name), record.value?.toString() ?? '');
      if (!read) {
        await this.#deadLetter(topic, partition, record);
        reader.used(1);
      } else lanes.push(lane, read.kind === 'reference' ? await this.#fetchReference(read) : read);
    }
  }

  /** What the bus only points at. @throws PartitionBroken when the store does not have it: another log than the one that was published */
  async #fetchReference({ stream, revision, position }: Extract<ReadRecord, { kind: 'reference' }>): Promise<Item> {
    const [event] = await this.#options.store.readStream(stream, { from: toRevision(revision), limit: 1 });
    if (event?.position !== position) throw new PartitionBroken(`${stream} has no event ${revision} at ${position} in the store`);
    return { kind: 'event', event };
  }

  /** Nothing came for a while: that may be because it was deleted. */
  async #checkBegin(reader: PartitionReader): Promise<void> {
    const admin = await this.#adminClient();
    for (const topic of reader.topics) {
      const next = reader.nextOffsets();
      for (const { partition, low } of await offsetsOf(admin, topic)) {
        const expected = next.get(`${topic}/${partition}`);
        if (expected !== undefined && BigInt(low) > expected) throw new PartitionBroken(`${topic}/${partition} begins at ${low}, expected ${expected}`);
      }
    }
  }

  async #deadLetter(topic: string, partition: number, { headers, value, offset }: RawRecord): Promise<void> {
    this.#deadLetters ??= this.#openProducer();
    const producer = await this.#deadLetters;
    await producer.send({ topic: deadLetterTopic(this.#options.prefix), messages: [{ key: `${topic}/${partition}/${offset}`, value, ...(headers && { headers }) }] });
    this.#options.onDeadLetter?.(topic, partition, offset);
  }

  async #openProducer(): Promise<Producer> {
    const { kafka, prefix } = this.#options;
    const admin = await this.#adminClient();
    const topic = deadLetterTopic(prefix);
    if (!(await admin.listTopics()).includes(topic)) await createTopics(admin, [{ topic, numPartitions: 1 }]);
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  async #adminClient(): Promise<Admin> {
    this.#admin ??= (async () => {
      const admin = this.#options.kafka.admin();
      await admin.connect();
      return admin;
    })();
    try {
      return await this.#admin;
    } catch (error) {
      this.#admin = undefined;
      throw error;
    }
  }

  /** One that reads these lanes. */
  async #reader(topics: readonly string[], entries: readonly LaneEntry[], signal: AbortSignal): Promise<PartitionReader | undefined> {
    const known = this.#idle.get(topics.join());
    for (let reader = known?.pop(); reader; reader = known?.pop()) {
      if (reader.isSound) {
        reader.assign(entries);
        return reader;
      }
      await this.#drop(reader);
    }
    const opened = await this.#openReader(topics, entries, signal);
    if (opened) this.#open.add(opened);
    return opened;
  }

  /** What one process holds is bounded, however many projections it works on. */
  get #maxHeld(): number {
    return Math.min(READER_LIMITS.maxHeldByOne, READER_LIMITS.maxHeld / Math.max(1, this.#open.size));
  }

  /** A broker that has just started answers for some seconds that it is still loading. */
  async #openReader(topics: readonly string[], entries: readonly LaneEntry[], signal: AbortSignal): Promise<PartitionReader | undefined> {
    const { kafka, prefix, partitions } = this.#options;
    const deadline = performance.now() + LOADING_MS;
    while (!signal.aborted) {
      try {
        return await PartitionReader.open({ kafka, topics: topics.map((topic) => prefix + topic), partitions, maxHeld: () => this.#maxHeld, assigned: entries });
      } catch (error) {
        if ((error as { retriable?: boolean }).retriable !== true || performance.now() > deadline) throw error;
        await pause(LOADING_PAUSE_MS, signal);
      }
    }
    return undefined;
  }

  /** Moving lanes costs a seek, not a join: the reader waits for the next subscription to the same topics. */
  #giveBack(reader: PartitionReader, topics: readonly string[]): void {
    if (reader.isSound) this.#idle.set(topics.join(), [...(this.#idle.get(topics.join()) ?? []), reader]);
  }

  #isIdle(reader: PartitionReader, topics: readonly string[]): boolean {
    return this.#idle.get(topics.join())?.includes(reader) ?? false;
  }

  async #drop(reader: PartitionReader): Promise<void> {
    this.#open.delete(reader);
    await reader.close();
  }

  status(topics: readonly string[], after?: Position): ReturnType<Feed['status']> {
    return this.#options.store.status(after, { typePrefixes: topics.map((topic) => this.#options.rules.typePrefixOf(topic)) });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((reader) => this.#drop(reader)));
    const admin = await this.#admin?.catch(() => undefined);
    const producer = await this.#deadLetters?.catch(() => undefined);
    await Promise.all([admin?.disconnect(), producer?.disconnect()]);
  }
}

function headerText({ headers }: RawRecord, name: string): string | undefined {
  const value = headers?.[name];
  return Array.isArray(value) ? value[0]?.toString() : value?.toString();
}
