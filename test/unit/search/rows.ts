import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { invoiceSearch } from '../../../projections/invoice-search/project.js';
import { history, invoiceStream, lifeOf } from '../projections/events.js';

/** A row as real events make it, with these values in place of its own. */
export const rowOf = (change: Partial<InvoiceSearchRow> = {}): InvoiceSearchRow => {
  const row = history(invoiceStream(1), lifeOf(1)).filter(({ type }) => invoiceSearch.handles.includes(type)).reduce<InvoiceSearchRow | undefined>((folded, event) => invoiceSearch.evolve(folded, event), undefined);
  if (!row) throw new Error('no row');
  return { ...row, ...change };
};
