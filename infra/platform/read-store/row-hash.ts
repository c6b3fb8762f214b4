import { hash } from 'node:crypto';

/** Every row of a projection stores the hash of its other columns; digests are sums of these. */
export const HASH_COLUMN = 'row_hash';

const HEX_DIGITS = 32;
const BITS = 128;

/** Digests are sums modulo this. */
export const DIGEST_MODULUS = (1n << BigInt(BITS)).toString();

/** The first 128 bits of SHA-256 over the stored form, as 32 hexadecimal digits. */
export const hashOf = (stored: string): string => hash('sha256', stored, 'hex').slice(0, HEX_DIGITS);

/** A stored hash (with or without the dashes that Postgres prints) as a number. */
export const hashNumber = (stored: string): bigint => BigInt(`0x${stored.length === HEX_DIGITS ? stored : stored.replaceAll('-', '')}`);

/**
 * What has come to the rows of one lane on one shard: how many more there are, and by how much the sum of their hashes grew (mod 2^128).
 * A sum and not an XOR: two equal rows too many would cancel each other out.
 */
export class DigestChange {
  rows = 0;
  sum = 0n;

  add(stored: string): void {
    this.rows += 1;
    this.sum = BigInt.asUintN(BITS, this.sum + hashNumber(stored));
  }

  remove(stored: string): void {
    this.rows -= 1;
    this.sum = BigInt.asUintN(BITS, this.sum - hashNumber(stored));
  }
}

/** Changes of several lanes, taken together before they are written. */
export class DigestChanges<Lane extends string> {
  readonly #lanes = new Map<Lane, DigestChange>();

  of(lane: Lane): DigestChange {
    const known = this.#lanes.get(lane);
    if (known) return known;
    const first = new DigestChange();
    this.#lanes.set(lane, first);
    return first;
  }

  entries(): Iterable<[Lane, DigestChange]> {
    return this.#lanes.entries();
  }

  get(lane: Lane): DigestChange | undefined {
    return this.#lanes.get(lane);
  }
}
