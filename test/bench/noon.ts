import { createAuthenticator } from '#platform/http/authenticate.js';
import { Activity } from '#platform/http/activity.js';
import { createHttpServer, type HttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import { foldInvoice } from '../../projections/role.js';
import { readSideRoutes } from '../../read-side/role.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { startEmbedded, type EmbeddedSystem } from './embedded.js';
import { fillLog } from './history.js';
import type { NoonAnswer, NoonInput } from './noon-side.js';
import { Side } from './side.js';
import { NO_OBJECTS } from './objects.js';

const LIMIT = 1.5;
const INVOICES = 14_000;
const PER_SECOND = 150;
const SECONDS = 10;
const AFTER_MS = 1_000;
const SLOW_MS = 60;

/** Lists and single invoices over HTTP at a steady rate, first with nothing else, then while the summary and the report are rebuilt, from the command until behind the switch. */
export const noon: Benchmark = {
  name: 'noon',
  about: 'p99 of reads over HTTP while read models are rebuilt, against the same reads without',
  floor: 1,
  run: ({ breakOracle, slowOurs, tenth }) => withBenchCluster(async (databases, cluster) => {
    const [invoices, seconds] = tenth ? [INVOICES / 10, SECONDS / 4] : [INVOICES, SECONDS];
    await fillLog(cluster.admin(databases.append.database), 0, invoices, 1);
    const activity = new Activity();
    const system = await startEmbedded(databases, {}, activity);
    const { head } = await system.store.status();
    while ((await system.projections.status()).some(({ name, position }) => name !== 'hot-cache' && name !== 'users' && position !== head)) await new Promise((resolve) => setTimeout(resolve, 20));
    let slow = false;
    const server = serve(system, activity, () => slow);
    const port = await server.listen(0, '127.0.0.1');
    const side = new Side('./noon-side.js');
    /** Reads at the steady rate until the work is done, and a little longer: what the work leaves behind may hurt as well. */
    const readWhile = async (work: () => Promise<unknown>, damage = false): Promise<NoonAnswer> => {
      const answering = side.ask<NoonAnswer>({ port, invoices, perSecond: PER_SECOND, damage } satisfies NoonInput);
      await work();
      await pause(AFTER_MS);
      side.tell({ stop: true });
      return answering;
    };
    await readWhile(() => pause(seconds * 300));
    const quiet = await readWhile(() => pause(seconds * 1_000));
    slow = slowOurs;
    const began = performance.now();
    const busy = await readWhile(async () => {
      // Readers are there when it is asked for.
      await pause(AFTER_MS);
      await system.projections.rebuildSet(['invoice-summary', 'daily-report']);
    }, breakOracle);
    const took = (performance.now() - began) / 1_000;
    await side.end();
    await server.close(1_000);
    await system.stop();
    const [without, during] = [percentile(quiet.times, 0.99), percentile(busy.times, 0.99)];
    const ratio = (LIMIT * without) / during;
    return {
      oracle: quiet.wrong === 0 && busy.wrong === 0, ratio, rounds: [{ ours: LIMIT * without, baseline: during }], engines: ENGINES,
      metrics: [
        metric('p99 during ÷ without', during / without, '×', LIMIT, 'lower', without), metric('p99 during a rebuild', during, 'ms', LIMIT * without, 'lower', without),
        metric('p50 during a rebuild', percentile(busy.times, 0.5), 'ms', 1_000, 'lower', percentile(quiet.times, 0.5)), metric('the rebuild took', took, 's', 600, 'lower'),
      ],
    };
  }),
};

/** The real routes without authentication. */
function serve({ store, shards, pointer, progress, cache }: EmbeddedSystem, activity: Activity, isSlow: () => boolean): HttpServer {
  const routes = readSideRoutes({
    shards, pointer, progress, log: store, cache, cacheFillMs: 60_000, foldInvoice, objects: NO_OBJECTS, projections: async () => [], draining: () => server.draining, maxTails: 1,
  });
  const open = routes.map((route) => ({ ...route, roles: [], handle: async (...asked: Parameters<typeof route.handle>) => {
    if (isSlow()) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    await route.handle(...asked);
  } }));
  const authenticate = createAuthenticator({ verify: () => Promise.reject(new Error('nobody signs in')), isCurrent: () => true });
  const server = createHttpServer({ routes: open, authenticate, activity, logger: createLogger({ level: 'warn' }) });
  return server;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
