import { expect } from 'chai';
import fc from 'fast-check';
import { fromCodeRanges, toCodeRanges } from '#contracts/invoice/code-ranges.js';

describe('codes and ranges of them', () => {
  it('joins what follows each other, where that is shorter', () => {
    expect(toCodeRanges(['BR-10', 'BR-08', 'BR-09', 'CFDI40101', 'CFDI40102', 'FOLIO-X', 'BR-CO-10', 'BR-11', 'BR-9'])).to.deep.equal(['BR-08..11', 'BR-9', 'BR-CO-10', 'CFDI40101', 'CFDI40102', 'FOLIO-X']);
  });

  it('gives back the same set, whatever the codes are', () => {
    const code = fc.oneof(fc.tuple(fc.constantFrom('CFDI40', 'BR-', 'UBL-CR-', '', '1', '..'), fc.integer({ min: 0, max: 130 }), fc.boolean()).map(([prefix, number, wide]) => `${prefix}${wide ? String(number).padStart(3, '0') : number}`), fc.string({ maxLength: 8 }).filter((text) => !text.includes('..')));
    fc.assert(fc.property(fc.array(code.filter((text) => !/\d\.\.\d/u.test(text)), { maxLength: 200 }), (codes) => {
      expect(fromCodeRanges(toCodeRanges(codes)).toSorted()).to.deep.equal([...new Set(codes)].toSorted());
    }));
  });

  it('takes what only looks like a range for a code', () => {
    const odd = ['BR-10..9', 'BR-1..10', 'BR-5..4', 'A0..999999999', '..', 'A..B'];
    expect(fromCodeRanges(odd)).to.deep.equal(odd);
  });
});
