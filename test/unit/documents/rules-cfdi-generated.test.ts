import { expect } from 'chai';
import { altered, codesOf, judged } from './given.js';
import { EVERYWHERE } from './cfdi/everywhere.js';
import { generated, type Generated } from './cfdi/generated.js';
import { found, written } from './cfdi/given.js';
import { generatedPayment } from './cfdi/generated-payment.js';

const DOCUMENTS: readonly Generated[] = Array.from({ length: 200 }, (_, seed) => generated(seed));
const FEATURES = [
  'I', 'E', 'T', 'N', 'taxed', 'zero rate', 'exempt', 'border rate', 'excise', 'retentions', 'untaxed', 'discount', 'deductions', 'third party', 'customs', 'property', 'part', 'global invoice', 'receiver abroad',
  'receiver who is a person', 'foreign currency', 'foreign trade', 'deferred payment', 'related documents', 'stamp',
];

describe('a generated CFDI', () => {
  it('breaks no rule, whatever it has, and its seal verifies', () => {
    for (const [seed, { given }] of DOCUMENTS.entries()) {
      const { verdict } = judged(written(given));
      expect(verdict, `seed ${seed}`).to.deep.include({ verdict: 'valid', findings: [] });
      expect(verdict.notChecked.map(({ what }) => what), `seed ${seed}`).not.to.include('seal');
    }
  });

  it('has everything that a CFDI may have, each several times', () => {
    for (const feature of FEATURES) expect(DOCUMENTS.filter(({ features }) => features.includes(feature)).length, feature).to.be.greaterThan(4);
  });

  for (const { code, change, applies = () => true, companions = () => [] } of EVERYWHERE) {
    it(`breaks ${code} by one change, whatever else it has`, () => {
      let count = 0;
      for (const [seed, { given }] of DOCUMENTS.entries()) {
        if (seed % 5 !== 0 || !applies(given)) continue;
        count += 1;
        const broken = structuredClone(given);
        change(broken);
        expect(found(broken), `seed ${seed}`).to.have.members([code, ...companions(broken)]);
      }
      expect(count).to.be.greaterThan(4);
    });
  }

  it('is sealed as a whole: one character changed behind the seal is found', () => {
    for (const { given } of DOCUMENTS.filter((_, seed) => seed % 8 === 0)) expect(codesOf(altered(written(given), / Nombre="./u, ' Nombre="~'))).to.deep.equal(['CFDI40102']);
  });
});

describe('a generated payment', () => {
  it('breaks no rule, whatever it pays', () => {
    for (let seed = 0; seed < 40; seed += 1) expect(judged(generatedPayment(seed)).verdict, `seed ${seed}`).to.deep.include({ verdict: 'valid', findings: [] });
  });
});
