import { expect } from 'chai';
import { altered, codesOf, judged } from './given.js';
import { EVERYWHERE } from './cfdi/everywhere.js';
import { generated, type Generated } from './cfdi/generated.js';
import { found, written } from './cfdi/given.js';
import { TRUSTED } from './cfdi/seals.js';
import { generatedPayment } from './cfdi/generated-payment.js';

const DOCUMENTS: readonly Generated[] = Array.from({ length: 200 }, (_, seed) => generated(seed));
const FEATURES = [
  'I', 'E', 'T', 'N', 'taxed', 'zero rate', 'exempt', 'border rate', 'excise', 'retentions', 'untaxed', 'discount', 'deductions', 'third party', 'customs', 'property', 'part', 'global invoice', 'receiver abroad',
  'receiver who is a person', 'foreign currency', 'foreign trade', 'deferred payment', 'related documents', 'stamp',
];

describe('a generated CFDI', () => {
  it('breaks no rule, whatever it has, and its seals verify', () => {
    for (const [seed, { given, features }] of DOCUMENTS.entries()) {
      const { verdict } = judged(written(given), { trust: TRUSTED });
      expect(verdict, `seed ${seed}`).to.deep.include({ verdict: 'valid', findings: [] });
      const open = verdict.notChecked.map(({ what }) => what);
      for (const what of features.includes('stamp') ? ['seal', 'certificate-chain', 'stamp-seal'] : ['seal', 'certificate-chain']) expect(open, `seed ${seed}`).not.to.include(what);
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
    for (let seed = 0; seed < 40; seed += 1) expect(judged(generatedPayment(seed), { trust: TRUSTED }).verdict, `seed ${seed}`).to.deep.include({ verdict: 'valid', findings: [] });
  });
});
