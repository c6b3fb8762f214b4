import { createHash } from 'node:crypto';
import type { ImportCategory } from '#contracts/invoice/imports.js';
import { READ_LIMITS } from '../../write-side/documents/index.js';
import { fromZip } from '../commands/collect-files.js';
import { Places, STILL_PROCESSED, submitBytes, type Ending, type Endings, type Submitted } from '../commands/take-in.js';
import type { Reach } from './instance.js';
import type { Ledger, LedgerLine } from './ledger.js';
import { isArchive } from './settling.js';
import { FileChanged, TooLarge, type ListedFile, type Source } from './source.js';

/** A file whose turn it is, with what is over already of an archive: number of the entry → its category. */
export interface Job {
  readonly file: ListedFile;
  readonly entries: Map<number, ImportCategory>;
  /** Times that it could not be taken in. */
  failures: number;
}

/** One line for whoever watches: a file, or an entry of an archive as `archive!entry`. */
export interface WatchLine extends Ending {
  readonly file: string;
  readonly sha256?: string;
}

/** `over`: recorded, never again for this version · `gone`: another version, or none any more · `away`: the directory could not be read · `again`: anything else, later. */
export type Fate = { readonly kind: 'over' | 'gone' } | { readonly kind: 'away' | 'again'; readonly reason: string };

export interface TakeDependencies {
  readonly reach: Reach;
  readonly endings: Endings;
  readonly ledger: Ledger;
  readonly tell: (line: WatchLine) => void;
  /** How long to wait for the processing of what was taken in (ms). */
  readonly settleMs: number;
}

/** A server that is busy is asked again so often before the file waits for its next turn. */
const REPEATS = 4;
/** Entries of one archive that are handed in at once. */
const ENTRIES_AT_ONCE = 4;
/** Reading them again changes nothing until somebody changes the file's rights; the directory itself is well. */
const OF_THE_FILE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EISDIR']);
/** The category of an archive is the first of these that one of its entries has. */
const WORST_FIRST: readonly ImportCategory[] = ['rejected', 'conflicting', 'unreadable', 'unsupported', 'archived with warnings', 'archived', 'duplicate'];

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const isSubmitted = (answer: Submitted | Ending): answer is Submitted => !('category' in answer);

/** Whether it says something of this version for good. What the instance took and gave up after its own retries is in its hands: `folio show` tells why. */
const isOver = ({ category, id, detail }: Ending): boolean => category !== 'technical failure' || (id !== undefined && detail !== STILL_PROCESSED);

/** Takes one version of a file in, exactly once. */
export class Taking {
  constructor(private readonly dependencies: TakeDependencies) {}

  /** @param handed is called when the file was handed in and only its processing is waited for */
  async take(source: Source, job: Job, signal: AbortSignal, handed: () => void): Promise<Fate> {
    const { file } = job;
    let bytes: Buffer<ArrayBuffer>;
    try {
      if (!isArchive(file.name) && file.size > READ_LIMITS.bytes) throw new TooLarge(READ_LIMITS.bytes);
      bytes = await source.read(file, signal);
    } catch (error) {
      return this.#unread(file, error);
    }
    const sha256 = hashOf(bytes);
    const known = this.dependencies.ledger.get(file.path);
    // Touched, or written again as it was.
    if (known?.sha256 === sha256) return this.#record(file, known);
    const ending = await (isArchive(file.name) ? this.#archive(job, bytes, signal, handed) : this.#document(file, bytes, signal, handed));
    if (!isOver(ending)) return { kind: 'again', reason: ending.detail };
    const fate = await this.#record(file, { ...ending, sha256 });
    if (fate.kind === 'over' && !(isArchive(file.name) && job.entries.size > 0)) this.dependencies.tell({ file: file.path, ...ending, sha256 });
    return fate;
  }

  async #unread(file: ListedFile, error: unknown): Promise<Fate> {
    if (error instanceof FileChanged) return { kind: 'gone' };
    if (error instanceof TooLarge) {
      const fate = await this.#record(file, { category: 'unreadable', sha256: NOT_READ });
      if (fate.kind === 'over') this.dependencies.tell({ file: file.path, category: 'unreadable', detail: error.message });
      return fate;
    }
    const { code, detail, message } = error as { code?: unknown; detail?: { final?: unknown }; message: string };
    return { kind: OF_THE_FILE.has(code) || detail?.final === true ? 'again' : 'away', reason: message };
  }

  async #document({ name }: ListedFile, bytes: Buffer<ArrayBuffer>, signal: AbortSignal, handed: () => void): Promise<Ending> {
    const answer = await this.#submit(name, bytes, signal);
    handed();
    return isSubmitted(answer) ? this.#ending(answer) : answer;
  }

  async #submit(name: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Submitted | Ending> {
    const { reach } = this.dependencies;
    const answer = await submitBytes(reach.client, name, bytes, { repeats: REPEATS, signal });
    if (!isSubmitted(answer) && answer.category === 'technical failure') reach.suspect();
    return answer;
  }

  #ending(submitted: Submitted): Promise<Ending> {
    const { endings, settleMs } = this.dependencies;
    return endings.of(submitted, settleMs);
  }

  /** Entry by entry. The first that cannot be handed in ends the round: the next one begins behind those that are over. */
  async #archive(job: Job, bytes: Buffer<ArrayBuffer>, signal: AbortSignal, handed: () => void): Promise<Ending> {
    const places = new Places(ENTRIES_AT_ONCE);
    const waiting: Promise<void>[] = [];
    let failed: Ending | undefined;
    let index = 0;
    const over = (entry: number, file: string, ending: Ending): void => {
      if (!isOver(ending)) failed ??= ending;
      else {
        job.entries.set(entry, ending.category);
        this.dependencies.tell({ file, ...ending });
      }
    };
    try {
      for await (const input of fromZip(job.file.path, bytes)) {
        const entry = index;
        index += 1;
        if (job.entries.has(entry)) continue;
        await places.free();
        if (failed || signal.aborted) break;
        const answered = places.take(input.read().then((content) => this.#submit(input.name, content, signal), (error: unknown): Ending => ({ category: 'unreadable', detail: (error as Error).message })));
        waiting.push(answered.then(async (answer) => over(entry, input.name, isSubmitted(answer) ? await this.#ending(answer) : answer)));
      }
    } catch (error) {
      await Promise.all(waiting);
      return { category: 'unreadable', detail: `it is no readable zip archive: ${(error as Error).message}` };
    }
    await places.all();
    handed();
    await Promise.all(waiting);
    if (signal.aborted) failed ??= { category: 'technical failure', detail: 'the watch ended' };
    return failed ?? endingOfAll([...job.entries.values()]);
  }

  async #record({ path, size, mtime }: ListedFile, { sha256, category, id }: Pick<LedgerLine, 'sha256' | 'category' | 'id'>): Promise<Fate> {
    try {
      await this.dependencies.ledger.record({ path, size, mtime, sha256, category, ...(id !== undefined && { id }), at: new Date().toISOString() });
      return { kind: 'over' };
    } catch (error) {
      return { kind: 'again', reason: `the ledger cannot be written: ${(error as Error).message}` };
    }
  }
}

/** Stands for the hash of what is too large to be read. */
const NOT_READ = '0'.repeat(64);

/** What becomes of an archive by its entries. */
function endingOfAll(categories: readonly ImportCategory[]): Ending {
  const category = WORST_FIRST.find((one) => categories.includes(one));
  return category === undefined ? { category: 'unsupported', detail: 'it has no .xml entry' } : { category, detail: '' };
}
