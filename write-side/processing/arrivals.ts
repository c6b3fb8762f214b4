import { decodeTrusted } from '#contracts/events/decode.js';
import { INVOICE_EVENTS, type InvoiceEvent } from '#contracts/events/invoice.js';
import { toInvoiceId, type CorrelationId } from '#contracts/kernel/ids.js';
import type { LogPage } from '#platform/event-store/port.js';
import type { Handled } from '../handle-command.js';
import { invoiceDecider } from '../invoice/decide.js';
import type { InvoiceState } from '../invoice/state.js';
import type { WorkItem } from './work-table.js';

const KNOWN = new Set<string>(INVOICE_EVENTS.map((definition) => definition.type));

/** An item, and its invoice as the event that made the item left it. */
export interface Arrival {
  readonly item: WorkItem;
  readonly begun?: Handled<InvoiceState>;
}

/** The work that a page of the log makes. */
export function arrivalsOf(page: LogPage): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const envelope of page.events) {
    if (!KNOWN.has(envelope.type)) continue;
    const event = decodeTrusted(envelope) as InvoiceEvent;
    if (event.type === 'fiscal.invoice.created') arrivals.push({ item: newItem(event, 1), begun: begunBy(event) });
    else if (event.type === 'fiscal.invoice.resubmitted') arrivals.push({ item: newItem(event, event.data.attempt) });
  }
  return arrivals;
}

function begunBy(event: Extract<InvoiceEvent, { type: 'fiscal.invoice.created' }>): Handled<InvoiceState> {
  const { revision, position, shardKey, month } = event;
  return { outcome: 'done', revision, position, first: { revision, position }, routing: { shardKey, month }, state: invoiceDecider.evolve(invoiceDecider.initial, event) };
}

function newItem(event: Extract<InvoiceEvent, { type: 'fiscal.invoice.created' | 'fiscal.invoice.resubmitted' }>, attempt: number): WorkItem {
  const { stream, data, recordedAt, correlationId, traceparent } = event;
  const step = data.file.kind === 'remote' ? 'fetch' : 'judge';
  return {
    invoice: toInvoiceId(stream.slice('invoice-'.length)), attempt, step, dueAt: new Date(recordedAt), retries: 0, firstFailedAt: null, fetched: null,
    correlationId: correlationId as CorrelationId, traceparent: traceparent ?? null,
  };
}
