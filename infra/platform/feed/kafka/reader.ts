import { randomUUID } from 'node:crypto';
import type { Batch, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { Bell } from '../../wake.js';

/** A record as it lies in its partition; nothing of it is decoded. */
export type RawRecord = Pick<KafkaMessage, 'headers' | 'value' | 'offset'>;

export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
}

/** The partition does not go on where it was left: records were deleted, or the client began elsewhere by itself. The lane is entered anew. */
export class PartitionBroken extends Error {
  override readonly name = 'PartitionBroken';
}

export const READER_LIMITS = {
  /** Records held that nobody has taken yet, over all readers of one feed; above its share of this a reader fetches no partition. */
  maxHeld: 3_000,
  /** No reader holds more, however few there are. */
  maxHeldByOne: 2_500,
  /** Bytes of one fetch, over all partitions; they are compressed, and unpacked some ten times as many. */
  maxBytes: 96 * 1024,
  maxBytesPerPartition: 16 * 1024,
  /** The broker waits this long for something new (ms); also how long a partition that is taken up waits at most. */
  maxWaitMs: 50,
  /** A broker that was killed still counts the member of before as one of its group, and lets nobody join until that one's time is over (ms; `group.min.session.timeout.ms`, the least that a broker takes by default). */
  sessionMs: 6_000,
  heartbeatMs: 2_000,
} as const;

/** Where a partition is to be read from. */
export interface Assignment {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface ReaderOptions {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
  /** Of every topic. */
  readonly partitions: number;
  /** Records that it may hold now. */
  readonly maxHeld: () => number;
  readonly assigned: readonly Assignment[];
}

/** Where a partition is read; `next` is the offset that must come next. */
interface Place {
  next: bigint;
  confirmed: boolean;
  strays: number;
}

/**
 * One consumer that is alone in a private group: the group protocol assigns nothing, it holds every partition of its topics, paused, and reads
 * those that it is told to, from where it is told to. Offsets are never committed. It gives what is committed only, in the order of each partition.
 */
export class PartitionReader {
  readonly #consumer: Consumer;
  readonly #places = new Map<string, Place>();
  readonly #fetched: Fetched[] = [];
  readonly #arrived = new Bell();
  readonly #taken = new Bell();
  readonly #closed = new AbortController();
  #held = 0;
  #failure: Error | undefined;

  private constructor(kafka: Kafka, readonly topics: readonly string[], private readonly maxHeld: () => number) {
    this.#consumer = kafka.consumer({
      groupId: `folio-reader-${randomUUID()}`, readUncommitted: false, sessionTimeout: READER_LIMITS.sessionMs, heartbeatInterval: READER_LIMITS.heartbeatMs,
      maxWaitTimeInMs: READER_LIMITS.maxWaitMs, maxBytes: READER_LIMITS.maxBytes, maxBytesPerPartition: READER_LIMITS.maxBytesPerPartition,
    });
  }

  /** Joins its group and reads these partitions. */
  static async open({ kafka, topics, partitions, maxHeld, assigned }: ReaderOptions): Promise<PartitionReader> {
    const reader = new PartitionReader(kafka, topics, maxHeld);
    try {
      await reader.#start(partitions, assigned);
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async #start(partitions: number, assigned: readonly Assignment[]): Promise<void> {
    const consumer = this.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    let joins = 0;
    consumer.on(consumer.events.GROUP_JOIN, () => {
      joins += 1;
      // The client forgets every offset when it joins again, and would begin anywhere.
      if (joins > 1) return this.#fail(new PartitionBroken('the group was joined again'));
      // Before the first fetch, which would otherwise bring the beginning of every partition.
      consumer.pause(this.topics.map((topic) => ({ topic, partitions: Array.from({ length: partitions }, (_, partition) => partition) })));
      this.assign(assigned);
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => this.#fail(error));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, firstOffset, lastOffset } }) => this.#noteEnd(topic, partition, firstOffset, lastOffset));
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: this.topics.length * partitions, eachBatch: (payload) => this.#take(payload) });
    if (joins === 0) throw this.#failure ?? new PartitionBroken('the group could not be joined');
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#arrived.ring();
  }

  /** Whether it can still be used. */
  get isSound(): boolean {
    return this.#failure === undefined && !this.#closed.signal.aborted;
  }

  /** Reads these partitions from these offsets, and no others. What was fetched before is forgotten. */
  assign(places: readonly Assignment[]): void {
    this.release();
    for (const { topic, partition, offset } of places) {
      this.#places.set(`${topic}/${partition}`, { next: BigInt(offset), confirmed: false, strays: 0 });
      this.#consumer.seek({ topic, partition, offset });
    }
    this.#consumer.resume(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
  }

  /** Reads nothing until the next assignment. */
  release(): void {
    const held = [...this.#places.keys()].map((key) => ({ topic: key.slice(0, key.lastIndexOf('/')), partitions: [Number(key.slice(key.lastIndexOf('/') + 1))] }));
    if (held.length > 0) this.#consumer.pause(held);
    this.#places.clear();
    this.#fetched.length = 0;
    this.#held = 0;
    this.#taken.ring();
  }

  /** What came since the last call; waits for something, at most `maxMs`. @throws PartitionBroken | the client's own failure */
  async next(maxMs: number, signal: AbortSignal): Promise<readonly Fetched[]> {
    if (this.#fetched.length === 0 && !this.#failure) await this.#arrived.wait(this.#arrived.rings, maxMs, signal);
    if (this.#failure) throw this.#failure;
    return this.#fetched.splice(0);
  }

  /** The caller has worked on so many records: there is room again. */
  used(records: number): void {
    this.#held -= records;
    this.#taken.ring();
  }

  /** Offset that each assigned partition goes on at. */
  nextOffsets(): ReadonlyMap<string, bigint> {
    return new Map([...this.#places].map(([key, { next }]) => [key, next]));
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const key = `${batch.topic}/${batch.partition}`;
    const place = this.#places.get(key);
    if (!place || payload.isStale() || !this.#continues(place, batch, key)) return;
    place.confirmed = true;
    place.next = BigInt(batch.lastOffset()) + 1n;
    payload.resolveOffset(batch.lastOffset());
    this.#fetched.push({ topic: batch.topic, partition: batch.partition, records: batch.messages });
    this.#held += batch.messages.length;
    this.#arrived.ring();
    while (this.#held > this.maxHeld() && this.isSound && this.#places.get(key) === place) {
      await this.#taken.wait(this.#taken.rings, READER_LIMITS.heartbeatMs, this.#closed.signal);
      await payload.heartbeat();
    }
  }

  /** A batch of before the last assignment is dropped; one that begins beyond what must come next says that records are gone. */
  #continues(place: Place, batch: Batch, key: string): boolean {
    const { fetchedOffset } = batch as Batch & { fetchedOffset: string };
    const from = BigInt(fetchedOffset);
    if (from === place.next) return true;
    if (from < place.next) return false;
    place.strays += 1;
    if (place.confirmed || place.strays > 1) this.#fail(new PartitionBroken(`${key} goes on at ${from}, expected ${place.next}`));
    return false;
  }

  /** Control records are never given to `eachBatch`; the client steps over them by itself, and so must what is expected. */
  #noteEnd(topic: string, partition: number, firstOffset: string | null, lastOffset: string): void {
    const place = this.#places.get(`${topic}/${partition}`);
    if (!place || firstOffset === null || BigInt(firstOffset) > place.next) return;
    const next = BigInt(lastOffset) + 1n;
    if (next > place.next) place.next = next;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#fail(new PartitionBroken('the reader was closed'));
    this.#taken.ring();
    await this.#consumer.disconnect().catch(() => undefined);
  }
}
