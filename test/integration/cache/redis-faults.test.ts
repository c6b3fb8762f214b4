import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { toRevision } from '#contracts/kernel/position.js';
import type { CacheEntry } from '#platform/cache/port.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';
import { RedisCache, type RedisCacheOptions } from '#platform/cache/redis.js';
import { describeWith, isOurs, restartEngine } from '../../support/engines.js';
import { until } from '../../support/until.js';
import { hasServers, OwnRedis } from './servers.js';

const entry = (revision: number): CacheEntry<string> => ({ revision: toRevision(revision), value: `r${revision}` });

/** Far above the limit of a command, far below any pile-up: "bounded", not "fast". */
const BOUNDED_MS = 2_000;
const slowest = async (work: readonly Promise<unknown>[], began = performance.now()): Promise<number> => {
  await Promise.all(work);
  return performance.now() - began;
};
const allOperations = (cache: RedisCache<string>, revision = 1): Promise<unknown>[] =>
  Array.from({ length: 50 }, (_, index) => [cache.get(`k${index}`), cache.write(`k${index}`, entry(revision)), cache.fill(`k${index}`, entry(revision), 1_000), cache.remove(`k${index}`)]).flat();

describe('the cache when Redis fails', () => {
  const disposing: (() => Promise<void> | void)[] = [];
  before(function () {
    if (hasServers()) return;
    process.stdout.write('skipped: the cache when Redis fails: redis-server and redis-cli are not on the PATH\n');
    this.skip();
  });
  afterEach(async () => { for (const dispose of disposing.splice(0).toReversed()) await dispose(); });

  async function ownCache(options: Partial<RedisCacheOptions<string>> = {}): Promise<{ server: OwnRedis; cache: RedisCache<string>; changes: boolean[]; open: () => Promise<RedisCache<string>> }> {
    const server = await OwnRedis.start();
    disposing.push(() => server.dispose());
    const changes: boolean[] = [];
    const open = async (): Promise<RedisCache<string>> => {
      const cache = await RedisCache.open<string>({ address: parseRedisAddress(`redis://127.0.0.1:${server.port}`), onChange: (up) => changes.push(up), ...options });
      disposing.push(() => cache.close());
      return cache;
    };
    return { server, changes, open, cache: await open() };
  }

  it('is empty and takes nothing while there is none, without waiting, and heals when there is one', async () => {
    const { server, cache, changes } = await ownCache();
    await cache.write('row', entry(1));
    await server.kill();
    expect(await slowest(allOperations(cache))).to.be.lessThan(BOUNDED_MS);
    expect([await cache.get('row'), await cache.write('row', entry(2)), await cache.fill('row', entry(2), 1_000), cache.healthy()]).to.deep.equal([undefined, false, false, false]);
    await server.begin();
    await until(() => cache.healthy());
    expect(await cache.write('row', entry(2))).to.equal(true);
    expect(changes).to.deep.equal([true, false, true]);
  });

  it('starts without one, and uses it as soon as it is there', async () => {
    const { server, open, cache: first } = await ownCache({ limits: { connectTimeoutMs: 300 } });
    first.close();
    await server.kill();
    const cache = await open();
    expect(await cache.get('row')).to.equal(undefined);
    await server.begin();
    await until(() => cache.healthy());
    expect(await cache.write('row', entry(1))).to.equal(true);
  });

  it('does not wait for one that holds the connection and is silent, and heals when it speaks again', async () => {
    const { server, cache } = await ownCache();
    server.freeze();
    expect(await slowest(allOperations(cache))).to.be.lessThan(BOUNDED_MS);
    await until(() => !cache.healthy());
    expect(await slowest(allOperations(cache))).to.be.lessThan(BOUNDED_MS);
    server.thaw();
    await until(() => cache.healthy());
    expect(await cache.write('row', entry(1))).to.equal(true);
  });

  it('leaves no older row behind: what could not be written or removed is gone when it is back', async () => {
    // The server keeps its rows: it was silent, not dead. Another process reads them.
    const { server, cache, open } = await ownCache();
    const other = await open();
    for (const key of ['written', 'removed', 'left alone']) await cache.write(key, entry(1));
    server.freeze();
    expect(await cache.write('written', entry(2))).to.equal(false);
    await cache.remove('removed');
    expect(await cache.get('written')).to.equal(undefined);
    server.thaw();
    await until(() => cache.healthy());
    await until(() => other.healthy());
    expect((await other.get('written'))?.revision).to.not.equal(1);
    expect(await other.get('removed')).to.equal(undefined);
    expect((await other.get('left alone'))?.revision).to.equal(1);
  });

  it('forgets everything when more is owed than it remembers', async () => {
    const { server, cache, open } = await ownCache({ maxOwedKeys: 10 });
    const other = await open();
    for (let index = 0; index < 30; index += 1) await cache.write(`k${index}`, entry(1));
    server.freeze();
    await Promise.all(Array.from({ length: 20 }, (_, index) => cache.remove(`k${index}`)));
    expect(await cache.get('k29')).to.equal(undefined);
    server.thaw();
    await until(() => cache.healthy());
    await until(() => other.healthy());
    expect((await Promise.all(Array.from({ length: 30 }, (_, index) => other.get(`k${index}`)))).filter(Boolean)).to.deep.equal([]);
  });

  it('finds nothing where Redis refuses to answer, and does not take that for something to be removed', async () => {
    const server = await OwnRedis.start('--user', 'blind', 'on', 'nopass', '~*', '+@all', '-get');
    disposing.push(() => server.dispose());
    const cache = await RedisCache.open<string>({ address: parseRedisAddress(`redis://blind:any@127.0.0.1:${server.port}`) });
    disposing.push(() => cache.close());
    expect([await cache.write('row', entry(1)), await cache.get('row'), cache.healthy()]).to.deep.equal([true, undefined, true]);
    expect(await cache.write('row', entry(1))).to.equal(false);
  });

  it('takes no more when its memory is full and may drop nothing, keeps nothing old, and goes on reading', async () => {
    const { server, cache } = await ownCache();
    await cache.write('row', entry(1));
    await cache.write('other', entry(1));
    const raw = new Redis(server.port, '127.0.0.1');
    disposing.push(() => raw.disconnect());
    await raw.config('SET', 'maxmemory-policy', 'noeviction');
    await raw.config('SET', 'maxmemory', '1');
    expect(await cache.write('row', entry(2))).to.equal(false);
    await until(() => cache.healthy());
    expect(await raw.exists('folio:row')).to.equal(0);
    expect((await cache.get('other'))?.value).to.equal('r1');
  });
});

describeWith('redis', 'the cache under load', (address) => {
  it('survives a Redis that is killed and comes back empty: every operation ends, and afterwards it caches again', async function () {
    if (!isOurs('redis')) this.skip();
    const cache = await RedisCache.open<string>({ address: parseRedisAddress(address()), namespace: `${randomUUID()}:` });
    let done = false;
    let longest = 0;
    const load = Array.from({ length: 8 }, async (_, client) => {
      for (let revision = 0; !done; revision += 1) {
        longest = Math.max(longest, await slowest([cache.write(`k${client}`, entry(revision)), cache.get(`k${client}`), cache.fill('shared', entry(revision), 60_000)]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await until(async () => (await cache.get('k7')) !== undefined);
    await restartEngine('redis', 'SIGKILL');
    await until(() => cache.healthy());
    await until(async () => (await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((client) => cache.get(`k${client}`)))).every(Boolean));
    done = true;
    await Promise.all(load);
    cache.close();
    expect(longest).to.be.lessThan(BOUNDED_MS);
  });
});
