import { all, complement, header, inLine, line, lineTax, lineWithholding } from './changes.js';
import { discounted, exempt, FOREIGN_TRADE, invoice, payroll, withheld, type Case } from './given.js';

/** The line without taxes, and the document without their sums. */
const untaxed = (ObjetoImp: string) => all(line({ ObjetoImp }), (given) => {
  given.lines[0].traslados = [];
  Object.assign(given, { totals: undefined, traslados: [] });
  given.comprobante['Total'] = '200.00';
});
/** Excise instead of VAT. */
const excise = (ObjetoImp: string) => all(line({ ObjetoImp }), (given) => {
  const row = { Base: '200.00', Impuesto: '003', TipoFactor: 'Tasa', TasaOCuota: '0.080000', Importe: '16.00' };
  given.lines[0].traslados = [row];
  given.traslados = [row];
  given.totals = { TotalImpuestosTrasladados: '16.00' };
  given.comprobante['Total'] = '216.00';
});

const part = (attributes: string, customs = ''): string => `<cfdi:Parte ClaveProdServ="27111700" Cantidad="2" Descripcion="Mango"${attributes}>${customs}</cfdi:Parte>`;
const customs = (number: string): string => `<cfdi:InformacionAduanera NumeroPedimento="${number}"/>`;
const NUMBER = '24  24  3420  4000001';

export const LINE_CASES: readonly Case[] = [
  ['a product that is none', invoice, line({ ClaveProdServ: '99999999' }), ['CFDI40162']],
  ['a unit that is none', invoice, line({ ClaveUnidad: 'PIEZA' }), ['CFDI40165']],
  ['a price of nothing', payroll, all(line({ ValorUnitario: '0.00', Importe: '0.00' }), (given) => void Object.assign(given.comprobante, { SubTotal: '0.00', Total: '0.00' })), ['CFDI40166']],
  ['an amount below its limits', invoice, line({ Importe: '149.24' }), ['CFDI40167', 'CFDI40108']],
  ['an amount above its limits', invoice, line({ Importe: '250.03' }), ['CFDI40167', 'CFDI40108']],
  ['a discount of more decimals than the amount', discounted, line({ Descuento: '100.000' }), ['CFDI40168']],
  ['a discount above the amount', discounted, line({ Descuento: '200.01' }), ['CFDI40169', 'CFDI40111']],
  ['a tax object that is none', invoice, line({ ObjetoImp: '09' }), ['CFDI40170']],
  ['a tax object before its time', invoice, all(untaxed('05'), header({ Fecha: '2023-12-05T10:00:00' })), ['CFDI40170']],
  ['no taxes where there must be some', invoice, untaxed('02'), ['CFDI40171']],
  ['no excise where the code says so', invoice, untaxed('07'), ['CFDI40171']],
  ['taxes where there must be none', invoice, line({ ObjetoImp: '01' }), ['CFDI40172']],
  ['taxes that are not broken down', invoice, line({ ObjetoImp: '03' }), ['CFDI40172']],
  ['VAT where the code says that there is none', invoice, line({ ObjetoImp: '06' }), ['CFDI40172']],
  ['excise where the code says that there is none', invoice, excise('08'), ['CFDI40172']],
  ['taxes that are empty', invoice, all(untaxed('02'), (given) => { given.lines[0].emptyTaxes = true; }), ['CFDI40173']],
  ['a base of nothing', invoice, lineTax({ Base: '0.00', Importe: '0.00' }), ['CFDI40174', 'CFDI40215', 'CFDI40221']],
  ['a transferred tax that is none', invoice, lineTax({ Impuesto: '004' }), ['CFDI40175', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a factor that is none', invoice, lineTax({ TipoFactor: 'Todo' }), ['CFDI40176', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['an exempt tax with a rate', exempt, lineTax({ TasaOCuota: '0.000000' }), ['CFDI40177']],
  ['an exempt tax with an amount', exempt, lineTax({ Importe: '0.00' }), ['CFDI40177']],
  ['a tax without rate', invoice, lineTax({ TasaOCuota: undefined }), ['CFDI40178', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a tax without amount', invoice, lineTax({ Importe: undefined }), ['CFDI40178']],
  ['a rate that no law has', invoice, all(lineTax({ TasaOCuota: '0.150000', Importe: '30.00' }), (given) => {
    Object.assign(given.traslados[0] ?? {}, { TasaOCuota: '0.150000', Importe: '30.00' });
    given.totals = { TotalImpuestosTrasladados: '30.00' };
    given.comprobante['Total'] = '230.00';
  }), ['CFDI40179', 'CFDI40219']],
  ['a tax above its limits', invoice, lineTax({ Importe: '32.02' }), ['CFDI40180', 'CFDI40221']],
  ['a withheld base of nothing', withheld, lineWithholding({ Base: '0', Importe: '20.00' }), ['CFDI40181', 'CFDI40186']],
  ['a withheld tax that is none', withheld, lineWithholding({ Impuesto: '004' }), ['CFDI40182', 'CFDI40211', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a withheld factor that is none', withheld, lineWithholding({ TipoFactor: 'Todo' }), ['CFDI40183']],
  ['a withheld tax that is exempt', withheld, lineWithholding({ TipoFactor: 'Exento' }), ['CFDI40184']],
  ['a withheld rate out of its range', withheld, lineWithholding({ TasaOCuota: '0.350001', Importe: '70.00' }), ['CFDI40185', 'CFDI40211']],
  ['a withheld tax below its limits', withheld, lineWithholding({ Importe: '19.98' }), ['CFDI40186', 'CFDI40211']],
  ['an import declaration in another form', invoice, inLine(customs('24 24 3420 4000001')), ['CFDI40194']],
  ['a customs office that is none', invoice, inLine(customs('24  99  3420  4000001')), ['CFDI40194']],
  ['an import in foreign trade', invoice, all(inLine(customs(NUMBER)), complement(FOREIGN_TRADE)), ['CFDI40195']],
  ['a part that is no product', invoice, inLine(part('').replace('27111700', '99999999')), ['CFDI40196']],
  ['a part of no price', invoice, inLine(part(' ValorUnitario="0"')), ['CFDI40197']],
  ['a part whose amount is wrong', invoice, inLine(part(' ValorUnitario="10.00" Importe="30.00"')), ['CFDI40198']],
  ['a part with an import declaration in another form', invoice, inLine(part('', customs('24'))), ['CFDI40199']],
  ['a part with an import in foreign trade', invoice, all(inLine(part('', customs(NUMBER))), complement(FOREIGN_TRADE)), ['CFDI40200']],
];

export const RIGHT_LINES: readonly Case[] = [
  ['without tax', invoice, untaxed('01'), []],
  ['that causes no tax', invoice, untaxed('04'), []],
  ['whose tax object came in time', invoice, all(untaxed('05'), header({ Fecha: '2023-12-06T10:00:00' })), []],
  ['of excise alone', invoice, excise('07'), []],
  ['of VAT that is not transferred', invoice, untaxed('06'), []],
  ['with an import declaration', invoice, inLine(customs(NUMBER)), []],
  ['with a part', invoice, inLine(part(' ValorUnitario="10.00" Importe="20.00"', customs(NUMBER))), []],
  ['whose rate is written shorter', invoice, lineTax({ TasaOCuota: '0.16' }), []],
  ['whose amount is more exact than cents', invoice, line({ Cantidad: '2.0000', ValorUnitario: '100.0000', Importe: '200.0000' }), []],
];
