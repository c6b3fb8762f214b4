import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, opendir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BACKUP_LIMITS, damaged, decodeListed, decodeManifest, type DatabaseFacts, type ListedFile, type Manifest } from './manifest.js';
import { folderOf, MANIFEST, parseName, type BackupName } from './names.js';
import { Places } from './places.js';

/** Reading a backup that lies in a folder. Nothing in it is believed before it is decoded and held against a checksum. */

const READ_BYTES = 256 * 1024;
const FILES_AT_ONCE = 8;
const NEWLINE = 0x0a;

/** @throws Problem backup-damaged */
export async function readManifest(folder: string): Promise<Manifest> {
  return decodeManifest(folder, await readWhole(folder, MANIFEST, BACKUP_LIMITS.manifestBytes));
}

/** Every file of the backup, with the meaning of its name, in the order in which it was written. @throws Problem backup-damaged */
export async function* listedFiles(folder: string, { listings }: Pick<Manifest, 'listings'>): AsyncIterable<ListedFile & { readonly is: BackupName }> {
  const order = new Order(folder);
  for (const listing of listings) {
    if (parseName(listing.name)?.kind !== 'listing') throw damaged(folder, 'its manifest names a listing that is none');
    const bytes = await readWhole(folder, listing.name, listing.size);
    if (sha256Of(bytes) !== listing.sha256) throw damaged(folder, `${listing.name} is not the file that was written`);
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    if (lines.length !== listing.files) throw damaged(folder, `${listing.name} names ${lines.length} files instead of ${listing.files}`);
    for (const line of lines) {
      const file = decodeListed(folder, line);
      const is = parseName(file.name);
      if (!is || is.kind === 'manifest' || is.kind === 'problem' || is.kind === 'listing') throw damaged(folder, `${listing.name} has a name that no file of a backup has`);
      order.next(file.name);
      yield { ...file, is };
    }
  }
}

/** Files of one folder stand together and in ascending order: so none is named twice, and no set of all names is needed to know it. */
class Order {
  readonly #folders = new Set<string>();
  #folder: string | undefined;
  #last = '';

  constructor(private readonly backup: string) {}

  next(name: string): void {
    const folder = folderOf(name);
    if (folder !== this.#folder) {
      if (this.#folders.has(folder)) throw damaged(this.backup, `${folder} is listed in two places`);
      this.#folders.add(folder);
      this.#folder = folder;
      this.#last = '';
    }
    if (name <= this.#last) throw damaged(this.backup, `${name} is listed twice or out of order`);
    this.#last = name;
  }
}

/** The bytes of a file, as they come from the disk; after the last of them their size and checksum are held against the listing. @throws Problem backup-damaged */
export async function* verifiedBytes(folder: string, { name, size, sha256 }: Pick<ListedFile, 'name' | 'size' | 'sha256'>): AsyncIterable<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of bytesOf(folder, name, size)) {
    read += chunk.length;
    if (read > size) break;
    hash.update(chunk);
    yield chunk;
  }
  if (read !== size) throw damaged(folder, `${name} has ${read > size ? 'more' : 'fewer'} bytes than were written`);
  if (hash.digest('hex') !== sha256) throw damaged(folder, `${name} is not the file that was written`);
}

/** @param expected size: one byte more is asked for, so that one look shows the end of a small file. Fewer bytes than asked for, and fewer than expected, are no end */
async function* bytesOf(folder: string, name: string, expected: number): AsyncIterable<Buffer> {
  const file = await openFile(folder, name);
  const length = Math.min(READ_BYTES, expected + 1);
  try {
    for (let total = 0; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, null);
      total += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      if (bytesRead === 0 || (bytesRead < length && total >= expected)) return;
    }
  } finally {
    await file.close();
  }
}

async function readWhole(folder: string, name: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytesOf(folder, name, maxBytes)) {
    size += chunk.length;
    if (size > maxBytes) throw damaged(folder, `${name} is larger than it can be`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function openFile(folder: string, name: string): Promise<FileHandle> {
  try {
    return await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw damaged(folder, `${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, error);
  }
}

/**
 * Reads the whole backup once: nothing is missing, nothing was added, every checksum fits, every table has its rows. Writes nothing.
 * @throws Problem backup-damaged
 */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const found = await countFiles(folder, '');
  const rows = new Map<string, number>();
  const reading = new Places(FILES_AT_ONCE);
  let [files, bytes] = [0, 0];
  try {
    for await (const file of listedFiles(folder, manifest)) {
      files += 1;
      bytes += file.size;
      await reading.begin(() => verifyFile(folder, file));
      if (file.is.kind !== 'rows') continue;
      const table = `${file.is.database}/${file.is.table}`;
      rows.set(table, (rows.get(table) ?? 0) + (file.rows ?? 0));
    }
    await reading.end();
  } finally {
    await reading.settle();
  }
  if (files !== manifest.files || bytes !== manifest.bytes) throw damaged(folder, `its listings name ${files} files of ${manifest.files}`);
  // All that are listed are there, and no name twice: as many files as that are those and no other.
  const expected = files + manifest.listings.length + 1;
  if (found !== expected) throw damaged(folder, `it has ${found} files instead of ${expected}; what was added must go`);
  checkRows(folder, manifest, rows);
  return manifest;
}

async function verifyFile(folder: string, file: ListedFile & { readonly is: BackupName }): Promise<void> {
  let lines = 0;
  const isRows = file.is.kind === 'rows';
  for await (const chunk of verifiedBytes(folder, file)) if (isRows) lines += newlinesIn(chunk);
  if (isRows && lines !== file.rows) throw damaged(folder, `${file.name} has ${lines} rows instead of ${file.rows ?? 'none'}`);
}

function checkRows(folder: string, { databases, log }: Manifest, rows: ReadonlyMap<string, number>): void {
  const declared = Object.entries<DatabaseFacts>(databases).flatMap(([database, { tables }]) => tables.map((table) => [`${database}/${table.name}`, table.rows] as const));
  for (const [table, count] of declared) if ((rows.get(table) ?? 0) !== count) throw damaged(folder, `${table} has ${rows.get(table) ?? 0} rows instead of ${count}`);
  const unknown = [...rows.keys()].find((table) => !declared.some(([name]) => name === table));
  if (unknown !== undefined) throw damaged(folder, `${unknown} is a table that its manifest does not name`);
  if (rows.get('log/event') !== (log.events === 0 ? undefined : log.events)) throw damaged(folder, 'its manifest counts other events than there are');
}

/** Files below the folder. Anything that is neither file nor folder (a link out of it) is none of ours. */
async function countFiles(folder: string, below: string): Promise<number> {
  let count = 0;
  const entries = await opendir(join(folder, below)).catch((error: NodeJS.ErrnoException) => { throw damaged(folder, `it cannot be read (${error.code ?? 'unknown'})`, error); });
  for await (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) count += await countFiles(folder, path);
    else if (entry.isFile() && parseName(path) !== undefined && path !== 'problem.json') count += 1;
    else throw damaged(folder, `${path.slice(0, 200)} is nothing that a backup has`);
  }
  return count;
}

export function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
