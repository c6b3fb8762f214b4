import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { Sha256 } from '#contracts/kernel/ids.js';
import type { KeptObject, ObjectStore, StoredObject } from './port.js';

export interface RecentLimits {
  /** Of all that is remembered. */
  readonly bytes: number;
  /** Of one object; larger ones are read from where they are kept. */
  readonly objectBytes: number;
}

export const RECENT_LIMITS: RecentLimits = { bytes: 16 * 1024 * 1024, objectBytes: 64 * 1024 };

/**
 * A store that remembers what was put into it a moment ago, until it is archived: whoever takes a document in and whoever judges it next are often the same process,
 * and need not read back what one of them has just written and proven. What is remembered is durable in the store behind.
 */
export class RecentObjects implements ObjectStore {
  readonly #recent: LRUCache<Sha256, Uint8Array>;
  readonly #objectBytes: number;

  constructor(private readonly store: ObjectStore, { bytes, objectBytes }: RecentLimits = RECENT_LIMITS) {
    this.#recent = new LRUCache({ maxSize: bytes, sizeCalculation: (kept) => Math.max(1, kept.byteLength) });
    this.#objectBytes = objectBytes;
  }

  async put(bytes: Uint8Array | Readable, options?: { readonly expected?: Sha256; readonly maxBytes?: number }): Promise<StoredObject> {
    const stored = await this.store.put(bytes, options);
    // A copy: what is given may be a piece of something much larger.
    if (bytes instanceof Uint8Array && bytes.byteLength <= this.#objectBytes) this.#recent.set(stored.sha256, new Uint8Array(bytes));
    return stored;
  }

  async get(sha256: Sha256): Promise<Uint8Array | undefined> {
    return this.#recent.get(sha256) ?? this.store.get(sha256);
  }

  async archive(sha256: Sha256, bytes?: Uint8Array): Promise<{ readonly key: string; readonly originalSize: number; readonly compressedSize: number }> {
    const archived = await this.store.archive(sha256, bytes ?? this.#recent.get(sha256));
    this.#recent.delete(sha256);
    return archived;
  }

  has(sha256: Sha256): Promise<boolean> {
    return this.store.has(sha256);
  }

  all(): AsyncIterable<KeptObject> {
    return this.store.all();
  }
}
