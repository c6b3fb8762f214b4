import { toPosition } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { createHttpServer, type HttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import { foldInvoice } from '../../projections/role.js';
import { readSideRoutes } from '../../read-side/role.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { metric, percentile, type Benchmark } from './contract.js';
import { startEmbedded, type EmbeddedSystem } from './embedded.js';
import { sharedNow, Side } from './side.js';
import { appendOne, atRate, steadily } from './visible.js';
import { NO_OBJECTS } from './objects.js';

const PER_SECOND = 500;
const SECONDS = 10;
/** How much later than plain visibility the answer may come. */
const MARGIN_MS = 10;
const SLOW_MS = 200;
/** Reads in their wait at all times: two for each event of a second. */
const WAITING_SECONDS = 2;
/** How long they wait, well within the limit of a read: 6/5 of them per event make the number above, and a few more for those on their way. */
const AHEAD_SECONDS = 1.72;

/** What the readers are to do. */
export interface TokenInput {
  readonly port: number;
  /** Events of the run; reads of those between `from` and `until` are measured. */
  readonly events: number;
  readonly from: number;
  readonly until: number;
  /** So many events before its own a read begins to wait. */
  readonly ahead: number;
  readonly firstIndex: number;
  readonly firstPosition: number;
  readonly damage: boolean;
}

/** An event of the run is durable since then (clock of the machine, ms). */
export interface Acknowledged {
  readonly index: number;
  readonly at: number;
}

export interface TokenAnswer {
  /** Of each read that waited: from the acknowledgement of its event until its answer (ms). */
  readonly times: readonly number[];
  /** The same of reads that were begun at the acknowledgement. */
  readonly begunBehind: readonly number[];
  /** Answers that were stale or older than asked, and reads without an answer. */
  readonly wrong: number;
  readonly answered: number;
  /** Reads that waited for later events, at any acknowledgement that was measured. */
  readonly fewestWaiting: number;
}

/** A thousand reads over HTTP that wait for tokens of events to come, how long after its event each is answered; against bare visibility in the process. */
export const token: Benchmark = {
  name: 'token',
  about: '1,000 reads waiting for tokens, 500 events/s: from the event until the answer, against bare visibility + 10 ms',
  floor: 1,
  run: ({ breakOracle, slowOurs, tenth }) => withBenchCluster(async (databases) => {
    const perSecond = tenth ? PER_SECOND / 10 : PER_SECOND;
    const measured = perSecond * (tenth ? SECONDS / 5 : SECONDS);
    const system = await startEmbedded(databases);
    const { store, progress, pointer } = system;
    const plain = await steadily({ store, progress, pointer, measured, warmUp: perSecond, perSecond });
    const visible = percentile(plain, 0.99);
    const server = serve(system, slowOurs);
    const { answer, seen } = await readBehindTokens(system, { port: await server.listen(0, '127.0.0.1'), perSecond, measured, damage: breakOracle });
    await server.close(1_000);
    await system.stop();
    const oracle = answer.wrong === 0 && answer.times.length >= measured && answer.fewestWaiting >= WAITING_SECONDS * perSecond;
    const p99 = percentile(answer.times, 0.99);
    const limit = visible + MARGIN_MS;
    return {
      oracle, ratio: limit / p99, rounds: [{ ours: limit, baseline: p99 }], engines: ENGINES,
      metrics: [
        metric('p99', p99, 'ms', limit, 'lower', visible), metric('p50', percentile(answer.times, 0.5), 'ms', limit, 'lower', percentile(plain, 0.5)),
        metric('p99 beyond that of visibility at the same time', p99 - percentile(seen, 0.99), 'ms', MARGIN_MS, 'lower'),
        metric('p99 of reads begun behind the event', percentile(answer.begunBehind, 0.99), 'ms', 1_000, 'lower', visible), metric('reads waiting, at least', answer.fewestWaiting, '', WAITING_SECONDS * perSecond, 'higher'), metric('reads answered', answer.answered, '', measured, 'higher'),
      ],
    };
  }),
};

/** The real routes without authentication. The log claims to be far ahead: a token of an event that is not written yet would be refused. */
function serve({ store, shards, pointer, progress, cache }: EmbeddedSystem, isSlow: boolean): HttpServer {
  const ahead: EventStore = {
    append: (...asked) => store.append(...asked), readStream: (...asked) => store.readStream(...asked), readAll: (...asked) => store.readAll(...asked), subscribe: (options) => store.subscribe(options),
    status: async () => ({ logId: 'bench', head: toPosition('9223372036854775807'), behind: 0 }),
  };
  const routes = readSideRoutes({
    shards, pointer, progress, log: ahead, cache, cacheFillMs: 60_000, foldInvoice, objects: NO_OBJECTS, projections: async () => [], draining: () => server.draining, maxTails: 1,
  });
  const open = routes.map((route) => ({
    ...route, roles: [],
    ...(isSlow && { handle: async (...asked: Parameters<typeof route.handle>) => { await new Promise((resolve) => setTimeout(resolve, SLOW_MS)); await route.handle(...asked); } }),
  }));
  const authenticate = createAuthenticator({ verify: () => Promise.reject(new Error('nobody signs in')), isCurrent: () => true });
  const server = createHttpServer({ routes: open, authenticate, logger: createLogger({ level: 'warn' }) });
  return server;
}

interface Run {
  readonly port: number;
  readonly perSecond: number;
  readonly measured: number;
  readonly damage: boolean;
}

/** Before what is measured all who wait have come, and until its end they are not fewer: the run is longer at both ends. */
async function readBehindTokens({ store, progress, pointer }: EmbeddedSystem, { port, perSecond, measured, damage }: Run): Promise<{ readonly answer: TokenAnswer; readonly seen: readonly number[] }> {
  const ahead = Math.ceil(AHEAD_SECONDS * perSecond);
  const from = ahead + perSecond;
  const events = from + measured + ahead;
  // Each event here is the only one of its append, and one process appends them in order: their positions follow each other.
  const firstIndex = perSecond + measured;
  const firstPosition = Number((await store.status()).head) + 1;
  const side = new Side('./token-side.js');
  const seen: number[] = [];
  const answering = side.ask<TokenAnswer>({ port, events, from, until: from + measured, ahead, firstIndex, firstPosition, damage } satisfies TokenInput);
  try {
    await atRate(perSecond, events, async (index) => {
      const token = await appendOne(store, firstIndex + index);
      const at = sharedNow();
      const { position } = token;
      if (position !== String(firstPosition + index)) throw new Error(`event ${index} is at ${position}`);
      side.tell({ index, at } satisfies Acknowledged);
      await progress.waitFor('invoice-summary', pointer.generationOf('invoice-summary') ?? 1, [token], 5_000);
      if (index >= from && index < from + measured) seen.push(sharedNow() - at);
    });
    return { answer: await answering, seen };
  } finally {
    await side.end();
  }
}
