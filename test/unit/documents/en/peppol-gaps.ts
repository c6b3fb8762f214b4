import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';

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

/** Rules of Peppol that the table before leaves out. */
export const PEPPOL_GAP_CASES: readonly BothCase[] = [
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
