import { expect } from 'chai';
import { listRules } from '../../../write-side/documents/index.js';
import { pathOf } from '../../../write-side/documents/rules/en16931/rule.js';
import { judged, readWell } from './given.js';
import { ciiOf, specOf, ublOf } from './en/builder.js';

describe('the rules of EN 16931 over both syntaxes', () => {
  const right = { ubl: ublOf(specOf()), cii: ciiOf(specOf()) };

  it('know a place in every syntax that has them for every term that they speak of', () => {
    const termsOf = (codes: RegExp): string[] => [...new Set(listRules().filter(({ code }) => codes.test(code)).map(({ term }) => term))].filter((term) => /^B[TG]-\d/u.test(term));
    const lost = (['ubl', 'cii'] as const).flatMap((syntax) => {
      const { document } = readWell(right[syntax]);
      const terms = termsOf(syntax === 'ubl' ? /^(?:BR-|PEPPOL-|FOLIO-EN|[A-Z]{2}-[RS]-)/u : /^(?:BR-|PEPPOL-|FOLIO-EN)/u);
      return document.syntax === 'cfdi' ? [] : terms.filter((term) => pathOf(document, term).endsWith(`/${term}`)).map((term) => `${syntax} ${term}`);
    });
    expect(lost).to.deep.equal([]);
  });

  it('speak Spanish and English, name a source, and have one text per code', () => {
    const rules = listRules();
    for (const { code, en, es, source } of rules) for (const text of [en, es, source]) expect(text, code).to.match(/\S.{5,}/u);
    expect(new Set(rules.filter(({ code }) => !code.startsWith('FOLIO')).map(({ code }) => code)).size).to.be.greaterThan(1_300);
  });

  it('name the families of the syntax binding together among what was checked', () => {
    const { checked } = judged(right.ubl).verdict;
    expect(checked).to.include('UBL-CR-*').and.to.include('BR-S-08').and.not.to.include('CII-SR-*');
    expect(checked.length).to.be.below(300);
  });
});
