import type { Readable } from 'node:stream';
import type { Sha256 } from '#contracts/kernel/ids.js';

export interface StoredObject {
  readonly sha256: Sha256;
  readonly size: number;
}

/** One object in the form it is kept in: its very bytes, or compressed once it is archived. */
export interface KeptObject {
  /** `objects/ab/cd/<sha256>` or `archive/ab/cd/<sha256>.gz`. */
  readonly key: string;
  readonly sha256: Sha256;
  /**
   * The bytes under the key, proven to be those of the hash. Undefined: it was archived meanwhile, and comes under its other key.
   * @throws Problem original-corrupt | object-store-unavailable
   */
  read(): Promise<Uint8Array | undefined>;
}

/**
 * Bytes by the name of their content. Idempotent: putting the same bytes again changes nothing. Atomic and durable: when `put` resolves, the
 * bytes are on disk under their hash; a crash before leaves no visible object. Nothing is ever overwritten or deleted.
 *
 * Errors: `object-store-full`, `object-store-unavailable`, `body-too-large` (more than `maxBytes`), `checksum-mismatch` (other than expected).
 */
export interface ObjectStore {
  put(bytes: Uint8Array | Readable, options?: { readonly expected?: Sha256; readonly maxBytes?: number }): Promise<StoredObject>;
  /** Undefined when it is not there. Verified against the hash before it is returned. @throws Problem original-corrupt */
  get(sha256: Sha256): Promise<Uint8Array | undefined>;
  has(sha256: Sha256): Promise<boolean>;
  /**
   * Every object, for a backup: plain ones first, then archived ones, each kind in ascending order of its keys. What is there when this is called comes
   * at least once (twice when it is archived meanwhile); what is put later may come too. Nothing is read before it is asked for.
   */
  all(): AsyncIterable<KeptObject>;
  /** Compressed form for the archive under the original's hash; `bytes`: what `get` gave, where the caller still has it. @returns its key and sizes */
  archive(sha256: Sha256, bytes?: Uint8Array): Promise<{ readonly key: string; readonly originalSize: number; readonly compressedSize: number }>;
}
