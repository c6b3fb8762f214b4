import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';

/** What spreadsheets take for the beginning of a formula: `= + - @`, also full-width, and white space that some strip before they look. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** RFC 4180 field. A text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvField(value: string | number | null | undefined, isText = true): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = isText && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

interface CsvColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => string | number | null | undefined;
  /** Amounts and numbers are ours, not the document's text: written as they are, also when negative. */
  readonly text?: false;
}

export const INVOICE_CSV: readonly CsvColumn<InvoiceSummary>[] = [
  { name: 'id', value: (row) => row.id },
  { name: 'status', value: (row) => row.status },
  { name: 'format', value: (row) => row.format },
  { name: 'documentType', value: (row) => row.documentType },
  { name: 'series', value: (row) => row.series },
  { name: 'number', value: (row) => row.number },
  { name: 'uuid', value: (row) => row.uuid },
  { name: 'issuerId', value: (row) => row.issuer.id },
  { name: 'issuerName', value: (row) => row.issuer.name },
  { name: 'receiverId', value: (row) => row.receiver.id },
  { name: 'receiverName', value: (row) => row.receiver.name },
  { name: 'issuanceDate', value: (row) => row.issuanceDate },
  { name: 'currency', value: (row) => row.currency },
  { name: 'subtotal', value: (row) => row.subtotal, text: false },
  { name: 'discount', value: (row) => row.discount, text: false },
  { name: 'total', value: (row) => row.total, text: false },
  { name: 'verdict', value: (row) => row.verdict },
  { name: 'findings', value: (row) => Object.keys(row.findingCounts).join(' ') },
  { name: 'rejection', value: (row) => row.rejection?.code },
  { name: 'receivedAt', value: (row) => row.receivedAt },
  { name: 'archivedAt', value: (row) => row.archivedAt },
  { name: 'sha256', value: (row) => row.sha256 },
];

export const csvHeader = <Row>(columns: readonly CsvColumn<Row>[]): string => `${columns.map((column) => column.name).join(',')}\r\n`;
export const csvLine = <Row>(columns: readonly CsvColumn<Row>[], row: Row): string => `${columns.map(({ value, text }) => csvField(value(row), text !== false)).join(',')}\r\n`;
export type { CsvColumn };
