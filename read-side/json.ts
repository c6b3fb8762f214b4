import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';

/** The public form of a row: routing columns stay inside, revision and position are decimal strings. */
export function publicInvoice({ month: _month, shardKey: _shardKey, revision, ...row }: InvoiceSummary): Record<string, unknown> {
  return { ...row, revision: String(revision) };
}
