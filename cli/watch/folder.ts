import { constants } from 'node:fs';
import { lstat, open, opendir, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { INPUT_LIMITS } from '../commands/collect-files.js';
import { isTaken } from './settling.js';
import { FileChanged, TooLarge, type ListedFile, type Listing, type Source } from './source.js';

/** Entries of a folder with everything below it that are looked at. */
const MAX_ENTRIES = 200_000;
const MAX_UNREADABLE = 100;
const PLACES = 16;

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** A folder of this machine, or of a share, with everything below it. No link is followed, but the folder itself may be one. */
export class FolderSource implements Source {
  readonly name: string;
  readonly places = PLACES;
  readonly hasOwnClock = true;
  readonly leastRestMs = 0;

  constructor(folder: string, private readonly maxEntries = MAX_ENTRIES) {
    this.name = resolve(folder);
  }

  owns(path: string): boolean {
    return path.startsWith(this.name.endsWith(sep) ? this.name : `${this.name}${sep}`);
  }

  async list(signal: AbortSignal): Promise<Listing> {
    const root = await realpath(this.name);
    const found = { files: [] as ListedFile[], unreadable: [] as string[], entries: 0 };
    const waiting = [{ folder: root, depth: 0 }];
    for (let next = waiting.shift(); next && found.entries < this.maxEntries; next = waiting.shift()) {
      signal.throwIfAborted();
      const { folder, depth } = next;
      try {
        const below = await this.#look(root, folder, found);
        if (depth + 1 < INPUT_LIMITS.maxDepth) waiting.push(...below.map((name) => ({ folder: join(folder, name), depth: depth + 1 })));
      } catch (error) {
        if (folder === root) throw error;
        if (found.unreadable.length < MAX_UNREADABLE) found.unreadable.push(`${this.#named(root, folder)}: ${reasonOf(error)}`);
      }
    }
    return { files: found.files, isCut: found.entries >= this.maxEntries, unreadable: found.unreadable };
  }

  /** One folder. @returns the names of those below it */
  async #look(root: string, folder: string, found: { readonly files: ListedFile[]; entries: number }): Promise<string[]> {
    const below: string[] = [];
    for await (const entry of await opendir(folder)) {
      found.entries += 1;
      if (found.entries >= this.maxEntries) break;
      if (entry.isDirectory() && !entry.name.startsWith('.')) below.push(entry.name);
      if (!entry.isFile() || !isTaken(entry.name)) continue;
      const path = join(folder, entry.name);
      // Gone again, or not to be looked at: the next look tells.
      const stat = await lstat(path).catch(() => undefined);
      if (stat?.isFile()) found.files.push({ path: this.#named(root, path), name: entry.name, size: stat.size, mtime: stat.mtimeMs });
    }
    return below;
  }

  /** Files are known by the name that the operator gave the folder, wherever it leads. */
  #named(root: string, path: string): string {
    return join(this.name, relative(root, path));
  }

  async read({ path, size, mtime }: ListedFile): Promise<Buffer<ArrayBuffer>> {
    const real = join(await realpath(this.name), relative(this.name, path));
    // Nobody put a link into its way since it was listed.
    if ((await realpath(real).catch(gone)) !== real) throw new FileChanged();
    if (size > INPUT_LIMITS.maxFileBytes) throw new TooLarge(INPUT_LIMITS.maxFileBytes);
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(gone);
    try {
      const bytes = Buffer.allocUnsafe(size + 1);
      let length = 0;
      for (let read = 1; read > 0 && length <= size; length += read) read = (await file.read(bytes, length, bytes.length - length)).bytesRead;
      const now = await file.stat();
      if (length !== size || now.size !== size || now.mtimeMs !== mtime || !now.isFile()) throw new FileChanged();
      return bytes.subarray(0, size);
    } finally {
      await file.close();
    }
  }
}

/** @throws FileChanged for what is not there, or has become a link */
function gone(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? new FileChanged() : error;
}
