import { compareMoney, ZERO, type Money } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import type { CfdiDocument, ComprobanteAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report } from '../rule.js';
import { carriesAmounts, carriesZero, COMPROBANTE, conceptoPath, type CfdiRule } from './rule.js';

const ONE = '1' as Money;

const oneOf = (name: ComprobanteAttribute, values: readonly string[]) => ({ comprobante }: CfdiDocument, report: Report): void => {
  const value = comprobante[name];
  if (value !== undefined && !values.includes(value)) report(`${COMPROBANTE}/@${name}`, values.join(', '), value);
};

function checkPesoRate({ comprobante: { Moneda, TipoCambio } }: CfdiDocument, report: Report): void {
  const rate = amountOf(TipoCambio);
  if (Moneda === 'MXN' && rate !== undefined && compareMoney(rate, ONE) !== 0) report(`${COMPROBANTE}/@TipoCambio`, '1', rate);
}

function checkForeignRate({ comprobante: { Moneda, TipoCambio } }: CfdiDocument, report: Report): void {
  if (Moneda && !['MXN', 'XXX'].includes(Moneda) && TipoCambio === undefined) report(`${COMPROBANTE}/@TipoCambio`, 'the exchange rate', ABSENT);
}

function checkNoCurrencyRate({ comprobante: { Moneda, TipoCambio } }: CfdiDocument, report: Report): void {
  if (Moneda === 'XXX' && TipoCambio !== undefined) report(`${COMPROBANTE}/@TipoCambio`, ABSENT, TipoCambio);
}

function checkRatePositive({ comprobante: { TipoCambio } }: CfdiDocument, report: Report): void {
  const rate = amountOf(TipoCambio);
  if (rate !== undefined && compareMoney(rate, ZERO) <= 0) report(`${COMPROBANTE}/@TipoCambio`, 'more than 0', rate);
}

function checkNoPaymentMethod(document: CfdiDocument, report: Report): void {
  const { MetodoPago } = document.comprobante;
  if (carriesZero(document) && MetodoPago !== undefined) report(`${COMPROBANTE}/@MetodoPago`, ABSENT, MetodoPago);
}

function checkUnitPrice(document: CfdiDocument, report: Report): void {
  if (!carriesAmounts(document)) return;
  document.conceptos.forEach(({ attributes }, index) => {
    const price = amountOf(attributes.ValorUnitario);
    if (price !== undefined && compareMoney(price, ZERO) === 0) report(() => `${conceptoPath(index)}/@ValorUnitario`, 'more than 0', price);
  });
}

export const HEADER_RULES: readonly CfdiRule[] = [
  {
    codes: { v40: 'CFDI40114', v33: 'CFDI33113' }, term: 'TipoCambio', check: checkPesoRate,
    es: 'Con moneda MXN el tipo de cambio debe ser 1.', en: 'With currency MXN the exchange rate must be 1.',
  },
  {
    codes: { v40: 'CFDI40115', v33: 'CFDI33114' }, term: 'TipoCambio', check: checkForeignRate,
    es: 'Con moneda extranjera debe registrarse el tipo de cambio.', en: 'With a foreign currency the exchange rate must be given.',
  },
  {
    codes: { v40: 'CFDI40116', v33: 'CFDI33115' }, term: 'TipoCambio', check: checkNoCurrencyRate,
    es: 'Con moneda XXX no debe existir el tipo de cambio.', en: 'With currency XXX there must be no exchange rate.',
  },
  {
    codes: { v40: 'CFDI40117', v33: 'CFDI33116' }, term: 'TipoCambio', check: checkRatePositive,
    es: 'El tipo de cambio debe ser mayor que cero.', en: 'The exchange rate must be greater than zero.',
  },
  {
    codes: { v40: 'CFDI40121', v33: 'CFDI33120' }, term: 'TipoDeComprobante', check: oneOf('TipoDeComprobante', ['I', 'E', 'T', 'N', 'P']),
    es: 'El tipo de comprobante no es del catálogo.', en: 'The document type is not in the catalogue.',
  },
  {
    codes: { v40: 'CFDI40123' }, term: 'Exportacion', check: oneOf('Exportacion', ['01', '02', '03', '04']),
    es: 'La clave de exportación no es del catálogo.', en: 'The export code is not in the catalogue.',
  },
  {
    codes: { v40: 'CFDI40124' }, term: 'MetodoPago', check: oneOf('MetodoPago', ['PUE', 'PPD']),
    es: 'El método de pago no es del catálogo.', en: 'The payment method is not in the catalogue.',
  },
  {
    codes: { v40: 'CFDI40125' }, term: 'MetodoPago', check: checkNoPaymentMethod,
    es: 'En un comprobante de traslado o de pago no debe existir el método de pago.', en: 'A transfer or payment document must have no payment method.',
  },
  {
    codes: { v40: 'CFDI40166', v33: 'CFDI33147' }, term: 'ValorUnitario', check: checkUnitPrice,
    es: 'El valor unitario debe ser mayor que cero.', en: 'The unit price must be greater than zero.',
  },
];
