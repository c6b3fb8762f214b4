import { platformProblem } from '#contracts/kernel/errors.js';
import type { InvoiceId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { Bell, pause } from '#platform/wake.js';
import type { Handled } from '../handle-command.js';
import type { InvoiceState } from '../invoice/state.js';
import { arrivalsOf, type Arrival } from './arrivals.js';
import { Attempt, isFinal, type AttemptDependencies } from './attempt.js';
import { retriesExhausted, retryDelayMs } from './retry.js';
import { workKey, type WorkItem, type WorkTable } from './work-table.js';

export interface ProcessManagerOptions extends Omit<AttemptDependencies, 'onFetched'> {
  readonly table: WorkTable;
  /** Attempts at once. */
  readonly concurrency: number;
  readonly onOutcome?: (outcome: 'finished' | 'retried' | 'failed' | 'postponed', milliseconds: number) => void;
  readonly onError?: (error: unknown, item: WorkItem | undefined) => void;
}

const FILTER = { typePrefixes: ['fiscal.invoice.'] };
const BATCH = 500;
/** Items taken from the table at once. */
const REFILL = 1_000;
/** Items kept in memory before they begin; with more the table is asked for all of them. */
const MAX_ARRIVED = 2_000;
const LONGEST_NAP_MS = 1_000;
const FINISH_BATCH = 200;
/** Pause after the database or the log did not answer. */
const OUTAGE_MS = 500;
/** Longest time that a checkpoint stays behind while events without work pass. */
const SAVE_EVERY_MS = 1_000;

/**
 * Turns `created` and `resubmitted` into work and works on it, so many attempts at once, one at a time per invoice. Its state is the work
 * table: everything in memory may be lost at any moment and is found again at the next start.
 */
export class ProcessManager {
  readonly #options: ProcessManagerOptions;
  readonly #dependencies: AttemptDependencies;
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  readonly #running = new Map<string, Promise<void>>();
  readonly #busy = new Set<InvoiceId>();
  #finished: WorkItem[] = [];
  /** New items of this process, in the table already. */
  readonly #arrived: Arrival[] = [];
  /** The table has something that memory does not know: at the start, after a failure or an overflow. */
  #look = true;
  /** An item had to wait for another attempt at the same invoice: the table is looked at when one ends. */
  #skipped = false;
  /** When the table is looked at anyway (ms since 1970). */
  #nextLook = 0;
  #position: Position = ORIGIN;
  #loops: Promise<unknown> | undefined;

  constructor(options: ProcessManagerOptions) {
    this.#options = options;
    this.#dependencies = { ...options, onFetched: (item, sha256) => options.table.fetched(item, sha256) };
  }

  start(): void {
    this.#loops = Promise.all([this.#forever(() => this.#follow()), this.#forever(() => this.#work())]);
  }

  /** Where the processor stands in the log. */
  get position(): Position {
    return this.#position;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Running attempts end, nothing new begins; what is left lies in the table. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loops;
    await Promise.all(this.#running.values());
    await this.#flushFinished().catch(() => undefined);
  }

  async #forever(loop: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await loop();
      } catch (error) {
        this.#options.onError?.(error, undefined);
        await pause(OUTAGE_MS, signal);
      }
    }
  }

  /** The log's side: items and checkpoint in one transaction. */
  async #follow(): Promise<void> {
    const { store, table } = this.#options;
    const { logId } = await store.status();
    this.#position = await table.checkpoint(logId);
    let saved = performance.now();
    for await (const page of store.subscribe({ after: this.#position, filter: FILTER, batchSize: BATCH, signal: this.#stop.signal })) {
      const arrivals = arrivalsOf(page);
      // Events without work may be read again: the checkpoint follows with the next work, or after a while.
      if (arrivals.length > 0 || performance.now() - saved > SAVE_EVERY_MS) {
        const isNew = await table.accept(arrivals.map(({ item }) => item), logId, page.scannedTo);
        saved = performance.now();
        this.#arrive(arrivals.filter(({ item }) => isNew.has(workKey(item))));
      }
      this.#position = page.scannedTo;
    }
  }

  #arrive(arrivals: readonly Arrival[]): void {
    if (arrivals.length === 0) return;
    this.#arrived.push(...arrivals);
    if (this.#arrived.length > MAX_ARRIVED) {
      this.#arrived.length = 0;
      this.#look = true;
    }
    this.#bell.ring();
  }

  /** The table's side: keep so many attempts running, sleep until something is due. */
  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const seen = this.#bell.rings;
      await this.#flushFinished();
      let begun = 0;
      for (const arrival of await this.#next()) {
        while (this.#running.size >= this.#options.concurrency && !signal.aborted) await Promise.race(this.#running.values());
        if (signal.aborted) return;
        if (this.#busy.has(arrival.item.invoice)) {
          this.#skipped = true;
          continue;
        }
        this.#begin(arrival);
        begun += 1;
      }
      if (begun === 0) await this.#bell.wait(seen, this.#napMs(), signal);
    }
  }

  /** What has just arrived, in the order of the log; what lies in the table when its time has come, and whenever memory may not know it all. */
  async #next(): Promise<readonly Arrival[]> {
    const arrived = this.#arrived.splice(0);
    if (arrived.length > 0 || (!this.#look && this.#napMs() > 0)) return arrived;
    this.#look = false;
    const items = await this.#options.table.due(REFILL, [...this.#running.keys(), ...this.#finished.map(workKey)]);
    const next = await this.#options.table.nextDue();
    this.#nextLook = Math.min(next?.getTime() ?? Infinity, Date.now() + LONGEST_NAP_MS);
    if (items.length === REFILL) this.#look = true;
    return items.map((item) => ({ item }));
  }

  #napMs(): number {
    return this.#look ? 0 : Math.max(0, this.#nextLook - Date.now());
  }

  #begin({ item, begun }: Arrival): void {
    const key = workKey(item);
    this.#busy.add(item.invoice);
    const work = this.#attempt(item, begun).finally(() => {
      this.#running.delete(key);
      this.#busy.delete(item.invoice);
      if (this.#skipped) this.#look = true;
      this.#skipped = false;
      if (this.#look || this.#finished.length >= FINISH_BATCH || this.#running.size === 0) this.#bell.ring();
    });
    this.#running.set(key, work);
  }

  async #attempt(item: WorkItem, begun: Handled<InvoiceState> | undefined): Promise<void> {
    const attempt = new Attempt(this.#dependencies, item, this.#stop.signal, begun);
    const began = performance.now();
    const report = (outcome: 'finished' | 'retried' | 'failed' | 'postponed'): void => this.#options.onOutcome?.(outcome, performance.now() - began);
    try {
      await attempt.run();
      this.#finished.push(item);
      report('finished');
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      report(await this.#failed(attempt, item, error).catch(() => this.#outage()));
    }
  }

  async #failed(attempt: Attempt, item: WorkItem, error: unknown): Promise<'retried' | 'failed'> {
    this.#options.onError?.(error, item);
    const cause = error instanceof Problem ? error : platformProblem('internal', {}, { cause: error });
    if (isFinal(cause) || retriesExhausted(item.retries, item.firstFailedAt, new Date())) {
      await attempt.fail(cause, !isFinal(cause));
      this.#finished.push(item);
      return 'failed';
    }
    const dueAt = new Date(Date.now() + retryDelayMs(item.retries, Math.random()));
    await attempt.announceRetry(cause, dueAt);
    await this.#options.table.postpone(item, dueAt);
    this.#nextLook = Math.min(this.#nextLook, dueAt.getTime());
    this.#bell.ring();
    return 'retried';
  }

  /** Not even the failure could be recorded: the store or the table is gone. The item stays as it is and is taken again later. */
  async #outage(): Promise<'postponed'> {
    await pause(OUTAGE_MS, this.#stop.signal);
    this.#look = true;
    this.#bell.ring();
    return 'postponed';
  }

  async #flushFinished(): Promise<void> {
    if (this.#finished.length === 0) return;
    const batch = this.#finished;
    this.#finished = [];
    try {
      await this.#options.table.finish(batch);
    } catch (error) {
      this.#finished = [...batch, ...this.#finished];
      throw error;
    }
  }
}
