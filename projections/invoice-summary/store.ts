import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { RowProjection } from '../kit/projection.js';
import { invoiceSummary } from './project.js';

export const INVOICE_SUMMARY: RowProjection<InvoiceSummary> = { ...invoiceSummary, table: INVOICE_SUMMARY_TABLE };
