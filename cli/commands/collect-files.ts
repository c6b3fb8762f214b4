import { readFileSync, statSync, type Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { ZIP_OPTIONS, zipEntries } from '#platform/zip/entries.js';

/** A file to take in; its bytes are read when it is its turn. */
export interface InputFile {
  readonly name: string;
  /** @throws Error with what is wrong, as text for the table */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export const INPUT_LIMITS = { maxFileBytes: 256 * 1024 * 1024, maxZipEntries: 200_000, maxDepth: 32 } as const;

/** Files, folders (all `.xml` files below), zip archives (all `.xml` entries) and `-` (names on standard input, one per line), in a stable order. */
export async function* collectFiles(paths: readonly string[], stdin: AsyncIterable<Buffer | string>): AsyncIterable<InputFile> {
  for (const path of paths) {
    if (path === '-') yield* fromNames(stdin);
    else yield* fromPath(path, true, 0);
  }
}

async function* fromNames(stdin: AsyncIterable<Buffer | string>): AsyncIterable<InputFile> {
  let pending = '';
  for await (const chunk of stdin) {
    const lines = (pending + chunk.toString()).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield* fromPath(line.trim(), true, 0);
  }
  if (pending.trim() !== '') yield* fromPath(pending.trim(), true, 0);
}

async function* fromPath(path: string, named: boolean, depth: number): AsyncIterable<InputFile> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    yield { name: path, read: () => Promise.reject(new Error('there is no such file')) };
  } else if (found.isDirectory()) {
    if (depth < INPUT_LIMITS.maxDepth) yield* fromFolder(path, depth);
  } else if (/\.zip$/iu.test(path)) {
    yield* fromZip(path);
  } else if (named || /\.xml$/iu.test(path)) {
    yield plainFile(path);
  }
}

async function* fromFolder(folder: string, depth: number): AsyncIterable<InputFile> {
  const entries: Dirent[] = [];
  for await (const entry of await opendir(folder)) entries.push(entry);
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile() && /\.xml$/iu.test(path)) yield plainFile(path);
    else yield* fromPath(path, false, depth + 1);
  }
}

/** Read in one go: this process does nothing else, and handing each step to another thread costs more than the step. */
const plainFile = (path: string): InputFile => ({
  name: path,
  read: async () => {
    if (statSync(path).size > INPUT_LIMITS.maxFileBytes) throw new Error(`it has more than ${INPUT_LIMITS.maxFileBytes} bytes`);
    return readFileSync(path);
  },
});

/** The `.xml` files of an archive, one after the other; nothing is unpacked to disk. What cannot be read of an archive is one file that cannot. @param bytes of the archive; read from its path where they are not at hand */
export async function* fromZip(path: string, bytes?: Buffer): AsyncIterable<InputFile> {
  const unreadable = (error: unknown): InputFile => ({ name: path, read: () => Promise.reject(new Error(`it is no readable zip archive: ${(error as Error).message}`)) });
  let zip: ZipFile;
  try {
    zip = await (bytes ? fromBufferPromise(bytes, ZIP_OPTIONS) : openPromise(path, ZIP_OPTIONS));
  } catch (error) {
    yield unreadable(error);
    return;
  }
  try {
    if (zip.entryCount > INPUT_LIMITS.maxZipEntries) throw new Error(`it has more than ${INPUT_LIMITS.maxZipEntries} entries`);
    for await (const entry of zipEntries(zip)) {
      if (!/\.xml$/iu.test(entry.name)) continue;
      const content = await entry.read(INPUT_LIMITS.maxFileBytes).catch((error: unknown) => error as Error);
      yield { name: `${path}!${entry.name}`, read: () => (content instanceof Error ? Promise.reject(content) : Promise.resolve(content)) };
    }
  } catch (error) {
    yield unreadable(error);
  } finally {
    zip.close();
  }
}
