import type { Token } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import type { Pointer } from '#platform/control/pointer.js';
import type { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import { InvoiceRows } from '../../read-side/queries/invoice-rows.js';
import { ReadView } from '../../read-side/view.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { startEmbedded } from './embedded.js';
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
    const system = await startEmbedded(databases, slowOurs ? { beforeCommit: () => new Promise<void>((resolve) => { setTimeout(resolve, 100); }) } : {});
    const { store, shards, pointer, progress } = system;
    const times = await steadily({ store, progress, pointer, measured, warmUp: WARM_UP });
    const view = new ReadView({ shards, pointer, progress, log: store });
    const last = await new InvoiceRows().find(view, benchStream(PER_SECOND).slice('invoice-'.length));
    const oracle = times.length === measured && (last?.revision ?? -1) === (breakOracle ? 99 : 0);
    await system.stop();
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
  /** Default 200. */
  readonly perSecond?: number;
}

/** Event by event at the steady rate. @returns from each acknowledgement until the summary's commit (ms) */
export async function steadily({ store, progress, pointer, measured, warmUp, perSecond = PER_SECOND }: Steady): Promise<number[]> {
  const times: number[] = [];
  await atRate(perSecond, measured + warmUp, async (index) => {
    const { position, lane } = await appendOne(store, index);
    const acknowledged = performance.now();
    await progress.waitFor('invoice-summary', pointer.generationOf('invoice-summary') ?? 1, [{ position, lane }], 5_000);
    if (index >= warmUp) times.push(performance.now() - acknowledged);
  });
  return times;
}

/** Begins one piece of work after the other at the steady rate; resolves when all are done. */
export async function atRate(perSecond: number, count: number, work: (index: number) => Promise<void>): Promise<void> {
  const working: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    working.push(work(index));
  }
  await Promise.all(working);
}

/** The first event of a generated invoice. @returns its token */
export async function appendOne(store: PostgresEventStore, index: number): Promise<Token> {
  const [event] = invoiceEvents(index);
  const stream = benchStream(index);
  const result = event && (await store.append(stream, 'none', [event]));
  if (result?.outcome !== 'appended') throw new Error(`invoice ${index} was there already`);
  return { position: result.position, lane: laneOf('fiscal.invoice.created', stream) };
}
