import { INVOICE_EVENTS, type InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { changesOf, evolveInvoice, type SoFar } from '../invoice-row/evolve.js';
import type { Projection } from '../kit/projection.js';

const IGNORED: readonly string[] = ['fiscal.invoice.retry-scheduled', 'fiscal.invoice.copy-received'];

function descriptionsOf(row: InvoiceSearchRow | undefined, event: InvoiceEvent): readonly string[] {
  if (event.type === 'fiscal.invoice.validated') return event.data.facts.descriptions;
  if (event.type === 'fiscal.invoice.validation-failed') return event.data.facts?.descriptions ?? row?.descriptions ?? [];
  return event.type === 'fiscal.invoice.resubmitted' ? [] : (row?.descriptions ?? []);
}

/** What search keeps of the summary. */
function kept(summary: InvoiceSummary, event: InvoiceEvent): InvoiceSearchRow {
  const { id, month, shardKey, revision, position, status, format, documentType, series, number, uuid, issuer, receiver, currency, total, issuanceDay, receivedAt } = summary;
  return {
    id, month, shardKey, revision, position, status, format, documentType, series, number, uuid, issuer, receiver, currency, total, issuanceDay, receivedAt,
    descriptions: descriptionsOf(undefined, event), findingCodes: Object.keys(summary.findingCounts).sort(),
  };
}

/** The summary's fold looks at nothing of the row before but the codes, as far as search shows what it makes of them: how often each was found does not matter. */
const soFar = ({ status, findingCodes }: InvoiceSearchRow): SoFar =>
  ({ status, startedAt: null, copies: 0, duplicateOf: [], findingCounts: Object.fromEntries(findingCodes.map((code) => [code, 1])) });

function evolve(row: InvoiceSearchRow | undefined, event: InvoiceEvent): InvoiceSearchRow {
  if (!row) return kept(evolveInvoice(undefined, event), event);
  const {
    status = row.status, format = row.format, documentType = row.documentType, series = row.series, number = row.number, uuid = row.uuid, issuer = row.issuer, receiver = row.receiver,
    currency = row.currency, total = row.total, issuanceDay = row.issuanceDay, findingCounts,
  } = changesOf(soFar(row), event);
  return {
    id: row.id, month: row.month, shardKey: row.shardKey, revision: event.revision, position: event.position, status, format, documentType, series, number, uuid, issuer, receiver, currency, total,
    issuanceDay, receivedAt: row.receivedAt, descriptions: descriptionsOf(row, event), findingCodes: findingCounts ? Object.keys(findingCounts).sort() : row.findingCodes,
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
