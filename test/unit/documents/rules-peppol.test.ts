import { expect } from 'chai';
import { listRules } from '../../../write-side/documents/index.js';
import { codesOf, judged, replaced } from './given.js';
import { specOf, ublOf } from './en/builder.js';
import { PEPPOL_UBL } from './en/peppol.js';

describe('the rules of Peppol BIS Billing 3', () => {
  it('find nothing in a right document', () => expect(judged(PEPPOL_UBL).verdict.findings).to.deep.equal([]));

  it('are not asked of a document that does not declare them', () => {
    const plain = ublOf(specOf());
    expect(codesOf(replaced(plain, /<cbc:ProfileID>.*?<\/cbc:ProfileID>/u, ''))).to.deep.equal([]);
  });

  it('of countries are remarks or refuse, as their authority has it', () => {
    const warnings = listRules().filter(({ code, severity }) => /^(?!BR)[A-Z]{2}-[RS]-/u.test(code) && severity !== 'error').map(({ code }) => code);
    expect(warnings).to.have.members(['NO-R-002', 'DK-R-003', 'DK-R-017', 'SE-R-007', 'SE-R-008', 'SE-R-009', 'SE-R-010', 'SE-R-011', 'SE-R-012', 'IS-R-001', 'GR-S-008-1', 'GR-S-011',
      'DE-R-017', 'DE-R-019', 'DE-R-020', 'DE-R-026', 'DE-R-027', 'DE-R-028']);
  });

  it('are warnings for a document that is older than they are', () => {
    const old = replaced(replaced(PEPPOL_UBL, '<cbc:IssueDate>2026-03-14', '<cbc:IssueDate>2019-03-14'), /<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, '');
    expect(judged(old).verdict).to.deep.include({ verdict: 'valid-with-warnings', findingCounts: { 'PEPPOL-EN16931-R003': 1 } });
  });
});
