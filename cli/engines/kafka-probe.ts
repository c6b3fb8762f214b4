import { Kafka, logLevel } from 'kafkajs';

const ASK_MS = 3_000;

/** The broker answers a request for its cluster as any client would ask. */
export async function connectionOf(port: number): Promise<void> {
  const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, connectionTimeout: ASK_MS, requestTimeout: ASK_MS, retry: { retries: 0 } });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}
