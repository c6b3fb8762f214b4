import { bulkhead } from 'cockatiel';
import { problem } from '#contracts/errors.js';
import type { AuthorityAnswer, AuthorityState } from '#contracts/invoice/authority.js';
import { derivedUuid, toCommandId, toCorrelationId, type InvoiceId } from '#contracts/kernel/ids.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { pause } from '#platform/wake.js';
import { handleCommand } from '../handle-command.js';
import { invoiceStream } from '../intake/submit.js';
import { invoiceDecider } from '../invoice/decide.js';
import type { AuthorityChecks, Check } from './check-table.js';
import type { AuthorityQuestion, AuthorityStatus } from './port.js';
import type { QuestionReader } from './question-reader.js';
import type { Unaskable } from './question.js';
import { afterAnswer, afterFailure, type AuthorityTimes, type Moment } from './schedule.js';

/**
 * What became of a question: an answer; `failed` and `refused`: it is asked again; `unaskable`: the document gives no question, and never will; `not-asked`: the authority
 * failed so often that it is left alone for a while; `postponed`: our own database did not take the outcome, so that it will be asked again.
 */
export type AskOutcome = AuthorityState | 'failed' | 'refused' | 'unaskable' | 'not-asked' | 'postponed';

export interface AskerOptions {
  readonly store: EventStore;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly checks: AuthorityChecks;
  readonly authority: AuthorityStatus;
  readonly reader: QuestionReader;
  readonly times: AuthorityTimes;
  /** Questions that may begin in a second. */
  readonly perSecond: number;
  readonly now: () => Date;
  /** Between two looks at the table when nothing is due (ms). */
  readonly lookMs: number;
  /** Pause after our own database did not answer, or while the authority is left alone (ms). */
  readonly outageMs: number;
  readonly onAsked?: (outcome: AskOutcome) => void;
  readonly onError?: (error: unknown, invoice: InvoiceId | undefined) => void;
}

/** Questions under way at once, and documents in memory for them. */
const CONCURRENCY = 8;
const DOCUMENTS = 2;

/** Asks what is due, so many questions a second and so many at once, one at a time for an invoice. All it knows is in the table. */
export class Asker {
  readonly #running = new Map<InvoiceId, Promise<void>>();
  readonly #reading = bulkhead(DOCUMENTS, CONCURRENCY);
  /** Before this moment no further question begins (ms of `performance.now()`). */
  #notBefore = 0;

  constructor(private readonly options: AskerOptions) {}

  /** Until the signal aborts; questions under way are given up then, and asked again by whoever comes next. @throws of the table */
  async run(signal: AbortSignal): Promise<void> {
    const { checks, now, lookMs } = this.options;
    try {
      while (!signal.aborted) {
        const free = CONCURRENCY - this.#running.size;
        if (free === 0) await Promise.race(this.#running.values());
        else {
          const due = await checks.due(now(), free, [...this.#running.keys()]);
          for (const check of due) await this.#begin(check, signal);
          if (due.length === 0) await pause(lookMs, signal);
        }
      }
    } finally {
      await Promise.all(this.#running.values());
    }
  }

  async #begin(check: Check, signal: AbortSignal): Promise<void> {
    await pause(this.#notBefore - performance.now(), signal);
    if (signal.aborted) return;
    this.#notBefore = Math.max(this.#notBefore, performance.now() + 1_000 / this.options.perSecond);
    this.#running.set(check.invoice, this.#ask(check, signal).finally(() => this.#running.delete(check.invoice)));
  }

  #holdOff(): void {
    this.#notBefore = performance.now() + this.options.outageMs;
  }

  async #ask(check: Check, signal: AbortSignal): Promise<void> {
    try {
      this.options.onAsked?.(await this.#settled(check, signal));
    } catch (error) {
      if (signal.aborted) return;
      this.options.onError?.(error, check.invoice);
      await this.#failed(check, error).then((outcome) => this.options.onAsked?.(outcome));
    }
  }

  async #settled(check: Check, signal: AbortSignal): Promise<AskOutcome> {
    const { authority, checks, onError } = this.options;
    const question = await this.#reading.execute(() => this.#read(check, signal));
    if ('unaskable' in question) {
      onError?.(problem('authority-check-impossible', { reason: question.unaskable }), check.invoice);
      await checks.settle(check, { ...check, dueAt: null });
      return 'unaskable';
    }
    const answer = await authority.ask(question, signal);
    const { tell, next } = afterAnswer(check.archivedAt, check, answer.status, this.#moment());
    if (tell) await this.#tell(check, question.uuid, answer);
    await checks.settle(check, next);
    return answer.status;
  }

  async #read({ sha256 }: Check, signal: AbortSignal): Promise<AuthorityQuestion | Unaskable> {
    const { objects, reader } = this.options;
    const bytes = await objects.get(sha256);
    if (!bytes) throw problem('original-unavailable');
    return reader.read(bytes, signal);
  }

  /** What it said before is said no second time: the decider makes that nothing, and the id of the command the repetition after a crash. */
  async #tell({ invoice, settled }: Check, uuid: string, answer: AuthorityAnswer): Promise<void> {
    const commandId = toCommandId(derivedUuid('authority', invoice, String(settled), canonicalJson(answer)));
    const context = { commandId, correlationId: toCorrelationId(`authority-${invoice}`), actor: { kind: 'system', id: 'authority' } as const, occurredAt: this.options.now().toISOString() };
    await handleCommand(this.options.store, invoiceDecider, invoiceStream(invoice), { kind: 'report-authority-status', uuid, answer }, context);
  }

  async #failed(check: Check, error: unknown): Promise<AskOutcome> {
    const { checks, onError } = this.options;
    if (error instanceof Problem && error.code === 'upstream-unavailable') {
      this.#holdOff();
      return 'not-asked';
    }
    const refused = error instanceof Problem && error.detail['final'] === true;
    try {
      await checks.settle(check, afterFailure(check.archivedAt, check, refused, this.#moment()));
      return refused ? 'refused' : 'failed';
    } catch (fault) {
      onError?.(fault, check.invoice);
      this.#holdOff();
      return 'postponed';
    }
  }

  #moment(): Moment {
    return { now: this.options.now(), random: Math.random(), times: this.options.times };
  }
}
