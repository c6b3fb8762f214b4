import { createHash, randomUUID, type Hash } from 'node:crypto';
import type { Admin, Batch, Kafka } from 'kafkajs';
import { connectBus } from '#platform/bus/client.js';
import { ensureTopics, eventTopic, offsetsOf } from '#platform/bus/topics.js';
import { PARTITIONS, TOPICS } from '#contracts/topics.js';

export const busClient = (address: string): Kafka => connectBus({ brokers: [address], clientId: 'folio-bench', prefix: '' });

export const invoiceTopic = (prefix: string): string => `${prefix}fiscal-invoice`;

/** Topics of one run: the broker may be one that others use too. */
export async function withPrefix<Result>(kafka: Kafka, work: (prefix: string) => Promise<Result>): Promise<Result> {
  const prefix = `bench-${randomUUID().slice(0, 8)}-`;
  try {
    return await work(prefix);
  } finally {
    await withAdmin(kafka, async (admin) => admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) }));
  }
}

export async function withAdmin<Result>(kafka: Kafka, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The same topic as the relay makes, for the baseline. */
export const makeTopic = (kafka: Kafka, prefix: string): Promise<unknown> =>
  withAdmin(kafka, (admin) => ensureTopics(admin, [eventTopic(invoiceTopic(prefix), PARTITIONS, TOPICS['fiscal-invoice'].retentionMs)]));

/** Offsets of the topic, over all partitions; transactions have markers among them. */
export const offsetsIn = (kafka: Kafka, topic: string): Promise<number> =>
  withAdmin(kafka, async (admin) => (await offsetsOf(admin, topic)).reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0));

/** Longest reading (ms): what has not come by then is missing, and the oracle says so. */
const READ_LIMIT_MS = 30_000;

/** Reads a topic from its beginning until `enough` says so after a batch; committed records only. @returns seconds from the subscription until then */
export async function consume(kafka: Kafka, topic: string, take: (batch: Batch) => void, enough: () => boolean): Promise<number> {
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, readUncommitted: false, maxWaitTimeInMs: 50 });
  await consumer.connect();
  const began = performance.now();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(resolve, READ_LIMIT_MS);
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
    const eachBatch = async ({ batch }: { batch: Batch }): Promise<void> => {
      take(batch);
      if (enough()) resolve();
    };
    consumer.run({ autoCommit: false, partitionsConsumedConcurrently: PARTITIONS, eachBatch }).catch(reject);
  });
  const seconds = (performance.now() - began) / 1_000;
  clearTimeout(timer);
  await consumer.disconnect();
  return seconds;
}

/** Digest of each partition: keys, values and headers of its events in their order. */
export class Digests {
  readonly #hashes = Array.from({ length: PARTITIONS }, (): Hash => createHash('sha256'));
  count = 0;

  add(partition: number, key: string, value: string, headers: Readonly<Record<string, string>>): void {
    this.#hashes[partition]?.update(JSON.stringify([key, value, headers]));
    this.count += 1;
  }

  end(): string {
    return this.#hashes.map((hash) => hash.digest('hex')).join();
  }
}
