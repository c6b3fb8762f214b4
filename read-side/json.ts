import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { SplitForm } from '#platform/cache/port.js';

/** The public form of a row: routing columns stay inside, revision and position are decimal strings. */
export function publicInvoice({ month: _month, shardKey: _shardKey, revision, ...row }: InvoiceSummary): Record<string, unknown> {
  return { ...row, revision: String(revision) };
}

/** As a shared cache keeps a row: the body that readers are sent, and the columns that stay inside. */
export const CACHED_INVOICE: SplitForm<InvoiceSummary> = {
  body: (row) => JSON.stringify(publicInvoice(row)),
  rest: ({ month, shardKey, revision }) => [month, shardKey, revision],
  whole: (body, rest) => {
    const [month, shardKey, revision] = rest as [InvoiceSummary['month'], InvoiceSummary['shardKey'], InvoiceSummary['revision']];
    return { ...(JSON.parse(body) as Omit<InvoiceSummary, 'month' | 'shardKey' | 'revision'>), month, shardKey, revision };
  },
};
