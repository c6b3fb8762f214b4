import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { Cache, CacheEntry } from '#platform/cache/port.js';
import type { DerivedProjection, DerivedStore, ScannedRow } from '../kit/projection.js';
import { cacheKey, hotCache } from './project.js';

/** A cache that many processes share, and that one of them can empty. */
export interface SharedCache<Value> extends Cache<Value> {
  clear(): Promise<void>;
}

/**
 * The summary's rows in a shared cache, under the summary's generation, because that is what readers ask for. It begins empty at the head of the
 * log: readers fill it with what lies before. What it loses is folded from the stream when the next event needs it, or filled by the next reader.
 */
export const sharedCache = (cache: SharedCache<InvoiceSummary>, summaryGeneration: () => number | undefined): DerivedProjection<InvoiceSummary> => {
  let used: number | undefined;
  /**
   * Rows under the generation before grow old from now on, and a way back would find them: with the first rows after a switch the cache is emptied.
   * A worker that was started in between does not know of the switch; what it leaves there ends with its time to live.
   */
  async function forgetOtherGenerations(): Promise<void> {
    const generation = summaryGeneration();
    if (used !== undefined && used !== generation) await cache.clear();
    used = generation;
  }
  const keyOf = (id: string): string | undefined => {
    const generation = summaryGeneration();
    return generation === undefined ? undefined : cacheKey(generation, id);
  };
  return {
    ...hotCache,
    store: {
      ...cachedRows(cache, summaryGeneration),
      create: () => cache.clear(),
      drop: async () => undefined,
      async load(_generation, ids) {
        const entries = await Promise.all(ids.map(async (id) => {
          const key = keyOf(id);
          return key === undefined ? undefined : cache.get(key);
        }));
        return new Map(entries.flatMap((entry) => (entry ? [[entry.value.id, entry.value] as const] : [])));
      },
      // A write that is not taken is no fault: the cache has a newer row, or is away and will forget this one.
      async write(_generation, rows) {
        await forgetOtherGenerations();
        await Promise.all(rows.map(async (row) => {
          const key = keyOf(row.id);
          if (key !== undefined) await cache.write(key, { revision: row.revision, value: row });
        }));
      },
    },
  };
};

/** The rows that readers of the summary's generation may get from a cache, shared or of this process. */
export const cachedRows = (cache: Cache<InvoiceSummary>, summaryGeneration: () => number | undefined): Pick<DerivedStore<InvoiceSummary>, 'scan' | 'beginsAtHead'> =>
  ({ beginsAtHead: true, scan: (_generation, ids) => scanCache(cache, summaryGeneration, ids) });

async function* scanCache(cache: Cache<InvoiceSummary>, summaryGeneration: () => number | undefined, ids: readonly string[] | undefined): AsyncIterable<readonly ScannedRow<InvoiceSummary>[]> {
  const generation = summaryGeneration();
  if (generation === undefined) return;
  const prefix = cacheKey(generation, '');
  for await (const page of cache.scan(ids ? { keys: ids.map((id) => prefix + id) } : { prefix })) {
    yield page.map(({ key, entry }) => scanned(key.slice(prefix.length), entry));
  }
}

/** A cache keeps no hash: its rows are few, and each is compared with its stream. */
function scanned(id: string, entry: CacheEntry<InvoiceSummary> | undefined): ScannedRow<InvoiceSummary> {
  const row = entry?.value;
  const isRow = typeof row === 'object' && row !== null && Number.isSafeInteger(row.revision);
  if (!entry || !isRow) return { id, row: undefined, hash: undefined, wrong: [] };
  // The revision that guards against older writes stands outside of the row.
  const wrong = entry.revision === row.revision ? [] : [{ column: 'entry revision', live: String(entry.revision), next: String(row.revision) }];
  return { id, row, hash: undefined, wrong };
}
