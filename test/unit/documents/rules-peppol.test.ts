import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { specOf, ublOf } from './en/builder.js';
import { PEPPOL_UBL } from './en/peppol.js';

describe('the rules of Peppol BIS Billing 3', () => {
  it('find nothing in a right document', () => expect(judged(PEPPOL_UBL).verdict.findings).to.deep.equal([]));

  it('are not asked of a document that does not declare them', () => {
    const plain = ublOf(specOf());
    expect(codesOf(replaced(plain, /<cbc:ProfileID>.*?<\/cbc:ProfileID>/u, ''))).to.deep.equal([]);
  });

  it('are warnings for a document that is older than they are', () => {
    const old = replaced(replaced(PEPPOL_UBL, '<cbc:IssueDate>2026-03-14', '<cbc:IssueDate>2019-03-14'), /<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, '');
    expect(judged(old).verdict).to.deep.include({ verdict: 'valid-with-warnings', findingCounts: { 'PEPPOL-EN16931-R003': 1 } });
  });
});
