import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { toRevision } from '#contracts/kernel/position.js';
import type { CacheEntry } from '#platform/cache/port.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';
import { RedisCache, type RedisCacheOptions } from '#platform/cache/redis.js';
import { cacheSuite } from '../../suites/cache.js';
import { describeWith } from '../../support/engines.js';
import { until } from '../../support/until.js';

const entry = (revision: number, value = `r${revision}`): CacheEntry<string> => ({ revision: toRevision(revision), value });

/** What is tested here is what happens with an answer: a machine that is busy must not count as a Redis that is gone. */
const PATIENT = { commandTimeoutMs: 10_000 };

describeWith('redis', 'the cache on Redis', (address) => {
  const closing: (() => void)[] = [];
  after(() => { for (const close of closing) close(); });

  /** A cache of its own names, and the way to look behind it. */
  async function cacheOf(options: Partial<RedisCacheOptions<string>> = {}): Promise<{ cache: RedisCache<string>; namespace: string; raw: Redis }> {
    const namespace = options.namespace ?? `test[${randomUUID()}]:`;
    const cache = await RedisCache.open<string>({ address: parseRedisAddress(address()), namespace, limits: PATIENT, ...options });
    const raw = new Redis(address());
    closing.push(() => cache.close(), () => raw.disconnect());
    return { cache, namespace, raw };
  }

  cacheSuite('on Redis', async () => (await cacheOf()).cache);

  it('ends with the greatest revision, and no reader ever sees it go back, whatever the order of the writes', async () => {
    // Four clients write 1,000 revisions of one row in random order, half of them as readers would; a watcher reads all the while.
    const { cache, namespace } = await cacheOf();
    const writers = [cache, ...(await Promise.all([1, 2, 3].map(async () => (await cacheOf({ namespace })).cache)))];
    const revisions = Array.from({ length: 1_000 }, (_, index) => index).sort(() => Math.random() - 0.5);
    let done = false;
    const seen: number[] = [];
    const watcher = (async () => {
      while (!done) seen.push((await cache.get('row'))?.revision ?? -1);
    })();
    await Promise.all(Array.from({ length: 16 }, async (_, client) => {
      const writer = writers[client % writers.length] ?? cache;
      for (let revision = revisions.pop(); revision !== undefined; revision = revisions.pop()) {
        if (revision % 2 === 1) await writer.write('row', entry(revision));
        else await writer.fill('row', entry(revision), 60_000);
      }
    }));
    done = true;
    await watcher;
    expect(seen).to.deep.equal(seen.toSorted((left, right) => left - right));
    expect(new Set(seen).size).to.be.greaterThan(1);
    expect(await cache.get('row')).to.deep.equal(entry(999));
  });

  it('takes what it did not write itself as a miss, whatever it is, and removes it', async () => {
    const { cache, namespace, raw } = await cacheOf();
    const name = `${namespace}row`;
    const other = await cacheOf({ namespace });
    await other.cache.write('another', entry(3));
    const foreign: readonly (() => Promise<unknown>)[] = [
      () => raw.set(name, ''), () => raw.set(name, 'not ours'), () => raw.set(name, Buffer.from([0xff, 0xfe, 0])), () => raw.set(name, 'f1 1 1 1\n{'), () => raw.set(name, 'f1 9007199254740999 1 1\n1'),
      () => raw.hset(name, 'revision', '9'), () => raw.lpush(name, 'x'), () => raw.sadd(name, 'x'), () => raw.copy(`${namespace}another`, name),
    ];
    for (const put of foreign) {
      await put();
      expect(await cache.get('row')).to.equal(undefined);
      expect(await raw.exists(name)).to.equal(0);
      await put();
      // What only looks like an entry has a revision all the same: a reader finds it out, a write need not.
      if ((await raw.type(name)) !== 'string') expect(await cache.write('row', entry(1))).to.equal(true);
      await raw.del(name);
    }
    expect(cache.healthy()).to.equal(true);
  });

  it('gives everything an end: a write its long one, a fill its own, and neither is prolonged by a reader', async () => {
    const { cache, namespace, raw } = await cacheOf({ writeTtlMs: 500_000 });
    const left = (key: string): Promise<number> => raw.pttl(`${namespace}${key}`);
    await cache.write('row', entry(1));
    expect(await left('row')).to.be.within(490_000, 500_000);
    await cache.fill('row', { ...entry(1), body: { text: '{}', length: 2 } }, 1_000);
    expect(await left('row')).to.be.within(490_000, 500_000);
    await cache.fill('read', entry(1), 10_000);
    await cache.fill('read', entry(2), 400_000);
    expect(await left('read')).to.be.within(1, 10_000);
    await cache.fill('endless', entry(1), Number.POSITIVE_INFINITY);
    expect(await left('endless')).to.be.within(490_000, 500_000);
    await raw.persist(`${namespace}row`);
    await cache.fill('row', entry(1), 1_000);
    expect(await left('row')).to.be.within(1, 1_000);
  });

  it('does not cache what is too large, and keeps nothing older of it either', async () => {
    const { cache } = await cacheOf({ maxEntryBytes: 200 });
    await cache.write('row', entry(1));
    expect(await cache.fill('row', { ...entry(1), body: { text: 'ñ'.repeat(100), length: 200 } }, 1_000)).to.equal(false);
    expect((await cache.get('row'))?.revision).to.equal(1);
    expect(await cache.write('row', entry(2, 'x'.repeat(200)))).to.equal(false);
    expect(await cache.get('row')).to.equal(undefined);
  });

  it('empties its own names and no others', async () => {
    const { cache, namespace, raw } = await cacheOf();
    await raw.set(namespace.replace('[', '').replace(']', ''), 'theirs', 'PX', 60_000);
    const keys = Array.from({ length: 1_500 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => cache.write(key, entry(1))));
    await cache.clear();
    expect((await Promise.all(keys.map((key) => cache.get(key)))).filter(Boolean)).to.deep.equal([]);
    expect(await raw.get(namespace.replace('[', '').replace(']', ''))).to.equal('theirs');
  });

  it('goes on when the server has forgotten its scripts, and when it was cut off', async () => {
    const { cache, raw } = await cacheOf();
    await cache.write('row', entry(1));
    await raw.script('FLUSH');
    expect(await cache.write('row', entry(2))).to.equal(true);
    await raw.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(async () => (await cache.get('row'))?.revision === 2);
    expect(await cache.write('row', entry(3))).to.equal(true);
  });
});
