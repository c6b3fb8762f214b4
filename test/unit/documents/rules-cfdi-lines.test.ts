import { expect } from 'chai';
import fc from 'fast-check';
import { isProduct, isWithin, limitsText, productLimits, rateLimits } from '../../../write-side/documents/rules/cfdi/limits.js';
import { judged } from './given.js';
import { changed, discounted, exempt, found, FOREIGN_TRADE, invoice, payroll, withheld, written, type Attributes, type Case, type Given } from './rules-cfdi.given.js';

const line = (attributes: Attributes) => (given: Given): void => void Object.assign(given.lines[0].attributes, attributes);
const tax = (attributes: Attributes) => (given: Given): void => void Object.assign(given.lines[0].traslados[0] ?? {}, attributes);
const withholding = (attributes: Attributes) => (given: Given): void => void Object.assign(given.lines[0].retenciones[0] ?? {}, attributes);
const both = (...changes: readonly ((given: Given) => void)[]) => (given: Given): void => changes.forEach((change) => change(given));
const inside = (text: string) => (given: Given): void => { given.lines[0].inside = text; };

/** The line without taxes, and the document without their sums. */
const untaxed = (ObjetoImp: string) => both(line({ ObjetoImp }), (given) => {
  given.lines[0].traslados = [];
  Object.assign(given, { totals: undefined, traslados: [] });
  given.comprobante['Total'] = '200.00';
});
/** Excise instead of VAT. */
const excise = (ObjetoImp: string) => both(line({ ObjetoImp }), (given) => {
  const row = { Base: '200.00', Impuesto: '003', TipoFactor: 'Tasa', TasaOCuota: '0.080000', Importe: '16.00' };
  given.lines[0].traslados = [row];
  given.traslados = [row];
  given.totals = { TotalImpuestosTrasladados: '16.00' };
  given.comprobante['Total'] = '216.00';
});
const day = (Fecha: string) => (given: Given): void => void (given.comprobante['Fecha'] = `${Fecha}T10:00:00`);

const part = (attributes: string, customs = ''): string => `<cfdi:Parte ClaveProdServ="27111700" Cantidad="2" Descripcion="Mango"${attributes}>${customs}</cfdi:Parte>`;
const customs = (number: string): string => `<cfdi:InformacionAduanera NumeroPedimento="${number}"/>`;
const NUMBER = '24  24  3420  4000001';

const CASES: readonly Case[] = [
  ['a product that is none', invoice, line({ ClaveProdServ: '99999999' }), ['CFDI40162']],
  ['a unit that is none', invoice, line({ ClaveUnidad: 'PIEZA' }), ['CFDI40165']],
  ['a price of nothing', payroll, both(line({ ValorUnitario: '0.00', Importe: '0.00' }), (given) => void Object.assign(given.comprobante, { SubTotal: '0.00', Total: '0.00' })), ['CFDI40166']],
  ['an amount below its limits', invoice, line({ Importe: '149.24' }), ['CFDI40167', 'CFDI40108']],
  ['an amount above its limits', invoice, line({ Importe: '250.03' }), ['CFDI40167', 'CFDI40108']],
  ['a discount of more decimals than the amount', discounted, line({ Descuento: '100.000' }), ['CFDI40168']],
  ['a discount above the amount', discounted, line({ Descuento: '200.01' }), ['CFDI40169', 'CFDI40111']],
  ['a tax object that is none', invoice, line({ ObjetoImp: '09' }), ['CFDI40170']],
  ['a tax object before its time', invoice, both(untaxed('05'), day('2023-12-05')), ['CFDI40170']],
  ['no taxes where there must be some', invoice, untaxed('02'), ['CFDI40171']],
  ['no excise where the code says so', invoice, untaxed('07'), ['CFDI40171']],
  ['taxes where there must be none', invoice, line({ ObjetoImp: '01' }), ['CFDI40172']],
  ['taxes that are not broken down', invoice, line({ ObjetoImp: '03' }), ['CFDI40172']],
  ['VAT where the code says that there is none', invoice, line({ ObjetoImp: '06' }), ['CFDI40172']],
  ['excise where the code says that there is none', invoice, excise('08'), ['CFDI40172']],
  ['taxes that are empty', invoice, both(untaxed('02'), (given) => { given.lines[0].emptyTaxes = true; }), ['CFDI40173']],
  ['a base of nothing', invoice, tax({ Base: '0.00', Importe: '0.00' }), ['CFDI40174', 'CFDI40215', 'CFDI40221']],
  ['a transferred tax that is none', invoice, tax({ Impuesto: '004' }), ['CFDI40175', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a factor that is none', invoice, tax({ TipoFactor: 'Todo' }), ['CFDI40176', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['an exempt tax with a rate', exempt, tax({ TasaOCuota: '0.000000' }), ['CFDI40177']],
  ['an exempt tax with an amount', exempt, tax({ Importe: '0.00' }), ['CFDI40177']],
  ['a tax without rate', invoice, tax({ TasaOCuota: undefined }), ['CFDI40178', 'CFDI40215', 'CFDI40221', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a tax without amount', invoice, tax({ Importe: undefined }), ['CFDI40178']],
  ['a rate that no law has', invoice, both(tax({ TasaOCuota: '0.150000', Importe: '30.00' }), (given) => {
    Object.assign(given.traslados[0] ?? {}, { TasaOCuota: '0.150000', Importe: '30.00' });
    given.totals = { TotalImpuestosTrasladados: '30.00' };
    given.comprobante['Total'] = '230.00';
  }), ['CFDI40179', 'CFDI40219']],
  ['a tax above its limits', invoice, tax({ Importe: '32.02' }), ['CFDI40180', 'CFDI40221']],
  ['a withheld base of nothing', withheld, withholding({ Base: '0', Importe: '20.00' }), ['CFDI40181', 'CFDI40186']],
  ['a withheld tax that is none', withheld, withholding({ Impuesto: '004' }), ['CFDI40182', 'CFDI40211', 'FOLIO-CFDI-TAX-UNSUMMED']],
  ['a withheld factor that is none', withheld, withholding({ TipoFactor: 'Todo' }), ['CFDI40183']],
  ['a withheld tax that is exempt', withheld, withholding({ TipoFactor: 'Exento' }), ['CFDI40184']],
  ['a withheld rate out of its range', withheld, withholding({ TasaOCuota: '0.350001', Importe: '70.00' }), ['CFDI40185', 'CFDI40211']],
  ['a withheld tax below its limits', withheld, withholding({ Importe: '19.98' }), ['CFDI40186', 'CFDI40211']],
  ['an import declaration in another form', invoice, inside(customs('24 24 3420 4000001')), ['CFDI40194']],
  ['a customs office that is none', invoice, inside(customs('24  99  3420  4000001')), ['CFDI40194']],
  ['an import in foreign trade', invoice, both(inside(customs(NUMBER)), (given) => { given.complement = FOREIGN_TRADE; }), ['CFDI40195']],
  ['a part that is no product', invoice, inside(part('').replace('27111700', '99999999')), ['CFDI40196']],
  ['a part of no price', invoice, inside(part(' ValorUnitario="0"')), ['CFDI40197']],
  ['a part whose amount is wrong', invoice, inside(part(' ValorUnitario="10.00" Importe="30.00"')), ['CFDI40198']],
  ['a part with an import declaration in another form', invoice, inside(part('', customs('24'))), ['CFDI40199']],
  ['a part with an import in foreign trade', invoice, both(inside(part('', customs(NUMBER))), (given) => { given.complement = FOREIGN_TRADE; }), ['CFDI40200']],
];

const RIGHT: readonly Case[] = [
  ['without tax', invoice, untaxed('01'), []],
  ['that causes no tax', invoice, untaxed('04'), []],
  ['whose tax object came in time', invoice, both(untaxed('05'), day('2023-12-06')), []],
  ['of excise alone', invoice, excise('07'), []],
  ['of VAT that is not transferred', invoice, untaxed('06'), []],
  ['with an import declaration', invoice, inside(customs(NUMBER)), []],
  ['with a part', invoice, inside(part(' ValorUnitario="10.00" Importe="20.00"', customs(NUMBER))), []],
  ['whose rate is written shorter', invoice, tax({ TasaOCuota: '0.16' }), []],
  ['whose amount is more exact than cents', invoice, line({ Cantidad: '2.0000', ValorUnitario: '100.0000', Importe: '200.0000' }), []],
];

describe('a line of a CFDI 4.0', () => {
  for (const item of CASES) it(`is not right with ${item[0]}`, () => expect(found(changed(item))).to.have.members(item[3]));
  for (const item of RIGHT) it(`is right ${item[0]}`, () => expect(found(changed(item))).to.deep.equal([]));

  it('of the codes of December 2024 is warned of only', () => {
    const { verdict } = judged(written(changed(['', invoice, line({ ObjetoImp: '06' }), []])));
    expect(verdict.verdict).to.equal('valid-with-warnings');
  });

  it('with a quota of the year whose catalogue is not known is warned of only', () => {
    const quota = both(line({ ObjetoImp: '02' }), (given) => {
      const row = { Base: '2', Impuesto: '003', TipoFactor: 'Cuota', TasaOCuota: '70.000000', Importe: '140.00' };
      given.lines[0].traslados = [row];
      given.traslados = [row];
      given.totals = { TotalImpuestosTrasladados: '140.00' };
      given.comprobante['Total'] = '340.00';
    });
    const severities = (Fecha: string): string[] => judged(written(changed(['', invoice, both(quota, day(Fecha)), []]))).verdict.findings.map(({ code, severity }) => `${code} ${severity}`);
    expect(severities('2025-12-31')).to.have.members(['CFDI40179 error', 'CFDI40219 error']);
    expect(severities('2026-01-01')).to.have.members(['CFDI40179 warning', 'CFDI40219 warning']);
  });

  it('is named in the path of a finding', () => {
    const given = invoice();
    given.lines.push({ ...invoice().lines[0], attributes: { ...invoice().lines[0].attributes, ClaveUnidad: 'NO' } });
    expect(judged(written(given)).verdict.findings.find(({ code }) => code === 'CFDI40165')?.path).to.equal('/Comprobante/Conceptos/Concepto[2]/@ClaveUnidad');
  });
});

describe('the limits of a computed amount', () => {
  const product = (quantity: string, price: string, decimals = 2): string => {
    const limits = productLimits(quantity, price, decimals);
    return limits ? limitsText(limits) : 'none';
  };

  it('are those of the numbers that round to the written ones, as published', () => {
    // 3.0 is 2.95 … 3.05 and 12.5 is 12.45 … 12.55.
    expect(product('3.0', '12.5')).to.equal('36.72 … 38.28');
    expect(product('1', '100')).to.equal('49.75 … 150.75');
    expect(product('2', '100.00')).to.equal('149.99 … 250.02');
    expect(product('1.000000', '924.224956')).to.equal('924.22 … 924.23');
    expect(product('2', '100', 0)).to.equal('149 … 252');
  });

  it('include both ends', () => {
    const limits = rateLimits('200.00', '0.160000', 2);
    if (!limits) throw new Error('no limits');
    expect(limitsText(limits)).to.equal('31.99 … 32.01');
    expect(['31.98', '31.989999', '31.99', '32.01', '32.010001', '32.02'].map((amount) => isWithin(amount, limits))).to.deep.equal([false, false, true, true, false, false]);
  });

  const number = (most: number): fc.Arbitrary<string> => fc.tuple(fc.nat(most), fc.option(fc.stringMatching(/^\d{1,6}$/u), { nil: undefined }))
    .map(([whole, fraction]) => (fraction === undefined ? String(whole) : `${whole}.${fraction}`));

  it('hold whatever the quick way takes for the product', () => {
    let taken = 0;
    fc.assert(fc.property(number(5_000), number(50_000), fc.integer({ min: -2, max: 2 }), fc.constantFrom(0, 2, 3), (quantity, price, cents, decimals) => {
      const amount = (Number(quantity) * Number(price) + cents / 10 ** decimals).toFixed(decimals);
      if (amount.startsWith('-') || !isProduct(quantity, price, amount, decimals)) return;
      taken += 1;
      const limits = productLimits(quantity, price, decimals);
      expect(limits && isWithin(amount, limits), `${quantity} x ${price} = ${amount}`).to.equal(true);
    }), { numRuns: 3_000 });
    expect(taken).to.be.greaterThan(500);
  });

  it('are not asked where the amount is the product', () => {
    expect(isProduct('2', '100.00', '200.00', 2) && isProduct('3', '0.333333', '1.00', 2) && isProduct('3', '0.333333', '0.999999', 2)).to.equal(true);
    expect([isProduct('2', '100.00', '200.01', 2), isProduct('9'.repeat(16), '1', '9'.repeat(16), 2), isProduct('2', '3', undefined, 2)]).to.deep.equal([false, false, false]);
  });

  it('begin at nothing, and are none of what is no number', () => {
    expect(product('0', '0')).to.equal('0.00 … 0.25');
    expect([product('-1', '5'), product('1e3', '5'), product('', '5')]).to.deep.equal(['none', 'none', 'none']);
    expect(rateLimits('100', '0.000000', 2)).to.deep.equal({ least: 0n, greatest: 0n, decimals: 2 });
  });
});
