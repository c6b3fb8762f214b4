import { expect } from 'chai';
import { toStreamId } from '#contracts/kernel/ids.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { cacheKey } from '../../../projections/hot-cache/project.js';
import { sharedCache, type SharedCache } from '../../../projections/hot-cache/store.js';
import { ROW_PROJECTIONS } from '../../../projections/role.js';
import { cancelled } from '../../unit/projections/events.js';
import { until } from '../../support/until.js';
import { caughtUp } from '../projections/harness.js';
import { ReadBench, sampleId } from './bench.js';

const FILL_MS = 60_000;
/** Much less than a fill lives, much more than a busy machine needs. */
const SOON_MS = 15_000;

/** A cache that both processes share, and what readers left in it. */
class WatchedCache extends MemoryCache<InvoiceSummary> implements SharedCache<InvoiceSummary> {
  readonly fills: { readonly key: string; readonly ttlMs: number }[] = [];

  override fill(...[key, entry, ttlMs]: Parameters<MemoryCache<InvoiceSummary>['fill']>): Promise<boolean> {
    this.fills.push({ key, ttlMs });
    return super.fill(key, entry, ttlMs);
  }

  async clear(): Promise<void> {
    for await (const page of this.scan({ prefix: '' })) for (const { key } of page) await this.remove(key);
  }
}

/*
 * The summary is switched. The reader's process knows it at once; the worker of the shared cache, in another process, learns of it by its next look at
 * the pointer. In between an event comes: the worker writes the row under the old generation, and beside it, under the new one, stands what a
 * reader has just left there from the table before the event.
 */
describe('a shared cache while the summary is switched', () => {
  let bench: ReadBench;
  let cache: WatchedCache;
  /** The generation that the cache's worker knows of. */
  let known: number;
  const path = `/api/v1/invoices/${sampleId(1)}`;
  const statusNow = async (): Promise<string> => (await bench.json<{ status: string }>(path)).status;
  beforeEach(async () => {
    cache = new WatchedCache({ maxBytes: 10_000_000, sizeOf: () => 1_000 });
    known = 1;
    bench = await ReadBench.open({ projections: [...ROW_PROJECTIONS, sharedCache(cache, () => known)], dependencies: { cache, cacheFillMs: FILL_MS } });
    await bench.given([{ seed: 1 }]);
    await until(() => bench.worker.pointer.usedForMs > 2_000);
  });
  afterEach(() => bench.close());

  it('gives the new row soon, though the worker wrote it under the generation before', async () => {
    await bench.worker.rebuild('invoice-summary');
    expect(await statusNow()).to.equal('archived');
    await bench.harness.append(toStreamId(`invoice-${sampleId(1)}`), [cancelled()], { shardKey: 'issuer-1' });
    await caughtUp(bench.worker, 'invoice-summary', 'hot-cache');
    known = 2;
    const began = performance.now();
    await until(async () => (await statusNow()) === 'cancelled' || performance.now() - began > SOON_MS);
    expect(await statusNow()).to.equal('cancelled');
  });

  it('has no row of before when readers go back to the generation before', async () => {
    await bench.worker.rebuild('invoice-summary');
    known = 2;
    await bench.harness.append(toStreamId(`invoice-${sampleId(1)}`), [cancelled()], { shardKey: 'issuer-1' });
    await caughtUp(bench.worker, 'invoice-summary', 'hot-cache');
    await bench.worker.rollback('invoice-summary');
    known = 1;
    expect(await statusNow()).to.equal('cancelled');
  });

  it('is filled for a moment only, until every worker must know of the switch', async () => {
    await bench.worker.rebuild('invoice-summary');
    await bench.get(path);
    expect(cache.fills.at(-1)).to.deep.include({ ttlMs: 500 });
    await until(() => bench.worker.pointer.usedForMs > 2_000);
    await cache.clear();
    await bench.get(path);
    expect(cache.fills.at(-1)).to.deep.include({ ttlMs: FILL_MS });
  });
});

describe('the cache of a process while the summary is switched', () => {
  it('has no row of before when readers go back to the generation before', async () => {
    const bench = await ReadBench.open({ cache: true });
    try {
      await bench.given([{ seed: 1 }]);
      const path = `/api/v1/invoices/${sampleId(1)}`;
      await until(async () => (await bench.harness.cache.get(cacheKey(1, sampleId(1))))?.value.status === 'archived');
      await bench.worker.rebuild('invoice-summary');
      await bench.harness.append(toStreamId(`invoice-${sampleId(1)}`), [cancelled()], { shardKey: 'issuer-1' });
      await bench.caughtUp();
      await until(async () => (await bench.harness.cache.get(cacheKey(2, sampleId(1))))?.value.status === 'cancelled');
      await bench.worker.rollback('invoice-summary');
      expect((await bench.json<{ status: string }>(path)).status).to.equal('cancelled');
    } finally {
      await bench.close();
    }
  });
});
