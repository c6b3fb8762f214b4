import { expect } from 'chai';
import fc from 'fast-check';
import { isProduct, isWithin, limitsText, productLimits, rateLimits } from '../../../write-side/documents/rules/cfdi/limits.js';
import { judged } from './given.js';
import { all, header, line } from './cfdi/changes.js';
import { changed, invoice, written } from './cfdi/given.js';

describe('a line of a CFDI 4.0', () => {

  it('of the codes of December 2024 is warned of only', () => {
    const { verdict } = judged(written(changed(['', invoice, line({ ObjetoImp: '06' }), []])));
    expect(verdict.verdict).to.equal('valid-with-warnings');
  });

  it('with a quota of the year whose catalogue is not known is warned of only', () => {
    const quota = all(line({ ObjetoImp: '02' }), (given) => {
      const row = { Base: '2', Impuesto: '003', TipoFactor: 'Cuota', TasaOCuota: '70.000000', Importe: '140.00' };
      given.lines[0].traslados = [row];
      given.traslados = [row];
      given.totals = { TotalImpuestosTrasladados: '140.00' };
      given.comprobante['Total'] = '340.00';
    });
    const severities = (Fecha: string): string[] => judged(written(changed(['', invoice, all(quota, header({ Fecha: `${Fecha}T10:00:00` })), []]))).verdict.findings.map(({ code, severity }) => `${code} ${severity}`);
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
