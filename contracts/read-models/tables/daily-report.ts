import type { TaxLine } from '../../invoice/facts.js';
import type { InvoiceId } from '../../kernel/ids.js';
import type { Position, Revision } from '../../kernel/position.js';
import { canonicalMoney, type Money } from '../../money.js';
import type { InvoiceStatus } from '../invoice-summary.js';
import type { DailyTally, DayKind, ReportEntry } from '../other.js';
import { column, DAY_TYPE, type TableSpec } from './table.js';

/** What the report remembers of each invoice; tallies are the sum of what these contribute. */
export const REPORT_ENTRY_TABLE: TableSpec<ReportEntry> = {
  name: 'entry',
  columns: [
    column('id', 'uuid', (row) => row.id),
    column('month', DAY_TYPE, (row) => row.month),
    column('shard_key', 'text', (row) => row.shardKey),
    column('revision', 'bigint', (row) => String(row.revision)),
    column('position', 'bigint', (row) => row.position),
    column('status', 'text', (row) => row.status),
    column('document_day', DAY_TYPE, (row) => row.documentDay),
    column('archive_day', DAY_TYPE, (row) => row.archiveDay),
    column('cancel_day', DAY_TYPE, (row) => row.cancelDay),
    column('issuer', 'text', (row) => row.issuer),
    column('document_type', 'text', (row) => row.documentType),
    column('currency', 'text', (row) => row.currency),
    column('subtotal', 'numeric', (row) => row.subtotal),
    column('discount', 'numeric', (row) => row.discount),
    column('total', 'numeric', (row) => row.total),
    column('taxes', 'json', (row) => JSON.stringify(row.taxes)),
    column('suspected', 'boolean', (row) => (row.suspected ? 't' : 'f')),
  ],
  derived: [],
  key: ['id', 'month'],
  partitionBy: 'month',
  before: [],
  generated: [],
  indexes: [],
  parse: (v) => ({
    id: (v[0] ?? '') as InvoiceId, month: v[1] ?? '', shardKey: v[2] ?? '', revision: Number(v[3]) as Revision, position: (v[4] ?? '0') as Position,
    status: v[5] as InvoiceStatus, documentDay: v[6] ?? null, archiveDay: v[7] ?? null, cancelDay: v[8] ?? null, issuer: v[9] ?? '', documentType: v[10] ?? '',
    currency: v[11] ?? '', subtotal: (v[12] ?? '0') as Money, discount: (v[13] ?? '0') as Money, total: (v[14] ?? '0') as Money, taxes: JSON.parse(v[15] ?? '[]') as readonly TaxLine[], suspected: v[16] === 't',
  }),
};

/** Columns of a tally that are added up; the others name it. */
export const TALLY_SUMS = ['count', 'subtotal', 'discount', 'total', 'tax_base', 'tax_amount'] as const;

/** Tallies are spread over the shards of their entries: a reader adds up the shards' answers. */
export const DAILY_TALLY_TABLE: TableSpec<DailyTally> = {
  name: 'tally',
  columns: [
    column('kind', 'text', (row) => row.kind),
    column('day', DAY_TYPE, (row) => row.day),
    column('issuer', 'text', (row) => row.issuer),
    column('document_type', 'text', (row) => row.documentType),
    column('currency', 'text', (row) => row.currency),
    column('status', 'text', (row) => row.status),
    column('tax', 'text', (row) => row.tax),
    column('count', 'bigint', (row) => String(row.count)),
    column('subtotal', 'numeric', (row) => row.subtotal),
    column('discount', 'numeric', (row) => row.discount),
    column('total', 'numeric', (row) => row.total),
    column('tax_base', 'numeric', (row) => row.taxBase),
    column('tax_amount', 'numeric', (row) => row.taxAmount),
  ],
  derived: [],
  key: ['kind', 'day', 'issuer', 'document_type', 'currency', 'status', 'tax'],
  before: [],
  generated: [],
  indexes: [],
  parse: (v) => ({
    kind: v[0] as DayKind, day: v[1] ?? '', issuer: v[2] ?? '', documentType: v[3] ?? '', currency: v[4] ?? '', status: v[5] as DailyTally['status'], tax: v[6] ?? '',
    count: Number(v[7]), subtotal: amount(v[8]), discount: amount(v[9]), total: amount(v[10]), taxBase: amount(v[11]), taxAmount: amount(v[12]),
  }),
};

/** Sums keep the scale of what was added; equal sums are equal text only in canonical form. */
const amount = (value: string | null | undefined): Money => canonicalMoney((value ?? '0') as Money);
