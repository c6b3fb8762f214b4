import type { BothCase } from './cases.js';
import { specOf, ublOf } from './builder.js';

export const PEPPOL = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
/** A right document that declares Peppol. */
export const PEPPOL_UBL = ublOf(specOf('S', { specification: PEPPOL }));
export const PEPPOL_CREDIT = ublOf(specOf('S', { specification: PEPPOL, root: 'CreditNote' }));

export const PEPPOL_CASES: readonly BothCase[] = [
  ['no process', [/<cbc:ProfileID>.*?<\/cbc:ProfileID>/u, ''], undefined, ['PEPPOL-EN16931-R001', 'PEPPOL-EN16931-R007']],
  ['a process of another form', ['billing:01:1.0<', 'billing:1<'], undefined, ['PEPPOL-EN16931-R007']],
  ['two notes', ['<cbc:Note>', '<cbc:Note>a</cbc:Note><cbc:Note>'], undefined, ['PEPPOL-EN16931-R002']],
  ['no reference of the buyer', [/<cbc:BuyerReference>.*?<\/cbc:BuyerReference>/u, ''], undefined, ['PEPPOL-EN16931-R003']],
  ['an empty element', ['<cbc:BuyerReference>B-1', '<cbc:AccountingCost></cbc:AccountingCost><cbc:BuyerReference>B-1'], undefined, ['PEPPOL-EN16931-R008']],
  ['a buyer without electronic address', [/(<cac:AccountingCustomerParty><cac:Party>)<cbc:EndpointID.*?<\/cbc:EndpointID>/u, '$1'], undefined, ['PEPPOL-EN16931-R010']],
  ['a seller without electronic address', [/(<cac:AccountingSupplierParty><cac:Party>)<cbc:EndpointID.*?<\/cbc:EndpointID>/u, '$1'], undefined, ['PEPPOL-EN16931-R020']],
  ['an amount in another currency', [/(<cbc:PriceAmount currencyID=")EUR/u, '$1USD'], undefined, ['PEPPOL-EN16931-R051']],
  ['a percentage without base', [/(>Rabatt<\/cbc:AllowanceChargeReason>)/u, '$1<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>'], undefined, ['PEPPOL-EN16931-R041']],
  ['a base without percentage', [/(>Rabatt<.*?<\/cbc:Amount>)/u, '$1<cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount>'], undefined, ['PEPPOL-EN16931-R042']],
  ['an allowance that is not its percentage', [/(>Rabatt<\/cbc:AllowanceChargeReason>)(.*?<\/cbc:Amount>)/u, '$1<cbc:MultiplierFactorNumeric>6</cbc:MultiplierFactorNumeric>$2<cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount>'], undefined, ['PEPPOL-EN16931-R040']],
  ['a line that is not quantity times price', [/(<cbc:PriceAmount[^>]*>)100.00/u, '$199.00'], undefined, ['PEPPOL-EN16931-R120']],
  ['a base quantity of zero', [/(<\/cbc:PriceAmount>)/u, '$1<cbc:BaseQuantity unitCode="C62">0</cbc:BaseQuantity>'], undefined, ['PEPPOL-EN16931-R121']],
  ['a base quantity in another unit', [/(<\/cbc:PriceAmount>)/u, '$1<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>'], undefined, ['PEPPOL-EN16931-R130']],
  ['a line period before that of the invoice', [/(<cac:InvoiceLine>.*?<cbc:StartDate>)2026-03-01/u, '$12026-02-01'], undefined, ['PEPPOL-EN16931-R110']],
  ['a line period after that of the invoice', [/(<cac:InvoiceLine>.*?<cbc:EndDate>)2026-03-31/u, '$12026-04-01'], undefined, ['PEPPOL-EN16931-R111']],
  ['a type that the process does not have', ['>380</cbc:InvoiceTypeCode>', '>130</cbc:InvoiceTypeCode>'], undefined, ['PEPPOL-EN16931-P0100']],
  ['a corrected invoice that is not German', ['>380</cbc:InvoiceTypeCode>', '>384</cbc:InvoiceTypeCode>'], undefined, ['PEPPOL-EN16931-P0112']],
  ['a GLN whose check digit does not fit', ['4012345000009</cbc:EndpointID>', '4012345000008</cbc:EndpointID>'], undefined, ['FOLIO-EN-GLN', 'PEPPOL-COMMON-R040']],
  ['a direct debit without mandate', ['>58</cbc:PaymentMeansCode>', '>59</cbc:PaymentMeansCode>'], undefined, ['PEPPOL-EN16931-R061']],
];
