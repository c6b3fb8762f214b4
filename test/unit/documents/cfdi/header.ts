import { header } from './changes.js';
import { abroad, discounted, exempt, global, invoice, payroll, transfer, withheld, type Case } from './given.js';

/** Dates, payment, amounts and currency of `Comprobante`. */
export const HEADER_CASES: readonly Case[] = [
  ['a date with a zone', invoice, header({ Fecha: '2025-06-15T10:00:00Z' }), ['CFDI40101']],
  ['a date of another order', invoice, header({ Fecha: '16-03-2025T00:00:00' }), ['CFDI40101']],
  ['no form of payment is asked of a transfer', transfer, header({ FormaPago: '03' }), ['CFDI40103']],
  ['a form of payment in payroll', payroll, header({ FormaPago: '03' }), ['CFDI40103']],
  ['a form of payment in words', invoice, header({ FormaPago: 'EFECTIVO' }), ['CFDI40104']],
  ['a deferred payment whose form is known', invoice, header({ MetodoPago: 'PPD' }), ['CFDI40105']],
  ['a deferred payment without form', invoice, header({ MetodoPago: 'PPD', FormaPago: undefined }), ['CFDI40105']],
  ['a payment at once whose form is not known', invoice, header({ FormaPago: '99' }), ['FOLIO-CFDI-PUE-FORM']],
  ['a subtotal with too many decimals', invoice, header({ SubTotal: '200.000' }), ['CFDI40107']],
  ['a subtotal that is not the sum of its lines', invoice, header({ SubTotal: '199.99' }), ['CFDI40108', 'CFDI40119']],
  ['a subtotal in a transfer', transfer, header({ SubTotal: '200', Moneda: 'XXX' }), ['CFDI40109']],
  ['a discount above the subtotal', discounted, header({ Descuento: '200.01' }), ['CFDI40110', 'CFDI40111', 'CFDI40119']],
  ['a discount that is not the sum of those of the lines', discounted, header({ Descuento: '99.00' }), ['CFDI40111', 'CFDI40119']],
  ['a discount of the lines that the document does not have', discounted, header({ Descuento: undefined, Total: '216.00' }), ['CFDI40111']],
  ['a discount that no line has', invoice, header({ Descuento: '1.00', Total: '231.00' }), ['CFDI40111']],
  ['a discount in a transfer', transfer, header({ Descuento: '0' }), ['CFDI40111']],
  ['a discount in a line of a transfer', transfer, (given) => { given.lines[0].attributes['Descuento'] = '0'; }, ['CFDI40111']],
  ['a discount with too many decimals', discounted, header({ Descuento: '100.000' }), ['CFDI40112']],
  ['a currency that is none', invoice, header({ Moneda: 'MEX', TipoCambio: '1' }), ['CFDI40113']],
  ['payroll in dollars', payroll, header({ Moneda: 'USD', TipoCambio: '18' }), ['CFDI40113']],
  ['a peso rate other than one', invoice, header({ TipoCambio: '2' }), ['CFDI40114']],
  ['a foreign currency without its rate', invoice, header({ Moneda: 'USD' }), ['CFDI40115']],
  ['a rate without currency', transfer, header({ TipoCambio: '1' }), ['CFDI40116']],
  ['a rate with sixteen decimals', invoice, header({ Moneda: 'USD', TipoCambio: '20.0000000000000001' }), ['CFDI40117']],
  ['a rate of zero', invoice, header({ Moneda: 'USD', TipoCambio: '0.000000' }), ['CFDI40117']],
  ['a rate beyond anything', invoice, header({ Moneda: 'USD', TipoCambio: '2000' }), ['CFDI40118']],
  ['a total that does not add up', invoice, header({ Total: '232.01' }), ['CFDI40119']],
  ['a total in a transfer', transfer, header({ Total: '1' }), ['CFDI40119']],
  ['a total of nineteen digits', invoice, header({ Total: '1000000000000000000.00' }), ['CFDI40120', 'CFDI301', 'CFDI40119']],
  ['a document type that is none', invoice, header({ TipoDeComprobante: 'X' }), ['CFDI40121']],
  ['a definitive export without its complement', abroad, header({ Exportacion: '02' }), ['CFDI40122']],
  ['an export code that is none', invoice, header({ Exportacion: '09' }), ['CFDI40123']],
  ['an export code before its time', invoice, header({ Exportacion: '04', Fecha: '2022-01-31T10:00:00' }), ['CFDI40123']],
  ['a payment method that is none', invoice, header({ MetodoPago: 'AHORITA' }), ['CFDI40124']],
  ['a payment method in a transfer', transfer, header({ MetodoPago: 'PUE' }), ['CFDI40125']],
  ['a place of issue in words', invoice, header({ LugarExpedicion: 'MEXICO' }), ['CFDI40126']],
  ['a postal code that nobody has', invoice, header({ LugarExpedicion: '00001' }), ['CFDI40126']],
  ['a confirmation that nothing asks for', invoice, header({ Confirmacion: 'ABC12' }), ['CFDI40127']],
  ['a confirmation of a usual rate', invoice, header({ Moneda: 'USD', TipoCambio: '18.5', Confirmacion: 'ABC12' }), ['CFDI40127']],
];

/** What must not be found: the other side of rules that are easily too strict. */
export const RIGHT_HEADERS: readonly Case[] = [
  ['an invoice', invoice, header({}), []],
  ['withheld taxes', withheld, header({}), []],
  ['a discount', discounted, header({}), []],
  ['an exempt line', exempt, header({}), []],
  ['a global invoice', global, header({}), []],
  ['a customer abroad', abroad, header({}), []],
  ['a transfer', transfer, header({}), []],
  ['payroll', payroll, header({}), []],
  ['a credit note', invoice, header({ TipoDeComprobante: 'E' }), []],
  ['a deferred payment', invoice, header({ MetodoPago: 'PPD', FormaPago: '99' }), []],
  ['a peso rate of one, however written', invoice, header({ TipoCambio: '1.000000' }), []],
  ['zeros with decimals where the currency has none', transfer, header({ SubTotal: '0.00', Total: '0.000000' }), []],
  ['yen', invoice, (given) => {
    header({ Moneda: 'JPY', TipoCambio: '0.13', SubTotal: '200', Total: '232' })(given);
    Object.assign(given.traslados[0] ?? {}, { Base: '200', Importe: '32' });
    given.totals = { TotalImpuestosTrasladados: '32' };
  }, []],
  ['a rate that needed a confirmation', invoice, header({ Moneda: 'USD', TipoCambio: '2000', Confirmacion: 'ABC12' }), []],
  ['a discount of nothing', invoice, header({ Descuento: '0.00' }), []],
  ['white space that the schema collapses', invoice, (given) => { given.lines[0].attributes['Descripcion'] = ' Llave  '; }, []],
];
