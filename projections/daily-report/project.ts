import { INVOICE_EVENTS, type InvoiceEvent } from '#contracts/events/invoice.js';
import type { Facts } from '#contracts/invoice/facts.js';
import { toInvoiceId } from '#contracts/kernel/ids.js';
import { ZERO } from '#contracts/money.js';
import type { ReportEntry } from '#contracts/read-models/other.js';
import { plainAmount } from '../invoice-row/canonical.js';
import type { Projection } from '../kit/projection.js';

const blank = (event: InvoiceEvent): ReportEntry => ({
  id: toInvoiceId(event.stream.slice('invoice-'.length)), month: event.month, shardKey: event.shardKey, revision: event.revision, position: event.position, status: 'pending',
  documentDay: null, archiveDay: null, cancelDay: null, issuer: '', documentType: '', currency: '', subtotal: ZERO, discount: ZERO, total: ZERO, taxes: [], suspected: false,
});

/** The amounts of the report are those of the document, known with its validation. */
const ofFacts = (facts: Facts): Partial<ReportEntry> => ({
  documentDay: facts.issuanceDay ?? null, issuer: facts.issuer.id ?? '', documentType: facts.documentType ?? '', currency: facts.currency ?? '',
  subtotal: plainAmount(facts.subtotal) ?? ZERO, discount: plainAmount(facts.discount) ?? ZERO, total: plainAmount(facts.total) ?? ZERO, taxes: facts.taxes,
});

/** UTC day of an instant. */
const dayOf = (instant: string): string => instant.slice(0, 10);

function changesOf(event: InvoiceEvent): Partial<ReportEntry> {
  switch (event.type) {
    case 'fiscal.invoice.created':
    case 'fiscal.invoice.resubmitted':
      return { status: 'pending' };
    case 'fiscal.invoice.validated':
      return { status: 'validated', ...ofFacts(event.data.facts) };
    case 'fiscal.invoice.failed':
    case 'fiscal.invoice.validation-failed':
      return { status: 'rejected' };
    case 'fiscal.invoice.archived':
      return { status: 'archived', archiveDay: dayOf(event.occurredAt) };
    case 'fiscal.invoice.duplicate-suspected':
      return { suspected: true };
    case 'fiscal.invoice.cancelled':
      return { status: 'cancelled', cancelDay: dayOf(event.occurredAt) };
    case 'fiscal.invoice.processing-started':
    case 'fiscal.invoice.retry-scheduled':
    case 'fiscal.invoice.copy-received':
    case 'fiscal.invoice.rejudged':
    case 'fiscal.invoice.authority-status-reported':
      return {};
  }
}

const IGNORED: readonly string[] = [
  'fiscal.invoice.processing-started', 'fiscal.invoice.retry-scheduled', 'fiscal.invoice.copy-received', 'fiscal.invoice.rejudged', 'fiscal.invoice.authority-status-reported',
];

/** What the daily report must remember of each invoice; the tallies follow from it. */
export const dailyReport: Projection<ReportEntry> = {
  name: 'daily-report',
  source: import.meta.url,
  topics: ['fiscal-invoice'],
  handles: INVOICE_EVENTS.map(({ type }) => type).filter((type) => !IGNORED.includes(type)),
  ignores: IGNORED,
  evolve: (row, stored) => {
    const event = stored as InvoiceEvent;
    return { ...(row ?? blank(event)), ...changesOf(event), revision: event.revision, position: event.position };
  },
};
