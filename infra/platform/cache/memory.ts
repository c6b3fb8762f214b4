import { LRUCache } from 'lru-cache';
import type { Cache, CacheEntry, ScannedEntry } from './port.js';

export interface MemoryCacheOptions<Value> {
  /** Bytes of values and bodies kept at most. */
  readonly maxBytes: number;
  /** Estimated bytes of a value. */
  readonly sizeOf: (value: Value) => number;
}

/** Bytes of bookkeeping per entry. */
const OVERHEAD = 200;
/** Entries of one page. */
const PAGE = 500;

/** In this process, least recently used out first, bounded by bytes. */
export class MemoryCache<Value> implements Cache<Value> {
  readonly #entries: LRUCache<string, CacheEntry<Value>>;
  readonly #sizeOf: (value: Value) => number;

  constructor({ maxBytes, sizeOf }: MemoryCacheOptions<Value>) {
    this.#entries = new LRUCache({ maxSize: maxBytes });
    this.#sizeOf = sizeOf;
  }

  peek(key: string): CacheEntry<Value> | undefined {
    return this.#entries.get(key);
  }

  get(key: string): Promise<CacheEntry<Value> | undefined> {
    return Promise.resolve(this.#entries.get(key));
  }

  async write(key: string, entry: CacheEntry<Value>): Promise<boolean> {
    const current = this.#entries.get(key);
    if (current && current.revision >= entry.revision) return false;
    this.#entries.set(key, entry, { size: this.#size(key, entry), ttl: 0 });
    return this.#entries.has(key);
  }

  async fill(key: string, entry: CacheEntry<Value>, ttlMs: number): Promise<boolean> {
    const current = this.#entries.get(key);
    if (current && current.revision > entry.revision) return false;
    // The projection's own entry has no end; a body that a reader adds to it gives it none.
    const ttl = current ? this.#entries.getRemainingTTL(key) : ttlMs;
    this.#entries.set(key, entry, { size: this.#size(key, entry), ttl: Number.isFinite(ttl) && ttl > 0 ? ttl : 0 });
    return this.#entries.has(key);
  }

  async remove(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  /** The keys are copied first (they are there already, so this costs a pointer for each): the list of the cache changes while pages are looked at. */
  async* scan(asked: { readonly prefix: string } | { readonly keys: readonly string[] }): AsyncIterable<readonly ScannedEntry<Value>[]> {
    const keys = 'keys' in asked ? asked.keys : [...this.#entries.keys()].filter((key) => key.startsWith(asked.prefix));
    for (let from = 0; from < keys.length; from += PAGE) {
      yield keys.slice(from, from + PAGE).flatMap((key) => {
        const entry = this.#entries.peek(key);
        return entry ? [{ key, entry }] : [];
      });
    }
  }

  #size(key: string, { value, body }: CacheEntry<Value>): number {
    return OVERHEAD + key.length * 2 + this.#sizeOf(value) + (body?.length ?? 0);
  }
}
