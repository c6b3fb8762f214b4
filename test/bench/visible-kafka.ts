import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { PARTITIONS } from '#contracts/topics.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Leases } from '#platform/control/leases.js';
import { Pointer } from '#platform/control/pointer.js';
import { RelayBoard } from '#platform/control/relay-board.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { KafkaFeed } from '#platform/feed/kafka/kafka-feed.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { startProjections, TOPIC_RULES } from '../../projections/role.js';
import { InvoiceRows } from '../../read-side/queries/invoice-rows.js';
import { ReadView } from '../../read-side/view.js';
import { Relay } from '../../write-side/relay/relay.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { busClient, withPrefix } from './bus.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { withEngine } from './engines.js';
import { benchStream } from './history.js';
import { PER_SECOND, SECONDS, steadily } from './visible.js';

const LIMIT_MS = 100;
/** Relay, five readers and their groups need longer than the log alone. */
const WARM_UP = 800;
const SLOW_MS = 300;
const QUIET = { info: () => undefined, warn: () => undefined };

/** As `visible`, with the relay and Kafka between the log and the projections: the distributed system's way, in one process. */
export const visibleKafka: Benchmark = {
  name: 'visible-kafka',
  about: 'append acknowledged → visible in the summary through relay and Kafka at 200 events/s',
  floor: 1,
  run: ({ breakOracle, slowOurs, tenth }) => withEngine('kafka', (address, engines) => withPrefix(busClient(address), (prefix) => withBenchCluster(async (databases) => {
    const measured = PER_SECOND * (tenth ? SECONDS / 10 : SECONDS);
    const warmUp = tenth ? WARM_UP / 4 : WARM_UP;
    const kafka = busClient(address);
    const store = new PostgresEventStore({ append: databases.append, read: databases.readLog });
    const control = new ControlDatabase(databases.control);
    const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
    const pointer = new Pointer(control, 'main');
    const progress = new ProgressHub();
    const relay = new Relay({ name: 'main', kafka, prefix, store, leases: new Leases(control, 'bench'), board: new RelayBoard(control), log: QUIET });
    relay.start();
    while (relay.status().state !== 'running') await pause();
    const feed = new KafkaFeed({ kafka, prefix, partitions: PARTITIONS, rules: TOPIC_RULES, store });
    const projections = await startProjections({
      eventStore: store, rebuildStore: store, feed, shards, control, pointer, progress, owner: 'bench', logger: QUIET, recordSwitch: async () => undefined,
      cache: new MemoryCache<InvoiceSummary>({ maxBytes: 64_000_000, sizeOf: () => 2_000 }),
      ...(slowOurs && { hooks: { beforeCommit: () => new Promise<void>((resolve) => { setTimeout(resolve, SLOW_MS); }) } }),
    });
    while (pointer.generationOf('invoice-summary') === undefined) await pause();
    const times = await steadily({ store, progress, pointer, measured, warmUp });
    const oracle = times.length === measured && (await allAreThere(new ReadView({ shards, pointer, progress, log: store }), measured + warmUp + (breakOracle ? 1 : 0)));
    await projections.stop();
    await relay.stop();
    await feed.close();
    await shards.close();
    await control.close();
    await store.close();
    const p99 = percentile(times, 0.99);
    return {
      oracle, ratio: LIMIT_MS / p99, rounds: [{ ours: LIMIT_MS / p99, baseline: 1 }], engines: { ...ENGINES, ...engines },
      metrics: [metric('p99', p99, 'ms', LIMIT_MS, 'lower'), metric('p50', percentile(times, 0.5), 'ms', LIMIT_MS, 'lower')],
    };
  }))),
};

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 10); });

/** Each invoice's row is there, at its only event's revision. */
async function allAreThere(view: ReadView, invoices: number): Promise<boolean> {
  for (let index = 0; index < invoices; index += 1) {
    if ((await new InvoiceRows().find(view, benchStream(index).slice('invoice-'.length)))?.revision !== 0) return false;
  }
  return true;
}
