import type { Revision } from '#contracts/kernel/position.js';

/** A finished body: text, because node sends head and text in one piece, but head and bytes in two. */
export interface CachedBody {
  readonly text: string;
  /** Length as UTF-8. */
  readonly length: number;
}

/** A cached row of one revision, and its serialised form where a reader has made it. It may parse itself when it is asked, so it is not copied with `...`. */
export interface CacheEntry<Value> {
  readonly revision: Revision;
  readonly value: Value;
  /** Body as it is sent; made once by the first reader, kept with the row. */
  readonly body?: CachedBody;
}

/** What readers are sent of a value, and what that leaves out: so an entry holds each field once, and a reader that sends the body reads no other. */
export interface SplitForm<Value> {
  body(value: Value): string;
  rest(value: Value): unknown;
  whole(body: string, rest: unknown): Value;
}

/** What lies under a key; `entry` is undefined for something that this cache did not write. */
export interface ScannedEntry<Value> {
  readonly key: string;
  readonly entry: CacheEntry<Value> | undefined;
}

/**
 * Rows close to the reader, bounded; losing any or all of them is never an error.
 * Order: while a key exists it never goes back to an older revision, whoever writes. `write` (the projection) needs a greater revision;
 * `fill` (a reader that went to the primary) an equal or greater one, and lives only for its time.
 */
export interface Cache<Value> {
  get(key: string): Promise<CacheEntry<Value> | undefined>;
  /** The same answer at once, from a cache in this process; a cache elsewhere has none. */
  peek?(key: string): CacheEntry<Value> | undefined;
  /** @returns whether it was taken */
  write(key: string, entry: CacheEntry<Value>): Promise<boolean>;
  /** @returns whether it was taken */
  fill(key: string, entry: CacheEntry<Value>, ttlMs: number): Promise<boolean>;
  remove(key: string): Promise<void>;
  /**
   * What is there now, of keys that begin so or of these keys, page by page and in any order: for whoever checks it. Nothing is changed by looking, not
   * even what is forgotten first. A key may come twice; what comes or goes meanwhile may be missing. @throws Problem upstream-unavailable
   */
  scan(asked: { readonly prefix: string } | { readonly keys: readonly string[] }): AsyncIterable<readonly ScannedEntry<Value>[]>;
}
