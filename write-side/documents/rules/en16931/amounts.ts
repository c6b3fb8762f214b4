import { amountFault, writtenScale } from '../../amounts.js';
import { TOTAL_TERMS, type EnDocument, type Text } from '../../models/en16931.js';
import { AMOUNT_FORMAT, AMOUNT_RANGE } from '../common/texts.js';
import type { Report } from '../rule.js';
import { onlyIn, pathOf, rule, type EnRule } from './rule.js';
import type { EnView } from './view.js';

type Visit = (value: string, term: string, index?: number, inner?: number) => void;

function documentAmounts(document: EnDocument, visit: (value: Text, term: string, index?: number) => void): void {
  for (const term of TOTAL_TERMS) visit(document.totals[term], term);
  for (const { amount, currency } of document.taxTotals) visit(amount, currency === undefined || currency === document.currency ? 'BT-110' : 'BT-111');
  for (const [index, row] of document.allowances.entries()) {
    visit(row.amount, row.charge ? 'BT-99' : 'BT-92', index);
    visit(row.base, row.charge ? 'BT-100' : 'BT-93', index);
  }
  for (const [index, row] of document.vat.entries()) {
    visit(row.base, 'BT-116', index);
    visit(row.amount, 'BT-117', index);
  }
}

function lineAmounts(document: EnDocument, visit: (value: Text, term: string, index?: number, inner?: number) => void): void {
  for (const [index, line] of document.lines.entries()) {
    visit(line.netAmount, 'BT-131', index);
    for (const [inner, row] of line.allowances.entries()) {
      visit(row.amount, row.charge ? 'BT-141' : 'BT-136', index, inner);
      visit(row.base, row.charge ? 'BT-142' : 'BT-137', index, inner);
    }
  }
}

/** Quantities, prices and rates: decimal numbers without a limit of decimals. */
function otherNumbers(document: EnDocument, visit: (value: Text, term: string, index?: number, inner?: number) => void): void {
  for (const [index, { quantity, price, categories }] of document.lines.entries()) {
    visit(quantity, 'BT-129', index);
    visit(price?.net, 'BT-146', index);
    visit(price?.gross, 'BT-148', index);
    visit(price?.discount, 'BT-147', index);
    visit(price?.quantity, 'BT-149', index);
    for (const category of categories) visit(category.rate, 'BT-152', index);
  }
  for (const [index, row] of document.vat.entries()) visit(row.rate, 'BT-119', index);
  for (const [index, row] of document.allowances.entries()) visit(row.category?.rate, row.charge ? 'BT-103' : 'BT-96', index);
}

const each = (walk: typeof lineAmounts, document: EnDocument, visit: Visit): void => walk(document, (value, term, index, inner) => {
  if (value !== undefined) visit(value, term, index, inner);
});

const checkFault = (fault: 'format' | 'range', expected: string) => ({ document }: EnView, report: Report): void => {
  const visit: Visit = (value, term, index, inner) => {
    if (amountFault(value) === fault) report(() => pathOf(document, term, index, inner), expected, value, term);
  };
  for (const walk of [documentAmounts, lineAmounts, otherNumbers]) each(walk, document, visit);
};

const MAX_DECIMALS = 2;

/** Term → rule id of the "at most two decimals" family. */
const DECIMALS: Readonly<Record<string, string>> = {
  'BT-92': 'BR-DEC-01', 'BT-93': 'BR-DEC-02', 'BT-99': 'BR-DEC-05', 'BT-100': 'BR-DEC-06', 'BT-106': 'BR-DEC-09', 'BT-107': 'BR-DEC-10', 'BT-108': 'BR-DEC-11',
  'BT-109': 'BR-DEC-12', 'BT-110': 'BR-DEC-13', 'BT-112': 'BR-DEC-14', 'BT-111': 'BR-DEC-15', 'BT-113': 'BR-DEC-16', 'BT-114': 'BR-DEC-17', 'BT-115': 'BR-DEC-18',
  'BT-116': 'BR-DEC-19', 'BT-117': 'BR-DEC-20', 'BT-131': 'BR-DEC-23', 'BT-136': 'BR-DEC-24', 'BT-137': 'BR-DEC-25', 'BT-141': 'BR-DEC-27', 'BT-142': 'BR-DEC-28',
};
const LINE_TERMS: ReadonlySet<string> = new Set(['BT-131', 'BT-136', 'BT-137', 'BT-141', 'BT-142']);

/** Decimals as written; what is no decimal number has none, as another rule tells that. */
export const decimalsOf = (text: string): number => writtenScale(text);

/** CII compares the VAT totals as numbers: zeros at the end do not count. */
const VAT_TOTALS: ReadonlySet<string> = new Set(['BT-110', 'BT-111']);
const significant = (view: EnView, term: string, text: string): number => decimalsOf(!view.ubl && VAT_TOTALS.has(term) ? text.replace(/(\.\d*?)0+$/u, '$1') : text);

const decimals = (term: string, code: string): EnRule =>
  rule(code, term, `The amount ${term} must have at most two decimals.`, `El importe ${term} debe tener como máximo dos decimales.`, (view, report) => {
    const { document } = view;
    each(LINE_TERMS.has(term) ? lineAmounts : documentAmounts, document, (value, found, index, inner) => {
      if (found === term && significant(view, term, value) > MAX_DECIMALS) report(() => pathOf(document, term, index, inner), `at most ${MAX_DECIMALS} decimals`, value);
    });
  });

/** UBL: every amount but prices. */
const ublAmounts = onlyIn('ubl', {
  ...rule('UBL-DT-01', 'BT-106', 'Amounts must have at most two decimals.', 'Los importes deben tener como máximo dos decimales.', ({ document }, report) => {
    for (const value of document.structure.amounts) if (decimalsOf(value) > MAX_DECIMALS) report(pathOf(document, 'BG-25'), `at most ${MAX_DECIMALS} decimals`, value);
    for (const walk of [documentAmounts, lineAmounts]) {
      each(walk, document, (value, term, index, inner) => {
        if (decimalsOf(value) > MAX_DECIMALS) report(() => pathOf(document, term, index, inner), `at most ${MAX_DECIMALS} decimals`, value, term);
      });
    }
  }),
  source: 'CEN/TS 16931-3-2, UBL syntax binding; CEN validation artefacts 1.3.16',
});

export const AMOUNT_RULES: readonly EnRule[] = [
  { code: 'FOLIO-AMOUNT-RANGE', severity: 'error', term: 'BT-112', ...AMOUNT_RANGE, check: checkFault('range', 'at most 24 integer digits') },
  { code: 'FOLIO-AMOUNT-FORMAT', severity: 'error', term: 'BT-112', ...AMOUNT_FORMAT, check: checkFault('format', 'a decimal number') },
  ...Object.entries(DECIMALS).map(([term, code]) => decimals(term, code)),
  ublAmounts,
];
