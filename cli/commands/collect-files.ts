import { readFileSync, statSync, type Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

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

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);
const openZipBytes = promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer);

/** The `.xml` entries of an archive, one after the other; nothing is unpacked to disk, names are only shown. An archive that cannot be read is one file that cannot. @param bytes of the archive; read from its path where they are not at hand */
export async function* fromZip(path: string, bytes?: Buffer): AsyncIterable<InputFile> {
  let zip: yauzl.ZipFile;
  try {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    zip = await (bytes ? openZipBytes(bytes, options) : openZip(path, options));
  } catch (error) {
    yield { name: path, read: () => Promise.reject(new Error(`it is no readable zip archive: ${(error as Error).message}`)) };
    return;
  }
  try {
    if (zip.entryCount > INPUT_LIMITS.maxZipEntries) throw new Error(`${path} has more than ${INPUT_LIMITS.maxZipEntries} entries`);
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
      const current = entry;
      if (!/\.xml$/iu.test(current.fileName)) continue;
      const bytes = await unpack(zip, current).catch((error: unknown) => error as Error);
      yield { name: `${path}!${current.fileName}`, read: () => (bytes instanceof Error ? Promise.reject(bytes) : Promise.resolve(bytes)) };
    }
  } finally {
    zip.close();
  }
}

function nextEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      zip.off('entry', take).off('end', end).off('error', fail);
      done();
    };
    const take = (entry: yauzl.Entry): void => settle(() => resolve(entry));
    const end = (): void => settle(() => resolve(undefined));
    const fail = (error: Error): void => settle(() => reject(error));
    zip.on('entry', take).on('end', end).on('error', fail);
    zip.readEntry();
  });
}

async function unpack(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.uncompressedSize > INPUT_LIMITS.maxFileBytes) throw new Error(`it has more than ${INPUT_LIMITS.maxFileBytes} bytes`);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

