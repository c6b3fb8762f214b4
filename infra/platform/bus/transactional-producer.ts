import kafkajs, { type Kafka, type Producer, type TopicMessages } from 'kafkajs';

/** Longest time that an open transaction of a dead producer hides what follows it from readers (ms); the next producer of the same id ends it at once. */
const TRANSACTION_TIMEOUT_MS = 15_000;

/**
 * The one producer of an id: opening it ends the transaction of an older one and shuts that one out. After any error it is of no more use,
 * because whether the transaction took effect is not known: close it, open another, and read what was committed.
 */
export class TransactionalProducer {
  private constructor(private readonly producer: Producer) {}

  /** Connects and fences. The client does that with the first transaction only, so an empty one is begun and ended. */
  static async open(kafka: Kafka, transactionalId: string): Promise<TransactionalProducer> {
    const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1, transactionTimeout: TRANSACTION_TIMEOUT_MS, retry: { initialRetryTime: 5, maxRetryTime: 500, retries: 8 } });
    try {
      await producer.connect();
      const first = await producer.transaction();
      await first.abort();
      return new TransactionalProducer(producer);
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** All of it becomes readable at once, or none. */
  async publish(topicMessages: TopicMessages[]): Promise<void> {
    const transaction = await this.producer.transaction();
    await transaction.sendBatch({ topicMessages, acks: -1, compression: kafkajs.CompressionTypes.ZSTD });
    await transaction.commit();
  }

  async close(): Promise<void> {
    await this.producer.disconnect().catch(() => undefined);
  }
}
