import type { Databases } from '../../cli/instance/databases.js';
import { median, metric, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { EVENTS_PER_INVOICE, fillLog } from './history.js';
import { rowsAreFolds, type RebuildAnswer, type RebuildInput } from './rebuild.js';
import { runSide, Side } from './side.js';

const SMALL = { events: 10_000, times: 5 } as const;
const LARGE = 300_000;
const FULL = 5_000_000;
const GROWTH = 1.25;
const RSS_MB = 400;
const MB = 1_048_576;

interface Sized {
  readonly perEventUs: number;
  readonly rssMb: number;
  readonly whole: boolean;
}

/** A rebuild of the summary from a short and from a long log: what an event costs must not grow with the log, nor the memory. `--full`: five million events. */
export const rebuildScale: Benchmark = {
  name: 'rebuild-scale',
  about: 'cost of an event and memory of a rebuild, from 10 k to 300 k events (--full: to 5 M)',
  floor: 1 / GROWTH,
  run: ({ full, slowOurs, breakOracle, tenth }) => withBenchCluster(async (databases, cluster) => {
    const large = full ? FULL : tenth ? LARGE / 10 : LARGE;
    const owner = cluster.admin(databases.append.database);
    await fillLog(owner, 0, SMALL.events / EVENTS_PER_INVOICE, 1);
    const small = await sized(databases, SMALL.events, SMALL.times, false, breakOracle);
    await fillLog(owner, SMALL.events / EVENTS_PER_INVOICE, (large - SMALL.events) / EVENTS_PER_INVOICE, SMALL.events + 1);
    const long = await sized(databases, large, 1, slowOurs, breakOracle);
    const growth = long.perEventUs / small.perEventUs;
    const metrics = [
      metric('cost of an event, long ÷ short', growth, '×', GROWTH, 'lower', small.perEventUs), metric('cost of an event, long log', long.perEventUs, 'µs', 1_000, 'lower'),
      metric('RSS at most', Math.max(small.rssMb, long.rssMb), 'MB', RSS_MB, 'lower'),
    ];
    return { oracle: small.whole && long.whole, rounds: [{ ours: 1 / long.perEventUs, baseline: 1 / small.perEventUs }], ratio: 1 / growth, metrics, engines: ENGINES };
  }, ['max_wal_size=4GB']),
};

/** In a process of its own, whose memory nothing else has used; the first rebuild warms it up. */
async function sized(databases: Databases, events: number, times: number, slow: boolean, broken: boolean): Promise<Sized> {
  const [shard] = databases.shards;
  if (!shard) throw new Error('no shard');
  // The live generation catches up in a process of its own.
  await runSide<RebuildAnswer>('./rebuild-side.js', { databases, slow: false } satisfies RebuildInput);
  const answers: RebuildAnswer[] = [];
  const side = new Side('./rebuild-side.js');
  for (let time = 0; time < times; time += 1) answers.push(await side.ask<RebuildAnswer>({ databases, slow } satisfies RebuildInput));
  await side.end();
  const last = answers.at(-1);
  const whole = answers.every(({ verified }) => verified) && (await rowsAreFolds(shard, last?.generation ?? 0, events / EVENTS_PER_INVOICE, broken));
  return { perEventUs: (median(answers.map(({ seconds }) => seconds)) * 1e6) / events, rssMb: Math.max(...answers.map(({ rssPeak }) => rssPeak)) / MB, whole };
}
