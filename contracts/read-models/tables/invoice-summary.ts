import type { Format, Party, TaxLine } from '../../invoice/facts.js';
import type { InvoiceId } from '../../kernel/ids.js';
import type { Position, Revision } from '../../kernel/position.js';
import type { Money } from '../../money.js';
import type { InvoiceStatus, InvoiceSummary } from '../invoice-summary.js';
import { column, DAY_TYPE, instantFromText, type TableSpec } from './table.js';

const text = (value: number | null): string | null => (value === null ? null : String(value));
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Lists, filters and sorts of the invoice list are answered from these columns; `json` columns are shown, never filtered. */
export const INVOICE_SUMMARY_TABLE: TableSpec<InvoiceSummary> = {
  name: 'invoice',
  columns: [
    column('id', 'uuid', (row) => row.id),
    column('month', DAY_TYPE, (row) => row.month),
    column('shard_key', 'text', (row) => row.shardKey),
    column('revision', 'bigint', (row) => String(row.revision)),
    column('position', 'bigint', (row) => row.position),
    column('status', 'text', (row) => row.status),
    column('attempt', 'int', (row) => String(row.attempt)),
    column('channel', 'text', (row) => row.channel),
    column('format', 'text', (row) => row.format),
    column('document_type', 'text', (row) => row.documentType),
    column('series', 'text', (row) => row.series),
    column('number', 'text', (row) => row.number),
    column('uuid', 'text', (row) => row.uuid),
    column('issuer_id', 'text', (row) => row.issuer.id ?? null),
    column('issuer_name', 'text', (row) => row.issuer.name ?? null),
    column('receiver_id', 'text', (row) => row.receiver.id ?? null),
    column('receiver_name', 'text', (row) => row.receiver.name ?? null),
    column('currency', 'text', (row) => row.currency),
    column('subtotal', 'numeric', (row) => row.subtotal),
    column('discount', 'numeric', (row) => row.discount),
    column('total', 'numeric', (row) => row.total),
    column('taxes', 'json', (row) => (row.taxes.length === 0 ? '[]' : JSON.stringify(row.taxes))),
    column('issuance_date', 'text', (row) => row.issuanceDate),
    column('issuance_day', DAY_TYPE, (row) => row.issuanceDay),
    column('line_count', 'int', (row) => text(row.lineCount)),
    column('sha256', 'text', (row) => row.sha256),
    column('original_size', 'bigint', (row) => text(row.originalSize)),
    column('compressed_size', 'bigint', (row) => text(row.compressedSize)),
    column('verdict', 'text', (row) => row.verdict),
    column('finding_counts', 'jsonb', (row) => JSON.stringify(row.findingCounts)),
    column('rejection', 'json', (row) => json(row.rejection)),
    column('copies', 'int', (row) => String(row.copies)),
    column('duplicate_of', 'json', (row) => (row.duplicateOf.length === 0 ? '[]' : JSON.stringify(row.duplicateOf))),
    column('cancellation', 'json', (row) => json(row.cancellation)),
    column('received_at', 'timestamptz', (row) => row.receivedAt),
    column('started_at', 'timestamptz', (row) => row.startedAt),
    column('validated_at', 'timestamptz', (row) => row.validatedAt),
    column('archived_at', 'timestamptz', (row) => row.archivedAt),
    column('cancelled_at', 'timestamptz', (row) => row.cancelledAt),
    column('updated_at', 'timestamptz', (row) => row.updatedAt),
    column('processing_ms', 'bigint', (row) => text(row.processingMs)),
    column('retention_until', DAY_TYPE, (row) => row.retentionUntil),
  ],
  derived: [],
  key: ['id', 'month'],
  partitionBy: 'month',
  before: [],
  generated: [],
  indexes: [
    'ON {table} (received_at, id)',
    // As the list sorts: rows without the value come first. Two different functions, since Postgres names an index after them and a rebuild
    // makes all at once: equal names would collide.
    `ON {table} (coalesce(issuance_day, ''), id)`,
    `ON {table} (greatest(total, '-Infinity'::numeric), id)`,
    'ON {table} (issuer_id, received_at)',
    'ON {table} (receiver_id, received_at)',
    'ON {table} (status, received_at)',
    'ON {table} (upper(uuid)) WHERE uuid IS NOT NULL',
    'ON {table} USING gin (finding_counts) WHERE finding_counts <> \'{}\'::jsonb',
  ],
  parse: parseInvoiceSummary,
};

type Values = readonly (string | null)[];

const party = (id: string | null | undefined, name: string | null | undefined): Party => ({
  ...(typeof id === 'string' && { id }),
  ...(typeof name === 'string' && { name }),
});
const or = (value: string | null | undefined): string | null => value ?? null;
const integer = (value: string | null | undefined): number | null => (typeof value === 'string' ? Number(value) : null);
const instant = (value: string | null | undefined): string | null => (typeof value === 'string' ? instantFromText(value) : null);
const parsed = <Value>(value: string | null | undefined, absent: Value): Value => (typeof value === 'string' ? (JSON.parse(value) as Value) : absent);

/** Counts by code in the order of the codes: jsonb keeps an order of its own. */
const counts = (value: string | null | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(parsed<Record<string, number>>(value, {})).sort(([left], [right]) => (left < right ? -1 : 1)));

/** A row as the driver gives it, every column as text, in the order of the table. */
export function parseInvoiceSummary(v: Values): InvoiceSummary {
  return {
    id: or(v[0]) as InvoiceId, month: v[1] ?? '', shardKey: v[2] ?? '', revision: Number(v[3]) as Revision, position: (v[4] ?? '0') as Position,
    status: v[5] as InvoiceStatus, attempt: Number(v[6]), channel: v[7] ?? '', format: or(v[8]) as Format | null, documentType: or(v[9]), series: or(v[10]),
    number: or(v[11]), uuid: or(v[12]), issuer: party(v[13], v[14]), receiver: party(v[15], v[16]), currency: or(v[17]), subtotal: or(v[18]) as Money | null,
    discount: or(v[19]) as Money | null, total: or(v[20]) as Money | null, taxes: parsed<readonly TaxLine[]>(v[21], []), issuanceDate: or(v[22]), issuanceDay: or(v[23]),
    lineCount: integer(v[24]), sha256: or(v[25]), originalSize: integer(v[26]), compressedSize: integer(v[27]), verdict: or(v[28]) as InvoiceSummary['verdict'],
    findingCounts: counts(v[29]), rejection: parsed<InvoiceSummary['rejection']>(v[30], null), copies: Number(v[31]), duplicateOf: parsed<readonly InvoiceId[]>(v[32], []),
    cancellation: parsed<InvoiceSummary['cancellation']>(v[33], null), receivedAt: instant(v[34]) ?? '', startedAt: instant(v[35]), validatedAt: instant(v[36]),
    archivedAt: instant(v[37]), cancelledAt: instant(v[38]), updatedAt: instant(v[39]) ?? '', processingMs: integer(v[40]), retentionUntil: or(v[41]),
  };
}
