import { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Pointer } from '#platform/control/pointer.js';
import type { Databases } from '../../cli/instance/databases.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { startEmbedded } from './embedded.js';
import { fillLog } from './history.js';
import { sharedNow, Side } from './side.js';

const LIMIT_MS = 50;
const READERS = 3;
const FLIPS = 40;
const INVOICES = 2_000;
const BETWEEN_MS = 150;

export interface SwitchInput {
  readonly databases: Databases;
  readonly invoices: number;
  /** Before a reader takes a new pointer in (ms): the slow side. */
  readonly delayMs: number;
}

export interface SwitchAnswer {
  /** When each generation was first read after a switch, by the clock of the machine (ms). */
  readonly seen: readonly { readonly generation: number; readonly at: number }[];
  readonly reads: number;
  readonly failed: number;
}


/** Readers in processes of their own read rows without pause while the set is switched to and fro: until every one of them reads the new generation. */
export const switching: Benchmark = {
  name: 'switch',
  about: 'switch of generations visible to all readers, reading without pause in processes of their own',
  floor: 1,
  run: ({ breakOracle, slowOurs, tenth }) => withBenchCluster(async (databases, cluster) => {
    await fillLog(cluster.admin(databases.append.database), 0, INVOICES, 1);
    const system = await startEmbedded(databases);
    const { head } = await system.store.status();
    while ((await system.projections.status()).some(({ name, position }) => name === 'invoice-summary' && position !== head)) await new Promise((resolve) => setTimeout(resolve, 20));
    await system.projections.rebuild('invoice-summary');
    const sides = Array.from({ length: READERS }, () => new Side('./switch-side.js'));
    const asked = sides.map((side) => side.ask<SwitchAnswer>({ databases, invoices: INVOICES, delayMs: slowOurs ? 200 : 0 } satisfies SwitchInput));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const flips = await flip(databases, tenth ? FLIPS / 10 : FLIPS);
    for (const side of sides) side.tell({ stop: true });
    const answers = await Promise.all(asked);
    await Promise.all(sides.map((side) => side.end()));
    await system.stop();
    const times = flips.map(({ generation, at }) => Math.max(...answers.map(({ seen }) => (seen.find((one) => one.generation === generation && one.at >= at)?.at ?? Number.POSITIVE_INFINITY) - at)));
    const failed = answers.reduce((sum, answer) => sum + answer.failed, 0);
    const reads = answers.reduce((sum, answer) => sum + answer.reads, 0);
    const slowest = Math.max(...times);
    return {
      oracle: failed === 0 && reads > FLIPS && !breakOracle, ratio: LIMIT_MS / slowest, rounds: times.map((time) => ({ ours: LIMIT_MS / time, baseline: 1 })), engines: ENGINES,
      metrics: [metric('slowest reader, worst switch', slowest, 'ms', LIMIT_MS, 'lower'), metric('slowest reader, median', percentile(times, 0.5), 'ms', LIMIT_MS, 'lower'), metric('failed reads', failed, '', 0, 'lower'), metric('reads meanwhile', reads, '', FLIPS, 'higher')],
    };
  }),
};

/** To the other generation and back, each at a known moment: just before the transaction begins. */
async function flip(databases: Databases, times: number): Promise<readonly { readonly generation: number; readonly at: number }[]> {
  const control = new ControlDatabase(databases.control);
  const pointer = new Pointer(control, 'main');
  await pointer.refresh();
  const generations = new Generations(control, pointer);
  const flips: { generation: number; at: number }[] = [];
  for (let count = 0; count < times; count += 1) {
    const generation = (pointer.generationOf('invoice-summary') ?? 1) === 1 ? 2 : 1;
    flips.push({ generation, at: sharedNow() });
    await generations.switchTo({ 'invoice-summary': generation }, {});
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  await control.close();
  return flips;
}
