import { addMoney, canonicalMoney, ZERO, type Money } from '#contracts/money.js';
import type { DailyTally, DayKind } from '#contracts/read-models/other.js';
import { DAILY_TALLY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { CsvColumn } from '../csv.js';
import type { ReadView } from '../view.js';

export const DAILY_REPORT = 'daily-report';

export interface ReportQuery {
  readonly day: string;
  readonly kind: DayKind;
  readonly issuer: string | undefined;
}

const nameOf = (tally: DailyTally): string => [tally.issuer, tally.documentType, tally.currency, tally.status, tally.tax].join('\u0001');

/** The tallies of one day; each shard has the sums of its own invoices, the answer adds them up. Ordered by their names. */
export async function dailyReport(view: ReadView, { day, kind, issuer }: ReportQuery): Promise<readonly DailyTally[]> {
  const values: unknown[] = issuer === undefined ? [kind, day] : [kind, day, issuer];
  const text = `SELECT ${selectList(DAILY_TALLY_TABLE)} FROM ${view.schemaOf(DAILY_REPORT)}.tally WHERE kind = $1 AND day = $2${issuer === undefined ? '' : ' AND issuer = $3'}`;
  const sums = new Map<string, DailyTally>();
  for (const row of (await view.all(text, values)).flat()) {
    const tally = DAILY_TALLY_TABLE.parse(row);
    const existing = sums.get(nameOf(tally));
    sums.set(nameOf(tally), existing ? add(existing, tally) : tally);
  }
  return [...sums.values()].filter((tally) => tally.count > 0).sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

function add(left: DailyTally, right: DailyTally): DailyTally {
  return {
    ...left,
    count: left.count + right.count,
    subtotal: addMoney(left.subtotal, right.subtotal), discount: addMoney(left.discount, right.discount), total: addMoney(left.total, right.total),
    taxBase: addMoney(left.taxBase, right.taxBase), taxAmount: addMoney(left.taxAmount, right.taxAmount),
  };
}

/** What remains per currency: archived plus their counter-entries. Tax lines are not added into it. */
export function totalsByCurrency(tallies: readonly DailyTally[]): Readonly<Record<string, { readonly archived: number; readonly cancelled: number; readonly suspected: number; readonly total: Money }>> {
  const totals: Record<string, { archived: number; cancelled: number; suspected: number; total: Money }> = {};
  for (const tally of tallies) {
    if (tally.tax !== '') continue;
    const sum = (totals[tally.currency] ??= { archived: 0, cancelled: 0, suspected: 0, total: ZERO });
    sum[tally.status] += tally.count;
    if (tally.status !== 'suspected') sum.total = canonicalMoney(addMoney(sum.total, tally.total));
  }
  return totals;
}

export const REPORT_CSV: readonly CsvColumn<DailyTally>[] = [
  { name: 'day', value: (row) => row.day },
  { name: 'kind', value: (row) => row.kind },
  { name: 'issuer', value: (row) => row.issuer },
  { name: 'documentType', value: (row) => row.documentType },
  { name: 'currency', value: (row) => row.currency },
  { name: 'status', value: (row) => row.status },
  { name: 'tax', value: (row) => row.tax },
  { name: 'count', value: (row) => row.count, text: false },
  { name: 'subtotal', value: (row) => row.subtotal, text: false },
  { name: 'discount', value: (row) => row.discount, text: false },
  { name: 'total', value: (row) => row.total, text: false },
  { name: 'taxBase', value: (row) => row.taxBase, text: false },
  { name: 'taxAmount', value: (row) => row.taxAmount, text: false },
];
