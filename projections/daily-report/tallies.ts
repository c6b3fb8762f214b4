import type { TaxLine } from '#contracts/invoice/facts.js';
import { addMoney, canonicalMoney, isNegative, negateMoney, ZERO, type Money } from '#contracts/money.js';
import type { DailyTally, DayKind, ReportEntry } from '#contracts/read-models/other.js';
import { DAILY_TALLY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { plainAmount } from '../invoice-row/canonical.js';
import type { Tallies } from '../kit/projection.js';

/** Taxes of one kind and rate are one line of the report. */
const taxKey = ({ tax, kind, factor, rate }: TaxLine): string => `${tax}|${kind}|${factor ?? ''}|${rate ?? ''}`;

/** The document's own tally and one per tax line, as they count for `archived`. */
function ofDocument(entry: ReportEntry, kind: DayKind, day: string): readonly DailyTally[] {
  const { issuer, documentType, currency, subtotal, discount, total, taxes } = entry;
  const key = { kind, day, issuer, documentType, currency, status: 'archived' } as const;
  const own: DailyTally = { ...key, tax: '', count: 1, subtotal, discount, total, taxBase: ZERO, taxAmount: ZERO };
  const lines = taxes.map((line): DailyTally => ({
    ...key, tax: taxKey(line), count: 1, subtotal: ZERO, discount: ZERO, total: ZERO, taxBase: plainAmount(line.base) ?? ZERO, taxAmount: plainAmount(line.amount) ?? ZERO,
  }));
  return [own, ...lines];
}

/** The counter-entry: it counts, with every amount negated. */
const counterEntry = (tally: DailyTally, day: string): DailyTally => negated({ ...tally, day, status: 'cancelled' });

/** Changed in place: a rebuild makes very many of them. */
function negated(tally: { -readonly [Name in keyof DailyTally]: DailyTally[Name] }): DailyTally {
  tally.subtotal = minus(tally.subtotal);
  tally.discount = minus(tally.discount);
  tally.total = minus(tally.total);
  tally.taxBase = minus(tally.taxBase);
  tally.taxAmount = minus(tally.taxAmount);
  return tally;
}

const minus = (amount: Money): Money => (amount === ZERO ? ZERO : negateMoney(amount));

/**
 * What an invoice adds to the report: nothing before it is archived. By the document's day the cancellation stands on the document's day;
 * by the archive's day it stands on the day of the cancellation. What may be a duplicate is told beside, and stays in its sums.
 */
export function contributions(entry: ReportEntry): readonly DailyTally[] {
  const { archiveDay, documentDay, cancelDay, status } = entry;
  if (archiveDay === null) return [];
  const byDocument = documentDay === null ? [] : ofDocument(entry, 'document', documentDay);
  const byArchive = ofDocument(entry, 'archive', archiveDay);
  const suspected = entry.suspected ? [...byDocument, ...byArchive].filter(({ tax }) => tax === '').map((tally): DailyTally => ({ ...tally, status: 'suspected' })) : [];
  if (status !== 'cancelled') return [...byDocument, ...byArchive, ...suspected];
  return [
    ...suspected,
    ...byDocument, ...byDocument.map((tally) => counterEntry(tally, tally.day)),
    ...byArchive, ...byArchive.map((tally) => counterEntry(tally, cancelDay ?? archiveDay)),
  ];
}

const plus = (left: Money, right: Money): Money => (right === ZERO ? left : left === ZERO ? canonicalMoney(right) : addMoney(left, right));

const add = (left: DailyTally, right: DailyTally): DailyTally => ({
  ...left, count: left.count + right.count, subtotal: plus(left.subtotal, right.subtotal), discount: plus(left.discount, right.discount), total: plus(left.total, right.total),
  taxBase: plus(left.taxBase, right.taxBase), taxAmount: plus(left.taxAmount, right.taxAmount),
});

const isZero = (amount: Money): boolean => !isNegative(amount) && !/[1-9]/u.test(amount);

export const dailyTallies: Tallies<ReportEntry, DailyTally> = {
  table: DAILY_TALLY_TABLE,
  source: import.meta.url,
  // Status and tax are behind them.
  sharedKeyColumns: 5,
  contributions,
  add,
  negate: (tally) => negated({ ...tally, count: -tally.count }),
  isEmpty: ({ count, subtotal, discount, total, taxBase, taxAmount }) => count === 0 && [subtotal, discount, total, taxBase, taxAmount].every(isZero),
};
