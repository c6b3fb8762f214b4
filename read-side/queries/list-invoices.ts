import { compareMoney, type Money } from '#contracts/money.js';
import type { InvoiceFilter, Page, Sort } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import { KEY_FORMS, readCursor, writeCursor, type KeyForm } from '../cursor.js';
import type { ReadView, TextRow } from '../view.js';
import { filterConditions } from './conditions.js';

export const SUMMARY = 'invoice-summary';

/** The expressions that pages are sorted by; the table has an index on each, with the id behind it. */
export const SORT_KEYS = { received: 'received_at', issued: `coalesce(issuance_day, '')`, total: `greatest(total, '-Infinity'::numeric)` } as const;

/** How each sort is written in SQL and compared between shards. Rows without the value come first (last when descending). */
const ORDERS: Readonly<Record<'received' | 'issued' | 'total', { key: string; type: string; form: KeyForm; compare(left: string, right: string): number }>> = {
  received: { key: SORT_KEYS.received, type: 'timestamptz', form: KEY_FORMS.instant, compare: compareText },
  issued: { key: SORT_KEYS.issued, type: 'text', form: KEY_FORMS.day, compare: compareText },
  total: { key: SORT_KEYS.total, type: 'numeric', form: KEY_FORMS.amount, compare: compareAmounts },
};

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compareAmounts(left: string, right: string): number {
  const lowest = '-Infinity';
  if (left === lowest || right === lowest) return Number(right === lowest) - Number(left === lowest);
  return compareMoney(left as Money, right as Money);
}

export interface ListQuery {
  readonly filter: InvoiceFilter;
  readonly sort: Sort;
  readonly limit: number;
  readonly cursor: string | undefined;
}

interface Keyed {
  readonly key: string;
  readonly row: InvoiceSummary;
}

/** One page of the list: every shard gives its first rows after the cursor, the merge keeps the order. Stable while rows arrive: it goes on by key, not by count. */
export async function listInvoices(view: ReadView, { filter, sort, limit, cursor }: ListQuery): Promise<Page<InvoiceSummary>> {
  const descending = sort.startsWith('-');
  const order = ORDERS[(descending ? sort.slice(1) : sort) as keyof typeof ORDERS];
  const values: unknown[] = [];
  const conditions = filterConditions(filter, values, (parameter) => `(finding_counts ? ${parameter} AND finding_counts <> '{}'::jsonb)`);
  const identity = { filter, sort };
  if (cursor !== undefined) {
    values.push(...readCursor(cursor, identity, [order.form, KEY_FORMS.uuid]).keys);
    conditions.push(`(${order.key}, id) ${descending ? '<' : '>'} ($${values.length - 1}::${order.type}, $${values.length}::uuid)`);
  }
  const direction = descending ? 'DESC' : 'ASC';
  const text = `SELECT ${order.key}, ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${view.schemaOf(SUMMARY)}.invoice
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY ${order.key} ${direction}, id ${direction} LIMIT ${limit + 1}`;
  const shards = await view.all(text, values);
  const sign = descending ? -1 : 1;
  const rows = shards.flatMap((found) => found.map(toKeyed)).sort((left, right) => sign * (order.compare(left.key, right.key) || compareText(left.row.id, right.row.id)));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(({ row }) => row), ...(rows.length > limit && last && { next: writeCursor(identity, [last.key, last.row.id]) }) };
}

const toKeyed = ([key, ...columns]: TextRow): Keyed => ({ key: key ?? '', row: INVOICE_SUMMARY_TABLE.parse(columns) });

/** Every page after the other, bounded; for exports. */
export async function* allInvoices(view: ReadView, query: Omit<ListQuery, 'limit'>, maxRows: number): AsyncIterable<InvoiceSummary> {
  let { cursor } = query;
  for (let count = 0; count < maxRows; ) {
    const page: Page<InvoiceSummary> = await listInvoices(view, { ...query, limit: Math.min(500, maxRows - count), cursor });
    yield* page.items;
    count += page.items.length;
    cursor = page.next;
    if (cursor === undefined) return;
  }
}
