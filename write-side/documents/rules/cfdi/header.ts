import { compareMoney, ZERO, type Money } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import type { CatalogueName } from '../../catalogues/port.js';
import type { CfdiDocument, ComprobanteAttribute } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { carriesZero, catalogued, checkCode, COMPROBANTE, dayOfIssue, hasForeignTrade, row, type CfdiRule } from './rule.js';

const ONE = '1' as Money;

const fromCatalogue = (name: ComprobanteAttribute, catalogue: CatalogueName): CfdiRule['check'] => catalogued((document, report, context) =>
  checkCode(catalogue, document.comprobante[name], `${COMPROBANTE}/@${name}`, dayOfIssue(document), report, context));

function checkNoPaymentForm({ comprobante: { FormaPago, TipoDeComprobante } }: CfdiDocument, report: Report): void {
  if (FormaPago !== undefined && ['T', 'N', 'P'].includes(TipoDeComprobante ?? '')) report(`${COMPROBANTE}/@FormaPago`, ABSENT, FormaPago);
}

function checkDeferredForm({ comprobante: { FormaPago, MetodoPago } }: CfdiDocument, report: Report): void {
  if (MetodoPago === 'PPD' && FormaPago !== '99') report(`${COMPROBANTE}/@FormaPago`, '99', FormaPago ?? ABSENT);
}

function checkPaidForm({ comprobante: { FormaPago, MetodoPago } }: CfdiDocument, report: Report): void {
  if (MetodoPago === 'PUE' && FormaPago === '99') report(`${COMPROBANTE}/@FormaPago`, 'how it was paid', FormaPago);
}

/** Payments have no currency of their own, payroll is in pesos. */
const CURRENCY_OF_TYPE: Readonly<Record<string, string>> = { P: 'XXX', N: 'MXN' };

function checkCurrency(document: CfdiDocument, report: Report, context: RuleContext): void {
  const { Moneda, TipoDeComprobante } = document.comprobante;
  checkCode('c_Moneda', Moneda, `${COMPROBANTE}/@Moneda`, dayOfIssue(document), report, context);
  const expected = Object.hasOwn(CURRENCY_OF_TYPE, TipoDeComprobante ?? '') ? CURRENCY_OF_TYPE[TipoDeComprobante ?? ''] : undefined;
  if (expected !== undefined && Moneda !== undefined && Moneda !== expected && context.catalogues.has('c_Moneda', Moneda)) report(`${COMPROBANTE}/@Moneda`, expected, Moneda);
}

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

const RATE = /^\d{1,18}(?:\.\d{1,6})?$/u;

function checkRateForm({ comprobante: { TipoCambio } }: CfdiDocument, report: Report): void {
  if (TipoCambio === undefined) return;
  const written = TipoCambio.trim();
  if (!RATE.test(written) || !/[1-9]/u.test(written)) report(`${COMPROBANTE}/@TipoCambio`, 'more than 0, at most six decimals', TipoCambio);
}

function checkExport(document: CfdiDocument, report: Report): void {
  if (document.comprobante.Exportacion === '02' && !hasForeignTrade(document)) report(`${COMPROBANTE}/Complemento/ComercioExterior`, 'the complement of foreign trade', ABSENT);
}

function checkNoPaymentMethod(document: CfdiDocument, report: Report): void {
  const { MetodoPago } = document.comprobante;
  if (carriesZero(document) && MetodoPago !== undefined) report(`${COMPROBANTE}/@MetodoPago`, ABSENT, MetodoPago);
}

/** Greatest `Total` of `c_TipoDeComprobante` ("valor máximo"); for transfers it is 0, which CFDI40119 tells. */
const GREATEST_TOTAL = '999999999999999999.999999' as Money;
const exceedsTotal = ({ comprobante }: CfdiDocument): boolean => {
  const total = amountOf(comprobante.Total);
  return total !== undefined && compareMoney(total, GREATEST_TOTAL) > 0;
};

function checkGreatTotal(document: CfdiDocument, report: Report): void {
  const { Total = '', Confirmacion } = document.comprobante;
  if (Confirmacion === undefined && exceedsTotal(document)) report(`${COMPROBANTE}/@Total`, `at most ${GREATEST_TOTAL}, or Confirmacion`, Total);
}

/**
 * Pesos for one unit: the least and the greatest of any day since CFDI 4.0 began (Banco de México, rounded outwards), for the currencies that nearly all foreign
 * invoices are in. `c_Moneda` allows up to 500 % more than the rate of the day, and down to nothing.
 */
const RATES: Readonly<Record<string, readonly [least: number, greatest: number]>> = { USD: [16, 22], EUR: [17, 25] };
const VARIATION = 6;

/** Where the rate stands to what is allowed: surely within, surely without, or not to be told without the rate of the day. */
function rateBand({ comprobante: { Moneda = '', TipoCambio } }: CfdiDocument): 'within' | 'without' | 'unknown' {
  if (TipoCambio === undefined) return 'within';
  const [band, rate] = [Object.hasOwn(RATES, Moneda) ? RATES[Moneda] : undefined, amountOf(TipoCambio)];
  if (!band || rate === undefined || compareMoney(rate, ZERO) <= 0) return 'unknown';
  const [least, greatest] = band;
  if (compareMoney(rate, String(greatest * VARIATION) as Money) > 0) return 'without';
  const isUsual = compareMoney(rate, String(least) as Money) >= 0 && compareMoney(rate, String(greatest) as Money) <= 0;
  return isUsual ? 'within' : 'unknown';
}

function checkRateBand(document: CfdiDocument, report: Report): void {
  const { TipoCambio = '', Confirmacion } = document.comprobante;
  if (Confirmacion === undefined && rateBand(document) === 'without') report(`${COMPROBANTE}/@TipoCambio`, 'a rate near that of the day, or Confirmacion', TipoCambio);
}

function checkNeedlessConfirmation(document: CfdiDocument, report: Report): void {
  const { Confirmacion, Total, TipoCambio, Moneda } = document.comprobante;
  if (Confirmacion === undefined || amountOf(Total) === undefined || exceedsTotal(document) || rateBand(document) !== 'within') return;
  const certain = TipoCambio === undefined || Moneda === 'MXN';
  report(`${COMPROBANTE}/@Confirmacion`, ABSENT, Confirmacion, undefined, certain ? 'error' : 'warning');
}

const NO_DAY_RATE = 'SAT, Anexo 20 CFDI 4.0, matriz de errores; the rate of the day is not known here, so only what lies far beyond any is told, as a warning';

export const PAYMENT_RULES: readonly CfdiRule[] = [
  row('CFDI40103', 'FormaPago', checkNoPaymentForm, 'En un comprobante de traslado, nómina o pago no debe existir la forma de pago.', 'A transfer, payroll or payment document must have no form of payment.'),
  row('CFDI40104', 'FormaPago', fromCatalogue('FormaPago', 'c_FormaPago'), 'La forma de pago no es del catálogo.', 'The form of payment is not in the catalogue.'),
  row('CFDI40105', 'FormaPago', checkDeferredForm, 'Con método de pago PPD la forma de pago debe ser 99.', 'With payment method PPD the form of payment must be 99.'),
  row('FOLIO-CFDI-PUE-FORM', 'FormaPago', checkPaidForm, 'Un pago en una sola exhibición tiene la forma de pago 99, por definir.', 'A payment in one instalment has the form of payment 99, to be defined.',
    { severity: 'warning', source: 'Folio; SAT, Guía de llenado de los comprobantes fiscales' }),
  row('CFDI40122', 'Exportacion', checkExport, 'La exportación definitiva con clave A1 exige el complemento de comercio exterior.', 'A definitive export with key A1 needs the complement of foreign trade.'),
  {
    codes: { v40: 'CFDI40123' }, term: 'Exportacion', check: fromCatalogue('Exportacion', 'c_Exportacion'),
    es: 'La clave de exportación no es del catálogo.', en: 'The export code is not in the catalogue.',
  },
  {
    codes: { v40: 'CFDI40124' }, term: 'MetodoPago', check: fromCatalogue('MetodoPago', 'c_MetodoPago'),
    es: 'El método de pago no es del catálogo.', en: 'The payment method is not in the catalogue.',
  },
  {
    codes: { v40: 'CFDI40125' }, term: 'MetodoPago', check: checkNoPaymentMethod,
    es: 'En un comprobante de traslado o de pago no debe existir el método de pago.', en: 'A transfer or payment document must have no payment method.',
  },
  row('CFDI40126', 'LugarExpedicion', fromCatalogue('LugarExpedicion', 'c_CodigoPostal'), 'El código postal del lugar de expedición no es del catálogo.', 'The postal code of the place of issue is not in the catalogue.'),
];

const isType: CfdiRule['check'] = (document, report, context) => {
  // Both versions have these five types; 3.3 is not asked for the day on which those of 4.0 began.
  const day = document.format === 'cfdi-4.0' ? dayOfIssue(document) : undefined;
  checkCode('c_TipoDeComprobante', document.comprobante.TipoDeComprobante, `${COMPROBANTE}/@TipoDeComprobante`, day, report, context);
};

export const CURRENCY_RULES: readonly CfdiRule[] = [
  row('CFDI40113', 'Moneda', catalogued(checkCurrency), 'La moneda no es del catálogo, o no es la que exige el tipo de comprobante.', 'The currency is not in the catalogue, or not the one that the document type demands.'),
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
    codes: { v40: 'CFDI40117', v33: 'CFDI33116' }, term: 'TipoCambio', check: checkRateForm,
    es: 'El tipo de cambio debe ser un número mayor que cero con hasta seis decimales.', en: 'The exchange rate must be a number greater than zero with at most six decimals.',
  },
  row('CFDI40118', 'TipoCambio', checkRateBand, 'El tipo de cambio está muy lejos del que se publica y falta la clave de confirmación.', 'The exchange rate is far from any published one, and there is no confirmation code.',
    { severity: 'warning', source: NO_DAY_RATE }),
  row('CFDI40120', 'Total', checkGreatTotal, 'El total rebasa el valor máximo y falta la clave de confirmación.', 'The total exceeds the greatest value, and there is no confirmation code.'),
  {
    codes: { v40: 'CFDI40121', v33: 'CFDI33120' }, term: 'TipoDeComprobante', check: catalogued(isType),
    es: 'El tipo de comprobante no es del catálogo.', en: 'The document type is not in the catalogue.',
  },
  row('CFDI40127', 'Confirmacion', checkNeedlessConfirmation, 'La clave de confirmación no debe existir cuando el tipo de cambio y el total están en su rango.', 'There must be no confirmation code while exchange rate and total are within their range.'),
];
