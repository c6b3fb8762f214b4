import type { Position } from '#contracts/kernel/position.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { tryHold } from '#platform/postgres/advisory-lock.js';
import { pause } from '#platform/wake.js';
import { ARCHIVED, askableOf } from './askable.js';
import { Asker, type AskerOptions } from './asker.js';
import { QuestionReader } from './question-reader.js';
import { AUTHORITY_TIMES } from './schedule.js';

export interface AuthorityWatchOptions extends Pick<AskerOptions, 'store' | 'objects' | 'checks' | 'authority' | 'perSecond' | 'onAsked' | 'onError'>, Partial<Pick<AskerOptions, 'times' | 'now' | 'lookMs' | 'outageMs'>> {
  /** Where the watch holds its name, so that it is one over all processes. */
  readonly database: ConnectionSettings;
  /** Between two looks whether it is alone (ms, default 2 s). */
  readonly aloneMs?: number;
  /** At the head of the log, between two looks at it (ms, default 500). */
  readonly gatherMs?: number;
}

const FILTER = { types: [ARCHIVED] };
const NAME = 'folio authority';
const BATCH = 500;
const ALONE_MS = 2_000;
const GATHER_MS = 500;
const LOOK_MS = 1_000;
const OUTAGE_MS = 5_000;
/** Longest time that the checkpoint stays behind while events without a question pass. */
const SAVE_EVERY_MS = 10_000;

/**
 * Notes each archived document that an authority has stamped, in the order of the log, and asks the authority on a calendar what it says of it. One process does it at a
 * time. A question is on record before the checkpoint moves, and goes on only after its answer was told: a crash repeats a question at most.
 */
export class AuthorityWatch {
  readonly #stop = new AbortController();
  readonly #reader = new QuestionReader();
  readonly #options: AskerOptions & Pick<AuthorityWatchOptions, 'database' | 'aloneMs' | 'gatherMs'>;
  #loop: Promise<void> | undefined;
  #position: Position | undefined;

  constructor(options: AuthorityWatchOptions) {
    this.#options = { times: AUTHORITY_TIMES, now: () => new Date(), lookMs: LOOK_MS, outageMs: OUTAGE_MS, ...options, reader: this.#reader };
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Up to where everything is noted; undefined while another process does it. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Age of the oldest question that should have been asked (seconds); 0 where none waits. */
  async secondsOverdue(): Promise<number> {
    const { checks, now } = this.#options;
    const oldest = await checks.oldestDue();
    return oldest ? Math.max(0, (now().getTime() - oldest.getTime()) / 1_000) : 0;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#reader.close();
    await this.#options.authority.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { database, onError, aloneMs = ALONE_MS, outageMs } = this.#options;
    while (!signal.aborted) {
      try {
        const hold = await tryHold(database, NAME);
        if (hold) await this.#work(AbortSignal.any([signal, hold.lost])).finally(() => hold.release());
        else await pause(aloneMs, signal);
      } catch (error) {
        onError?.(error, undefined);
        await pause(outageMs, signal);
      } finally {
        this.#position = undefined;
      }
    }
  }

  /** Both sides end with each other. */
  async #work(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const within = AbortSignal.any([signal, ended.signal]);
    const sides = [this.#note(within), new Asker(this.#options).run(within)];
    const outcomes = await Promise.allSettled(sides.map((side) => side.finally(() => ended.abort())));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #note(signal: AbortSignal): Promise<void> {
    const { store, checks, times, gatherMs = GATHER_MS } = this.#options;
    const { logId } = await store.status();
    const after = await checks.checkpoint(logId);
    this.#position = after;
    let saved = performance.now();
    for await (const page of store.subscribe({ after, filter: FILTER, batchSize: BATCH, signal })) {
      const askable = askableOf(page.events);
      // Pages without a question may be looked at again.
      if (askable.length > 0 || performance.now() - saved > SAVE_EVERY_MS) {
        await checks.note(askable, times.firstMs, logId, page.scannedTo);
        saved = performance.now();
      }
      this.#position = page.scannedTo;
      // Nothing is asked for minutes: what comes meanwhile is noted together.
      if (page.atHead) await pause(gatherMs, signal);
    }
  }
}
