import { INVOICE_EVENTS, type InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { evolveInvoice } from '../invoice-row/evolve.js';
import type { Projection } from '../kit/projection.js';

const IGNORED: readonly string[] = ['fiscal.invoice.retry-scheduled', 'fiscal.invoice.copy-received'];

/** The summary's fold reads nothing of the earlier row but what search keeps, apart from fields that search does not show. */
function asSummary(row: InvoiceSearchRow): InvoiceSummary {
  return {
    ...row, attempt: 1, channel: '', subtotal: null, discount: null, taxes: [], issuanceDate: null, lineCount: null, sha256: null, originalSize: null, compressedSize: null,
    verdict: null, findingCounts: Object.fromEntries(row.findingCodes.map((code) => [code, 1])), rejection: null, copies: 0, duplicateOf: [], cancellation: null,
    startedAt: null, validatedAt: null, archivedAt: null, cancelledAt: null, updatedAt: row.receivedAt, processingMs: null, retentionUntil: null,
  };
}

function descriptionsOf(row: InvoiceSearchRow | undefined, event: InvoiceEvent): readonly string[] {
  if (event.type === 'fiscal.invoice.validated') return event.data.facts.descriptions;
  if (event.type === 'fiscal.invoice.validation-failed') return event.data.facts?.descriptions ?? row?.descriptions ?? [];
  return event.type === 'fiscal.invoice.resubmitted' ? [] : (row?.descriptions ?? []);
}

function evolve(row: InvoiceSearchRow | undefined, event: InvoiceEvent): InvoiceSearchRow {
  const summary = evolveInvoice(row && asSummary(row), event);
  const { id, month, shardKey, revision, position, status, format, documentType, series, number, uuid, issuer, receiver, currency, total, issuanceDay, receivedAt } = summary;
  return {
    id, month, shardKey, revision, position, status, format, documentType, series, number, uuid, issuer, receiver, currency, total, issuanceDay, receivedAt,
    descriptions: descriptionsOf(row, event), findingCodes: Object.keys(summary.findingCounts).sort(),
  };
}

/** The texts an invoice is found by. */
export const invoiceSearch: Projection<InvoiceSearchRow> = {
  name: 'invoice-search',
  source: import.meta.url,
  topics: ['fiscal-invoice'],
  handles: INVOICE_EVENTS.map(({ type }) => type).filter((type) => !IGNORED.includes(type)),
  ignores: IGNORED,
  evolve: (row, event) => evolve(row, event as InvoiceEvent),
};
