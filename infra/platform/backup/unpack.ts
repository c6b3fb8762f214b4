import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { damaged } from './manifest.js';
import { parseName } from './names.js';
import { Places } from './places.js';

/** Files that are being brought to the disk at once: their syncs share the journal's turns. */
const SYNCS_AT_ONCE = 16;
/** Files up to this size (bytes) are held whole while they wait for their turn. */
const HELD_BYTES = 256 * 1024;

/** An entry of the stream; it must be read to its end before the next one comes. */
type Entry = AsyncIterable<Buffer> & { readonly header: Header };

/** The server ended the stream with the reason why it is no backup (a problem document). */
export class BackupBrokeOff extends Error {
  override readonly name = 'BackupBrokeOff';
  constructor(readonly document: unknown) {
    super('the server ended the backup with a problem');
  }
}

/**
 * Writes the entries of the stream below a folder that is new, each synced, its folders too. What it wrote is not verified yet.
 * @throws BackupBrokeOff; Problem backup-damaged for a stream that is no backup; faults of the stream and of the disk as they are
 */
export async function unpackBackup(source: Readable, folder: string): Promise<void> {
  const folders = new Folders();
  await folders.make(folder);
  const entries = extract();
  // In this order: an entry that comes before somebody asks for it is lost, and with it the end.
  const writing = writeAll(entries as AsyncIterable<Entry>, folder, folders);
  const reading = pipeline(source, entries);
  try {
    await Promise.all([reading, writing]);
  } catch (error) {
    // Why the stream ended says more than that it ended.
    source.destroy();
    const [, told] = await Promise.allSettled([reading, writing]);
    throw told.status === 'rejected' && told.reason instanceof BackupBrokeOff ? told.reason : error;
  }
}

async function writeAll(entries: AsyncIterable<Entry>, folder: string, folders: Folders): Promise<void> {
  const syncing = new Places(SYNCS_AT_ONCE);
  try {
    for await (const entry of entries) {
      const { name, type } = entry.header;
      const is = parseName(name);
      if (type !== 'file' || !is) throw damaged(folder, `the stream has an entry that no backup has (${name.slice(0, 200)})`);
      if (is.kind === 'problem' && entry.header.size <= HELD_BYTES) throw new BackupBrokeOff(JSON.parse((await readWhole(entry)).toString('utf8')));
      const path = join(folder, name);
      // Small files, which most are, go to the disk side by side; a large one passes through as it comes.
      if (entry.header.size > HELD_BYTES) await writeOne(path, entry, folders);
      else {
        const bytes = await readWhole(entry);
        await syncing.begin(() => writeOne(path, bytes, folders));
      }
    }
    await syncing.end();
  } finally {
    await syncing.settle();
  }
  await folders.sync();
}

async function writeOne(path: string, content: Uint8Array | AsyncIterable<Uint8Array>, folders: Folders): Promise<void> {
  await folders.make(dirname(path));
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Of at most `HELD_BYTES`: the stream gives an entry no more bytes than its header says. */
async function readWhole(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Folders that were made, to be synced once everything is in them. */
export class Folders {
  readonly #made = new Set<string>();

  async make(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    this.#made.add(path);
  }

  async sync(): Promise<void> {
    const syncing = new Places(SYNCS_AT_ONCE);
    const all = new Set([...this.#made, ...[...this.#made].map((made) => dirname(made))]);
    try {
      for (const path of all) await syncing.begin(() => syncFolder(path));
      await syncing.end();
    } finally {
      await syncing.settle();
    }
  }
}

/** The names in a folder are on the disk too. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

