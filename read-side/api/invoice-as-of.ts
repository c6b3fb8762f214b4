import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Position } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { EventStore } from '#platform/event-store/port.js';
import { isNotModified } from '#platform/http/etag.js';
import { publicInvoice } from '../json.js';
import { LogHead } from '../log-head.js';
import { readMoment, type Moment } from '../moment.js';
import { invoiceEventsUntil } from '../queries/invoice-log.js';

export interface AsOfDependencies {
  readonly log: EventStore;
  /** The fold of the live rows: the row after these events, undefined without any. */
  readonly foldInvoice: (events: readonly InvoiceEvent[]) => InvoiceSummary | undefined;
}

/** Time travel for one invoice: the row as it was, folded from the log itself, whatever the views have. */
export class InvoiceAsOf {
  readonly #head: LogHead;

  constructor(private readonly dependencies: AsOfDependencies) {
    this.#head = new LogHead(dependencies.log);
  }

  /** @param asOf as written: a position, or an instant with its zone. @throws Problem query-invalid | until-invalid | invoice-unknown | store-unavailable */
  async answer(request: Request, response: Response, id: string, asOf: string): Promise<void> {
    const moment = readMoment(asOf);
    if (!moment) throw problem('query-invalid', { name: 'asOf', reason: 'it must be a position, or an instant as ISO 8601 with Z or an offset' });
    await this.#refuseUndecided(moment, asOf);
    const row = this.dependencies.foldInvoice(await invoiceEventsUntil(this.dependencies.log, id, moment));
    if (!row) throw problem('invoice-unknown');
    const body = JSON.stringify(publicInvoice(row));
    const tag = pastTag(row.position, body);
    response.set({ 'Folio-As-Of': row.position, 'Cache-Control': 'private', 'ETag': tag });
    if (isNotModified(request, tag)) response.status(304).end();
    else response.type('json').send(body);
  }

  /** What has not happened yet may still change. */
  async #refuseUndecided(moment: Moment, value: string): Promise<void> {
    const refuse = (reason: string) => problem('until-invalid', { name: 'asOf', value, reason });
    if (moment.kind === 'instant' && moment.at > Date.now()) throw refuse('it lies in the future');
    if (moment.kind === 'position' && !(await this.#head.has(moment.position))) throw refuse('it lies beyond the head of the log');
  }
}

/** No tag of a live row, which is two numbers: `If-Match` refuses it. The digest tells two folds of the same events apart. */
const pastTag = (position: Position, body: string): string => `"as-of-${position}-${createHash('sha256').update(body).digest('base64url').slice(0, 12)}"`;
