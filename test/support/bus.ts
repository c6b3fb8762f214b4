import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { connectBus, type BusSettings } from '#platform/bus/client.js';
import { offsetsOf } from '#platform/bus/topics.js';

/** A corner of the broker for one test: its own topics, its own client. */
export function testBus(address: string, prefix = `t${randomUUID().slice(0, 8)}-`): { readonly settings: BusSettings; readonly kafka: Kafka } {
  const settings: BusSettings = { brokers: [address], clientId: 'folio-test', prefix };
  return { settings, kafka: connectBus(settings) };
}

export interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | undefined;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly offset: string;
  readonly timestamp: string;
}

const seen = (topic: string, partition: number, { key, value, headers = {}, offset, timestamp }: KafkaMessage): SeenRecord => ({
  topic, partition, key: key?.toString(), value: value?.toString() ?? '', offset, timestamp,
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
});

/** Everything that is committed in the topics now, in the order of each partition. */
export async function committedRecords(kafka: Kafka, topics: readonly string[]): Promise<readonly SeenRecord[]> {
  const admin = kafka.admin();
  await admin.connect();
  const missing = new Map<string, bigint>();
  for (const topic of topics) for (const { partition, high, low } of await offsetsOf(admin, topic)) if (BigInt(high) > BigInt(low)) missing.set(`${topic}/${partition}`, BigInt(high) - 1n);
  await admin.disconnect();
  const records: SeenRecord[] = [];
  if (missing.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 20, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    // Control records at the end of a partition are seen only as the last offset of a batch; an empty batch claims the end of what is not committed yet.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, firstOffset, lastOffset } }) => {
      if ((firstOffset as string | null) === null) return;
      const place = `${topic}/${partition}`;
      if (BigInt(lastOffset) >= (missing.get(place) ?? 0n)) missing.delete(place);
      if (missing.size === 0) resolve();
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
    consumer.run({ autoCommit: false, eachMessage: async ({ topic, partition, message }) => void records.push(seen(topic, partition, message)) }).catch(reject);
  });
  await consumer.disconnect();
  return records;
}

/** Records that are events: watermarks left out. */
export const eventRecords = (records: readonly SeenRecord[]): readonly SeenRecord[] => records.filter(({ headers }) => headers['ce_id'] !== undefined);
