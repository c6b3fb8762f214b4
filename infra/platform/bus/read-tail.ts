import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { offsetsOf } from './topics.js';

export interface TailOptions {
  /** Topic of one partition. */
  readonly topic: string;
  /** True for the message that ends the reading; it is included. */
  readonly until: (message: KafkaMessage) => boolean;
  /** Offsets before the end at which to begin (transactions have markers among them); absent: from the beginning. */
  readonly back?: number;
  /** ms; @throws Error when the message has not come by then */
  readonly limitMs: number;
}

/** Committed messages of a topic's end, in order. The group is private and leaves nothing behind. */
export async function readTail(kafka: Kafka, { topic, until, back, limitMs }: TailOptions): Promise<readonly KafkaMessage[]> {
  const groupId = `folio-tail-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 20, readUncommitted: false });
  const found: KafkaMessage[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    const from = back === undefined ? undefined : await offsetBefore(kafka, topic, back);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`the end of ${topic} was not read within ${limitMs} ms`)), limitMs);
      consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
      const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
        found.push(message);
        if (until(message)) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
      if (from !== undefined) consumer.seek({ topic, partition: 0, offset: from });
    });
    return found;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect().catch(() => undefined);
  }
}

async function offsetBefore(kafka: Kafka, topic: string, back: number): Promise<string> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const [partition] = await offsetsOf(admin, topic);
    const [low, high] = [BigInt(partition?.low ?? '0'), BigInt(partition?.high ?? '0')];
    const wanted = high - BigInt(back);
    return String(wanted > low ? wanted : low);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
