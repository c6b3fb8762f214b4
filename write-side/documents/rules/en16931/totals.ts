import { addMoney, compareMoney, roundMoney, subtractMoney, ZERO, type Money } from '#contracts/money.js';
import { decimalOf } from '../../amounts.js';
import type { EnDocument, TaxAmount, TotalTerm } from '../../models/en16931.js';
import { ABSENT, type Report } from '../rule.js';
import { pathOf, rule, type EnRule } from './rule.js';

/** Sum of written amounts; undefined when one is no amount, as then the sum would accuse the wrong field. Absent ones count zero. */
function sumOf(texts: Iterable<string | undefined>): Money | undefined {
  let sum: Money = ZERO;
  for (const text of texts) {
    const amount = decimalOf(text ?? '0');
    if (amount === undefined) return undefined;
    sum = addMoney(sum, amount);
  }
  return sum;
}

const cents = (amount: Money): Money => roundMoney(amount, 2);

function compare(document: EnDocument, report: Report, term: string, found: string | undefined, expected: Money | undefined): void {
  const written = decimalOf(found);
  if (written === undefined || expected === undefined) return;
  if (compareMoney(written, cents(expected)) !== 0) report(pathOf(document, term), cents(expected), written);
}

function checkLineTotal(document: EnDocument, report: Report): void {
  if (document.lines.length > 0) compare(document, report, 'BT-106', document.totals['BT-106'], sumOf(document.lines.map((line) => line.netAmount)));
}

/** BT-107 or BT-108: the sum of document level allowances or charges, absent only where there are none. */
const checkAllowances = (term: 'BT-107' | 'BT-108', charge: boolean) => (document: EnDocument, report: Report): void => {
  const rows = document.allowances.filter((row) => row.charge === charge);
  const written = document.totals[term];
  const expected = sumOf(rows.map((row) => row.amount));
  if (written !== undefined) compare(document, report, term, written, expected);
  else if (rows.length > 0) report(pathOf(document, term), expected ?? 'the sum', ABSENT);
};

/** Terms added and subtracted; the mandatory ones must be there, or their absence is another rule's finding. */
function combine(document: EnDocument, plus: readonly TotalTerm[], minus: readonly TotalTerm[], needed: TotalTerm): Money | undefined {
  if (document.totals[needed] === undefined) return undefined;
  const added = sumOf(plus.map((term) => document.totals[term]));
  const taken = sumOf(minus.map((term) => document.totals[term]));
  return added === undefined || taken === undefined ? undefined : subtractMoney(added, taken);
}

const checkNetTotal = (document: EnDocument, report: Report): void =>
  compare(document, report, 'BT-109', document.totals['BT-109'], combine(document, ['BT-106', 'BT-108'], ['BT-107'], 'BT-106'));

/** Tax totals in the currency of the document; a CII amount without currency is in it. */
const ownTaxTotals = ({ taxTotals, currency }: EnDocument): readonly TaxAmount[] =>
  taxTotals.filter((row) => row.currency === undefined || row.currency === currency);

function checkVatTotal(document: EnDocument, report: Report): void {
  const [own] = ownTaxTotals(document);
  if (own && document.vat.length > 0) compare(document, report, 'BT-110', own.amount, sumOf(document.vat.map((row) => row.amount)));
}

function checkGrandTotal(document: EnDocument, report: Report): void {
  const { totals, currency } = document;
  if (currency === undefined || totals['BT-109'] === undefined) return;
  const own = ownTaxTotals(document);
  // UBL demands the tax total in the document currency exactly once; CII may leave it out where there is no VAT.
  if (own.length > 1 || (own.length === 0 && document.syntax === 'ubl')) {
    report(pathOf(document, 'BT-110'), `exactly one in ${currency}`, String(own.length), 'BT-110');
    return;
  }
  compare(document, report, 'BT-112', totals['BT-112'], sumOf([totals['BT-109'], own[0]?.amount]));
}

const checkDue = (document: EnDocument, report: Report): void =>
  compare(document, report, 'BT-115', document.totals['BT-115'], combine(document, ['BT-112', 'BT-114'], ['BT-113'], 'BT-112'));

export const TOTAL_RULES: readonly EnRule[] = [
  rule('BR-CO-10', 'BT-106', 'The sum of the line net amounts (BT-106) does not equal the lines.',
    'La suma de importes netos (BT-106) no es la de las líneas.', checkLineTotal),
  rule('BR-CO-11', 'BT-107', 'The sum of allowances (BT-107) does not equal the document level allowances.',
    'La suma de descuentos (BT-107) no es la de los descuentos del documento.', checkAllowances('BT-107', false)),
  rule('BR-CO-12', 'BT-108', 'The sum of charges (BT-108) does not equal the document level charges.',
    'La suma de cargos (BT-108) no es la de los cargos del documento.', checkAllowances('BT-108', true)),
  rule('BR-CO-13', 'BT-109', 'The total without VAT (BT-109) is not lines minus allowances plus charges.',
    'El total sin IVA (BT-109) no es líneas menos descuentos más cargos.', checkNetTotal),
  rule('BR-CO-14', 'BT-110', 'The total VAT (BT-110) is not the sum of the VAT breakdown.',
    'El IVA total (BT-110) no es la suma del desglose.', checkVatTotal),
  rule('BR-CO-15', 'BT-112', 'The total with VAT (BT-112) is not the total without VAT plus the VAT.',
    'El total con IVA (BT-112) no es el total sin IVA más el IVA.', checkGrandTotal),
  rule('BR-CO-16', 'BT-115', 'The amount due (BT-115) is not the total with VAT minus paid plus rounding.',
    'El importe por pagar (BT-115) no es el total con IVA menos lo pagado más el redondeo.', checkDue),
];
