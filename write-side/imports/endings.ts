import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { endingOf, tellsOfWarnings, type ImportEnding } from '#contracts/invoice/imports.js';
import { toInvoiceId, type InvoiceId } from '#contracts/kernel/ids.js';

export const attemptKey = (invoice: InvoiceId, attempt: number): string => `${invoice}/${attempt}`;

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

  take({ type, stream, data }: InvoiceEvent): void {
    if (!('attempt' in data)) return;
    const key = attemptKey(toInvoiceId(stream.slice('invoice-'.length)), data.attempt);
    if (!this.#waiting.has(key)) return;
    if (tellsOfWarnings(type, data)) this.#warned.add(key);
    const ending = endingOf(type, data, this.#warned.has(key));
    if (ending) this.#end(key, ending);
  }

  #end(key: string, ending: ImportEnding): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    this.#warned.delete(key);
    this.ended(waiting, ending);
  }
}
