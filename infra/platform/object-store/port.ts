import type { Readable } from 'node:stream';
import type { Sha256 } from '#contracts/kernel/ids.js';

export interface StoredObject {
  readonly sha256: Sha256;
  readonly size: number;
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
  /** Compressed form for the archive under the original's hash; `bytes`: what `get` gave, where the caller still has it. @returns its key and sizes */
  archive(sha256: Sha256, bytes?: Uint8Array): Promise<{ readonly key: string; readonly originalSize: number; readonly compressedSize: number }>;
}
