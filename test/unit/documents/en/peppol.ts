import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';
import { specOf, ublOf } from './builder.js';

export const PEPPOL = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
/** A right document that declares Peppol. */
export const PEPPOL_UBL = ublOf(specOf('S', { specification: PEPPOL }));
export const PEPPOL_CREDIT = ublOf(specOf('S', { specification: PEPPOL, root: 'CreditNote' }));

const EUR = 'currencyID="EUR"';
const before = (place: string, text: string): Edit => [place, `${text}${place}`];
const reference = (inside: string): string => `<cac:AdditionalDocumentReference>${inside}</cac:AdditionalDocumentReference>`;
const price = (indicator: string, discount: string, gross: string): Edit =>
  [/(<\/cbc:PriceAmount>)/u, `$1<cac:AllowanceCharge><cbc:ChargeIndicator>${indicator}</cbc:ChargeIndicator><cbc:Amount ${EUR}>${discount}</cbc:Amount><cbc:BaseAmount ${EUR}>${gross}</cbc:BaseAmount></cac:AllowanceCharge>`];
const lineDocument = (type: string): string => `<cac:DocumentReference><cbc:ID>O-1</cbc:ID><cbc:DocumentTypeCode>${type}</cbc:DocumentTypeCode></cac:DocumentReference>`;
const inLine = (text: string): Edit => [/(<cac:InvoiceLine>.*?<\/cac:InvoicePeriod>)/u, `$1${text}`];
const accounting = (currency: string, amount: string): readonly Edit[] => [
  ['<cbc:DocumentCurrencyCode>', `<cbc:TaxCurrencyCode>${currency}</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>`], before('<cac:TaxTotal>', `<cac:TaxTotal><cbc:TaxAmount currencyID="${currency}">${amount}</cbc:TaxAmount></cac:TaxTotal>`),
];

/** An identifier of the seller that its scheme does not allow. */
const identifier = (code: string, scheme: string, wrong: string, ...companions: readonly string[]): BothCase => [`a wrong identifier of scheme ${scheme}`, [/(<cac:AccountingSupplierParty><cac:Party>)<cbc:EndpointID.*?<\/cbc:EndpointID>/u, `$1<cbc:EndpointID schemeID="${scheme}">${wrong}</cbc:EndpointID>`], undefined, [`PEPPOL-COMMON-${code}`, ...companions]];
/** A reason of exemption beside another category than its own. */
const reason = (code: string, vatex: string): BothCase => [`the reason ${vatex} beside category S`, [/(<cac:TaxSubtotal>.*?)(<cac:TaxScheme>)/u, `$1<cbc:TaxExemptionReasonCode>${vatex}</cbc:TaxExemptionReasonCode>$2`], undefined, [`PEPPOL-EN16931-${code}`, 'BR-S-10']];

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
  ['another specification that begins like it', ['poacc:billing:3.0<', 'poacc:billing:4.0<'], undefined, ['PEPPOL-EN16931-R004']],
  ['an accounting currency that is that of the invoice', accounting('EUR', '23.37'), undefined, ['PEPPOL-EN16931-R005', 'BR-CO-15']],
  ['an indicator in another form', [/(<cac:AllowanceCharge><cbc:ChargeIndicator>)false(?=.*?>Rabatt<)/u, '$10'], undefined, ['PEPPOL-EN16931-R043']],
  ['a charge on a price', price('true', '0.00', '100.00'), undefined, ['PEPPOL-EN16931-R044']],
  ['a net price that is not the gross one less its discount', price('false', '1.00', '100.00'), undefined, ['PEPPOL-EN16931-R046']],
  ['two VAT totals with breakdown', [/<cac:TaxTotal>.*<\/cac:TaxTotal>/u, '$&$&'], undefined, ['PEPPOL-EN16931-R053', 'BR-CO-15']],
  ['a VAT total without accounting currency', before('<cac:TaxTotal>', '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">250.00</cbc:TaxAmount></cac:TaxTotal>'), undefined, ['PEPPOL-EN16931-R054']],
  ['VAT totals of different signs', accounting('SEK', '-250.00'), undefined, ['PEPPOL-EN16931-R055']],
  ['two invoiced objects of a line', inLine(lineDocument('130').repeat(2)), undefined, ['PEPPOL-EN16931-R100', 'UBL-SR-52']],
  ['a document of a line', inLine(lineDocument('916')), undefined, ['PEPPOL-EN16931-R101']],
  ['a media type that Peppol does not have', [/mimeCode="[^"]*"/u, 'mimeCode="text/html"'], undefined, ['PEPPOL-EN16931-CL001', 'BR-CL-24']],
  ['a reason of an allowance that is none', before('<cbc:AllowanceChargeReason>Rabatt<', '<cbc:AllowanceChargeReasonCode>QQQ</cbc:AllowanceChargeReasonCode>'), undefined, ['PEPPOL-EN16931-CL002', 'BR-CL-19']],
  ['a reason of a charge that is none', before('<cbc:AllowanceChargeReason>Fracht<', '<cbc:AllowanceChargeReasonCode>QQQ</cbc:AllowanceChargeReasonCode>'), undefined, ['PEPPOL-EN16931-CL003', 'BR-CL-20']],
  ['a tax point code that is none', [/(<\/cbc:EndDate>)(<\/cac:InvoicePeriod><cac:BillingReference>)/u, '$1<cbc:DescriptionCode>99</cbc:DescriptionCode>$2'], undefined, ['PEPPOL-EN16931-CL006', 'BR-CL-06']],
  ['an amount in a currency that is none', [/(<cbc:TaxExclusiveAmount currencyID=")EUR/u, '$1XYZ'], undefined, ['PEPPOL-EN16931-CL007', 'PEPPOL-EN16931-R051', 'BR-CL-03']],
  ['an address scheme that Peppol does not have', [/(<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID=")0088/u, '$10220'], undefined, ['PEPPOL-EN16931-CL008']],
  ['a date with a zone', ['<cbc:IssueDate>2026-03-14<', '<cbc:IssueDate>2026-03-14Z<'], undefined, ['PEPPOL-EN16931-F001']],
  reason('P0104', 'VATEX-EU-G'), reason('P0105', 'VATEX-EU-O'), reason('P0106', 'VATEX-EU-IC'), reason('P0107', 'VATEX-EU-AE'), reason('P0108', 'VATEX-EU-D'), reason('P0109', 'VATEX-EU-F'), reason('P0110', 'VATEX-EU-I'),
  reason('P0111', 'VATEX-EU-J'),
  identifier('R041', '0192', '123456789'), identifier('R042', '0184', 'DK1234567'), identifier('R043', '0208', '0123456789'), identifier('R044', '0201', 'ABC-12'), identifier('R045', '0210', 'ABC'), identifier('R046', '9907', 'ABC', 'BR-CL-25', 'PEPPOL-EN16931-CL008'),
  identifier('R047', '0211', 'IT12345678901'), identifier('R049', '0007', '1234567890'), identifier('R050', '0151', '12345678901'), identifier('R052', '0096', '12345'), identifier('R053', '0198', '12345678'),
];

/** The same of credit notes. */
export const PEPPOL_CREDIT_CASES: readonly BothCase[] = [
  ['two projects', before('<cac:AdditionalDocumentReference>', reference('<cbc:ID>O-1</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>').repeat(2)), undefined, ['PEPPOL-EN16931-R080']],
  ['a type that the process does not have', ['>381</cbc:CreditNoteTypeCode>', '>261</cbc:CreditNoteTypeCode>'], undefined, ['PEPPOL-EN16931-P0101']],
];
