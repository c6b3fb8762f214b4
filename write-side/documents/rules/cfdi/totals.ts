import { addMoney, compareMoney, roundMoney, subtractMoney, ZERO, type Money } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import { Sum } from '../../decimal.js';
import type { CfdiDocument, ComprobanteAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { carriesAmounts, carriesZero, checkScale, COMPROBANTE, currencyDecimals, unsigned, type CfdiRule } from './rule.js';

/** Amounts of the lines, rounded to the decimals of the currency; undefined when one is no amount. */
function lineSum({ conceptos }: CfdiDocument, name: 'Importe' | 'Descuento', decimals: number): Money | undefined {
  const sum = new Sum(unsigned);
  for (const { attributes } of conceptos) sum.add(attributes[name] ?? (name === 'Descuento' ? '0' : undefined));
  return sum.rounded(decimals);
}

const differs = (left: Money, right: Money): boolean => compareMoney(left, right) !== 0;
const isZero = (amount: Money): boolean => compareMoney(amount, ZERO) === 0;

function checkSubtotal(document: CfdiDocument, report: Report, context: RuleContext): void {
  const subtotal = amountOf(document.comprobante.SubTotal);
  if (!carriesAmounts(document) || subtotal === undefined) return;
  const expected = lineSum(document, 'Importe', currencyDecimals(document, context));
  if (expected !== undefined && differs(subtotal, expected)) report(`${COMPROBANTE}/@SubTotal`, expected, subtotal);
}

const checkZero = (name: 'SubTotal' | 'Total') => (document: CfdiDocument, report: Report): void => {
  const amount = amountOf(document.comprobante[name]);
  if (carriesZero(document) && amount !== undefined && !isZero(amount)) report(`${COMPROBANTE}/@${name}`, '0', amount);
};

function checkDiscountBelowSubtotal({ comprobante }: CfdiDocument, report: Report): void {
  const [discount, subtotal] = [amountOf(comprobante.Descuento), amountOf(comprobante.SubTotal)];
  if (discount === undefined || subtotal === undefined) return;
  if (compareMoney(discount, subtotal) > 0) report(`${COMPROBANTE}/@Descuento`, `at most ${subtotal}`, discount);
}

function checkDiscountSum(document: CfdiDocument, report: Report, context: RuleContext): void {
  const written = document.comprobante.Descuento;
  const path = `${COMPROBANTE}/@Descuento`;
  const inLines = document.conceptos.some(({ attributes }) => attributes.Descuento !== undefined);
  if (!carriesAmounts(document)) {
    if (written !== undefined || inLines) report(path, ABSENT, written ?? 'a line with discount');
    return;
  }
  if (written === undefined || !inLines) {
    if (inLines) report(path, 'the sum of the line discounts', ABSENT);
    else if (written !== undefined && !isZero(amountOf(written) ?? ZERO)) report(path, ABSENT, written);
    return;
  }
  const [discount, expected] = [amountOf(written), lineSum(document, 'Descuento', currencyDecimals(document, context))];
  if (discount !== undefined && expected !== undefined && differs(discount, expected)) report(path, expected, discount);
}

const checkDecimals = (name: ComprobanteAttribute) => (document: CfdiDocument, report: Report, context: RuleContext): void => {
  checkScale(document.comprobante[name], `${COMPROBANTE}/@${name}`, currencyDecimals(document, context), report);
};

/** Total = subtotal − discount + transferred − withheld, with the totals of the local-taxes complement. */
function expectedTotal({ comprobante, impuestos, localTaxes }: CfdiDocument): Money | undefined {
  const plus = [comprobante.SubTotal, impuestos?.attributes.TotalImpuestosTrasladados ?? '0', localTaxes?.TotaldeTraslados ?? '0'].map(amountOf);
  const minus = [comprobante.Descuento ?? '0', impuestos?.attributes.TotalImpuestosRetenidos ?? '0', localTaxes?.TotaldeRetenciones ?? '0'].map(amountOf);
  if ([...plus, ...minus].includes(undefined)) return undefined;
  const known = (amounts: readonly (Money | undefined)[]): Money => amounts.reduce<Money>((sum, amount) => addMoney(sum, amount ?? ZERO), ZERO);
  return subtractMoney(known(plus), known(minus));
}

function checkTotal(document: CfdiDocument, report: Report, context: RuleContext): void {
  if (carriesZero(document)) return checkZero('Total')(document, report);
  const [total, computed] = [amountOf(document.comprobante.Total), expectedTotal(document)];
  if (total === undefined || computed === undefined) return;
  const expected = roundMoney(computed, currencyDecimals(document, context));
  if (differs(total, expected)) report(`${COMPROBANTE}/@Total`, expected, total);
}

export const TOTAL_RULES: readonly CfdiRule[] = [
  {
    codes: { v40: 'CFDI40107', v33: 'CFDI33106' }, term: 'SubTotal', check: checkDecimals('SubTotal'),
    es: 'El subtotal tiene más decimales de los que soporta la moneda.', en: 'The subtotal has more decimals than the currency allows.',
  },
  {
    codes: { v40: 'CFDI40108', v33: 'CFDI33107' }, term: 'SubTotal', check: checkSubtotal,
    es: 'El subtotal no es la suma de los importes de los conceptos.', en: 'The subtotal is not the sum of the line amounts.',
  },
  {
    codes: { v40: 'CFDI40109', v33: 'CFDI33108' }, term: 'SubTotal', check: checkZero('SubTotal'),
    es: 'En un comprobante de traslado o de pago el subtotal debe ser cero.', en: 'In a transfer or payment document the subtotal must be zero.',
  },
  {
    codes: { v40: 'CFDI40110', v33: 'CFDI33109' }, term: 'Descuento', check: checkDiscountBelowSubtotal,
    es: 'El descuento es mayor que el subtotal.', en: 'The discount is greater than the subtotal.',
  },
  {
    codes: { v40: 'CFDI40111', v33: 'CFDI33110' }, term: 'Descuento', check: checkDiscountSum,
    es: 'El descuento no es la suma de los descuentos de los conceptos, o sobra o falta.',
    en: 'The discount is not the sum of the line discounts, or is there without them or missing with them.',
  },
  {
    codes: { v40: 'CFDI40112', v33: 'CFDI33111' }, term: 'Descuento', check: checkDecimals('Descuento'),
    es: 'El descuento tiene más decimales de los que soporta la moneda.', en: 'The discount has more decimals than the currency allows.',
  },
  {
    codes: { v40: 'CFDI40119', v33: 'CFDI33118' }, term: 'Total', check: checkTotal,
    es: 'El total no es subtotal menos descuento más impuestos trasladados menos retenidos.',
    en: 'The total is not subtotal minus discount plus transferred taxes minus withheld taxes.',
  },
];
