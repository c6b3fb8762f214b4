import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { specOf, ublOf } from './en/builder.js';

const PEPPOL = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const right = ublOf(specOf('S', { specification: PEPPOL }));

type Case = readonly [title: string, from: string | RegExp, to: string, codes: readonly string[]];
const CASES: readonly Case[] = [
  ['no process', /<cbc:ProfileID>.*?<\/cbc:ProfileID>/u, '', ['PEPPOL-EN16931-R001', 'PEPPOL-EN16931-R007']],
  ['a process of another form', 'billing:01:1.0<', 'billing:1<', ['PEPPOL-EN16931-R007']],
  ['two notes', '<cbc:Note>', '<cbc:Note>a</cbc:Note><cbc:Note>', ['PEPPOL-EN16931-R002']],
  ['no reference of the buyer', /<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, '', ['PEPPOL-EN16931-R003']],
  ['an empty element', '<cbc:BuyerReference>B-1', '<cbc:AccountingCost></cbc:AccountingCost><cbc:BuyerReference>B-1', ['PEPPOL-EN16931-R008']],
  ['a buyer without electronic address', /(<cac:AccountingCustomerParty><cac:Party>)<cbc:EndpointID.*?<\/cbc:EndpointID>/u, '$1', ['PEPPOL-EN16931-R010']],
  ['a seller without electronic address', /(<cac:AccountingSupplierParty><cac:Party>)<cbc:EndpointID.*?<\/cbc:EndpointID>/u, '$1', ['PEPPOL-EN16931-R020']],
  ['an amount in another currency', /(<cbc:PriceAmount currencyID=")EUR/u, '$1USD', ['PEPPOL-EN16931-R051']],
  ['a percentage without base', /(>Rabatt<\/cbc:AllowanceChargeReason>)/u, '$1<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>', ['PEPPOL-EN16931-R041']],
  ['a base without percentage', /(>Rabatt<.*?<\/cbc:Amount>)/u, '$1<cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount>', ['PEPPOL-EN16931-R042']],
  ['an allowance that is not its percentage', /(>Rabatt<\/cbc:AllowanceChargeReason>)(.*?<\/cbc:Amount>)/u, '$1<cbc:MultiplierFactorNumeric>6</cbc:MultiplierFactorNumeric>$2<cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount>', ['PEPPOL-EN16931-R040']],
  ['a line that is not quantity times price', /(<cbc:PriceAmount[^>]*>)100.00/u, '$199.00', ['PEPPOL-EN16931-R120']],
  ['a base quantity of zero', /(<\/cbc:PriceAmount>)/u, '$1<cbc:BaseQuantity unitCode="C62">0</cbc:BaseQuantity>', ['PEPPOL-EN16931-R121']],
  ['a base quantity in another unit', /(<\/cbc:PriceAmount>)/u, '$1<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>', ['PEPPOL-EN16931-R130']],
  ['a line period before that of the invoice', /(<cac:InvoiceLine>.*?<cbc:StartDate>)2026-03-01/u, '$12026-02-01', ['PEPPOL-EN16931-R110']],
  ['a line period after that of the invoice', /(<cac:InvoiceLine>.*?<cbc:EndDate>)2026-03-31/u, '$12026-04-01', ['PEPPOL-EN16931-R111']],
  ['a type that the process does not have', '>380</cbc:InvoiceTypeCode>', '>130</cbc:InvoiceTypeCode>', ['PEPPOL-EN16931-P0100']],
  ['a corrected invoice that is not German', '>380</cbc:InvoiceTypeCode>', '>384</cbc:InvoiceTypeCode>', ['PEPPOL-EN16931-P0112']],
  ['a GLN whose check digit does not fit', '4012345000009</cbc:EndpointID>', '4012345000008</cbc:EndpointID>', ['FOLIO-EN-GLN', 'PEPPOL-COMMON-R040']],
  ['a direct debit without mandate', '>58</cbc:PaymentMeansCode>', '>59</cbc:PaymentMeansCode>', ['PEPPOL-EN16931-R061']],
];

describe('the rules of Peppol BIS Billing 3', () => {
  it('find nothing in a right document', () => expect(judged(right).verdict.findings).to.deep.equal([]));

  for (const [title, from, to, codes] of CASES) it(`find ${title}`, () => expect(codesOf(replaced(right, from, to))).to.have.members([...codes]));

  it('are not asked of a document that does not declare them', () => {
    const plain = ublOf(specOf());
    expect(codesOf(replaced(plain, /<cbc:ProfileID>.*?<\/cbc:ProfileID>/u, ''))).to.deep.equal([]);
  });

  it('are warnings for a document that is older than they are', () => {
    const old = replaced(replaced(right, '<cbc:IssueDate>2026-03-14', '<cbc:IssueDate>2019-03-14'), /<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, '');
    expect(judged(old).verdict).to.deep.include({ verdict: 'valid-with-warnings', findingCounts: { 'PEPPOL-EN16931-R003': 1 } });
  });
});
