import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { ENDING_TYPES, refusalOf, type ImportEnding } from '#contracts/invoice/imports.js';
import { derivedUuid, toCommandId, type InvoiceId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { Position } from '#contracts/kernel/position.js';
import { Bell, pause } from '#platform/wake.js';
import { invoiceStream, submitDocument, type IntakeDependencies, type Submitted } from '../intake/submit.js';
import { attemptKey, Endings } from './endings.js';
import { filesOf, UnreadableFile, type ImportedFile } from './files-of.js';
import type { FileRecord, ImportTable, OpenImport } from './import-table.js';

export interface ImportRunDependencies extends IntakeDependencies {
  readonly table: ImportTable;
  /** Files in one archive. */
  readonly maxEntries: number;
  /** A file that was not taken in, or not yet, for no fault of its own. */
  readonly onError?: (error: unknown) => void;
}

/** Files that are being submitted, and their bytes, at most; one file alone may be larger. */
const AT_ONCE = 16;
const BYTES_AT_ONCE = 32 * 1024 * 1024;
/** Files whose processing has not ended: who brings documents meanwhile does not stand behind all of the import. */
const MAX_PROCESSING = 512;
/** Files of which more is known than the database knows, and how often it is told. */
const MAX_UNTOLD = 2_000;
const TELL_MS = 250;
/** A file whose submission fails, and nobody knows why, is given up after so many times. */
const MAX_FAULTS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_NAP_MS = 1_000;

/** A submitted file whose processing goes on. */
interface UnderWay {
  readonly place: number;
  readonly name: string;
  readonly taken: { readonly invoice: InvoiceId; readonly attempt: number };
}

/**
 * One import, from wherever an earlier run of it stood. Each file is submitted under a command id that every run gives it again: what was submitted before is not
 * submitted twice, and is told as what it was then.
 */
export class ImportRun {
  readonly #endings = new Endings<UnderWay>((file, ending) => this.#know({ ...file, ending }));
  readonly #untold = new Map<number, FileRecord>();
  readonly #submitting = new Map<Promise<void>, number>();
  readonly #bell = new Bell();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #isCancelled = false;

  constructor(private readonly dependencies: ImportRunDependencies, private readonly job: OpenImport, signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Until the import has ended, or the signal aborts. @throws whatever keeps it from going on: another run may, from where this one stood */
  async run(): Promise<void> {
    const { head } = await this.dependencies.store.status();
    const loops = [this.#work(), this.#follow(head), this.#tell()];
    try {
      await Promise.race(loops);
    } finally {
      this.#stop.abort();
      await Promise.allSettled([...loops, ...this.#submitting.keys()]);
    }
  }

  async #work(): Promise<void> {
    const { table } = this.dependencies;
    const { id } = this.job;
    const { places, processing } = await table.recorded(id);
    for (const file of processing) await this.#await(file);
    let files = 0;
    for await (const _ of this.#files()) files += 1;
    await table.count(id, files);
    for await (const file of this.#files()) {
      if (places.has(file.place)) continue;
      await this.#until(() => this.#hasRoomFor(file));
      if (this.#signal.aborted || this.#isCancelled) break;
      await this.#begin(file);
    }
    await this.#until(() => this.#submitting.size + this.#endings.size + this.#untold.size === 0);
    if (!this.#signal.aborted) await table.end(id);
  }

  #files(): AsyncGenerator<ImportedFile> {
    return filesOf(this.dependencies.table, this.job, this.dependencies);
  }

  #hasRoomFor({ size }: ImportedFile): boolean {
    const bytes = [...this.#submitting.values()].reduce((sum, one) => sum + one, size);
    return this.#isCancelled || this.#submitting.size === 0
      || (this.#submitting.size < AT_ONCE && bytes <= BYTES_AT_ONCE && this.#submitting.size + this.#endings.size < MAX_PROCESSING && this.#untold.size < MAX_UNTOLD);
  }

  async #begin(file: ImportedFile): Promise<void> {
    const { place, name, size } = file;
    let bytes: Uint8Array;
    try {
      bytes = await file.read();
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.#know({ place, name, ending: { category: 'unreadable', detail: error.message } });
      return;
    }
    const submission = this.#submit({ place, name }, bytes).finally(() => {
      this.#submitting.delete(submission);
      this.#bell.ring();
    });
    this.#submitting.set(submission, size);
  }

  /** Whatever keeps a file from being taken in and may pass is waited for. Never rejects. */
  async #submit(file: Pick<FileRecord, 'place' | 'name'>, bytes: Uint8Array): Promise<void> {
    const { id, actor, correlationId } = this.job;
    const context = { commandId: toCommandId(derivedUuid('import', id, String(file.place))), correlationId, actor: { kind: 'user', id: actor } as const, occurredAt: new Date().toISOString() };
    const incoming = { bytes, mediaType: 'application/xml', channel: 'import', name: file.name.split(/[/!]/u).at(-1) ?? '' } as const;
    let faults = 0;
    for (let tries = 0; !this.#signal.aborted; tries += 1) {
      try {
        await this.#submitted(file, await submitDocument(this.dependencies, incoming, context));
        return;
      } catch (error) {
        if (isUnknown(error)) faults += 1;
        const ending = refused(error, faults);
        if (!ending || isUnknown(error)) this.dependencies.onError?.(error);
        if (ending) return this.#know({ ...file, ending });
        await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)), this.#signal);
      }
    }
  }

  async #submitted(file: Pick<FileRecord, 'place' | 'name'>, { outcome, id, attempt }: Submitted): Promise<void> {
    const taken = { invoice: id, attempt };
    if (outcome === 'duplicate') this.#know({ ...file, taken, ending: { category: 'duplicate', detail: '' } });
    else await this.#await({ ...file, taken });
  }

  /** What an earlier run has submitted may have ended before this one began to listen. */
  async #await(file: UnderWay): Promise<void> {
    const { invoice, attempt } = file.taken;
    this.#endings.wait(attemptKey(invoice, attempt), file);
    this.#know(file);
    if (!this.job.isContinued) return;
    for (const event of await this.dependencies.store.readStream(invoiceStream(invoice))) this.#endings.take(decodeTrusted(event) as InvoiceEvent);
  }

  async #follow(head: Position): Promise<void> {
    for await (const { events } of this.dependencies.store.subscribe({ after: head, filter: { types: ENDING_TYPES }, signal: this.#signal })) {
      if (events.length === 0) continue;
      // What has ended was submitted: by the time that its submission is over it is listened for.
      await Promise.all(this.#submitting.keys());
      for (const event of events) this.#endings.take(decodeTrusted(event) as InvoiceEvent);
    }
  }

  #know(file: FileRecord): void {
    this.#untold.set(file.place, file);
    this.#bell.ring();
  }

  async #tell(): Promise<void> {
    while (!this.#signal.aborted) {
      await pause(TELL_MS, this.#signal);
      const files = [...this.#untold.values()];
      this.#isCancelled = await this.dependencies.table.record(this.job.id, files);
      for (const file of files) if (this.#untold.get(file.place) === file) this.#untold.delete(file.place);
      this.#bell.ring();
    }
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!this.#signal.aborted) {
      const seen = this.#bell.rings;
      if (condition()) return;
      await this.#bell.wait(seen, LONGEST_NAP_MS, this.#signal);
    }
  }
}

const isUnknown = (error: unknown): boolean => !(error instanceof Problem) || error.code === 'internal';

/** How a submission ended that failed; undefined when it may do better later. */
function refused(error: unknown, faults: number): ImportEnding | undefined {
  if (!(error instanceof Problem) || isUnknown(error)) return faults < MAX_FAULTS ? undefined : { category: 'technical failure', detail: 'internal' };
  if (error.kind.retryable) return undefined;
  const { root } = error.detail;
  return refusalOf(error.code, { status: error.kind.status, detail: error.message, ...(typeof root === 'string' && { root }) });
}
