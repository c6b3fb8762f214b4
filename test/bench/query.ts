import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import { createHttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import type { Pointer } from '#platform/control/pointer.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { Shards } from '#platform/read-store/shards.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import { cacheKey, invoiceRoutes } from '../../read-side/api/invoice-routes.js';
import { publicInvoice } from '../../read-side/json.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { benchStream, invoiceEvents } from './history.js';
import type { LoadAnswer, LoadInput } from './load-side.js';
import { runSide } from './side.js';

const CONNECTIONS = 32;
const MILLISECONDS = 1_200;

/** Cached reads: the real route, cache, limits and metrics, on the real HTTP platform, without and with authentication. */
export const query: Benchmark = {
  name: 'query',
  about: 'cached GET /invoices/{id} against bare node:http serving the same bytes',
  floor: 0.7,
  async run({ rounds, breakOracle, slowOurs }) {
    const row = finishedRow();
    const bytes = Buffer.from(JSON.stringify(publicInvoice(row)));
    const open = await startOurs(row, false, slowOurs);
    const closed = await startOurs(row, true, slowOurs);
    const bare = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.setHeader('Content-Length', bytes.length);
      response.end(bytes);
    });
    await new Promise<void>((resolve) => { bare.listen(0, '127.0.0.1', resolve); });
    const path = `/api/v1/invoices/${row.id}`;
    let oracle = true;
    const load = async (port: number, headers: readonly string[] = []): Promise<number> => {
      const { perSecond, bodies } = await runSide<LoadAnswer>('./load-side.js', { port, path, headers, connections: CONNECTIONS, milliseconds: MILLISECONDS } satisfies LoadInput);
      oracle &&= bodies.every((body) => body === bytes.toString() + (breakOracle ? 'x' : ''));
      return perSecond;
    };
    const barePort = (bare.address() as AddressInfo).port;
    const measured = await alternate(rounds, () => load(barePort), () => load(open.port));
    const withToken: number[] = [];
    for (let round = 0; round < rounds; round += 1) withToken.push(await load(closed.port, [`Authorization: Bearer ${closed.token}`]));
    for (const server of [open, closed]) await server.close();
    bare.closeAllConnections();
    await new Promise((resolve) => bare.close(resolve));
    const ratio = median(measured.map((round) => round.ours / round.baseline));
    const baseline = median(measured.map((round) => round.baseline));
    const metrics = [
      metric('without authentication', ratio, '×', 0.7, 'higher', baseline), metric('with authentication', median(withToken) / baseline, '×', 0.5, 'higher', baseline),
      metric('requests per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: {} };
  },
};

function finishedRow(): InvoiceSummary {
  const row = invoiceEvents(1).reduce<InvoiceSummary | undefined>((state, event, revision) => evolveInvoice(state, { ...event, stream: benchStream(1), revision, position: '1', recordedAt: event.occurredAt } as unknown as InvoiceEvent), undefined);
  if (!row) throw new Error('no row');
  return row;
}

async function startOurs(row: InvoiceSummary, withAuthentication: boolean, slow: boolean): Promise<{ port: number; token: string; close: () => Promise<unknown> }> {
  const cache = new MemoryCache<InvoiceSummary>({ maxBytes: 10_000_000, sizeOf: () => 1_000 });
  await cache.write(cacheKey(1, row.id), { revision: row.revision, value: row });
  const pointer = { current: () => ({ epoch: 1, generations: { 'invoice-summary': 1, 'hot-cache': 1 }, slots: [] }), generationOf: () => 1 } as unknown as Pointer;
  const shards = new Shards({ shards: [], slots: [], slotOf: () => 0 });
  const routes = invoiceRoutes({ shards, pointer, progress: new ProgressHub(), log: new MemoryEventStore(), objects: { put: unused, get: unused, has: unused, archive: unused }, cache, cacheFillMs: 60_000 })
    .filter(({ path, method }) => method === 'get' && path === '/api/v1/invoices/:id')
    .map((route) => ({
      ...route, roles: withAuthentication ? route.roles : [],
      ...(slow && { handle: async (...args: Parameters<typeof route.handle>) => { await new Promise((resolve) => setTimeout(resolve, 50)); await route.handle(...args); } }),
    }));
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA' }).setSubject('bench').setExpirationTime('1h').sign(privateKey);
  const verify = async (given: string) => {
    await jwtVerify(given, publicKey);
    return { principal: { userId: 'bench', role: 'viewer', tier: 'enterprise', tokenId: 't' }, expiresAt: Date.now() + 3_600_000 };
  };
  const limit = { requests: 1_000_000_000, seconds: 60 };
  const server = createHttpServer({
    routes, authenticate: createAuthenticator({ verify, isCurrent: () => true }), logger: createLogger({ level: 'warn' }), metrics: createMetrics(),
    rateLimiter: createRateLimiter({ anonymous: limit, enterprise: limit }),
  });
  return { port: await server.listen(0, '127.0.0.1'), token, close: () => server.close(1_000) };
}

const unused = (): Promise<never> => Promise.reject(new Error('not part of this benchmark'));
