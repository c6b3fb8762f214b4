import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { specOf, ublOf } from './en/builder.js';
import { XRECHNUNG_CII, XRECHNUNG_UBL } from './en/xrechnung.js';

describe('the rules of XRechnung 3.0', () => {
  it('find nothing in right documents', () => {
    for (const text of [XRECHNUNG_UBL, XRECHNUNG_CII]) expect(judged(text).verdict.findings).to.deep.equal([]);
  });

  it('are not asked of a document that does not declare them', () => expect(codesOf(replaced(ublOf(specOf()), /<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, ''))).to.deep.equal([]));

  it('tell remarks that refuse nothing', () => {
    const undated = replaced(replaced(XRECHNUNG_UBL, '<cbc:ActualDeliveryDate>2026-03-12</cbc:ActualDeliveryDate>', ''), /<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>/gu, '');
    const { verdict, findings } = judged(undated).verdict;
    expect([verdict, findings.map(({ code, severity }) => `${code} ${severity}`)]).to.deep.equal(['valid', ['BR-DE-TMP-32 info']]);
  });
});
