import { expect } from 'chai';
import fc from 'fast-check';
import { roundMoney, sumMoney, type Money } from '#contracts/money.js';
import { ExactSum } from '../../../write-side/documents/rules/cfdi/exact-sum.js';
import { changed, exempt, found, invoice, payroll, transfer, withheld, type Attributes, type Case, type Given } from './rules-cfdi.given.js';

const totals = (attributes: Attributes) => (given: Given): void => void (given.totals = { ...given.totals, ...attributes });
const transferred = (attributes: Attributes) => (given: Given): void => void Object.assign(given.traslados[0] ?? {}, attributes);
const withholding = (attributes: Attributes) => (given: Given): void => void Object.assign(given.retenciones[0] ?? {}, attributes);
const total = (Total: string) => (given: Given): void => void (given.comprobante['Total'] = Total);
const both = (...changes: readonly ((given: Given) => void)[]) => (given: Given): void => changes.forEach((change) => change(given));

const CASES: readonly Case[] = [
  ['taxes of a transfer', transfer, (given) => { given.totals = {}; }, ['CFDI40201']],
  ['taxes of payroll beside its complement', payroll, (given) => { Object.assign(given, { totals: {}, complement: '<n:Nomina xmlns:n="http://www.sat.gob.mx/nomina12" Version="1.2"/>' }); }, ['CFDI40201']],
  ['a withheld total of too many decimals', withheld, totals({ TotalImpuestosRetenidos: '41.330' }), ['CFDI40202']],
  ['a withheld total that is not the sum', withheld, both(totals({ TotalImpuestosRetenidos: '41.00' }), total('191.00')), ['CFDI40203']],
  ['a transferred total of too many decimals', invoice, totals({ TotalImpuestosTrasladados: '32.000' }), ['CFDI40204']],
  ['a transferred total that is not the sum', invoice, both(totals({ TotalImpuestosTrasladados: '31.00' }), total('231.00')), ['CFDI40205']],
  ['no withheld total', withheld, both(totals({ TotalImpuestosRetenidos: undefined }), total('232.00')), ['CFDI40206', 'CFDI40209']],
  ['a withheld tax that is none', withheld, withholding({ Impuesto: '004' }), ['CFDI40207', 'CFDI40211', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['the same withheld tax twice', withheld, (given) => { given.retenciones = [{ Impuesto: '001', Importe: '20.00' }, { Impuesto: '002', Importe: '21.33' }, { Impuesto: '001', Importe: '0.00' }]; }, ['CFDI40208', 'CFDI40211']],
  ['a withholding of too many decimals', withheld, withholding({ Importe: '20.000' }), ['CFDI40210']],
  ['a withholding that is not that of the lines', withheld, both(withholding({ Importe: '19.00' }), totals({ TotalImpuestosRetenidos: '40.33' }), total('191.67')), ['CFDI40211']],
  ['no transferred total', invoice, both(totals({ TotalImpuestosTrasladados: undefined }), total('200.00')), ['CFDI40212']],
  ['no summary of the taxes of the lines', invoice, both((given) => { Object.assign(given, { totals: undefined, traslados: [] }); }, total('200.00')), ['CFDI40212']],
  ['a transferred tax without base', invoice, transferred({ Base: undefined }), ['CFDI40213']],
  ['a base of too many decimals', invoice, transferred({ Base: '200.000' }), ['CFDI40214']],
  ['a base that is not that of the lines', invoice, transferred({ Base: '199.00' }), ['CFDI40215']],
  ['an exempt base that is not that of the lines', exempt, transferred({ Base: '199.00' }), ['CFDI40216']],
  ['a transferred tax that is none', invoice, transferred({ Impuesto: '004' }), ['CFDI40217', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['the same transferred tax twice', invoice, (given) => { given.traslados = [...given.traslados, { Base: '0', Impuesto: '002', TipoFactor: 'Tasa', TasaOCuota: '0.16', Importe: '0' }]; }, ['CFDI40218', 'CFDI40215', 'CFDI40221']],
  ['a rate that no law has', invoice, transferred({ TasaOCuota: '0.150000' }), ['CFDI40219', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['an amount of too many decimals', invoice, transferred({ Importe: '32.000' }), ['CFDI40220']],
  ['an amount that is not that of the lines', invoice, both(transferred({ Importe: '31.00' }), totals({ TotalImpuestosTrasladados: '31.00' }), total('231.00')), ['CFDI40221']],
  ['a tax of the lines that nothing sums', withheld, both((given) => { given.retenciones.pop(); }, totals({ TotalImpuestosRetenidos: '20.00' }), total('212.00')), ['FOLIO-CFDI-TAX-UNSUMMED']],
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

const RIGHT: readonly Case[] = [
  ['sums what is written, and rounds once', invoice, exact, []],
  ['has the rate in another form', invoice, transferred({ TasaOCuota: '0.16' }), []],
  ['says that nothing was withheld', invoice, totals({ TotalImpuestosRetenidos: '0.00' }), []],
  ['of exempt lines has no total', exempt, () => undefined, []],
];

describe('a sum of written amounts', () => {
  const amount = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(12)).map(([units, scale]) => {
    const digits = units.toString().padStart(scale + 1, '0');
    return (scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`) as Money;
  });

  it('is exact, whatever their sizes and decimals', () => {
    fc.assert(fc.property(fc.array(amount, { maxLength: 40 }), fc.constantFrom(0, 2, 4), (amounts, decimals) => {
      const sum = new ExactSum();
      for (const text of amounts) sum.add(text);
      expect(sum.rounded(decimals)).to.equal(roundMoney(sumMoney(amounts), decimals));
    }), { numRuns: 500 });
  });

  it('is none of what is no amount', () => {
    for (const text of [undefined, '', '-1', '1e3', ' 1', '1.', '9'.repeat(25)]) {
      const sum = new ExactSum();
      sum.add('1.00');
      sum.add(text);
      sum.add('1.00');
      expect(sum.rounded(2)).to.equal(undefined);
    }
  });
});

describe('the summary of taxes of a CFDI 4.0', () => {
  for (const item of CASES) it(`is not right with ${item[0]}`, () => expect(found(changed(item))).to.have.members(item[3]));
  for (const item of RIGHT) it(`that ${item[0]} is right`, () => expect(found(changed(item))).to.deep.equal([]));
});
