import { expect } from 'chai';
import { judged } from './given.js';
import { CATEGORY_CODES, ciiOf, specOf, ublOf } from './en/builder.js';

describe('the families of VAT categories', () => {
  for (const [syntax, write] of [['UBL', ublOf], ['CII', ciiOf]] as const) {
    for (const category of CATEGORY_CODES) {
      it(`find nothing in a right ${syntax} document of category ${category}`, () => {
        for (const root of ['Invoice', 'CreditNote'] as const) expect(judged(write(specOf(category, { root }))).verdict.findings).to.deep.equal([]);
      });
    }
  }
});
