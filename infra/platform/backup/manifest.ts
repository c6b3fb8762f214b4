import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

/** The form of backups that this release writes, and the only one it reads. */
export const FORMAT = 1;

export const BACKUP_LIMITS = {
  /** Rows are cut into files of about this size (bytes), which are held in memory one at a time. */
  partBytes: 4 * 1024 * 1024,
  /** Largest row (bytes); an event has 256 kB at most. */
  rowBytes: 64 * 1024 * 1024,
  /** Rows of the log that are read in one statement. */
  pageRows: 20_000,
  /** Files named in one listing. */
  listingFiles: 10_000,
  listingBytes: 8 * 1024 * 1024,
  manifestBytes: 8 * 1024 * 1024,
  keyBytes: 64 * 1024,
  /** Of a file that the operator has brought. */
  operatorBytes: 64 * 1024 * 1024,
  /** Objects whose bytes are not those of their name: left out and told, so many at most. */
  leftOut: 1_000,
} as const;

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const name = z.string().max(200);
const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/u);

const table = z.strictObject({ name: identifier, columns: z.array(identifier).min(1).max(200), rows: count });
const database = z.strictObject({ migrations: z.array(count).max(10_000), tables: z.array(table).max(200) });
const listing = z.strictObject({ name, size: count.max(BACKUP_LIMITS.listingBytes), sha256, files: count.max(BACKUP_LIMITS.listingFiles) });

/** The last entry of a backup: what it is of, and what proves that it is whole. */
const manifest = z.strictObject({
  format: z.literal(FORMAT),
  /** When the snapshot was taken (ISO 8601). */
  takenAt: z.iso.datetime(),
  /** Release that took it. */
  folio: z.string().max(50),
  log: z.strictObject({ id: z.uuid(), head: z.string().regex(/^(?:0|[1-9]\d{0,19})$/u), events: count }),
  databases: z.strictObject({ log: database, write: database }),
  objects: z.strictObject({ count, bytes: count, leftOut: z.array(z.strictObject({ key: name, reason: z.string().max(300) })).max(BACKUP_LIMITS.leftOut) }),
  keys: count,
  /** Of all listed files together. */
  files: count,
  bytes: count,
  listings: z.array(listing).max(20_000),
});
export type Manifest = z.infer<typeof manifest>;
export type DatabaseFacts = Manifest['databases']['log'];
export type TableFacts = z.infer<typeof table>;

/** One line of a listing. `rows` of a part of a table only. */
const listedFile = z.strictObject({ name, size: count, sha256, rows: count.exactOptional() });
export type ListedFile = z.infer<typeof listedFile>;

export const damaged = (folder: string, reason: string, cause?: unknown): Problem => platformProblem('backup-damaged', { folder, reason }, { cause });

/** @throws Problem backup-damaged */
export function decodeManifest(folder: string, bytes: Uint8Array): Manifest {
  const value = parseJson(bytes);
  const { format } = z.object({ format: z.number() }).catch({ format: 0 }).parse(value);
  if (format > FORMAT) throw damaged(folder, `its format is ${format}, this release of Folio reads ${FORMAT}; restore it with the release that took it, or a later one`);
  const parsed = manifest.safeParse(value);
  if (!parsed.success) throw damaged(folder, `its manifest is not one (${parsed.error.issues[0]?.path.join('.') ?? ''})`);
  return parsed.data;
}

/** @throws Problem backup-damaged */
export function decodeListed(folder: string, line: string): ListedFile {
  const parsed = listedFile.safeParse(parseJson(Buffer.from(line)));
  if (!parsed.success) throw damaged(folder, 'a listing has a line that names no file');
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
