import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import type { Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { startProjections } from '../../projections/role.js';
import { findInvoice } from '../../read-side/queries/list-invoices.js';
import { ReadView } from '../../read-side/view.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { benchStream, invoiceEvents } from './history.js';

export const PER_SECOND = 200;
export const SECONDS = 10;
const LIMIT_MS = 20;
const WARM_UP = 200;

/** Event by event at a steady rate, fsync on, all five projections in the process: from the acknowledgement until the summary's commit. */
export const visible: Benchmark = {
  name: 'visible',
  about: 'append acknowledged → visible in the summary at 200 events/s',
  floor: 1,
  run: ({ breakOracle, slowOurs, tenth }) => withBenchCluster(async (databases) => {
    const measured = PER_SECOND * (tenth ? SECONDS / 10 : SECONDS);
    const store = new PostgresEventStore({ append: databases.append, read: databases.readLog });
    const control = new ControlDatabase(databases.control);
    const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
    const pointer = new Pointer(control, 'main');
    const progress = new ProgressHub();
    const projections = await startProjections({
      eventStore: store, rebuildStore: store, shards, control, pointer, progress, owner: 'bench', logger: { info: () => undefined, warn: () => undefined }, recordSwitch: async () => undefined,
      cache: new MemoryCache<InvoiceSummary>({ maxBytes: 64_000_000, sizeOf: () => 2_000 }),
      ...(slowOurs && { hooks: { beforeCommit: () => new Promise<void>((resolve) => { setTimeout(resolve, 100); }) } }),
    });
    while (pointer.generationOf('invoice-summary') === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    const times = await steadily({ store, progress, pointer, measured, warmUp: WARM_UP });
    const view = new ReadView({ shards, pointer, progress, log: store });
    const last = await findInvoice(view, benchStream(PER_SECOND).slice('invoice-'.length));
    const oracle = times.length === measured && (last?.revision ?? -1) === (breakOracle ? 99 : 0);
    await projections.stop();
    await shards.close();
    await control.close();
    await store.close();
    const p99 = percentile(times, 0.99);
    return {
      oracle, ratio: LIMIT_MS / p99, rounds: [{ ours: LIMIT_MS / p99, baseline: 1 }], engines: ENGINES,
      metrics: [metric('p99', p99, 'ms', LIMIT_MS, 'lower'), metric('p50', percentile(times, 0.5), 'ms', LIMIT_MS, 'lower')],
    };
  }),
};

export interface Steady {
  readonly store: PostgresEventStore;
  readonly progress: ProgressHub;
  readonly pointer: Pointer;
  readonly measured: number;
  /** Events before those that are measured. */
  readonly warmUp: number;
}

/** Event by event at the steady rate. @returns from each acknowledgement until the summary's commit (ms) */
export async function steadily({ store, progress, pointer, measured, warmUp }: Steady): Promise<number[]> {
  const times: number[] = [];
  const waits: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < measured + warmUp; index += 1) {
    const due = began + (index * 1_000) / PER_SECOND;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    waits.push(one(store, progress, pointer, index, index < warmUp ? [] : times));
  }
  await Promise.all(waits);
  return times;
}

async function one(store: PostgresEventStore, progress: ProgressHub, pointer: Pointer, index: number, times: number[]): Promise<void> {
  const [event] = invoiceEvents(index);
  if (!event) return;
  const stream = benchStream(index);
  const result = await store.append(stream, 'none', [event]);
  const acknowledged = performance.now();
  const position = (result.outcome === 'appended' ? result.position : '0') as Position;
  await progress.waitFor('invoice-summary', pointer.generationOf('invoice-summary') ?? 1, [{ position, lane: laneOf(event.type, stream) }], 5_000);
  times.push(performance.now() - acknowledged);
}
