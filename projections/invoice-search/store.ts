import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import type { RowProjection } from '../kit/projection.js';
import { invoiceSearch } from './project.js';

export const INVOICE_SEARCH: RowProjection<InvoiceSearchRow> = { ...invoiceSearch, table: INVOICE_SEARCH_TABLE };
