import { expect } from 'chai';
import type { Claim } from '#contracts/events/invoice.js';
import { toMoney } from '#contracts/money.js';
import { judge, listRules, readDocument } from '../../../write-side/documents/index.js';
import { bytesOf, cfdi, cii, codesOf, judged, readWell, replaced, ubl } from './given.js';

const NOTHING: Claim = { issuer: {}, receiver: {}, taxes: [] };
const against = (text: string, claim: Partial<Claim>): string[] => codesOf(text, { expected: { ...NOTHING, ...claim } });

describe('a document is compared with what the caller claimed of it', () => {
  const { facts } = readWell(cfdi());

  it('finds nothing where the claim is true, however it is written', () => {
    const claim: Partial<Claim> = {
      uuid: facts.uuid?.toLowerCase() ?? '',
      issuer: { id: facts.issuer.id?.toLowerCase() ?? '' },
      receiver: { id: facts.receiver.id ?? '' },
      amount: toMoney(`${facts.total}000`),
      currency: 'mxn',
      issuanceDate: '2026-01-08',
    };
    expect(against(cfdi(), claim)).to.deep.equal([]);
  });

  it('compares nothing that was not claimed', () => expect(against(cfdi(), {})).to.deep.equal([]));

  const lies: [string, Partial<Claim>, string][] = [
    ['fiscal folio', { uuid: 'AAAAAAAA-AAAA-4AAA-AAAA-AAAAAAAAAAAA' }, 'FOLIO-CLAIM-UUID'],
    ['issuer', { issuer: { id: 'XAXX010101000' } }, 'FOLIO-CLAIM-ISSUER'],
    ['receiver', { receiver: { id: 'XAXX010101000' } }, 'FOLIO-CLAIM-RECEIVER'],
    ['amount', { amount: toMoney('0.01') }, 'FOLIO-CLAIM-AMOUNT'],
    ['currency', { currency: 'USD' }, 'FOLIO-CLAIM-CURRENCY'],
    ['day', { issuanceDate: '2026-01-09' }, 'FOLIO-CLAIM-DATE'],
    ['time', { issuanceDate: '2026-01-08T10:00:01' }, 'FOLIO-CLAIM-DATE'],
  ];
  for (const [name, claim, code] of lies) it(`finds a claimed ${name} that is not the document's`, () => expect(against(cfdi(), claim)).to.deep.equal([code]));

  it('warns of a claimed folio that no stamp confirms', () => {
    const unstamped = replaced(cfdi(), /<cfdi:Complemento>.*<\/cfdi:Complemento>/u, '');
    const { verdict } = judged(unstamped, { expected: { ...NOTHING, uuid: 'AAAAAAAA-AAAA-4AAA-AAAA-AAAAAAAAAAAA' } });
    expect(verdict).to.deep.include({ verdict: 'valid-with-warnings', findingCounts: { 'FOLIO-CLAIM-UUID-ABSENT': 1 } });
  });

  it('takes the day of a CII document, and a claimed time where the document has none', () => {
    expect(against(cii(), { issuanceDate: '2026-03-14' })).to.deep.equal([]);
    expect(against(ubl(), { issuanceDate: '2026-03-14T00:00:00' })).to.deep.equal([]);
    expect(against(ubl(), { issuanceDate: '2026-03-15T00:00:00' })).to.deep.equal(['FOLIO-CLAIM-DATE']);
  });
});

describe('a verdict', () => {
  it('is given for what cannot be read, with one finding that says why', () => {
    const { verdict } = judged('<!DOCTYPE x><x/>');
    expect(verdict).to.deep.include({ verdict: 'unreadable', findingCounts: { 'FOLIO-XML-DOCTYPE': 1 } });
    expect(judged('<testSet/>').verdict).to.deep.include({ verdict: 'unreadable', findingCounts: { 'FOLIO-UNSUPPORTED': 1 } });
  });

  it('takes its duration from the clock of the caller, with the reading when told its start', () => {
    let time = 100;
    const now = (): number => (time += 7);
    expect(judge(readDocument(bytesOf(cfdi())), { now }).verdict.durationUs).to.equal(7);
    expect(judge(readDocument(bytesOf(cfdi())), { now, startedUs: 100 }).verdict.durationUs).to.equal(21);
  });

  it('says which catalogue day it was told', () => expect(judged(cfdi(), { catalogueDate: '2026-10-01' }).verdict.catalogueDate).to.equal('2026-10-01'));

  it('can be sent to another thread, with what was read', () => {
    const read = readDocument(bytesOf(ubl()));
    expect(structuredClone(read)).to.deep.equal(read);
    expect(judge(structuredClone(read), { now: () => 0 })).to.deep.equal(judge(read, { now: () => 0 }));
  });
});

describe('the list of rules', () => {
  it('has a sentence in both languages and a source for every rule, within the contract', () => {
    const rules = listRules();
    expect(rules.length).to.be.greaterThan(150);
    for (const rule of rules) {
      expect(rule.code).to.match(/^(?:CFDI(?:\d{3}|\d{5})|CRP\d{5}|(?:BR|UBL|CII|PEPPOL)-[A-Z0-9-]+(?:-[ab])?|(?:DE|DK|GR|IS|IT|NL|NO|SE)-[RS]-\d{3}(?:-\d)?|FOLIO-[A-Z-]+)$/u);
      expect([rule.es, rule.en, rule.source].every((text) => text.length > 0 && text.length <= 200)).to.equal(true);
    }
  });
});
