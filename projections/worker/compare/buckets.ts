import { fnv1a32 } from '#contracts/kernel/hash.js';
import { hashOf } from '#platform/read-store/row-hash.js';

/** Few enough to be kept twice (2 MB), many enough that one difference among a million rows leads to twenty of them. */
const BUCKETS = 65_536;
const HASH_DIGITS = 16;

/**
 * What a set of rows is, in memory that does not grow with it: by the id each row belongs to one of many buckets, and of a bucket only the number of
 * its rows and the sum of their hashes (mod 2^64) are kept. Two sets are equal when all buckets are; where they are not, the few that differ
 * tell which rows have to be looked at one by one.
 */
export class Buckets {
  readonly #rows = new Uint32Array(BUCKETS);
  readonly #sums = new BigUint64Array(BUCKETS);
  rows = 0;

  /** @param content what counts beside the id */
  add(id: string, content = ''): void {
    const bucket = bucketOf(id);
    this.rows += 1;
    this.#rows[bucket] = (this.#rows[bucket] ?? 0) + 1;
    // The array keeps the last 64 bits.
    this.#sums[bucket] = (this.#sums[bucket] ?? 0n) + BigInt(`0x${hashOf(`${id}\n${content}`).slice(0, HASH_DIGITS)}`);
  }

  /** Of an id: whether its bucket differs; undefined where none does. */
  differing(other: Buckets): ((id: string) => boolean) | undefined {
    const differs = Uint8Array.from({ length: BUCKETS }, (_, bucket) => (this.#rows[bucket] === other.#rows[bucket] && this.#sums[bucket] === other.#sums[bucket] ? 0 : 1));
    return differs.includes(1) ? (id) => differs[bucketOf(id)] === 1 : undefined;
  }
}

const bucketOf = (id: string): number => fnv1a32(id) % BUCKETS;
