import type { Benchmark } from './contract.js';
import { withEngine } from './engines.js';
import { cachedReads } from './query.js';

/** As `query`, with the cache in Redis: what many query APIs share. */
export const redisRead: Benchmark = {
  name: 'redis-read',
  about: 'GET /invoices/{id} cached in Redis against bare node:http with one ioredis GET',
  floor: 0.8,
  run: (options) => withEngine('redis', async (address, engines) => ({ ...(await cachedReads(options, { open: 0.8, closed: 0 }, address)), engines })),
};
