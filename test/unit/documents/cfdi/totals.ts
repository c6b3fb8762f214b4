import { all, total, totals, transferred, withholding } from './changes.js';
import { exempt, invoice, payroll, transfer, withheld, type Case, type Given } from './given.js';

export const TOTAL_CASES: readonly Case[] = [
  ['taxes of a transfer', transfer, (given) => { given.totals = {}; }, ['CFDI40201']],
  ['taxes of payroll beside its complement', payroll, (given) => { Object.assign(given, { totals: {}, complement: '<n:Nomina xmlns:n="http://www.sat.gob.mx/nomina12" Version="1.2"/>' }); }, ['CFDI40201']],
  ['a withheld total of too many decimals', withheld, totals({ TotalImpuestosRetenidos: '41.330' }), ['CFDI40202']],
  ['a withheld total that is not the sum', withheld, all(totals({ TotalImpuestosRetenidos: '41.00' }), total('191.00')), ['CFDI40203']],
  ['a transferred total of too many decimals', invoice, totals({ TotalImpuestosTrasladados: '32.000' }), ['CFDI40204']],
  ['a transferred total that is not the sum', invoice, all(totals({ TotalImpuestosTrasladados: '31.00' }), total('231.00')), ['CFDI40205']],
  ['no withheld total', withheld, all(totals({ TotalImpuestosRetenidos: undefined }), total('232.00')), ['CFDI40206', 'CFDI40209']],
  ['a withheld tax that is none', withheld, withholding({ Impuesto: '004' }), ['CFDI40207', 'CFDI40211', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['the same withheld tax twice', withheld, (given) => { given.retenciones = [{ Impuesto: '001', Importe: '20.00' }, { Impuesto: '002', Importe: '21.33' }, { Impuesto: '001', Importe: '0.00' }]; }, ['CFDI40208', 'CFDI40211']],
  ['a withholding of too many decimals', withheld, withholding({ Importe: '20.000' }), ['CFDI40210']],
  ['a withholding that is not that of the lines', withheld, all(withholding({ Importe: '19.00' }), totals({ TotalImpuestosRetenidos: '40.33' }), total('191.67')), ['CFDI40211']],
  ['no transferred total', invoice, all(totals({ TotalImpuestosTrasladados: undefined }), total('200.00')), ['CFDI40212']],
  ['no summary of the taxes of the lines', invoice, all((given) => { Object.assign(given, { totals: undefined, traslados: [] }); }, total('200.00')), ['CFDI40212']],
  ['a transferred tax without base', invoice, transferred({ Base: undefined }), ['CFDI40213']],
  ['a base of too many decimals', invoice, transferred({ Base: '200.000' }), ['CFDI40214']],
  ['a base that is not that of the lines', invoice, transferred({ Base: '199.00' }), ['CFDI40215']],
  ['an exempt base that is not that of the lines', exempt, transferred({ Base: '199.00' }), ['CFDI40216']],
  ['a transferred tax that is none', invoice, transferred({ Impuesto: '004' }), ['CFDI40217', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['the same transferred tax twice', invoice, (given) => { given.traslados = [...given.traslados, { Base: '0', Impuesto: '002', TipoFactor: 'Tasa', TasaOCuota: '0.16', Importe: '0' }]; }, ['CFDI40218', 'CFDI40215', 'CFDI40221']],
  ['a rate that no law has', invoice, transferred({ TasaOCuota: '0.150000' }), ['CFDI40219', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['an amount of too many decimals', invoice, transferred({ Importe: '32.000' }), ['CFDI40220']],
  ['an amount that is not that of the lines', invoice, all(transferred({ Importe: '31.00' }), totals({ TotalImpuestosTrasladados: '31.00' }), total('231.00')), ['CFDI40221']],
  ['a tax of the lines that nothing sums', withheld, all((given) => { given.retenciones.pop(); }, totals({ TotalImpuestosRetenidos: '20.00' }), total('212.00')), ['FOLIO-CFDI-TAX-UNSUMMED']],
];

/** Two lines whose amounts have more decimals than the currency. */
function exact(given: Given): void {
  const [one] = given.lines;
  const other = structuredClone(one);
  Object.assign(one.attributes, { Cantidad: '1', ValorUnitario: '43.1034', Importe: '43.1034' });
  Object.assign(other.attributes, { Cantidad: '1', ValorUnitario: '25.8621', Importe: '25.8621' });
  Object.assign(one.traslados[0] ?? {}, { Base: '43.1034', Importe: '6.8965' });
  Object.assign(other.traslados[0] ?? {}, { Base: '25.8621', Importe: '4.1379' });
  given.lines.push(other);
  Object.assign(given.traslados[0] ?? {}, { Base: '68.97', Importe: '11.03' });
  given.totals = { TotalImpuestosTrasladados: '11.03' };
  Object.assign(given.comprobante, { SubTotal: '68.97', Total: '80.00' });
}

export const RIGHT_TOTALS: readonly Case[] = [
  ['sums what is written, and rounds once', invoice, exact, []],
  ['has the rate in another form', invoice, transferred({ TasaOCuota: '0.16' }), []],
  ['says that nothing was withheld', invoice, totals({ TotalImpuestosRetenidos: '0.00' }), []],
  ['of exempt lines has no total', exempt, () => undefined, []],
];
