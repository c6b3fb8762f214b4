import { expect } from 'chai';
import { randomUuid } from '#contracts/kernel/ids.js';
import type { Answer, Attempt, IdempotencyStore } from '../../write-side/idempotency/port.js';

const LEASE_MS = 30_000;
const DAY_MS = 86_400_000;
const answer: Answer = { status: 201, headers: { ETag: '"0.0"' }, body: { revision: '0', id: 'x' } };
const attemptAt = (now: number, bodyHash = 'body'): Attempt => ({ bodyHash, lease: randomUuid(), leasedUntil: now + LEASE_MS, expiresAt: now + DAY_MS });

/** What every adapter of the idempotency store promises. */
export function idempotencyStoreSuite(name: string, open: () => Promise<IdempotencyStore>): void {
  describe(`The store of idempotency keys (${name})`, () => {
    let store: IdempotencyStore;
    before(async () => { store = await open(); });
    const keyOf = () => ({ principal: 'user', route: 'POST /things', key: randomUuid() });

    it('lets exactly one of thirty who race begin', async () => {
      const key = keyOf();
      const outcomes = await Promise.all(Array.from({ length: 30 }, () => store.begin(key, attemptAt(0), 0)));
      expect(outcomes.filter(({ outcome }) => outcome === 'begun')).to.have.length(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'in-flight')).to.have.length(29);
    });

    it('gives the first answer again, for a day', async () => {
      const [key, attempt] = [keyOf(), attemptAt(0)];
      await store.begin(key, attempt, 0);
      await store.complete(key, attempt.lease, answer);
      const again = await store.begin(key, attemptAt(DAY_MS - 1), DAY_MS - 1);
      expect(JSON.stringify(again), 'member order included').to.equal(JSON.stringify({ outcome: 'answered', answer }));
      expect(await store.begin(key, attemptAt(DAY_MS), DAY_MS)).to.deep.equal({ outcome: 'begun' });
    });

    it('tells another body of the same key apart, under way and answered', async () => {
      const [key, attempt] = [keyOf(), attemptAt(0)];
      await store.begin(key, attempt, 0);
      expect(await store.begin(key, attemptAt(0, 'other'), 0)).to.deep.equal({ outcome: 'mismatch' });
      await store.complete(key, attempt.lease, answer);
      expect(await store.begin(key, attemptAt(0, 'other'), 0)).to.deep.equal({ outcome: 'mismatch' });
    });

    it('hands a lease that ran out to the next attempt, and then ignores the first', async () => {
      const [key, dead] = [keyOf(), attemptAt(0)];
      await store.begin(key, dead, 0);
      expect(await store.begin(key, attemptAt(LEASE_MS - 1), LEASE_MS - 1)).to.deep.equal({ outcome: 'in-flight', leasedUntil: LEASE_MS });
      const heir = attemptAt(LEASE_MS);
      expect(await store.begin(key, heir, LEASE_MS)).to.deep.equal({ outcome: 'begun' });
      await store.complete(key, dead.lease, { ...answer, status: 500 });
      await store.abandon(key, dead.lease);
      await store.complete(key, heir.lease, answer);
      expect(await store.begin(key, attemptAt(LEASE_MS), LEASE_MS)).to.deep.equal({ outcome: 'answered', answer });
    });

    it('forgets an attempt that was abandoned, but never an answer', async () => {
      const [key, first, second] = [keyOf(), attemptAt(0), attemptAt(0)];
      await store.begin(key, first, 0);
      await store.abandon(key, first.lease);
      expect(await store.begin(key, second, 0)).to.deep.equal({ outcome: 'begun' });
      await store.complete(key, second.lease, answer);
      await store.abandon(key, second.lease);
      expect(await store.begin(key, attemptAt(0), 0)).to.deep.equal({ outcome: 'answered', answer });
    });

    it('keeps principals and routes apart', async () => {
      const key = keyOf();
      for (const other of [key, { ...key, principal: 'another' }, { ...key, route: 'POST /others' }]) {
        expect(await store.begin(other, attemptAt(0), 0)).to.deep.equal({ outcome: 'begun' });
      }
    });

    it('deletes what has expired', async () => {
      const key = keyOf();
      await store.begin(key, attemptAt(-2 * DAY_MS), -2 * DAY_MS);
      expect(await store.purge(-DAY_MS)).to.equal(1);
      expect(await store.purge(-DAY_MS)).to.equal(0);
    });
  });
}
