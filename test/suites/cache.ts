import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import type { Cache, CacheEntry } from '#platform/cache/port.js';

const entry = (revision: number, value = `r${revision}`): CacheEntry<string> => ({ revision: toRevision(revision), value });

/** All of an entry, also what it parses only when asked. */
const read = (found: CacheEntry<string> | undefined): CacheEntry<string> | undefined => found && { revision: found.revision, value: found.value, ...(found.body && { body: found.body }) };

/** What every cache adapter must do; `make` gives an empty one. */
export function cacheSuite(name: string, make: () => Promise<Cache<string>>): void {
  describe(`the cache ${name}`, () => {
    it('gives back what was written, and nothing for what was not', async () => {
      const cache = await make();
      expect(await cache.get('a')).to.equal(undefined);
      expect(await cache.write('a', entry(1))).to.equal(true);
      expect((await cache.get('a'))?.value).to.equal('r1');
    });

    it('takes a write of the projection only with a greater revision', async () => {
      const cache = await make();
      await cache.write('a', entry(2));
      expect(await cache.write('a', entry(2, 'other'))).to.equal(false);
      expect(await cache.write('a', entry(1))).to.equal(false);
      expect((await cache.get('a'))?.value).to.equal('r2');
      expect(await cache.write('a', entry(3))).to.equal(true);
    });

    it('never goes back to an older revision by a reader that was slow', async () => {
      const cache = await make();
      await cache.write('a', entry(5));
      expect(await cache.fill('a', entry(4), 60_000)).to.equal(false);
      expect((await cache.get('a'))?.value).to.equal('r5');
    });

    it('takes a newer row from a reader, and gives nothing of the older one with it', async () => {
      const cache = await make();
      await cache.fill('a', { ...entry(4), body: { text: '{}', length: 2 } }, 60_000);
      expect(await cache.fill('a', entry(5), 60_000)).to.equal(true);
      expect(read(await cache.get('a'))).to.deep.equal(entry(5));
    });

    it('gives an entry whole, value and body', async () => {
      const cache = await make();
      const text = '{"name":"Ñandú 🦤"}';
      const whole = { ...entry(5, text), body: { text, length: Buffer.byteLength(text) } };
      await cache.write('a', whole);
      expect(read(await cache.get('a'))).to.deep.equal(whole);
    });

    it('lets a reader add the serialised body to the same revision', async () => {
      const cache = await make();
      await cache.write('a', entry(5));
      expect(await cache.fill('a', { ...entry(5), body: { text: '{}', length: 2 } }, 60_000)).to.equal(true);
      expect((await cache.get('a'))?.body?.text).to.equal('{}');
    });

    it('forgets what a reader filled after its time, and keeps what the projection wrote', async () => {
      const cache = await make();
      await cache.fill('reader', entry(1), 20);
      await cache.write('projection', entry(1));
      const deadline = Date.now() + 5_000;
      while ((await cache.get('reader')) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await cache.get('reader')).to.equal(undefined);
      expect((await cache.get('projection'))?.value).to.equal('r1');
    });

    it('shows what is there, under a beginning or under names, and nothing else', async () => {
      const cache = await make();
      const keys = Array.from({ length: 1_200 }, (_, at) => `g1:${at}`);
      await Promise.all(keys.map((key) => cache.write(key, entry(3, key))));
      await cache.write('g10:0', entry(3));
      const seen = new Map<string, string | undefined>();
      for await (const page of cache.scan({ prefix: 'g1:' })) for (const { key, entry: found } of page) seen.set(key, found?.value);
      expect(seen).to.deep.equal(new Map(keys.map((key) => [key, key])));
      const named: unknown[] = [];
      for await (const page of cache.scan({ keys: ['g1:7', 'missing', 'g10:0'] })) named.push(...page.map(({ key, entry: found }) => [key, read(found)]));
      expect(named).to.deep.equal([['g1:7', entry(3, 'g1:7')], ['g10:0', entry(3)]]);
    });

    it('forgets what is removed', async () => {
      const cache = await make();
      await cache.write('a', entry(5));
      await cache.remove('a');
      expect(await cache.get('a')).to.equal(undefined);
      expect(await cache.write('a', entry(0))).to.equal(true);
    });
  });
}
