import { createHash, randomUUID } from 'node:crypto';
import { closeSync, constants, fdatasync, fsync, open, openSync, writeFile } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile as writeWhole } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toSha256, type Sha256 } from '#contracts/kernel/ids.js';
import { ARCHIVE_PREFIX, archiveKey, checkHash, checkKept, checkSize, compress, corrupt, hashOf, inflate, MAX_OBJECT_BYTES, objectKey, OBJECTS_PREFIX, parseKey } from './content.js';
import { objectProblem } from './errors.js';
import type { KeptObject, ObjectStore, StoredObject } from './port.js';

/**
 * Objects as files: `objects/ab/cd/<sha256>`, and once archived `archive/ab/cd/<sha256>.gz` in its place (any auditor can open it).
 * A file gets its name only after its bytes are on disk, and the folder entry is synced too: a name that exists has all its bytes.
 */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #folders = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  async put(bytes: Uint8Array | Readable, options: { readonly expected?: Sha256; readonly maxBytes?: number } = {}): Promise<StoredObject> {
    try {
      return bytes instanceof Uint8Array ? await this.#putBytes(bytes, options) : await this.#putStream(bytes, options);
    } catch (error) {
      throw objectProblem(error);
    }
  }

  async #putBytes(bytes: Uint8Array, { expected, maxBytes }: { readonly expected?: Sha256; readonly maxBytes?: number }): Promise<StoredObject> {
    checkSize(bytes.byteLength, maxBytes);
    const sha256 = hashOf(bytes);
    checkHash(sha256, expected);
    // A plain file that is there already is replaced by the same bytes.
    if (!(await isThere(this.#compressed(sha256)))) await this.#place(this.#plain(sha256), (file) => append(file, bytes));
    return { sha256, size: bytes.byteLength };
  }

  async #putStream(source: Readable, { expected, maxBytes = MAX_OBJECT_BYTES }: { readonly expected?: Sha256; readonly maxBytes?: number }): Promise<StoredObject> {
    const hash = createHash('sha256');
    let size = 0;
    const write = async (file: number): Promise<void> => {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        size += chunk.byteLength;
        checkSize(size, maxBytes);
        hash.update(chunk);
        await append(file, chunk);
      }
    };
    let sha256 = '' as Sha256;
    await this.#place(() => {
      sha256 = toSha256(hash.digest('hex'));
      checkHash(sha256, expected);
      return this.#plain(sha256);
    }, write);
    return { sha256, size };
  }

  /** Folders are made once; one that somebody removed meanwhile is found missing by the write itself, and made again by the next. */
  async #folder(path: string): Promise<void> {
    if (this.#folders.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    this.#folders.add(path);
  }

  /** Write aside, sync, rename, sync the folder. The name may depend on what was written. */
  async #place(target: string | (() => string), write: (file: number) => Promise<void>): Promise<void> {
    const aside = join(this.#root, 'incoming', randomUUID());
    try {
      await this.#folder(dirname(aside));
      const file = await create(aside, 'wx', 0o600);
      try {
        await write(file);
        await syncData(file);
      } finally {
        closeSync(file);
      }
      const path = typeof target === 'string' ? target : target();
      await this.#folder(dirname(path));
      await rename(aside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      this.#folders.clear();
      throw error;
    }
  }

  /** Whether something can be written now. @throws Problem object-store-full | object-store-unavailable */
  async probe(): Promise<void> {
    const path = join(this.#root, 'incoming', randomUUID());
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(path, 'probe', { mode: 0o600 });
    } catch (error) {
      throw objectProblem(error);
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  async get(sha256: Sha256): Promise<Uint8Array | undefined> {
    const bytes = (await readIfThere(this.#plain(sha256))) ?? (await this.#inflate(sha256));
    if (bytes && hashOf(bytes) !== sha256) throw corrupt();
    return bytes;
  }

  async #inflate(sha256: Sha256): Promise<Uint8Array | undefined> {
    const compressed = await readIfThere(this.#compressed(sha256));
    return compressed && inflate(compressed);
  }

  async has(sha256: Sha256): Promise<boolean> {
    return (await isThere(this.#plain(sha256))) || (await isThere(this.#compressed(sha256)));
  }

  /** The folder of plain files is gone through first: what is archived meanwhile has its other name before the second begins. */
  async *all(): AsyncIterable<KeptObject> {
    for (const prefix of [OBJECTS_PREFIX, ARCHIVE_PREFIX]) for await (const key of this.#keys(prefix, FAN_OUT)) {
      const named = parseKey(key);
      if (named) yield { key, sha256: named.sha256, read: () => this.#read(key) };
    }
  }

  async *#keys(folder: string, depth: number): AsyncIterable<string> {
    for (const name of await namesIn(join(this.#root, folder))) {
      if (depth === 0) yield `${folder}${name}`;
      else yield* this.#keys(`${folder}${name}/`, depth - 1);
    }
  }

  async #read(key: string): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(join(this.#root, key));
    if (bytes) await checkKept(key, bytes);
    return bytes;
  }

  async archive(sha256: Sha256, bytes?: Uint8Array): Promise<{ key: string; originalSize: number; compressedSize: number }> {
    try {
      return await this.#archive(sha256, bytes);
    } catch (error) {
      throw objectProblem(error);
    }
  }

  async #archive(sha256: Sha256, given: Uint8Array | undefined): Promise<{ key: string; originalSize: number; compressedSize: number }> {
    const bytes = given ?? (await this.get(sha256));
    if (!bytes) throw platformProblem('object-store-unavailable', { reason: 'the original is not there' });
    const path = this.#compressed(sha256);
    const compressedSize = (await sizeOf(path)) ?? (await this.#compress(path, bytes));
    // The compressed form is durable under the same hash: the plain one has done its work.
    await unlink(this.#plain(sha256)).catch(() => undefined);
    return { key: archiveKey(sha256), originalSize: bytes.byteLength, compressedSize };
  }

  async #compress(path: string, bytes: Uint8Array): Promise<number> {
    const compressed = await compress(bytes);
    await this.#place(path, (file) => append(file, compressed));
    return compressed.byteLength;
  }

  readonly #plain = (sha256: Sha256): string => join(this.#root, objectKey(sha256));
  readonly #compressed = (sha256: Sha256): string => join(this.#root, archiveKey(sha256));
}

/*
 * Of what a file costs, handing each step to another thread costs more than the small steps themselves: what follows at once on a step that the disk has answered
 * (opening the folder that was renamed into, giving numbers back) is done here; what may wait is not.
 */
const create = promisify(open);
const append: (file: number, bytes: Uint8Array) => Promise<void> = promisify(writeFile);
const syncData = promisify(fdatasync);
const sync = promisify(fsync);

const sizeOf = (path: string): Promise<number | undefined> => stat(path).then(({ size }) => size, () => undefined);
const isThere = (path: string): Promise<boolean> => access(path, constants.F_OK).then(() => true, () => false);

/** Folders between the prefix and the file. */
const FAN_OUT = 2;

/** In ascending order; none where there is no such folder (nothing was put yet, or it is a file that is not ours). */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw objectProblem(error);
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw objectProblem(error);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await sync(folder);
  } finally {
    closeSync(folder);
  }
}
