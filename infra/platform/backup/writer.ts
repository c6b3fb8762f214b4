import { createHash } from 'node:crypto';
import { pack, type Pack } from 'tar-stream';
import type { ProblemDocument } from '#contracts/kernel/problem.js';
import { BACKUP_LIMITS, FORMAT, type ListedFile, type Manifest } from './manifest.js';
import { listingName, MANIFEST, parseName, PROBLEM } from './names.js';

/** What only the one who takes the backup knows; the rest of the manifest is counted while it is written. */
export type BackupFacts = Omit<Manifest, 'format' | 'files' | 'bytes' | 'listings'>;

/** A slice of an entry that is handed to the reader at a time (bytes): how fine its progress is seen. */
const SLICE_BYTES = 64 * 1024;
const MODE = 0o600;

/**
 * A backup as one tar stream: files, after every so many of them a listing of their checksums, at the end the manifest with the checksums of the
 * listings. Each call resolves when the reader has taken the file, so that memory is bounded by one file, whatever the size of the whole.
 */
export class BackupWriter {
  readonly stream: Pack = pack();
  readonly #now: Date;
  readonly #listingFiles: number;
  #lines: string[] = [];
  readonly #listings: Manifest['listings'] = [];
  #files = 0;
  #bytes = 0;

  /** @param now time of every file in the stream; `listingFiles`: files named in one listing */
  constructor(now: Date, { listingFiles = BACKUP_LIMITS.listingFiles }: { readonly listingFiles?: number } = {}) {
    this.#now = now;
    this.#listingFiles = listingFiles;
    // Whoever waits for an entry is told; the stream itself has no other listener when its reader goes away.
    this.stream.on('error', () => undefined);
  }

  /** @param rows of a part of a table. @throws whatever the stream was aborted with */
  async add(name: string, bytes: Uint8Array, rows?: number): Promise<void> {
    if (parseName(name) === undefined) throw new Error(`${name} is no name of a file of a backup`);
    const file: ListedFile = { name, size: bytes.byteLength, sha256: sha256Of(bytes), ...(rows !== undefined && { rows }) };
    await this.#entry(name, bytes);
    this.#lines.push(JSON.stringify(file));
    this.#files += 1;
    this.#bytes += bytes.byteLength;
    if (this.#lines.length >= this.#listingFiles) await this.#list();
  }

  async #list(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const name = listingName(this.#listings.length + 1);
    await this.#entry(name, bytes);
    this.#listings.push({ name, size: bytes.byteLength, sha256: sha256Of(bytes), files: lines.length });
  }

  /** The manifest and the end. A stream without it is no backup. */
  async finish(facts: BackupFacts): Promise<Manifest> {
    if (this.#lines.length > 0) await this.#list();
    const manifest: Manifest = { format: FORMAT, ...facts, files: this.#files, bytes: this.#bytes, listings: this.#listings };
    await this.#entry(MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
    this.stream.finalize();
    return manifest;
  }

  /** Ends the stream with the reason why there is no manifest: the status of the answer has long been sent. */
  async fail(document: ProblemDocument): Promise<void> {
    await this.#entry(PROBLEM, Buffer.from(JSON.stringify(document)));
    this.stream.finalize();
  }

  /** Nobody reads any more: whoever waits in `add` is thrown the reason. */
  abort(reason: Error): void {
    this.stream.destroy(reason);
  }

  #entry(name: string, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const sink = this.stream.entry({ name, size: bytes.byteLength, mode: MODE, mtime: this.#now, type: 'file' }, (error) => (error ? reject(error) : resolve()));
      sink.on('error', reject);
      for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) sink.write(bytes.subarray(at, at + SLICE_BYTES));
      sink.end(null);
    });
  }
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
