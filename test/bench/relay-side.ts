import kafkajs, { type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import { MAX_BATCH_BYTES } from '#platform/bus/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Leases } from '#platform/control/leases.js';
import { RelayBoard } from '#platform/control/relay-board.js';
import type { EventStore } from '#platform/event-store/port.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { transactionsOf } from '../../write-side/relay/messages.js';
import { Relay } from '../../write-side/relay/relay.js';
import { RELAY_LIMITS } from '../../write-side/relay/session.js';
import { busClient, invoiceTopic } from './bus.js';
import type { RelayInput } from './relay.js';
import { answerSide } from './side.js';

const SLOW_MS = 2_000;

interface Opened {
  readonly kafka: Kafka;
  readonly store: PostgresEventStore;
  readonly control: ControlDatabase;
  producer?: Producer;
}

let opened: Opened | undefined;

answerSide(async (input: RelayInput): Promise<number> => {
  opened ??= { kafka: busClient(input.kafka), store: new PostgresEventStore({ read: input.databases.readLog }), control: new ControlDatabase(input.databases.control) };
  return input.kind === 'bare' ? sendBare(opened, input) : runRelay(opened, input);
}, async () => {
  await opened?.producer?.disconnect();
  await opened?.control.close();
  await opened?.store.close();
});

/** A relay of its own for each round; it goes on where the last one stopped. @returns seconds from the first look at the log until the last commit */
async function runRelay({ kafka, store, control }: Opened, { upTo, slow, prefix }: RelayInput): Promise<number> {
  let began = 0;
  const looked: Pick<EventStore, 'subscribe' | 'status' | 'readStream'> = {
    subscribe: (options) => {
      began = performance.now();
      return store.subscribe(options);
    },
    status: (...asked) => store.status(...asked),
    readStream: (...asked) => store.readStream(...asked),
  };
  let relay: Relay | undefined;
  const ended = new Promise<number>((resolve) => {
    const onPublished = (): void => { if (relay?.status().position === upTo) resolve(performance.now()); };
    const quiet = { info: () => undefined, warn: (fields: object, message: string) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`) };
    relay = new Relay({ name: 'main', kafka, prefix, store: looked, leases: new Leases(control, 'bench'), board: new RelayBoard(control), log: quiet, onPublished });
    relay.start();
  });
  const end = await ended;
  await relay?.stop();
  return (end - began + (slow ? SLOW_MS : 0)) / 1_000;
}

/** The records are made before; what is measured is sending them, a batch after the other, which is how their order is kept. */
async function sendBare(side: Opened, input: RelayInput): Promise<number> {
  const batches = await batchesOf(side.store, input);
  if (!side.producer) {
    side.producer = side.kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { initialRetryTime: 5, maxRetryTime: 500, retries: 8 } });
    await side.producer.connect();
  }
  const began = performance.now();
  for (const topicMessages of batches) await side.producer.sendBatch({ topicMessages: [topicMessages], acks: -1, compression: kafkajs.CompressionTypes.ZSTD });
  return (performance.now() - began) / 1_000;
}

async function batchesOf(store: PostgresEventStore, { after, upTo, prefix }: RelayInput): Promise<TopicMessages[]> {
  const batches: TopicMessages[] = [];
  for (let at = after; at !== upTo;) {
    const { events, scannedTo } = await store.readAll(at, { limit: RELAY_LIMITS.maxEvents });
    for (const { messages } of transactionsOf(events, scannedTo, { maxEvents: RELAY_LIMITS.maxEvents, maxPartitionBytes: () => MAX_BATCH_BYTES })) {
      batches.push({ topic: invoiceTopic(prefix), messages: messages.map(({ partition, key, value, headers }) => ({ partition, key, value, headers: { ...headers } })) });
    }
    at = scannedTo;
  }
  return batches;
}
