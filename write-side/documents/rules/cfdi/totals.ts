import { addMoney, compareMoney, roundMoney, subtractMoney, sumMoney, ZERO, type Money } from '#contracts/money.js';
import { amountOf, writtenScale } from '../../amounts.js';
import type { Attributes, CfdiDocument, ComprobanteAttribute, TaxAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report } from '../rule.js';
import { carriesAmounts, carriesZero, COMPROBANTE, currencyDecimals, type CfdiRule } from './rule.js';

/** Amounts of the lines, or undefined when one is no amount: then a sum would accuse the wrong field. */
function lineSum({ conceptos }: CfdiDocument, name: 'Importe' | 'Descuento'): Money | undefined {
  const amounts: Money[] = [];
  for (const { attributes } of conceptos) {
    const amount = amountOf(attributes[name] ?? (name === 'Descuento' ? '0' : undefined));
    if (amount === undefined) return undefined;
    amounts.push(amount);
  }
  return sumMoney(amounts);
}

const differs = (left: Money, right: Money): boolean => compareMoney(left, right) !== 0;
const isZero = (amount: Money): boolean => compareMoney(amount, ZERO) === 0;

function checkSubtotal(document: CfdiDocument, report: Report): void {
  const subtotal = amountOf(document.comprobante.SubTotal);
  const sum = lineSum(document, 'Importe');
  if (!carriesAmounts(document) || subtotal === undefined || sum === undefined) return;
  const expected = roundMoney(sum, currencyDecimals(document));
  if (differs(subtotal, expected)) report(`${COMPROBANTE}/@SubTotal`, expected, subtotal);
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

function checkDiscountSum(document: CfdiDocument, report: Report): void {
  const written = document.comprobante.Descuento;
  const path = `${COMPROBANTE}/@Descuento`;
  const inLines = document.conceptos.some(({ attributes }) => attributes.Descuento !== undefined);
  if (!carriesAmounts(document)) {
    if (written !== undefined) report(path, ABSENT, written);
    return;
  }
  if (written === undefined || !inLines) {
    if (inLines) report(path, 'the sum of the line discounts', ABSENT);
    else if (written !== undefined && !isZero(amountOf(written) ?? ZERO)) report(path, ABSENT, written);
    return;
  }
  const [discount, sum] = [amountOf(written), lineSum(document, 'Descuento')];
  if (discount === undefined || sum === undefined) return;
  const expected = roundMoney(sum, currencyDecimals(document));
  if (differs(discount, expected)) report(path, expected, discount);
}

const checkDecimals = (name: ComprobanteAttribute) => (document: CfdiDocument, report: Report): void => {
  const value = document.comprobante[name];
  const decimals = currencyDecimals(document);
  // Payments and transfers write zero in currency XXX, which has no decimals; the matrix lets zero have them.
  if (value === undefined || /^0+(?:\.0+)?$/u.test(value)) return;
  if (writtenScale(value) > decimals) report(`${COMPROBANTE}/@${name}`, `at most ${decimals} decimals`, value);
};

/** Total = subtotal − discount + transferred − withheld, with the totals of the local-taxes complement. */
function expectedTotal({ comprobante, impuestos, localTaxes }: CfdiDocument): Money | undefined {
  const plus = [comprobante.SubTotal, impuestos?.attributes.TotalImpuestosTrasladados ?? '0', localTaxes?.TotaldeTraslados ?? '0'].map(amountOf);
  const minus = [comprobante.Descuento ?? '0', impuestos?.attributes.TotalImpuestosRetenidos ?? '0', localTaxes?.TotaldeRetenciones ?? '0'].map(amountOf);
  if ([...plus, ...minus].includes(undefined)) return undefined;
  const known = (amounts: readonly (Money | undefined)[]): Money => amounts.reduce<Money>((sum, amount) => addMoney(sum, amount ?? ZERO), ZERO);
  return subtractMoney(known(plus), known(minus));
}

function checkTotal(document: CfdiDocument, report: Report): void {
  if (carriesZero(document)) return checkZero('Total')(document, report);
  const [total, computed] = [amountOf(document.comprobante.Total), expectedTotal(document)];
  if (total === undefined || computed === undefined) return;
  const expected = roundMoney(computed, currencyDecimals(document));
  if (differs(total, expected)) report(`${COMPROBANTE}/@Total`, expected, total);
}

type TaxTotal = 'TotalImpuestosRetenidos' | 'TotalImpuestosTrasladados';
const nodesOf = (document: CfdiDocument, name: TaxTotal): readonly Attributes<TaxAttribute>[] =>
  (name === 'TotalImpuestosRetenidos' ? document.impuestos?.retenciones : document.impuestos?.traslados) ?? [];

const checkTaxTotal = (name: TaxTotal) => (document: CfdiDocument, report: Report): void => {
  const total = amountOf(document.impuestos?.attributes[name]);
  const amounts = nodesOf(document, name).map((tax) => amountOf(tax.Importe ?? '0'));
  if (total === undefined || amounts.includes(undefined)) return;
  const sum = amounts.reduce<Money>((left, right) => addMoney(left, right ?? ZERO), ZERO);
  const expected = roundMoney(sum, currencyDecimals(document));
  if (differs(total, expected)) report(`${COMPROBANTE}/Impuestos/@${name}`, expected, total);
};

const checkTaxTotalPresent = (name: TaxTotal) => (document: CfdiDocument, report: Report): void => {
  const taxed = nodesOf(document, name).some((tax) => tax.TipoFactor !== 'Exento');
  if (taxed && document.impuestos?.attributes[name] === undefined) report(`${COMPROBANTE}/Impuestos/@${name}`, 'the sum of the nodes', ABSENT);
};

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
  {
    codes: { v40: 'CFDI40203', v33: 'CFDI33181' }, term: 'TotalImpuestosRetenidos', check: checkTaxTotal('TotalImpuestosRetenidos'),
    es: 'El total de impuestos retenidos no es la suma de las retenciones.', en: 'The total of withheld taxes is not the sum of the withholdings.',
  },
  {
    codes: { v40: 'CFDI40205', v33: 'CFDI33183' }, term: 'TotalImpuestosTrasladados', check: checkTaxTotal('TotalImpuestosTrasladados'),
    es: 'El total de impuestos trasladados no es la suma de los traslados.', en: 'The total of transferred taxes is not the sum of the transfers.',
  },
  {
    codes: { v40: 'CFDI40206' }, term: 'TotalImpuestosRetenidos', check: checkTaxTotalPresent('TotalImpuestosRetenidos'),
    es: 'Hay retenciones y falta el total de impuestos retenidos.', en: 'There are withholdings, but no total of withheld taxes.',
  },
  {
    codes: { v40: 'CFDI40212' }, term: 'TotalImpuestosTrasladados', check: checkTaxTotalPresent('TotalImpuestosTrasladados'),
    es: 'Hay traslados y falta el total de impuestos trasladados.', en: 'There are transferred taxes, but no total of them.',
  },
];
