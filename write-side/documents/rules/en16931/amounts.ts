import { amountFault, writtenScale } from '../../amounts.js';
import type { EnDocument, TotalTerm } from '../../models/en16931.js';
import { AMOUNT_FORMAT, AMOUNT_RANGE } from '../common/texts.js';
import type { Report } from '../rule.js';
import { pathOf, rule, type EnRule } from './rule.js';

const TOTAL_TERMS: readonly TotalTerm[] = ['BT-106', 'BT-107', 'BT-108', 'BT-109', 'BT-112', 'BT-113', 'BT-114', 'BT-115'];

type Visit = (value: string, term: string, index?: number) => void;
const see = (visit: Visit, value: string | undefined, term: string, index?: number): void => {
  if (value !== undefined) visit(value, term, index);
};

function documentAmounts(document: EnDocument, visit: Visit): void {
  for (const term of TOTAL_TERMS) see(visit, document.totals[term], term);
  for (const { amount, currency } of document.taxTotals) {
    see(visit, amount, currency === undefined || currency === document.currency ? 'BT-110' : 'BT-111');
  }
  document.allowances.forEach((row, index) => see(visit, row.amount, row.charge ? 'BT-99' : 'BT-92', index));
  document.vat.forEach((row, index) => {
    see(visit, row.base, 'BT-116', index);
    see(visit, row.amount, 'BT-117', index);
  });
}

function lineAmounts(document: EnDocument, visit: Visit): void {
  document.lines.forEach((line, index) => {
    see(visit, line.netAmount, 'BT-131', index);
    for (const row of line.allowances) see(visit, row.amount, row.charge ? 'BT-141' : 'BT-136', index);
  });
}

/** Quantities and prices: decimal numbers without a limit of decimals. */
function linePrices(document: EnDocument, visit: Visit): void {
  document.lines.forEach((line, index) => {
    see(visit, line.quantity, 'BT-129', index);
    see(visit, line.netPrice, 'BT-146', index);
    see(visit, line.grossPrice, 'BT-148', index);
  });
}

const checkFault = (fault: 'format' | 'range', expected: string) => (document: EnDocument, report: Report): void => {
  const visit: Visit = (value, term, index) => {
    if (amountFault(value) === fault) report(() => pathOf(document, term, index), expected, value, term);
  };
  documentAmounts(document, visit);
  lineAmounts(document, visit);
  linePrices(document, visit);
};

const MAX_DECIMALS = 2;

/** Term → rule id of the "at most two decimals" family. */
const DECIMALS: Readonly<Record<string, string>> = {
  'BT-92': 'BR-DEC-01', 'BT-99': 'BR-DEC-05', 'BT-106': 'BR-DEC-09', 'BT-107': 'BR-DEC-10', 'BT-108': 'BR-DEC-11', 'BT-109': 'BR-DEC-12',
  'BT-110': 'BR-DEC-13', 'BT-112': 'BR-DEC-14', 'BT-111': 'BR-DEC-15', 'BT-113': 'BR-DEC-16', 'BT-114': 'BR-DEC-17', 'BT-115': 'BR-DEC-18',
  'BT-116': 'BR-DEC-19', 'BT-117': 'BR-DEC-20', 'BT-131': 'BR-DEC-23', 'BT-136': 'BR-DEC-24', 'BT-141': 'BR-DEC-27',
};
const LINE_TERMS = ['BT-131', 'BT-136', 'BT-141'];

const decimals = (term: string, code: string): EnRule =>
  rule(code, term, `The amount ${term} must have at most two decimals.`, `El importe ${term} debe tener como máximo dos decimales.`, (document, report) => {
    const each = LINE_TERMS.includes(term) ? lineAmounts : documentAmounts;
    each(document, (value, found, index) => {
      if (found === term && writtenScale(value) > MAX_DECIMALS) report(() => pathOf(document, term, index), `at most ${MAX_DECIMALS} decimals`, value);
    });
  });

export const AMOUNT_RULES: readonly EnRule[] = [
  { code: 'FOLIO-AMOUNT-RANGE', severity: 'error', term: 'BT-112', ...AMOUNT_RANGE, check: checkFault('range', 'at most 24 integer digits') },
  { code: 'FOLIO-AMOUNT-FORMAT', severity: 'error', term: 'BT-112', ...AMOUNT_FORMAT, check: checkFault('format', 'a decimal number') },
  ...Object.entries(DECIMALS).map(([term, code]) => decimals(term, code)),
];
