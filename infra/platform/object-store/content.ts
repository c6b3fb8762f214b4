import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toSha256, type Sha256 } from '#contracts/kernel/ids.js';
import type { Problem } from '#contracts/kernel/problem.js';

/** What every adapter shares: the names of objects, their verification, and the form of the archive. */

/** Largest object taken without another limit, and served back from its compressed form; guards against a tampered archive that inflates without end. */
export const MAX_OBJECT_BYTES = 512 * 1024 * 1024;

const fanOut = (sha256: Sha256): string => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;

/** `objects/ab/cd/<sha256>`. */
export const objectKey = (sha256: Sha256): string => `objects/${fanOut(sha256)}`;
/** `archive/ab/cd/<sha256 of the original>.gz`: any auditor can open it. */
export const archiveKey = (sha256: Sha256): string => `archive/${fanOut(sha256)}.gz`;

export const OBJECTS_PREFIX = 'objects/';
export const ARCHIVE_PREFIX = 'archive/';
const KEY = /^(?:objects\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{64})|archive\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{64})\.gz)$/u;

/** Whose bytes a key names, and in which form; undefined for whatever is no key of ours. */
export function parseKey(key: string): { readonly sha256: Sha256; readonly archived: boolean } | undefined {
  const found = KEY.exec(key);
  if (!found) return undefined;
  const archived = found[6] !== undefined;
  const sha256 = toSha256(found[3] ?? found[6] ?? '');
  return key === (archived ? archiveKey(sha256) : objectKey(sha256)) ? { sha256, archived } : undefined;
}

export const hashOf = (bytes: Uint8Array): Sha256 => toSha256(createHash('sha256').update(bytes).digest('hex'));

/** @throws Problem checksum-mismatch */
export function checkHash(found: Sha256, declared: Sha256 | undefined): void {
  if (declared !== undefined && declared !== found) throw platformProblem('checksum-mismatch', { found, declared });
}

/** @throws Problem body-too-large */
export function checkSize(size: number, limit: number | undefined): void {
  if (limit !== undefined && size > limit) throw platformProblem('body-too-large', { limit });
}

export const corrupt = (): Problem => platformProblem('original-corrupt');

export const compress = promisify(gzip);

const decompress = promisify(gunzip);

/** @throws Problem original-corrupt */
export const inflate = (compressed: Uint8Array): Promise<Uint8Array> => decompress(compressed, { maxOutputLength: MAX_OBJECT_BYTES }).catch(() => { throw corrupt(); });

/** Whether bytes in the form they are kept in are those of the key. @throws Problem original-corrupt */
export async function checkKept(key: string, bytes: Uint8Array): Promise<void> {
  const named = parseKey(key);
  if (!named || hashOf(named.archived ? await inflate(bytes) : bytes) !== named.sha256) throw corrupt();
}
