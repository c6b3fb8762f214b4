import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { Cache } from '#platform/cache/port.js';
import type { DerivedProjection } from '../kit/projection.js';
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
  const keyOf = (id: string): string | undefined => {
    const generation = summaryGeneration();
    return generation === undefined ? undefined : cacheKey(generation, id);
  };
  return {
    ...hotCache,
    store: {
      beginsAtHead: true,
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
        await Promise.all(rows.map(async (row) => {
          const key = keyOf(row.id);
          if (key !== undefined) await cache.write(key, { revision: row.revision, value: row });
        }));
      },
    },
  };
};
