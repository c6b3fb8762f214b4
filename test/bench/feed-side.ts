import { SLOTS, slotOf } from '#contracts/routing.js';
import { PARTITIONS } from '#contracts/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { KafkaFeed } from '#platform/feed/kafka/kafka-feed.js';
import type { Feed } from '#platform/feed/port.js';
import { StoreFeed } from '#platform/feed/store-feed.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { INVOICE_SUMMARY, startProjections, TOPIC_RULES } from '../../projections/role.js';
import { busClient, consume, invoiceTopic } from './bus.js';
import type { FeedInput } from './kafka-feed.js';
import { answerSide } from './side.js';

const SLOW_MS = 400;

/** @returns seconds from the subscription until the last record was counted, or the last event's row committed */
answerSide((input: FeedInput): Promise<number> => (input.kind === 'bare' ? count(input) : work(input)));

function count({ kafka, prefix, events }: FeedInput): Promise<number> {
  let counted = 0;
  return consume(busClient(kafka), invoiceTopic(prefix), ({ messages }) => { counted += messages.length; }, () => counted >= events);
}

/** A worker of the summary that begins with empty tables and reads from the bus or from the log. */
async function work({ kind, kafka, prefix, databases, events, slow }: FeedInput): Promise<number> {
  const store = new PostgresEventStore({ read: databases.readLog, readers: 3 });
  const control = new ControlDatabase(databases.control);
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
  const bus = kind === 'kafka' ? new KafkaFeed({ kafka: busClient(kafka), prefix, partitions: PARTITIONS, rules: TOPIC_RULES, store }) : undefined;
  let began: number | undefined;
  const real: Feed = bus ?? new StoreFeed(store, TOPIC_RULES);
  const feed: Feed = {
    subscribe: (options) => {
      began ??= performance.now();
      return real.subscribe(options);
    },
    status: (...asked) => real.status(...asked),
  };
  let done = 0;
  const allDone = Promise.withResolvers<number>();
  const projections = await startProjections({
    eventStore: store, rebuildStore: store, feed, shards, control, pointer: new Pointer(control, 'main'), progress: new ProgressHub(), logger: { info: () => undefined, warn: () => undefined },
    recordSwitch: async () => undefined, owner: 'bench', projections: [INVOICE_SUMMARY],
    hooks: {
      onBatch: (batch) => {
        done += batch.events;
        if (done >= events) allDone.resolve(performance.now());
      },
      ...(slow && { beforeCommit: () => new Promise<void>((resolve) => { setTimeout(resolve, SLOW_MS); }) }),
    },
  });
  const end = await allDone.promise;
  await projections.stop();
  await bus?.close();
  await shards.close();
  await control.close();
  await store.close();
  return (end - (began ?? end)) / 1_000;
}
