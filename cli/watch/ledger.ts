import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { problem } from '#contracts/errors.js';
import { IMPORT_CATEGORIES, type ImportCategory } from '#contracts/invoice/imports.js';
import { Problem } from '#contracts/kernel/problem.js';
import { takeLock } from '../process-lock.js';

/** One version of a file that was taken in, or refused for good. */
export interface LedgerLine {
  /** Absolute, or `sftp://…`. */
  readonly path: string;
  readonly size: number;
  /** Modification time as its system tells it (ms since 1970). */
  readonly mtime: number;
  readonly sha256: string;
  readonly category: ImportCategory;
  readonly id?: string;
  /** When the line was written. */
  readonly at: string;
}

const LINE: z.ZodType<LedgerLine> = z.strictObject({
  path: z.string().min(1), size: z.number().nonnegative(), mtime: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/u), category: z.enum(IMPORT_CATEGORIES), id: z.string().exactOptional(), at: z.iso.datetime(),
});
const HEADER = JSON.stringify({ folio: 'watch-ledger', version: 1 });
/** A path has four thousand bytes at most; what is longer is no line of ours. */
const MAX_LINE = 32 * 1024;
/** Lines beyond twice the remembered files before the ledger is written anew. */
const SLACK_LINES = 10_000;
const WRITE_AT_ONCE = 4 * 1024 * 1024;

const unusable = (file: string, reason: string, cause?: unknown): Problem => problem('setting-wrong', { setting: '--ledger', reason: `${file} ${reason}` }, { cause });
const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

interface Waiting {
  readonly line: LedgerLine;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What became of which version of which file: one JSON line each behind a header, on disk (fsync) before anybody is told. Held by one process. A line that was
 * cut off, by a kill or a full disk, is left out when it is read: its file is handed in again, which adds no event.
 */
export class Ledger {
  readonly #entries = new Map<string, LedgerLine>();
  #file: FileHandle | undefined;
  #lines = 0;
  #unreadable = 0;
  #waiting: Waiting[] = [];
  #wantsRewrite = false;
  #writing: Promise<void> | undefined;

  private constructor(readonly path: string, private readonly lock: string) {}

  /** Takes the lock, reads what is there and writes it anew, without lines that others replaced. @throws Problem setting-wrong when another watch has it, or when it is no ledger */
  static async open(file: string): Promise<Ledger> {
    const wanted = resolve(file);
    try {
      await mkdir(dirname(wanted), { recursive: true, mode: 0o700 });
      // By whatever name: one ledger has one lock.
      const path = await realpath(wanted).catch(async () => join(await realpath(dirname(wanted)), basename(wanted)));
      const ledger = new Ledger(path, `${path}.lock`);
      const holder = await takeLock(ledger.lock);
      if (holder) throw unusable(path, `belongs to another watch (process ${holder.pid})`);
      await ledger.#load().catch(async (error: unknown) => {
        await rm(ledger.lock, { force: true });
        throw error;
      });
      return ledger;
    } catch (error) {
      throw error instanceof Problem ? error : unusable(wanted, `cannot be used: ${reasonOf(error)}`, error);
    }
  }

  /** Files that are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** Lines of the file that could not be read when it was opened. */
  get unreadable(): number {
    return this.#unreadable;
  }

  get(path: string): LedgerLine | undefined {
    return this.#entries.get(path);
  }

  entries(): Iterable<LedgerLine> {
    return this.#entries.values();
  }

  /** Resolves when the line is on disk; lines that come together share one write. @throws when the disk does not take it: then it is not remembered either */
  record(line: LedgerLine): Promise<void> {
    return new Promise((done, reject) => {
      this.#waiting.push({ line, resolve: done, reject });
      void this.#work();
    });
  }

  /** One after the other, whatever is asked meanwhile. */
  #work(): Promise<void> {
    return (this.#writing ??= this.#workOff());
  }

  async #workOff(): Promise<void> {
    // Begins behind the assignment, and the last look and the end are one step: nothing that comes between is left waiting.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#wantsRewrite) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (batch.length > 0) await this.#write(batch);
      // What cannot be written anew goes on as it is.
      else await this.#rewrite().catch(() => undefined);
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#opened().appendFile(batch.map(({ line }) => `${JSON.stringify(line)}\n`).join(''));
      await this.#opened().datasync();
      this.#lines += batch.length;
      for (const { line } of batch) this.#entries.set(line.path, line);
      for (const { resolve: done } of batch) done();
    } catch (error) {
      // A line that was cut off when the disk was full ends here.
      await this.#file?.appendFile('\n').catch(() => undefined);
      for (const { reject } of batch) reject(error);
    }
  }

  #opened(): FileHandle {
    if (!this.#file) throw new Error('the ledger is closed');
    return this.#file;
  }

  /** Files that are gone need not be remembered; the ledger is written anew when most of its lines say nothing any more. */
  async forget(paths: Iterable<string>): Promise<void> {
    for (const path of paths) this.#entries.delete(path);
    if (this.#lines <= 2 * this.#entries.size + SLACK_LINES) return;
    this.#wantsRewrite = true;
    await this.#work();
  }

  async close(): Promise<void> {
    await this.#work();
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.lock, { force: true });
  }

  async #load(): Promise<void> {
    let first = true;
    for await (const line of linesOf(this.path)) {
      if (first && line !== HEADER) throw unusable(this.path, 'is no ledger of folio watch');
      if (!first) this.#remember(line);
      first = false;
    }
    await this.#rewrite();
  }

  #remember(line: string): void {
    if (line === '') return;
    const decoded = decode(line);
    if (decoded) this.#entries.set(decoded.path, decoded);
    else this.#unreadable += 1;
  }

  /** Whole or not at all. */
  async #rewrite(): Promise<void> {
    this.#wantsRewrite = false;
    const aside = `${this.path}.new`;
    await rm(aside, { force: true });
    const file = await open(aside, 'a', 0o600);
    try {
      for (const text of chunksOf(this.#entries.values())) await file.appendFile(text);
      await file.datasync();
      await rename(aside, this.path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await syncFolder(dirname(this.path));
    await this.#file?.close();
    this.#file = file;
    this.#lines = this.#entries.size;
  }
}

function decode(line: string): LedgerLine | undefined {
  if (line.length > MAX_LINE) return undefined;
  try {
    return LINE.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The whole lines of a file, and a cut-off last one as it is; a line that is too long is cut. None where there is no file. */
async function* linesOf(path: string): AsyncIterable<string> {
  let pending = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const lines = (pending + chunk).split('\n');
      pending = (lines.pop() ?? '').slice(0, MAX_LINE + 1);
      yield* lines;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (pending !== '') yield pending;
}

function* chunksOf(lines: Iterable<LedgerLine>): Iterable<string> {
  let text = `${HEADER}\n`;
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < WRITE_AT_ONCE) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** A rename is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}
