import { expect } from 'chai';
import { listRules } from '../../../write-side/documents/index.js';
import { pathOf } from '../../../write-side/documents/rules/en16931/rule.js';
import { codesOf, judged, readWell, replaced } from './given.js';
import { ciiOf, specOf, ublOf } from './en/builder.js';

type Edit = readonly [from: string | RegExp, to: string];
/** What is broken, how in UBL and in CII, and what is found; `undefined` where a syntax cannot say it. */
type Case = readonly [title: string, ubl: Edit | undefined, cii: Edit | undefined, codes: readonly string[], ciiCodes?: readonly string[]];

const CASES: readonly Case[] = [
  ['a payee that is the seller', ['>Factor AG<', '>Beispiel GmbH Shop<'], ['>Factor AG<', '>Beispiel GmbH<'], ['BR-17']],
  ['a representative without name', [/<cac:PartyName><cbc:Name>Vertreter<\/cbc:Name><\/cac:PartyName>/u, ''], [/<ram:Name>Vertreter<\/ram:Name>/u, ''], ['BR-18']],
  ['a representative without address', [/(Vertreter<\/cbc:Name><\/cac:PartyName>)<cac:PostalAddress>.*?<\/cac:PostalAddress>/u, '$1'], [/(Vertreter<\/ram:Name>)<ram:PostalTradeAddress>.*?<\/ram:PostalTradeAddress>/u, '$1'], ['BR-19'], ['BR-19', 'BR-20']],
  ['a representative without country', ['<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>', ''], ['<ram:CountryID>FR</ram:CountryID>', ''], ['BR-20']],
  ['a representative without VAT identifier', [/<cac:PartyTaxScheme><cbc:CompanyID>FR.*?<\/cac:PartyTaxScheme>/u, ''], [/<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR.*?<\/ram:SpecifiedTaxRegistration>/u, ''], ['BR-56']],
  ['an invoicing period that ends before it starts', [/(<cac:InvoicePeriod><cbc:StartDate>)2026-03-01(.*?<cac:BillingReference>)/u, '$12026-04-01$2'], [/(<ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">)20260301(<(?!.*BillingSpecifiedPeriod><ram:Start))/u, '$120260401$2'], ['BR-29']],
  ['a line period that ends before it starts', [/(<cac:InvoiceLine>.*?<cbc:StartDate>)2026-03-01/u, '$12026-04-01'], [/(<ram:SpecifiedLineTradeSettlement>.*?format="102">)20260301/u, '$120260401'], ['BR-30']],
  ['an allowance without amount', [/(>Rabatt<\/cbc:AllowanceChargeReason>)<cbc:Amount[^/]*\/cbc:Amount>/u, '$1'], ['<ram:ActualAmount>5.00</ram:ActualAmount>', ''], ['BR-31', 'BR-CO-11', 'BR-S-08'], ['BR-31', 'BR-CO-11', 'BR-S-08']],
  ['an allowance without reason', ['<cbc:AllowanceChargeReason>Rabatt</cbc:AllowanceChargeReason>', ''], ['<ram:Reason>Rabatt</ram:Reason>', ''], ['BR-33', 'BR-CO-21']],
  ['a charge without reason', ['<cbc:AllowanceChargeReason>Fracht</cbc:AllowanceChargeReason>', ''], ['<ram:Reason>Fracht</ram:Reason>', ''], ['BR-38', 'BR-CO-22']],
  ['a line allowance without amount', [/(>Treue<\/cbc:AllowanceChargeReason>)<cbc:Amount[^/]*\/cbc:Amount>/u, '$1'], [/<ram:ActualAmount>1.00<\/ram:ActualAmount>(<ram:Reason>Treue)/u, '$1'], ['BR-41']],
  ['a line allowance without reason', ['<cbc:AllowanceChargeReason>Treue</cbc:AllowanceChargeReason>', ''], ['<ram:Reason>Treue</ram:Reason>', ''], ['BR-42', 'BR-CO-23']],
  ['a line charge without amount', [/(>Eile<\/cbc:AllowanceChargeReason>)<cbc:Amount[^/]*\/cbc:Amount>/u, '$1'], [/<ram:ActualAmount>1.00<\/ram:ActualAmount>(<ram:Reason>Eile)/u, '$1'], ['BR-43']],
  ['a line charge without reason', ['<cbc:AllowanceChargeReason>Eile</cbc:AllowanceChargeReason>', ''], ['<ram:Reason>Eile</ram:Reason>', ''], ['BR-44', 'BR-CO-24']],
  ['means of payment without code', ['<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>', ''], ['<ram:TypeCode>58</ram:TypeCode>', ''], ['BR-49']],
  ['a credit transfer without account', ['<cbc:ID>DE89370400440532013000</cbc:ID>', ''], ['<ram:IBANID>DE89370400440532013000</ram:IBANID>', ''], ['BR-50', 'BR-61']],
  ['a supporting document without reference', ['<cbc:ID>D-1</cbc:ID>', ''], ['<ram:IssuerAssignedID>D-1</ram:IssuerAssignedID>', ''], ['BR-52']],
  ['a preceding invoice without number', ['<cbc:ID>R-0</cbc:ID>', ''], ['<ram:IssuerAssignedID>R-0</ram:IssuerAssignedID>', ''], ['BR-55', 'UBL-SR-07'], ['BR-55']],
  ['an accounting currency without its total', ['<cbc:DocumentCurrencyCode>', '<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>'], ['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], ['BR-53']],
  ['an attribute without value', ['<cbc:Value>rot</cbc:Value>', ''], ['<ram:Value>rot</ram:Value>', ''], ['BR-54'], ['BR-54', 'CII-SR-072']],
  ['a delivery address without country', [/(<cac:Address>.*?)<cac:Country>.*?<\/cac:Country>/u, '$1'], [/(Madrid<\/ram:CityName>)<ram:CountryID>ES<\/ram:CountryID>/u, '$1'], ['BR-57']],
  ['an electronic address without scheme', [' schemeID="0088"', ''], [' schemeID="0088"', ''], ['BR-62']],
  ['a standard identifier without scheme', [' schemeID="0160"', ''], [' schemeID="0160"', ''], ['BR-64'], ['BR-64', 'CII-SR-046']],
  ['a classification without scheme', [' listID="STI"', ''], [' listID="STI"', ''], ['BR-65']],
  ['a VAT identifier without country', ['>DE123456789<', '>00123456789<'], ['>DE123456789<', '>00123456789<'], ['BR-CO-09']],
  ['a line without VAT category', [/(<cac:ClassifiedTaxCategory>)<cbc:ID>S<\/cbc:ID>/u, '$1'], [/(<ram:SpecifiedLineTradeSettlement>.*?)<ram:CategoryCode>S<\/ram:CategoryCode>/u, '$1'], ['BR-CO-04', 'BR-S-08']],
  ['a type of document that is none', ['>380<', '>999<'], ['>380<', '>999<'], ['BR-CL-01']],
  ['a unit that is none', [/unitCode="C62"/u, 'unitCode="PIECES"'], [/unitCode="C62"/u, 'unitCode="PIECES"'], ['BR-CL-23']],
  ['a country that is none', ['<cbc:IdentificationCode>FR<', '<cbc:IdentificationCode>ZZ<'], ['<ram:CountryID>FR<', '<ram:CountryID>ZZ<'], ['BR-CL-14']],
  ['a country of origin that is none', [/(<cac:OriginCountry><cbc:IdentificationCode>)DE/u, '$1ZZ'], [/(<ram:OriginTradeCountry><ram:ID>)DE/u, '$1ZZ'], ['BR-CL-15']],
  ['a means of payment that is none', ['>58</cbc:PaymentMeansCode>', '>8888</cbc:PaymentMeansCode>'], ['<ram:TypeCode>58<', '<ram:TypeCode>8888<'], ['BR-CL-16']],
  ['a media type that is not allowed', ['application/pdf', 'text/html'], ['application/pdf', 'text/html'], ['BR-CL-24']],
  ['a scheme of address that is none', ['schemeID="0088"', 'schemeID="8888"'], ['schemeID="0088"', 'schemeID="8888"'], ['BR-CL-25']],
  ['a scheme of location that is none', ['schemeID="0060"', 'schemeID="8888"'], ['schemeID="0060"', 'schemeID="8888"'], ['BR-CL-26']],
  ['a scheme of item that is none', ['schemeID="0160"', 'schemeID="8888"'], ['schemeID="0160"', 'schemeID="8888"'], ['BR-CL-21']],
  ['a scheme of classification that is none', ['listID="STI"', 'listID="QQQ"'], ['listID="STI"', 'listID="QQQ"'], ['BR-CL-13']],
  ['an exemption reason that is none', undefined, ['<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">20260301</udt:DateTimeString></ram:StartDateTime><ram:EndDateTime><udt:DateTimeString format="102">20260331</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod><ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>5.00', '<ram:CategoryCode>S</ram:CategoryCode><ram:ExemptionReasonCode>VATEX-NO</ram:ExemptionReasonCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>5.00'], ['BR-CL-22', 'BR-S-10']],
  ['VAT that is not base times rate', [/(<cac:TaxSubtotal>.*?<cbc:TaxAmount[^>]*>)23.37/u, '$126.37'], [/(<ram:CalculatedAmount>)23.37/u, '$126.37'], ['BR-CO-14', 'BR-CO-17', 'BR-S-09']],
  ['an element that EN 16931 does not use', ['<cbc:IssueDate>', '<cbc:UUID>x</cbc:UUID><cbc:IssueDate>'], ['<ram:TypeCode>380', '<ram:Name>Rechnung</ram:Name><ram:TypeCode>380'], ['UBL-CR-005'], ['CII-SR-013']],
  ['an attribute that EN 16931 does not use', ['<cbc:BuyerReference>', '<cbc:BuyerReference languageID="de">'], ['<ram:GrandTotalAmount>', '<ram:GrandTotalAmount currencyID="EUR">'], ['UBL-DT-19'], ['CII-DT-031']],
  ['an attachment without file name', [' filename="a.pdf"', ''], undefined, ['UBL-DT-07']],
  ['two notes of a line', [/(<cac:InvoiceLine><cbc:ID>1<\/cbc:ID>)/u, '$1<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>'], undefined, ['UBL-SR-34']],
  ['an IBAN whose check digits do not fit', ['DE89370400440532013000', 'DE88370400440532013000'], ['DE89370400440532013000', 'DE88370400440532013000'], ['FOLIO-EN-IBAN']],
  ['a truncated VAT identifier', ['>DE123456789<', '>DE12<'], ['>DE123456789<', '>DE12<'], ['FOLIO-EN-VAT-ID']],
  ['a legal identifier of one character', ['>HRB-S1<', '>X<'], ['>HRB-S1<', '>X<'], ['FOLIO-EN-ID-SHORT']],
  ['a GLN whose check digit does not fit', [/4012345000009(<\/cbc:EndpointID>)/u, '4012345000008$1'], [/4012345000009(<\/ram:URIID>)/u, '4012345000008$1'], ['FOLIO-EN-GLN']],
];

describe('the rules of EN 16931 over both syntaxes', () => {
  const right = { ubl: ublOf(specOf()), cii: ciiOf(specOf()) };

  for (const [title, ubl, cii, codes, ciiCodes] of CASES) {
    if (ubl) it(`find in UBL ${title}`, () => expect(codesOf(replaced(right.ubl, ...ubl))).to.have.members([...codes]));
    if (cii) it(`find in CII ${title}`, () => expect(codesOf(replaced(right.cii, ...cii))).to.have.members([...(ciiCodes ?? codes)]));
  }

  it('know a place in both syntaxes for every term that a rule speaks of', () => {
    const terms = [...new Set(listRules().filter(({ code }) => /^(?:BR-|PEPPOL-|FOLIO-EN)/u.test(code)).map(({ term }) => term))].filter((term) => /^B[TG]-\d/u.test(term));
    const places = (['ubl', 'cii'] as const).map((syntax) => ({ syntax, document: readWell(right[syntax]).document }));
    const lost = places.flatMap(({ syntax, document }) => (document.syntax === 'cfdi' ? [] : terms.filter((term) => pathOf(document, term).endsWith(`/${term}`)).map((term) => `${syntax} ${term}`)));
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
