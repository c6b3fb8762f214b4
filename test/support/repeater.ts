import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka, Producer } from 'kafkajs';

/** Delivers what passes on a topic again, nothing to two times more, marked so that it is not repeated for ever. */
export class Repeater {
  repeated = 0;
  private constructor(private readonly consumer: Consumer, private readonly producer: Producer) {}

  static async start(kafka: Kafka, topic: string): Promise<Repeater> {
    const admin = kafka.admin();
    await admin.connect();
    while (!(await admin.listTopics()).includes(topic)) await new Promise((resolve) => setImmediate(resolve));
    await admin.disconnect();
    const consumer = kafka.consumer({ groupId: `repeater-${randomUUID()}`, maxWaitTimeInMs: 50, sessionTimeout: 6_000, rebalanceTimeout: 6_000, retry: { retries: 30 } });
    const producer = kafka.producer({ retry: { retries: 30 } });
    await Promise.all([consumer.connect(), producer.connect()]);
    const repeater = new Repeater(consumer, producer);
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers = {}, offset }, partition }) => {
        if (key === null || headers['test-repeated'] !== undefined) return;
        const times = Number(offset) % 3;
        repeater.repeated += times;
        const again = { key, value, partition, headers: { ...headers, 'test-repeated': 'yes' } };
        if (times > 0) await producer.send({ topic, messages: Array.from({ length: times }, () => again) });
      },
    });
    return repeater;
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
    await this.producer.disconnect();
  }
}
