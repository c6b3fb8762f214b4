import { INVOICE_EVENTS } from '#contracts/events/invoice.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toInvoiceId, type CorrelationId, type InvoiceId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { LogPage } from '#platform/event-store/port.js';
import { Bell, pause } from '#platform/wake.js';
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
const LONGEST_NAP_MS = 1_000;
const FINISH_BATCH = 200;
/** Pause after the database or the log did not answer. */
const OUTAGE_MS = 500;

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
  /** An item had to wait for another attempt at the same invoice. */
  #skipped = false;
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
    for await (const page of store.subscribe({ after: this.#position, filter: FILTER, batchSize: BATCH, signal: this.#stop.signal })) {
      const items = itemsOf(page);
      await table.accept(items, logId, page.scannedTo);
      this.#position = page.scannedTo;
      if (items.length > 0) this.#bell.ring();
    }
  }

  /** The table's side: keep so many attempts running, sleep until something is due. */
  async #work(): Promise<void> {
    const { table, concurrency } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const seen = this.#bell.rings;
      await this.#flushFinished();
      this.#skipped = false;
      const items = await table.due(REFILL, [...this.#running.keys(), ...this.#finished.map(workKey)]);
      for (const item of items) {
        while (this.#running.size >= concurrency && !signal.aborted) await Promise.race(this.#running.values());
        if (signal.aborted) return;
        if (this.#busy.has(item.invoice)) this.#skipped = true;
        else this.#begin(item);
      }
      if (items.length < REFILL) await this.#bell.wait(seen, await this.#nap(), signal);
    }
  }

  async #nap(): Promise<number> {
    const next = await this.#options.table.nextDue();
    return next === null ? LONGEST_NAP_MS : Math.min(Math.max(next.getTime() - Date.now(), 1), LONGEST_NAP_MS);
  }

  #begin(item: WorkItem): void {
    const key = workKey(item);
    this.#busy.add(item.invoice);
    const work = this.#attempt(item).finally(() => {
      this.#running.delete(key);
      this.#busy.delete(item.invoice);
      if (this.#skipped || this.#finished.length >= FINISH_BATCH || this.#running.size === 0) this.#bell.ring();
    });
    this.#running.set(key, work);
  }

  async #attempt(item: WorkItem): Promise<void> {
    const attempt = new Attempt(this.#dependencies, item, this.#stop.signal);
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
    this.#bell.ring();
    return 'retried';
  }

  /** Not even the failure could be recorded: the store or the table is gone. The item stays as it is and is taken again later. */
  async #outage(): Promise<'postponed'> {
    await pause(OUTAGE_MS, this.#stop.signal);
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

const KNOWN = new Set<string>(INVOICE_EVENTS.map((definition) => definition.type));

function itemsOf(page: LogPage): WorkItem[] {
  const items: WorkItem[] = [];
  for (const envelope of page.events) {
    if (!KNOWN.has(envelope.type)) continue;
    const event = decodeTrusted(envelope) as InvoiceEvent;
    if (event.type !== 'fiscal.invoice.created' && event.type !== 'fiscal.invoice.resubmitted') continue;
    items.push(newItem(event, event.type === 'fiscal.invoice.created' ? 1 : event.data.attempt));
  }
  return items;
}

function newItem(event: Extract<InvoiceEvent, { type: 'fiscal.invoice.created' | 'fiscal.invoice.resubmitted' }>, attempt: number): WorkItem {
  const { stream, data, recordedAt, correlationId, traceparent } = event;
  const step = data.file.kind === 'remote' ? 'fetch' : 'judge';
  return {
    invoice: toInvoiceId(stream.slice('invoice-'.length)), attempt, step, dueAt: new Date(recordedAt), retries: 0, firstFailedAt: null, fetched: null,
    correlationId: correlationId as CorrelationId, traceparent: traceparent ?? null,
  };
}
