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
import { benchStream, invoiceEvents } from './history.js';
import type { ServedAnswer, ServedInput } from './query.js';
import { answerSide } from './side.js';

/** Bare `node:http`, or the real route, cache, limits and metrics on the real HTTP platform, without or with authentication. */
answerSide(async ({ kind, slow }: ServedInput): Promise<ServedAnswer> => {
  const row = finishedRow();
  const body = JSON.stringify(publicInvoice(row));
  const path = `/api/v1/invoices/${row.id}`;
  const { port, token } = kind === 'bare' ? await startBare(body) : await startOurs(row, kind === 'closed', slow);
  return { port, path, body, headers: kind === 'closed' ? [`Authorization: Bearer ${token}`] : [] };
});

async function startBare(body: string): Promise<{ port: number; token: string }> {
  const bytes = Buffer.from(body);
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.address() as AddressInfo).port, token: '' };
}

function finishedRow(): InvoiceSummary {
  const row = invoiceEvents(1).reduce<InvoiceSummary | undefined>((state, event, revision) => evolveInvoice(state, { ...event, stream: benchStream(1), revision, position: '1', recordedAt: event.occurredAt } as unknown as InvoiceEvent), undefined);
  if (!row) throw new Error('no row');
  return row;
}

async function startOurs(row: InvoiceSummary, withAuthentication: boolean, slow: boolean): Promise<{ port: number; token: string }> {
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
  return { port: await server.listen(0, '127.0.0.1'), token };
}

const unused = (): Promise<never> => Promise.reject(new Error('not part of this benchmark'));
