import { expect } from 'chai';
import { cii, codesOf, judged, replaced, ubl } from './given.js';

describe('the first rules of EN 16931', () => {
  it('find nothing in right documents', () => {
    for (const text of [ubl(), cii(), ubl({ type: '381' }), cii({ type: '381' }), ubl({ allowanceCents: 500 })]) expect(judged(text).verdict.findings).to.deep.equal([]);
  });


  it('accept the negative amounts of a correction', () => {
    const negative = ubl({ lines: [{ name: 'Devolución', quantity: -2, cents: 5_000 }] });
    expect(negative).to.include('>-100.00<');
    expect(judged(negative).verdict.verdict).to.equal('valid');
  });

  it('accept every form that a decimal number has', () => {
    expect(codesOf(replaced(ubl(), '>190.36</cbc:PayableAmount>', '> +190.36 </cbc:PayableAmount>'))).to.deep.equal([]);
  });

  it('name the place in the syntax of the document', () => {
    const paths = [replaced(ubl({ type: '381' }), '>59.97</cbc:LineExtensionAmount>', '>59.971</cbc:LineExtensionAmount>'), replaced(cii(), '>59.97<', '>59.971<')]
      .map((text) => judged(text).verdict.findings.find((finding) => finding.code === 'BR-DEC-23')?.path);
    expect(paths).to.deep.equal([
      '/CreditNote/cac:CreditNoteLine[1]/cbc:LineExtensionAmount',
      '/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem[1]/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount',
    ]);
  });
});
