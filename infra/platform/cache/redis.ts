import type { Redis } from 'ioredis';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Cache, CacheEntry, ScannedEntry, SplitForm } from './port.js';
import type { RedisAddress } from './redis-address.js';
import { Debts } from './redis-debts.js';
import { decodeEntry, encodeEntry } from './redis-entry.js';
import { inFlight, REDIS_LIMITS, RedisLink, type RedisLimits } from './redis-link.js';

export interface RedisCacheOptions<Value = unknown> {
  readonly address: RedisAddress;
  /** How values are kept so that a reader gets the body without the rest; every entry has a body then, whoever wrote it. */
  readonly form?: SplitForm<Value>;
  /** Before every key, so that several uses of one Redis do not meet. */
  readonly namespace?: string;
  /** Life of what the projection wrote (ms); so nothing lives for ever, and what an outage left behind neither. */
  readonly writeTtlMs?: number;
  /** An entry of more bytes, value and body together, is not cached. */
  readonly maxEntryBytes?: number;
  /** Keys of which this process remembers that Redis has to forget them, while it does not answer; more, and it forgets all. */
  readonly maxOwedKeys?: number;
  readonly limits?: Partial<RedisLimits>;
  /** When the cache comes up or goes down; once for each change. */
  readonly onChange?: (up: boolean) => void;
}

export const REDIS_CACHE_DEFAULTS = { namespace: 'folio:', writeTtlMs: 3_600_000, maxEntryBytes: 65_536, maxOwedKeys: 10_000 } as const;

const SCAN_COUNT = 500;
/** Time of one step of emptying the namespace. */
const SCAN_STEP_MS = 2_000;

/** What is under the key is not even a string. */
const isOtherType = (error: unknown): boolean => error instanceof Error && error.message.startsWith('WRONGTYPE');

const isMoved = (error: unknown): boolean => error instanceof Error && /^(?:MOVED|ASK) /u.test(error.message);

/** The entry, if what it keeps can be parsed at all. */
function readable<Value>(entry: CacheEntry<Value> | undefined): CacheEntry<Value> | undefined {
  try {
    return entry?.value === undefined ? undefined : entry;
  } catch {
    return undefined;
  }
}

/**
 * Rows in a Redis or a Redis Cluster that many processes share. Every operation ends in time and none rejects: without Redis a `get` finds
 * nothing and a `write` or `fill` is not taken, so that readers go to the primary. A write or a removal that may not have arrived is owed: its key
 * counts as absent here, and is removed from Redis when it answers again; until then *other* processes may read its older row there.
 *
 * The order of revisions is decided in Redis by a script on one key. Memory is bounded by the entry's size, by the time to live, and by the
 * server's own `maxmemory` (with `allkeys-lru`).
 */
export class RedisCache<Value> implements Cache<Value> {
  readonly #link: RedisLink;
  readonly #debts: Debts;
  readonly #steps = inFlight(SCAN_STEP_MS);
  readonly #form: SplitForm<Value> | undefined;
  readonly #namespace: string;
  readonly #writeTtlMs: number;
  readonly #maxEntryBytes: number;

  private constructor({ address, form, limits, onChange, ...options }: RedisCacheOptions<Value>) {
    const { namespace, writeTtlMs, maxEntryBytes, maxOwedKeys } = { ...REDIS_CACHE_DEFAULTS, ...options };
    const whole = { ...REDIS_LIMITS, ...limits };
    this.#form = form;
    this.#namespace = namespace;
    this.#writeTtlMs = writeTtlMs;
    this.#maxEntryBytes = maxEntryBytes;
    this.#debts = new Debts({ maxKeys: maxOwedKeys, retryMs: whole.breakerOpenMs, remove: (key) => this.#link.run((client) => client.unlink(key)), removeAll: () => this.#removeAll() });
    this.#link = new RedisLink(address, whole, (up) => {
      if (up) void this.#debts.settle();
      onChange?.(up);
    });
  }

  /** Connects; a Redis that does not answer within the limit of connecting is no error: the cache is empty until it does. */
  static async open<Value>(options: RedisCacheOptions<Value>): Promise<RedisCache<Value>> {
    const cache = new RedisCache<Value>(options);
    await cache.#link.connected();
    return cache;
  }

  /** Whether Redis answers, as far as is known, and holds nothing that it should have forgotten. */
  healthy(): boolean {
    return this.#link.up && this.#debts.none;
  }

  async get(key: string): Promise<CacheEntry<Value> | undefined> {
    const name = this.#namespace + key;
    if (this.#debts.covers(name)) return undefined;
    try {
      const text = await this.#link.run((client) => client.get(name));
      if (text === null) return undefined;
      const entry = decodeEntry<Value>(name, text, this.#form);
      if (!entry) await this.#remove(name);
      return entry;
    } catch (error) {
      if (isOtherType(error)) await this.#remove(name);
      return undefined;
    }
  }

  /** False also when it is not known whether it was taken. */
  async write(key: string, entry: CacheEntry<Value>): Promise<boolean> {
    const name = this.#namespace + key;
    const text = this.#encode(name, entry);
    // Not cached, but what is there is older.
    if (text === undefined) return this.#remove(name).then(() => false);
    try {
      return await this.#put(name, entry, 'write', this.#writeTtlMs, text);
    } catch {
      this.#debts.add(name);
      return false;
    }
  }

  async fill(key: string, entry: CacheEntry<Value>, ttlMs: number): Promise<boolean> {
    const name = this.#namespace + key;
    const text = this.#encode(name, entry);
    if (text === undefined || this.#debts.covers(name)) return false;
    return this.#put(name, entry, 'fill', this.#ttl(ttlMs), text).catch(() => false);
  }

  /** Whole milliseconds, no longer than a write lives. */
  #ttl(ms: number): number {
    return Math.max(1, Math.ceil(Math.min(ms, this.#writeTtlMs)));
  }

  /** Removed at once, or as soon as Redis answers again. */
  async remove(key: string): Promise<void> {
    await this.#remove(this.#namespace + key);
  }

  /**
   * Empties the namespace. For a worker that begins at the head of the log: what was cached before may have become old meanwhile.
   * What cannot be removed now is removed later and counts as absent here until then.
   */
  async clear(): Promise<void> {
    this.#debts.addEverything();
    await this.#debts.settle();
  }

  close(): void {
    this.#debts.stop();
    this.#link.close();
  }

  #encode(name: string, entry: CacheEntry<Value>): string | undefined {
    const text = encodeEntry(name, entry, this.#form);
    return Buffer.byteLength(text) > this.#maxEntryBytes ? undefined : text;
  }

  async #put(name: string, { revision }: CacheEntry<Value>, mode: 'write' | 'fill', ttlMs: number, text: string): Promise<boolean> {
    return (await this.#link.run((client) => client.folioPut(name, revision, mode, ttlMs, text))) === 1;
  }

  async #remove(name: string): Promise<void> {
    await this.#link.run((client) => client.unlink(name)).catch(() => this.#debts.add(name));
  }

  async* scan(asked: { readonly prefix: string } | { readonly keys: readonly string[] }): AsyncIterable<readonly ScannedEntry<Value>[]> {
    try {
      if ('keys' in asked) yield await this.#look(asked.keys.map((key) => this.#namespace + key), (name) => this.#link.run((client) => client.get(name)));
      else for await (const { server, names } of this.#names(asked.prefix)) yield await this.#look(names, (name) => this.#steps.bound(server.get(name)));
    } catch (error) {
      throw platformProblem('upstream-unavailable', { name: 'shared cache' }, { cause: error });
    }
  }

  /** What counts as absent in this process is left out, and so is what another server of the cluster has taken over meanwhile. */
  async #look(names: readonly string[], get: (name: string) => Promise<string | null>): Promise<readonly ScannedEntry<Value>[]> {
    const looked = await Promise.all(names.map(async (name): Promise<readonly ScannedEntry<Value>[]> => {
      const key = name.slice(this.#namespace.length);
      try {
        const text = await get(name);
        return text === null || this.#debts.covers(name) ? [] : [{ key, entry: readable(decodeEntry<Value>(name, text, this.#form)) }];
      } catch (error) {
        if (isOtherType(error)) return [{ key, entry: undefined }];
        if (isMoved(error)) return [];
        throw error;
      }
    }));
    return looked.flat();
  }

  /** Keys of the namespace that begin so, on every server that holds some; a step at a time, each within a time of its own. */
  async* #names(prefix = ''): AsyncIterable<{ readonly server: Redis; readonly names: readonly string[] }> {
    const pattern = `${(this.#namespace + prefix).replaceAll(/[*?[\]\\]/gu, '\\$&')}*`;
    // Asked first through the breaker, so that a Redis that is gone costs no more than any command.
    await this.#link.run((client) => client.ping());
    for (const server of this.#link.servers) {
      let cursor = '0';
      do {
        const [next, names] = await this.#steps.bound(server.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT));
        yield { server, names };
        cursor = next;
      } while (cursor !== '0');
    }
  }

  /** Key by key, because the keys of one call must share a slot in a cluster. */
  async #removeAll(): Promise<void> {
    for await (const { server, names } of this.#names()) await this.#steps.bound(Promise.all(names.map((name) => server.unlink(name))));
  }
}
