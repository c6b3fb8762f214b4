import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { ImportEnding } from '#contracts/invoice/imports.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { toInvoiceId, type InvoiceId } from '#contracts/kernel/ids.js';
import type { Existing } from '../invoice/state.js';

/** Types of the events that tell how an attempt ended. */
export const ENDING_TYPES = ['fiscal.invoice.validated', 'fiscal.invoice.archived', 'fiscal.invoice.validation-failed', 'fiscal.invoice.failed'] as const;

export const attemptKey = (invoice: InvoiceId, attempt: number): string => `${invoice}/${attempt}`;

const archived = (withWarnings: boolean): ImportEnding => ({ category: withWarnings ? 'archived with warnings' : 'archived', detail: '' });

/** Attempts under way, and how they ended as the log tells it. */
export class Endings<Waiting> {
  readonly #waiting = new Map<string, Waiting>();
  readonly #warned = new Set<string>();

  constructor(private readonly ended: (waiting: Waiting, ending: ImportEnding) => void) {}

  get size(): number {
    return this.#waiting.size;
  }

  wait(key: string, waiting: Waiting): void {
    this.#waiting.set(key, waiting);
  }

  take(event: InvoiceEvent): void {
    if (event.type === 'fiscal.invoice.validated') {
      const key = keyOf(event.stream, event.data.attempt);
      if (this.#waiting.has(key) && warns(event.data.verdict)) this.#warned.add(key);
    } else if (event.type === 'fiscal.invoice.archived') {
      const key = keyOf(event.stream, event.data.attempt);
      this.#end(key, archived(this.#warned.has(key)));
    } else if (event.type === 'fiscal.invoice.validation-failed') {
      const { verdict, attempt } = event.data;
      this.#end(keyOf(event.stream, attempt), { category: 'rejected', detail: verdict.findings.find(({ severity }) => severity === 'error')?.code ?? verdict.verdict });
    } else if (event.type === 'fiscal.invoice.failed') {
      const { attempt, code, retriesExhausted } = event.data;
      this.#end(keyOf(event.stream, attempt), { category: retriesExhausted ? 'technical failure' : 'rejected', detail: code });
    }
  }

  /** What the stream said before anybody listened. */
  look(key: string, state: Existing, attempt: number): void {
    if (!this.#waiting.has(key)) return;
    const judged = state.judged;
    if (state.status === 'validated' && judged?.verdict === 'valid-with-warnings') this.#warned.add(key);
    else if (state.status === 'archived' || state.status === 'cancelled') this.#end(key, archived(judged?.verdict === 'valid-with-warnings'));
    else if (state.status === 'rejected' || state.attempt > attempt) this.#end(key, { category: 'rejected', detail: Object.keys(judged?.findingCounts ?? {})[0] ?? '' });
  }

  #end(key: string, ending: ImportEnding): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    this.#warned.delete(key);
    this.ended(waiting, ending);
  }
}

const keyOf = (stream: string, attempt: number): string => attemptKey(toInvoiceId(stream.slice('invoice-'.length)), attempt);
const warns = ({ verdict }: Verdict): boolean => verdict === 'valid-with-warnings';
