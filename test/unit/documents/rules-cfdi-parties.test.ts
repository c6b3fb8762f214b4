import { expect } from 'chai';
import { BUILT_IN_DATA } from '../../../write-side/documents/catalogues/data.js';
import { cataloguesFrom } from '../../../write-side/documents/index.js';
import { checkDigit } from '../../../write-side/documents/rules/cfdi/rfc-digit.js';
import { judged } from './given.js';
import { header, receiver } from './cfdi/changes.js';
import { changed, found, global, invoice, written } from './cfdi/given.js';

describe('catalogues that are older than the document', () => {
  const old = cataloguesFrom({ ...BUILT_IN_DATA, day: '2023-01-31' });
  const unknown = changed(['', invoice, receiver({ UsoCFDI: 'Z99' }), []]);

  it('warn where those of its day refuse', () => {
    const severities = (catalogues = old): string[] => judged(written(unknown), { catalogues }).verdict.findings.filter(({ code }) => code === 'CFDI40160').map(({ severity }) => severity);
    expect(severities()).to.deep.equal(['warning']);
    expect(severities(cataloguesFrom({ ...BUILT_IN_DATA, day: '2024-07-01' }))).to.deep.equal(['error']);
  });

  it('take nothing from rules that ask none', () => {
    const broken = changed(['', invoice, header({ Total: '1.00' }), []]);
    expect(judged(written(broken), { catalogues: old }).verdict).to.deep.include({ verdict: 'invalid', catalogueDate: '2023-01-31' });
  });
});

describe('the check digit of an RFC', () => {
  it('follows from the other characters', () => {
    expect(['PDN200615RV4', 'DEMA900228MN9', 'CDE210104HA7'].map((rfc) => checkDigit(rfc) === rfc.slice(-1))).to.deep.equal([true, true, true]);
    expect([checkDigit('A&Ñ010101AA1') === undefined, checkDigit('abc'), checkDigit('A'.repeat(14))]).to.deep.equal([false, undefined, undefined]);
  });

  it('is not asked of an RFC that all share, or that is none', () => {
    for (const Rfc of ['XAXX010101000', 'XEXX010101000', 'ABC', '']) expect(found(changed(['', global, receiver({ Rfc }), []]))).not.to.include('FOLIO-CFDI-RFC-DIGIT');
  });
});
