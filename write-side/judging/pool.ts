import { availableParallelism } from 'node:os';
import { bulkhead, BulkheadRejectedError, type BulkheadPolicy } from 'cockatiel';
import { Piscina } from 'piscina';
import { problem } from '#contracts/errors.js';
import type { Claim } from '#contracts/events/invoice.js';
import type { Documents, JudgedDocument, ReadOutcome } from '../intake/documents.js';
import { BUILT_IN_CATALOGUES, cataloguesFrom, NO_TRUST, trustOf, type CatalogueData, type Catalogues, type NotJudged, type Trust } from '../documents/index.js';
import type { ThreadData } from './judge-thread.js';
import { judgeBytes, notJudged, readBytes, type JudgeTask } from './judge-bytes.js';

export interface JudgingPoolOptions {
  /** Threads at most (default: one core is left to the process, and never more than four). */
  readonly threads?: number;
  /** Time of one document before its thread is taken for stuck (ms, default 60 s: a hundred times what the largest one needs). */
  readonly patienceMs?: number;
  /** Heap of one thread (MB, default 2,048: twice what the worst document within the limits of reading needs, since a thread that has none left may take its process with it). */
  readonly heapMb?: number;
  /** A thread without work goes after so long, and its memory with it (ms, default 30 s). */
  readonly idleMs?: number;
  /** Files of certificates that are trusted (default: none). */
  readonly trust?: readonly Uint8Array[];
  /** The SAT's catalogues (default: those that Folio carries). */
  readonly catalogues?: CatalogueData;
  /**
   * Documents up to so many bytes are judged by the caller's own thread (default: 0 with four cores or more, 64 KiB with fewer): there a fifth of a millisecond of work is
   * handed over more dearly than it is done.
   */
  readonly hereBytes?: number;
  /** Documents that may wait for a thread (default 1,000). */
  readonly waiting?: number;
  /** Default: the one that judges. */
  readonly thread?: string;
}

const MAX_THREADS = 4;
const PATIENCE_MS = 60_000;
const IDLE_MS = 30_000;
const HEAP_MB = 2_048;
/** Read in a millisecond, judged in a few. */
const SMALL_BYTES = 64 * 1024;
const MANY_CORES = 4;
/** Documents that wait for a thread; the processor hands in fewer, so it is callers over HTTP who are told. */
const MAX_WAITING = 1_000;
/** A document is tried once more when its thread ended, or was stuck: the thread may have had another reason. */
const TRIES = 2;

/** What became of a task: its result, or why it has none. */
type Fate<Result> = { readonly done: Result } | { readonly why: NotJudged; readonly reason: string };

/** Threads that a process of this machine may use for judging. */
export const judgingThreads = (): number => Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1));

/**
 * Judges documents in threads that begin when they are needed (small ones only where there are cores to spare): whoever waits is not kept from its other work, and a
 * document that ends its thread or never comes back costs a retry and then a finding, not the process.
 */
export class JudgingPool implements Documents {
  readonly #pool: Piscina<JudgeTask | Uint8Array, unknown>;
  /** A task begins when a thread is free for it, so that its time is its own and not that of those before it. */
  readonly #free: BulkheadPolicy;
  readonly #patienceMs: number;
  readonly #hereBytes: number;
  readonly #waiting: number;
  readonly #trust: Trust;
  readonly #catalogues: Catalogues;
  #isClosing = false;

  constructor({ threads = judgingThreads(), patienceMs = PATIENCE_MS, heapMb = HEAP_MB, idleMs = IDLE_MS, trust = [], catalogues, waiting = MAX_WAITING, hereBytes = availableParallelism() >= MANY_CORES ? 0 : SMALL_BYTES, thread = new URL('./judge-thread.js', import.meta.url).href }: JudgingPoolOptions = {}) {
    this.#patienceMs = patienceMs;
    this.#hereBytes = hereBytes;
    this.#waiting = waiting;
    this.#trust = trust.length > 0 ? trustOf(trust) : NO_TRUST;
    this.#catalogues = catalogues ? cataloguesFrom(catalogues) : BUILT_IN_CATALOGUES;
    this.#free = bulkhead(threads, waiting);
    this.#pool = new Piscina<JudgeTask | Uint8Array, unknown>({
      filename: thread, minThreads: 0, maxThreads: threads, idleTimeout: idleMs,
      workerData: { trust, ...(catalogues && { catalogues }) } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    // Each task is told of the end of its thread by its own promise.
    this.#pool.on('error', () => undefined);
  }

  /** Threads that are there now. */
  get threads(): number {
    return this.#pool.threads.length;
  }

  /** @throws Problem judging-busy */
  async judge(bytes: Uint8Array, expected: Claim | undefined, rules?: readonly string[]): Promise<JudgedDocument> {
    if (bytes.byteLength <= this.#hereBytes) return judgeBytes({ bytes, expected, rules }, this.#trust, this.#catalogues);
    const outcome = await this.#run<JudgedDocument>({ bytes, expected, rules } satisfies JudgeTask, 'default');
    return 'why' in outcome ? notJudged(outcome.why, outcome.reason) : outcome.done;
  }

  /** Small documents here, where a thread would cost more than they do; large ones, which would keep everybody else waiting, in a thread. @throws Problem judging-busy */
  async read(bytes: Uint8Array): Promise<ReadOutcome> {
    if (bytes.byteLength <= SMALL_BYTES) return readBytes(bytes);
    const outcome = await this.#run<ReadOutcome>(bytes, 'read');
    return 'why' in outcome ? notJudged(outcome.why, outcome.reason).read : outcome.done;
  }

  async #run<Result>(task: JudgeTask | Uint8Array, name: 'default' | 'read'): Promise<Fate<Result>> {
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#inTurn(() => this.#tried<Result>(task, name));
      if (tries === TRIES || 'done' in outcome) return outcome;
    }
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#free.execute(work);
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? problem('judging-busy', { limit: this.#waiting }) : error;
    }
  }

  async #tried<Result>(task: JudgeTask | Uint8Array, name: 'default' | 'read'): Promise<Fate<Result>> {
    const patience = AbortSignal.timeout(this.#patienceMs);
    try {
      return { done: (await this.#pool.run(task, { name, signal: patience })) as Result };
    } catch (error) {
      if (this.#isClosing) throw error;
      if (patience.aborted) return { why: 'stuck', reason: `not done within ${this.#patienceMs} ms` };
      return { why: 'ended', reason: error instanceof Error ? error.message : 'the thread ended' };
    }
  }

  /** Ends the threads; what they work on is rejected. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#pool.destroy();
  }
}
