import { INVOICE_EVENTS, type InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { evolveInvoice } from '../invoice-row/evolve.js';
import type { Projection } from '../kit/projection.js';

/** One row per invoice with everything lists and the invoice page show. */
export const invoiceSummary: Projection<InvoiceSummary> = {
  name: 'invoice-summary',
  source: import.meta.url,
  topics: ['fiscal-invoice'],
  handles: INVOICE_EVENTS.map(({ type }) => type),
  ignores: [],
  evolve: (row, event) => evolveInvoice(row, event as InvoiceEvent),
};
