import { Piscina } from 'piscina';
import type { AuthorityQuestion } from './port.js';
import { questionOf, type Unaskable } from './question.js';

/** Read in a millisecond or two; larger ones would keep the process from its other work. */
const SMALL_BYTES = 64 * 1024;
const IDLE_MS = 30_000;
const HEAP_MB = 2_048;
/** A document that is not read by then is a failed attempt: it must not hold the place of all others. */
const PATIENCE_MS = 60_000;

/** Reads questions from documents: small ones here, large ones in a thread that is there while it is needed. */
export class QuestionReader {
  readonly #pool = new Piscina<Uint8Array, AuthorityQuestion | Unaskable>({
    filename: new URL('./question-thread.js', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: IDLE_MS, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });

  constructor() {
    // Each task is told of the end of its thread by its own promise.
    this.#pool.on('error', () => undefined);
  }

  async read(bytes: Uint8Array, signal: AbortSignal): Promise<AuthorityQuestion | Unaskable> {
    return bytes.byteLength <= SMALL_BYTES ? questionOf(bytes) : this.#pool.run(bytes, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  }

  /** Threads that are there now. */
  get threads(): number {
    return this.#pool.threads.length;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
