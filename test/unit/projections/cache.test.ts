import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { cacheSuite } from '../../suites/cache.js';

cacheSuite('in memory', async () => new MemoryCache<string>({ maxBytes: 1_000_000, sizeOf: (value) => value.length * 2 }));

describe('the cache in memory', () => {
  it('holds no more bytes than it may, dropping what was not used for longest', async () => {
    const cache = new MemoryCache<string>({ maxBytes: 10_000, sizeOf: () => 800 });
    for (let index = 0; index < 100; index += 1) {
      await cache.write(`k${index}`, { revision: toRevision(1), value: 'v' });
      await cache.get('k0');
    }
    const present = (await Promise.all(Array.from({ length: 100 }, (_, index) => cache.get(`k${index}`)))).filter(Boolean);
    expect(present.length).to.be.within(5, 10);
    expect(cache.peek('k0')?.value).to.equal('v');
  });
});
