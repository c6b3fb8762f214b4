import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { MemoryCache } from '#platform/cache/memory.js';
import type { Cache } from '#platform/cache/port.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';
import { RedisCache } from '#platform/cache/redis.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { createAuthenticator } from '#platform/http/authenticate.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import { createHttpServer } from '#platform/http/server.js';
import { createLogger } from '#platform/logger.js';
import type { Pointer } from '#platform/control/pointer.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { Shards } from '#platform/read-store/shards.js';
import { foldInvoice } from '../../projections/invoice-row/fold.js';
import { cacheKey, invoiceRoutes } from '../../read-side/api/invoice-routes.js';
import { CACHED_INVOICE, publicInvoice } from '../../read-side/json.js';
import { benchStream, invoiceEvents } from './history.js';
import type { ServedAnswer, ServedInput } from './query.js';
import { answerSide } from './side.js';
import { NO_OBJECTS } from './objects.js';

/** What a benchmark leaves in a Redis that others use too is gone after this time. */
const KEY_LIFE_MS = 600_000;

/** A machine that is busy must not count as a Redis that is gone: there is no table to go to. */
const PATIENT = { commandTimeoutMs: 10_000 };

/** Bare `node:http`, or the real route, cache, limits and metrics on the real HTTP platform, without or with authentication. */
answerSide(async ({ kind, slow, redis }: ServedInput): Promise<ServedAnswer> => {
  const row = finishedRow();
  const body = JSON.stringify(publicInvoice(row));
  const path = `/api/v1/invoices/${row.id}`;
  const { port, token } = kind === 'bare' ? await startBare(body, redis) : await startOurs(row, { withAuthentication: kind === 'closed', slow, redis });
  return { port, path, body, headers: kind === 'closed' ? [`Authorization: Bearer ${token}`] : [] };
}, async () => { for (const close of closing) close(); });

const closing: (() => void)[] = [];

async function startBare(body: string, redis: string | undefined): Promise<{ port: number; token: string }> {
  if (redis !== undefined) return startBareRedis(body, redis);
  const bytes = Buffer.from(body);
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.address() as AddressInfo).port, token: '' };
}

/** One GET for each answer, at the client's best setting. */
async function startBareRedis(body: string, address: string): Promise<{ port: number; token: string }> {
  const client = new Redis(address, { enableAutoPipelining: true });
  closing.push(() => client.disconnect());
  const key = `bench-${randomUUID()}`;
  await client.set(key, body, 'PX', KEY_LIFE_MS);
  const server = createServer((_request, response) => {
    client.get(key).then((text) => {
      if (text === null) response.statusCode = 404;
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.setHeader('Content-Length', Buffer.byteLength(text ?? ''));
      response.end(text ?? '');
    }, (error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.address() as AddressInfo).port, token: '' };
}

function finishedRow(): InvoiceSummary {
  const row = foldInvoice(invoiceEvents(1).map((event, revision) => ({ ...event, stream: benchStream(1), revision, position: '1', recordedAt: event.occurredAt }) as unknown as InvoiceEvent));
  if (!row) throw new Error('no row');
  return row;
}

async function openCache(redis: string | undefined): Promise<Cache<InvoiceSummary>> {
  if (redis === undefined) return new MemoryCache<InvoiceSummary>({ maxBytes: 10_000_000, sizeOf: () => 1_000 });
  const cache = await RedisCache.open<InvoiceSummary>({ address: parseRedisAddress(redis), form: CACHED_INVOICE, namespace: `bench-${randomUUID()}:`, writeTtlMs: KEY_LIFE_MS, limits: PATIENT });
  closing.push(() => cache.close());
  return cache;
}

async function startOurs(row: InvoiceSummary, { withAuthentication, slow, redis }: { withAuthentication: boolean; slow: boolean; redis: string | undefined }): Promise<{ port: number; token: string }> {
  const cache = await openCache(redis);
  await cache.write(cacheKey(1, row.id), { revision: row.revision, value: row });
  const pointer = { current: () => ({ epoch: 1, generations: { 'invoice-summary': 1, 'hot-cache': 1 }, slots: [], views: {} }), generationOf: () => 1 } as unknown as Pointer;
  const shards = new Shards({ shards: [], slots: [], slotOf: () => 0 });
  const routes = invoiceRoutes({ shards, pointer, progress: new ProgressHub(), log: new MemoryEventStore(), objects: NO_OBJECTS, cache, cacheFillMs: 60_000, foldInvoice })
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
