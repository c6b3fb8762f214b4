import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { evolveInvoice } from './evolve.js';

/** The row of an invoice after the first of its events, in order; undefined without any. Pure. */
export const foldInvoice = (events: readonly InvoiceEvent[]): InvoiceSummary | undefined => events.reduce<InvoiceSummary | undefined>(evolveInvoice, undefined);
