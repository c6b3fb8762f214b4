import { alternate, median, metric, type Benchmark, type BenchOptions, type Measured } from './contract.js';
import type { LoadAnswer, LoadInput } from './load-side.js';
import { runSide, Side } from './side.js';

const CONNECTIONS = 32;
const MILLISECONDS = 1_200;

export interface ServedInput {
  readonly kind: 'bare' | 'open' | 'closed';
  readonly slow: boolean;
  /** Address of the cache's Redis; absent: the cache is in the process, and the baseline has the bytes. */
  readonly redis?: string;
}

export interface ServedAnswer {
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  /** What every answer must be. */
  readonly body: string;
}

/** Cached reads: each server in a process of its own, the load from another. */
export const query: Benchmark = {
  name: 'query',
  about: 'cached GET /invoices/{id} against bare node:http serving the same bytes',
  floor: 0.7,
  run: (options) => cachedReads(options, { open: 0.7, closed: 0.5 }),
};

/** @param floors of the answers without and with authentication */
export async function cachedReads({ rounds, breakOracle, slowOurs, tenth }: BenchOptions, floors: { readonly open: number; readonly closed: number }, redis?: string): Promise<Measured> {
  let oracle = true;
  const serve = async (kind: ServedInput['kind']): Promise<{ load: () => Promise<number>; end: () => Promise<void> }> => {
    const side = new Side('./query-side.js');
    const { port, path, headers, body } = await side.ask<ServedAnswer>({ kind, slow: slowOurs, ...(redis !== undefined && { redis }) } satisfies ServedInput);
    const load = async (): Promise<number> => {
      const { perSecond, bodies } = await runSide<LoadAnswer>('./load-side.js', { port, path, headers, connections: CONNECTIONS, milliseconds: tenth ? MILLISECONDS / 10 : MILLISECONDS } satisfies LoadInput);
      oracle &&= bodies.every((answer) => answer === body + (breakOracle ? 'x' : ''));
      return perSecond;
    };
    return { load, end: () => side.end() };
  };
  const servers = { bare: await serve('bare'), open: await serve('open'), closed: await serve('closed') };
  const withToken: number[] = [];
  const measured = await alternate(rounds, servers.bare.load, async () => {
    withToken.push(await servers.closed.load());
    return servers.open.load();
  });
  for (const { end } of Object.values(servers)) await end();
  const ratio = median(measured.map((round) => round.ours / round.baseline));
  const baseline = median(measured.map((round) => round.baseline));
  const metrics = [
    metric('without authentication', ratio, '×', floors.open, 'higher', baseline), metric('with authentication', median(withToken.slice(1)) / baseline, '×', floors.closed, 'higher', baseline),
    metric('requests per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
  ];
  return { oracle, rounds: measured, ratio, metrics, engines: {} };
}
