import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Manifest } from '#platform/backup/manifest.js';
import { unpackBackup } from '#platform/backup/unpack.js';
import { BackupWriter, type BackupFacts } from '#platform/backup/writer.js';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const LOG_ID = '7d9c3f0a-0b7e-4a6f-9a54-2f6b1c9de001';
const OBJECT = Buffer.from('<Invoice/>');
export const OBJECT_NAME = `objects/${sha256Of(OBJECT).slice(0, 2)}/${sha256Of(OBJECT).slice(2, 4)}/${sha256Of(OBJECT)}`;

/** A small backup that is sound in every part; no release made it. */
export const SMALL: readonly { readonly name: string; readonly bytes: Buffer; readonly rows?: number }[] = [
  { name: 'log/log_head/00000001.copy', bytes: Buffer.from(`t\t2\t2026-11-20 00:00:00+00\t${LOG_ID}\n`), rows: 1 },
  { name: 'write/credential/00000001.copy', bytes: Buffer.from('a\tb\n'), rows: 1 },
  { name: 'log/event/00000001.copy', bytes: Buffer.from('1\tone\n'), rows: 1 },
  { name: 'log/event/00000002.copy', bytes: Buffer.from('2\ttwo\n'), rows: 1 },
  { name: 'keys/server.secret', bytes: Buffer.from('00') },
  { name: 'keys/tokens/one.json', bytes: Buffer.from('{}') },
  { name: OBJECT_NAME, bytes: OBJECT },
];

export const SMALL_FACTS: BackupFacts = {
  takenAt: '2026-11-20T00:00:00.000Z', folio: '0.1.0', log: { id: LOG_ID, head: '2', events: 2 },
  databases: {
    log: { migrations: [1], tables: [{ name: 'log_head', columns: ['only_row'], rows: 1 }, { name: 'event', columns: ['position', 'data'], rows: 2 }] },
    write: { migrations: [1], tables: [{ name: 'credential', columns: ['id', 'hash'], rows: 1 }, { name: 'idempotency', columns: ['key'], rows: 0 }] },
  },
  objects: { count: 1, bytes: OBJECT.length, leftOut: [] }, keys: 2,
};

/** The stream of a backup of these files, as the instance sends it. */
export function smallStream(files = SMALL, facts = SMALL_FACTS, limits?: { readonly listingFiles: number }): Readable {
  const writer = new BackupWriter(new Date(), limits);
  void (async () => {
    for (const { name, bytes, rows } of files) await writer.add(name, bytes, rows);
    await writer.finish(facts);
  })();
  return writer.stream as unknown as Readable;
}

export const makeSmall = (folder: string, limits?: { readonly listingFiles: number }): Promise<void> => unpackBackup(smallStream(SMALL, SMALL_FACTS, limits), folder);

export async function editManifest(folder: string, edit: (manifest: Manifest) => unknown): Promise<void> {
  const path = join(folder, 'manifest.json');
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')) as Manifest)));
}

/** Writes the only listing anew, and gives the manifest its checksum: what somebody does who forges a backup. */
export async function forgeListing(folder: string, edit: (lines: readonly string[]) => readonly string[]): Promise<void> {
  const path = join(folder, 'listing/00000001.jsonl');
  const lines = edit((await readFile(path, 'utf8')).split('\n').slice(0, -1));
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  await writeFile(path, bytes);
  await editManifest(folder, (manifest) => ({ ...manifest, files: lines.length, bytes: lines.reduce((sum, line) => sum + (JSON.parse(line) as { size: number }).size, 0), listings: [{ name: 'listing/00000001.jsonl', size: bytes.length, sha256: sha256Of(bytes), files: lines.length }] }));
}
