import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { CATEGORY_CODES, ciiOf, specOf, ublOf, type Spec } from './en/builder.js';

const PREFIX: Readonly<Record<string, string>> = { S: 'BR-S', Z: 'BR-Z', E: 'BR-E', AE: 'BR-AE', K: 'BR-IC', G: 'BR-G', O: 'BR-O', L: 'BR-AF', M: 'BR-AG' };
const SYNTAXES = [['UBL', ublOf], ['CII', ciiOf]] as const;
const EXEMPT: ReadonlySet<string> = new Set(['E', 'AE', 'K', 'G', 'O']);
/** Categories whose VAT is nothing. */
const ZERO: ReadonlySet<string> = new Set(['Z', 'E', 'AE', 'K', 'G', 'O']);

type Write = (spec: Spec) => string;
const field = (name: string, text: string): RegExp => new RegExp(`<${name}((?: [^>]*)?)>${text}</${name}>`, 'u');
const rateIn = (syntax: string, group: string): RegExp => (syntax === 'UBL' ? new RegExp(`(<cac:${group}>.*?<cbc:ID>[A-Z]+</cbc:ID>)<cbc:Percent>[^<]*</cbc:Percent>`, 'u')
  : new RegExp(`(<ram:${group}>.*?<ram:CategoryCode>[A-Z]+</ram:CategoryCode>)<ram:RateApplicablePercent>[^<]*</ram:RateApplicablePercent>`, 'u'));

describe('the families of VAT categories', () => {
  for (const [syntax, write] of SYNTAXES) {
    for (const category of CATEGORY_CODES) {
      const spec = specOf(category);
      const prefix = PREFIX[category] ?? '';
      const familyOf = (text: string): string[] => codesOf(text).filter((code) => code.startsWith(`${prefix}-`));
      const right = (write as Write)(spec);

      it(`find nothing in a right ${syntax} document of category ${category}`, () => {
        expect(judged(right).verdict.findings).to.deep.equal([]);
        expect(judged((write as Write)({ ...spec, root: 'CreditNote' })).verdict.findings).to.deep.equal([]);
      });

      it(`find in ${syntax} of category ${category} a wrong base, and only that of the family`, () => {
        const base = '123.00';
        const wrong = syntax === 'UBL' ? replaced(right, field('cbc:TaxableAmount', base), '<cbc:TaxableAmount$1>125.50</cbc:TaxableAmount>') : replaced(right, field('ram:BasisAmount', base), '<ram:BasisAmount>125.50</ram:BasisAmount>');
        expect(familyOf(wrong)).to.deep.equal([`${prefix}-08`]);
      });

      it(`find in ${syntax} of category ${category} ${EXEMPT.has(category) ? 'a reason that is missing' : 'a reason that must not be'}`, () => {
        const [name, after] = syntax === 'UBL' ? ['cbc:TaxExemptionReasonCode', /(<cac:TaxSubtotal>.*?)(<cac:TaxScheme>)/u] : ['ram:ExemptionReasonCode', /(<ram:BasisAmount>.*?<\/ram:CategoryCode>)()/u];
        const wrong = EXEMPT.has(category) ? replaced(right, field(name, '[^<]*'), '') : replaced(right, after, `$1<${name}>VATEX-EU-132</${name}>$2`);
        expect(codesOf(wrong)).to.deep.equal([`${prefix}-10`]);
      });

      it(`find in ${syntax} of category ${category} parties that are ${category === 'O' ? 'identified' : 'not identified'} for VAT`, () => {
        const codes = codesOf((write as Write)({ ...spec, vatIds: category === 'O' }));
        expect(codes).to.deep.equal([`${prefix}-02`, `${prefix}-03`, `${prefix}-04`]);
      });

      it(`find in ${syntax} of category ${category} a breakdown that is missing`, () => {
        const wrong = syntax === 'UBL' ? replaced(right, /<cac:TaxSubtotal>.*<\/cac:TaxSubtotal>/u, '') : replaced(right, /<ram:ApplicableTradeTax><ram:CalculatedAmount>.*?<\/ram:ApplicableTradeTax>/u, '');
        expect(familyOf(wrong)).to.deep.equal([`${prefix}-01`]);
      });

      if (ZERO.has(category)) {
        it(`find in ${syntax} of category ${category} VAT where there must be none`, () => {
          const wrong = syntax === 'UBL' ? replaced(right, /(<cac:TaxSubtotal>.*?<cbc:TaxAmount[^>]*>)0.00/u, '$10.01') : replaced(right, /(<ram:CalculatedAmount>)0.00/u, '$10.01');
          expect(codesOf(wrong)).to.have.members(['BR-CO-14', `${prefix}-09`]);
        });
      }
      if (spec.rate !== undefined) {
        const groups = syntax === 'UBL' ? [['05', 'ClassifiedTaxCategory']] : [['05', 'SpecifiedLineTradeSettlement']];
        for (const [number = '', group = ''] of groups) {
          it(`find in ${syntax} of category ${category} a line whose rate is missing`, () => expect(familyOf(replaced(right, rateIn(syntax, group), '$1'))).to.include(`${prefix}-${number}`));
        }
      }
    }

    it(`find in ${syntax} an intra-community supply without date and without country of delivery`, () => {
      const right = write(specOf('K'));
      const dateless = syntax === 'UBL' ? replaced(replaced(right, field('cbc:ActualDeliveryDate', '[^<]*'), ''), /<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>/u, '')
        : replaced(replaced(right, /<ram:ActualDeliverySupplyChainEvent>.*?<\/ram:ActualDeliverySupplyChainEvent>/u, ''), /(<ram:ApplicableHeaderTradeSettlement>.*?)<ram:BillingSpecifiedPeriod>.*?<\/ram:BillingSpecifiedPeriod>/u, '$1');
      expect(codesOf(dateless)).to.deep.equal(['BR-IC-11']);
      const placeless = syntax === 'UBL' ? replaced(right, /<cac:DeliveryLocation>.*<\/cac:DeliveryLocation>/u, '') : replaced(right, /<ram:ShipToTradeParty>.*<\/ram:ShipToTradeParty>/u, '');
      expect(codesOf(placeless)).to.deep.equal(['BR-IC-12']);
    });

    it(`find in ${syntax} another category beside one that is not subject to VAT`, () => {
      const right = write(specOf('O'));
      const mixed = syntax === 'UBL' ? replaced(right, /(<cac:ClassifiedTaxCategory><cbc:ID>)O/u, '$1Z') : replaced(right, /(<ram:SpecifiedLineTradeSettlement>.*?<ram:CategoryCode>)O/u, '$1Z');
      expect(codesOf(mixed)).to.include('BR-O-12');
    });
  }
});
