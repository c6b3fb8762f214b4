import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import type { VerificationReport } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { MemoryCache } from '#platform/cache/memory.js';
import type { Cache } from '#platform/cache/port.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';
import { encodeEntry } from '#platform/cache/redis-entry.js';
import { RedisCache } from '#platform/cache/redis.js';
import { cacheKey, hotCache } from '../../../projections/hot-cache/project.js';
import { sharedCache, type SharedCache } from '../../../projections/hot-cache/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { DerivedProjection } from '../../../projections/kit/projection.js';
import { CACHED_INVOICE } from '../../../read-side/json.js';
import { describeWith } from '../../support/engines.js';
import { codeOf, until } from '../../support/until.js';
import { caughtUp, Harness } from '../projections/harness.js';
import { cancelled, copyReceived, invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';

const CACHE = 'hot-cache';
const SUMMARY = INVOICE_SUMMARY.name;
const STREAMS = 20;
const ROUNDS = 20;

type Worker = Awaited<ReturnType<Harness['start']>>;

interface CacheUnderTest {
  readonly cache: Cache<InvoiceSummary>;
  start(harness: Harness): Promise<Worker>;
  /** As somebody writes who knows the form of an entry. */
  put(key: string, row: InvoiceSummary): Promise<void>;
}

/** What is present in a cache is what its streams give; it may lack anything. */
function cacheVerifySuite(open: () => Promise<CacheUnderTest>): void {
  let under: CacheUnderTest;
  let harness: Harness;
  let worker: Worker;
  const keyOf = (seed: number): string => cacheKey(worker.pointer.generationOf(SUMMARY) ?? 0, invoiceId(seed));
  const rowOf = async (seed: number): Promise<InvoiceSummary> => {
    const entry = await under.cache.get(keyOf(seed));
    if (!entry) throw new Error('it is not cached');
    return entry.value;
  };
  const clean = (rows: number): VerificationReport => ({ projection: CACHE, generation: 1, rows, digestHolds: null, damaged: 0, shown: [] });
  const cached = async (seed: number): Promise<boolean> => {
    const { events: [last] } = { events: (await harness.store.readStream(invoiceStream(seed))).slice(-1) };
    return (await under.cache.get(keyOf(seed)))?.revision === last?.revision;
  };

  beforeEach(async () => {
    under = await open();
    harness = await Harness.open();
    worker = await under.start(harness);
    await until(() => (worker.workers()[CACHE]?.lanes.length ?? 1) > 0);
    for (let seed = 0; seed < STREAMS; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY);
    for (let seed = 0; seed < STREAMS; seed += 1) await until(() => cached(seed));
  });
  afterEach(() => harness.close());

  it('finds nothing where nothing was changed, and looks only at what is there', async () => {
    expect(await worker.verify(CACHE)).to.deep.equal(clean(STREAMS));
    await under.cache.remove(keyOf(3));
    expect(await worker.verify(CACHE)).to.deep.equal(clean(STREAMS - 1));
  });

  it('finds a value that somebody changed by hand, and says what the log has', async () => {
    await under.put(keyOf(7), { ...(await rowOf(7)), channel: 'by hand' });
    expect(await worker.verify(CACHE)).to.deep.equal({ ...clean(STREAMS), damaged: 1, shown: [{ table: 'entry', key: invoiceId(7), column: 'channel', live: 'by hand', next: 'api' }] });
    expect((await rowOf(7)).channel, 'nothing is changed by looking').to.equal('by hand');
  });

  it('finds a row that no stream has, one under another\'s key, and one that is beyond its stream', async () => {
    const row = await rowOf(2);
    await under.put(keyOf(777), { ...row, id: invoiceId(777) as InvoiceSummary['id'] });
    await under.put(keyOf(3), row);
    await under.put(keyOf(4), { ...(await rowOf(4)), revision: 40 as InvoiceSummary['revision'] });
    const { damaged, shown } = await worker.verify(CACHE);
    expect(damaged).to.equal(3);
    expect(shown.map(({ key, column, live, next }) => [key, column, live, next])).to.deep.include.members([
      [invoiceId(777), 'id', invoiceId(777), null], [invoiceId(3), 'id', invoiceId(2), invoiceId(3)], [invoiceId(4), 'revision', '40', '4'],
    ]);
  });

  it('raises no alarm while events are applied and rows are lost and filled all the time', async () => {
    let isOver = false;
    let seed = STREAMS;
    const load = (async (): Promise<void> => {
      for (; !isOver; seed += 1) {
        await harness.append(invoiceStream(seed), lifeOf(seed));
        await harness.append(invoiceStream(seed % STREAMS), [seed % 2 === 0 ? cancelled() : copyReceived()]);
        await under.cache.remove(keyOf(seed % 7));
        const [row] = (await harness.rows(SUMMARY, 1, INVOICE_SUMMARY.table)) as InvoiceSummary[];
        if (row) await under.cache.fill(cacheKey(1, row.id), { revision: row.revision, value: row }, 60_000);
        const { head } = await harness.store.status();
        await until(() => isOver || !isAfter(head, worker.workers()[SUMMARY]?.position ?? ORIGIN));
      }
    })();
    const reports: VerificationReport[] = [];
    try {
      while (reports.length < ROUNDS || seed < STREAMS + ROUNDS) reports.push(await worker.verify(CACHE));
    } finally {
      isOver = true;
    }
    await load;
    expect(reports.filter(({ damaged }) => damaged > 0)).to.deep.equal([]);
    expect(Math.min(...reports.map(({ rows }) => rows))).to.be.greaterThan(STREAMS - 8);
  });
}

describe('a cache that is verified [in this process]', () => {
  cacheVerifySuite(async () => {
    const cache = new MemoryCache<InvoiceSummary>({ maxBytes: 50_000_000, sizeOf: () => 1_000 });
    return {
      cache,
      start: async (harness) => {
        const worker = await harness.start({ projections: [INVOICE_SUMMARY], ownCache: cache });
        // It begins at the head of the log: what comes before it has begun is left to readers.
        await caughtUp(worker, SUMMARY);
        await until(async () => (await worker.status()).some(({ name, lanes }) => name === CACHE && lanes.length > 0));
        return worker;
      },
      // The fill of an equal revision is taken; of another one the entry is replaced whole.
      put: async (key, row) => {
        await cache.remove(key);
        await cache.fill(key, { revision: row.revision, value: row }, 60_000);
      },
    };
  });

  it('is unknown where there is none', async () => {
    const harness = await Harness.open();
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    expect(await codeOf(worker.verify(CACHE))).to.equal('projection-unknown');
    await harness.close();
  });
});

describeWith('redis', 'a cache that is verified', (address) => {
  const closing: (() => void)[] = [];
  after(() => { for (const close of closing) close(); });

  async function openRedis(evolve: DerivedProjection['evolve'] = (row, event) => hotCache.evolve(row as InvoiceSummary | undefined, event)): Promise<CacheUnderTest & { readonly cache: SharedCache<InvoiceSummary>; readonly raw: Redis; readonly namespace: string }> {
    const namespace = `test-${randomUUID()}:`;
    const cache = await RedisCache.open<InvoiceSummary>({ address: parseRedisAddress(address()), form: CACHED_INVOICE, namespace, limits: { commandTimeoutMs: 10_000 } });
    const raw = new Redis(address());
    closing.push(() => cache.close(), () => raw.disconnect());
    return {
      cache, raw, namespace,
      start: async (harness) => {
        let summary: () => number | undefined = () => undefined;
        const worker = await harness.start({ projections: [INVOICE_SUMMARY, { ...sharedCache(cache, () => summary()), evolve }] });
        summary = () => worker.pointer.generationOf(SUMMARY);
        await caughtUp(worker, SUMMARY, CACHE);
        return worker;
      },
      put: async (key, row) => void (await raw.set(namespace + key, encodeEntry(namespace + key, { revision: row.revision, value: row }, CACHED_INVOICE), 'PX', 60_000)),
    };
  }

  cacheVerifySuite(() => openRedis());

  describe('and shared', () => {
    let harness: Harness;
    beforeEach(async () => {
      harness = await Harness.open();
    });
    afterEach(() => harness.close());
    const filled = async (under: CacheUnderTest): Promise<Worker> => {
      const worker = await under.start(harness);
      for (let seed = 0; seed < 5; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
      await caughtUp(worker, SUMMARY, CACHE);
      return worker;
    };

    it('has something under its keys that Folio did not write: it is found, and left there', async () => {
      const under = await openRedis();
      const worker = await filled(under);
      const key = `${under.namespace}${cacheKey(1, invoiceId(2))}`;
      for (const put of [() => under.raw.set(key, 'not ours'), async () => { await under.raw.del(key); return under.raw.lpush(key, 'x'); }]) {
        await put();
        expect(await worker.verify(CACHE)).to.deep.include({ damaged: 1, shown: [{ table: 'entry', key: invoiceId(2), column: 'entry', live: 'not one of Folio', next: invoiceId(2) }] });
        expect(await under.raw.exists(key)).to.equal(1);
      }
    });

    it('keeps rows of streams that came into quarantine as they were before', async () => {
      const under = await openRedis((row, event) => {
        if (event.stream === invoiceStream(3) && event.type === 'fiscal.invoice.archived') throw new Error('not foldable');
        return hotCache.evolve(row as InvoiceSummary | undefined, event);
      });
      const worker = await filled(under);
      expect(await worker.quarantine.list(CACHE)).to.have.length(1);
      expect((await under.cache.get(cacheKey(1, invoiceId(3))))?.value.status).to.equal('validated');
      expect(await worker.verify(CACHE)).to.deep.equal({ projection: CACHE, generation: 1, rows: 5, digestHolds: null, damaged: 0, shown: [] });
    });

    it('passes a rebuild: the next generation of a cache is empty, and nothing is compared', async () => {
      const under = await openRedis();
      const worker = await filled(under);
      expect(await worker.rebuild(CACHE)).to.equal(2);
      expect(worker.lastRebuild(CACHE)?.comparison).to.equal(null);
      expect(await worker.verify(CACHE)).to.deep.include({ generation: 2, rows: 0, damaged: 0 });
    });

    it('is not said to be whole when it cannot be seen whole', async () => {
      const under = await openRedis();
      const worker = await filled(under);
      (under.cache as RedisCache<InvoiceSummary>).close();
      expect(await codeOf(worker.verify(CACHE))).to.equal('upstream-unavailable');
    });
  });
});
