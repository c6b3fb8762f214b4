import { expect } from 'chai';
import fc from 'fast-check';
import { cfdi, codesOf, judged, readWell, replaced } from './given.js';
import { payment, twoPayments } from './cfdi/payment.js';
import { judgeRule } from '../../../write-side/documents/index.js';

/** The codes of the payments matrix that a document breaks. */
const crp = (text: string): string[] => codesOf(text).filter((code) => code.startsWith('CRP'));

describe('a right payment', () => {
  it('breaks no rule of payments, in one currency or three', () => {
    expect(crp(payment())).to.deep.equal([]);
    expect(crp(twoPayments())).to.deep.equal([]);
  });

  it('is not asked of an invoice', () => {
    expect(judged(cfdi()).verdict.checked.filter((code) => code.startsWith('CRP'))).to.deep.equal([]);
    expect(judgeRule('CRP20101', readWell(cfdi()))).to.equal(undefined);
    expect(judged(payment()).verdict.checked).to.include.members(['CRP20101', 'CRP20274', 'CFDI40102']);
  });

  it('leaves open what needs a connection, and says so', () => {
    expect(judged(payment()).verdict.notChecked.map(({ what }) => what)).to.include.members(['CRP20216', 'CRP20222']).and.not.include('complement Pagos');
  });
});

describe('the rules of payments', () => {
  it('ask for a confirmation above the limit of the catalogue', () => {
    const huge = replaced(twoPayments(), 'Monto="100.00"', 'Monto="99999999999999999999"');
    expect(crp(huge)).to.include('CRP20220');
    expect(crp(replaced(huge, ' LugarExpedicion', ' Confirmacion="aB1cD" LugarExpedicion'))).not.to.include('CRP20220');
  });

  it('take between currencies what the roundings of amount and equivalence allow, and no more', () => {
    expect(crp(replaced(twoPayments(), 'ImpPagado="90.91" ImpSaldoInsoluto="409.09"', 'ImpPagado="90.92" ImpSaldoInsoluto="409.08"'))).to.deep.equal([]);
    expect(crp(replaced(twoPayments(), 'ImpPagado="90.91" ImpSaldoInsoluto="409.09"', 'ImpPagado="90.95" ImpSaldoInsoluto="409.05"'))).to.deep.equal(['CRP20217']);
  });

  it('warn of two records of a tax in one related document', () => {
    const twice = replaced(payment(), /(<pago20:TrasladoDR BaseDR="50.00".*?\/>)/u, '$1$1');
    expect(judged(replaced(twice, 'BaseP="50.00"', 'BaseP="100.00"')).verdict.findings.find(({ code }) => code === 'CRP20271')).to.include({ severity: 'warning' });
  });

  it('tell the place of a breach', () => {
    const [finding] = judgeRule('CRP20241', readWell(replaced(twoPayments(), 'ImpPagado="90.91"', 'ImpPagado="0"'))) ?? [];
    expect(finding).to.include({ path: '/Comprobante/Complemento/Pagos/Pago[2]/DoctoRelacionado[1]/@ImpPagado', term: 'ImpPagado', found: '0', severity: 'error' });
  });

  it('are silent where another rule tells', () => {
    expect(crp(replaced(payment(), 'ImporteDR="160.00"', 'ImporteDR="1e2"'))).to.deep.equal(['CRP20999']);
    expect(crp(replaced(payment(), 'MonedaDR="MXN"', ''))).to.deep.equal(['CRP20999']);
  });

  it('judge thousands of related documents in seconds', () => {
    const many = replaced(payment(), /(<pago20:DoctoRelacionado .*<\/pago20:DoctoRelacionado>)/u, '$1'.repeat(5_000));
    const started = performance.now();
    judged(many);
    expect(performance.now() - started).to.be.lessThan(5_000);
  });

  it('never throw, whatever stands in the place of any attribute or any element', () => {
    const text = twoPayments();
    const value = fc.oneof(fc.string(), fc.constantFrom('-1', '1e400', '9'.repeat(60), `0.${'1'.repeat(80)}`, '', '-', '.', '2026-13-45', '0', '00000000000000000000000000.000000000000'));
    fc.assert(fc.property(fc.nat(), value.map((junk) => junk.replace(/[&<>"]/gu, '')), fc.boolean(), (place, junk, isCut) => {
      const places = [...text.matchAll(isCut ? /<pago20:\w+ [^>]*\/>/gu : /="[^"]*"/gu)];
      const target = places[place % places.length];
      if (target) judged(`${text.slice(0, target.index)}${isCut ? '' : `="${junk}"`}${text.slice(target.index + target[0].length)}`);
    }), { numRuns: 600 });
  });
});
