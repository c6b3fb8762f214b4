import type { TotalTerm } from '../../models/en16931.js';
import { ABSENT, type Report } from '../rule.js';
import { absolute, isMalformed, ONE, percentOf, roundCents, Sum, unitsOf, writeUnits, type Units } from './decimal.js';
import { isVat, type EnView } from './view.js';
import { pathOf, rule, type EnRule } from './rule.js';

/** The written total must be there and be this sum; undefined sums are of malformed operands, which another rule tells. */
function mustBe({ document, totals }: EnView, report: Report, term: TotalTerm, expected: Units | undefined): void {
  if (expected === undefined || isMalformed(document.totals[term])) return;
  const found = totals[term];
  if (found === undefined || found !== expected) report(pathOf(document, term), writeUnits(expected), document.totals[term] ?? ABSENT);
}

const rounded = (value: Units | undefined): Units | undefined => (value === undefined ? undefined : roundCents(value));

function checkLineTotal(view: EnView, report: Report): void {
  if (view.document.hasTotals) mustBe(view, report, 'BT-106', rounded(view.lineSum));
}

/** BT-107 or BT-108: the sum of document level allowances or charges, absent only where there are none. */
const checkAllowances = (term: 'BT-107' | 'BT-108', hasAny: (view: EnView) => boolean, sum: (view: EnView) => Units | undefined) => (view: EnView, report: Report): void => {
  if (!view.document.hasTotals || (view.document.totals[term] === undefined && !hasAny(view))) return;
  mustBe(view, report, term, rounded(sum(view)));
};

/** A total that may be absent, counting zero. */
const optional = ({ document, totals }: EnView, term: TotalTerm): Units | undefined => (document.totals[term] === undefined ? 0n : totals[term]);

function checkNetTotal(view: EnView, report: Report): void {
  const { document, totals } = view;
  if (!document.hasTotals || isMalformed(document.totals['BT-106'])) return;
  const lines = totals['BT-106'];
  const allowances = optional(view, 'BT-107');
  const charges = optional(view, 'BT-108');
  if (lines === undefined) return report(pathOf(document, 'BT-109'), 'the sum of its parts', document.totals['BT-109'] ?? ABSENT);
  if (allowances === undefined || charges === undefined) return;
  const plain = document.totals['BT-107'] === undefined && document.totals['BT-108'] === undefined;
  const sum = lines - allowances + charges;
  mustBe(view, report, 'BT-109', plain && view.ubl ? sum : roundCents(sum));
}

/** Tax totals in the currency of the document. */
const ownTaxTotals = ({ document: { taxTotals, currency } }: EnView) => taxTotals.filter((row) => row.currency === currency && row.amount !== undefined);

function checkVatTotalUbl(view: EnView, report: Report): void {
  const { document } = view;
  const sums = document.taxTotals.map(() => new Sum());
  for (const { total, amount } of document.vat) if (total !== undefined) sums[total]?.add(amount);
  for (const [index, { rows, amount }] of document.taxTotals.entries()) {
    const sum = sums[index];
    if (rows > 0 && sum) compareVatTotal(view, report, amount, sum);
  }
}

function compareVatTotal({ document }: EnView, report: Report, amount: string | undefined, sum: Sum): void {
  const expected = rounded(sum.total);
  if (expected === undefined || isMalformed(amount)) return;
  if (unitsOf(amount) !== expected) report(pathOf(document, 'BT-110'), writeUnits(expected), amount ?? ABSENT);
}

function checkVatTotal(view: EnView, report: Report): void {
  if (view.ubl) return checkVatTotalUbl(view, report);
  const sum = new Sum();
  for (const row of view.document.vat) sum.add(row.amount);
  for (const { amount } of ownTaxTotals(view)) compareVatTotal(view, report, amount, sum);
}

function checkGrandTotal(view: EnView, report: Report): void {
  const { document, totals, ubl } = view;
  if (document.currency === undefined) return;
  const net = totals['BT-109'];
  if (!ubl && net !== undefined && totals['BT-112'] === net) return;
  const own = ownTaxTotals(view);
  if (own.length !== 1) return report(pathOf(document, 'BT-110'), `one VAT total in ${document.currency}`, `${own.length}`);
  const vat = unitsOf(own[0]?.amount);
  if (vat === undefined || isMalformed(document.totals['BT-109'])) return;
  if (net === undefined) return report(pathOf(document, 'BT-112'), 'the total without VAT plus the VAT', document.totals['BT-112'] ?? ABSENT);
  mustBe(view, report, 'BT-112', roundCents(net + vat));
}

function checkDue(view: EnView, report: Report): void {
  const { document, totals } = view;
  if (!document.hasTotals || isMalformed(document.totals['BT-112'])) return;
  const paid = optional(view, 'BT-113');
  const rounding = optional(view, 'BT-114');
  const total = totals['BT-112'];
  if (paid === undefined || rounding === undefined) return;
  if (total === undefined) return report(pathOf(document, 'BT-115'), 'the total with VAT minus paid plus rounding', document.totals['BT-115'] ?? ABSENT);
  mustBe(view, report, 'BT-115', total - paid + rounding);
}

/** Whether the difference is below one unit of currency; CII allows it to be just that. */
export const isNear = (left: Units, right: Units, inclusive: boolean): boolean => (inclusive ? absolute(left - right) <= ONE : absolute(left - right) < ONE);

/** The VAT that a rate gives of a base, by absolute values and rounded. */
export const vatOf = (base: Units, rate: Units): Units => roundCents(percentOf(absolute(base), rate));

function checkVatAmounts({ document, ubl }: EnView, report: Report): void {
  for (const [index, row] of document.vat.entries()) {
    if (isMalformed(row.amount) || isMalformed(row.base) || isMalformed(row.rate)) continue;
    const amount = unitsOf(row.amount);
    const rate = isVat(row) ? unitsOf(row.rate) : undefined;
    const base = unitsOf(row.base);
    const expected = rate === undefined || absolute(rate) < ONE / 2n ? 0n : base === undefined ? undefined : vatOf(base, rate);
    const right = amount !== undefined && expected !== undefined && (expected === 0n && (rate === undefined || absolute(rate) < ONE / 2n) ? absolute(amount) < ONE / 2n : isNear(absolute(amount), expected, !ubl));
    if (!right) report(() => pathOf(document, 'BT-117', index), expected === undefined ? 'the base times the rate' : writeUnits(expected), row.amount ?? ABSENT);
  }
}

export const TOTAL_RULES: readonly EnRule[] = [
  rule('BR-CO-10', 'BT-106', 'The sum of the lines (BT-106) is not that of their amounts.', 'La suma de líneas (BT-106) no es la de sus importes.', checkLineTotal),
  rule('BR-CO-11', 'BT-107', 'The sum of allowances (BT-107) is not that of the document level allowances.', 'La suma de descuentos (BT-107) no es la de los descuentos del documento.',
    checkAllowances('BT-107', ({ hasAllowances }) => hasAllowances, ({ allowanceSum }) => allowanceSum)),
  rule('BR-CO-12', 'BT-108', 'The sum of charges (BT-108) is not that of the document level charges.', 'La suma de cargos (BT-108) no es la de los cargos del documento.',
    checkAllowances('BT-108', ({ hasCharges }) => hasCharges, ({ chargeSum }) => chargeSum)),
  rule('BR-CO-13', 'BT-109', 'The total without VAT (BT-109) is not lines minus allowances plus charges.', 'El total sin IVA (BT-109) no es líneas menos descuentos más cargos.', checkNetTotal),
  rule('BR-CO-14', 'BT-110', 'The total VAT (BT-110) is not the sum of the VAT breakdown.', 'El IVA total (BT-110) no es la suma del desglose.', checkVatTotal),
  rule('BR-CO-15', 'BT-112', 'The total with VAT (BT-112) is not the total without VAT plus the VAT.', 'El total con IVA (BT-112) no es el total sin IVA más el IVA.', checkGrandTotal),
  rule('BR-CO-16', 'BT-115', 'The amount due (BT-115) is not the total with VAT minus paid plus rounding.', 'El importe por pagar (BT-115) no es el total con IVA menos lo pagado más el redondeo.', checkDue),
  rule('BR-CO-17', 'BT-117', 'The VAT of a category (BT-117) is not its base times its rate.', 'El IVA de una categoría (BT-117) no es su base por su tipo.', checkVatAmounts),
];
