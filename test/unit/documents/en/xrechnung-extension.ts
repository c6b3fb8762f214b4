import { replaced } from '../given.js';
import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';
import { XRECHNUNG_CII, XRECHNUNG_UBL } from './xrechnung.js';

const EUR = 'currencyID="EUR"';
const before = (place: string, text: string): Edit => [place, `${text}${place}`];
const SPECIFICATION = '#urn:xeinkauf.de:kosit:xrechnung_3.0<';
/** A right document of the extension, with a third party payment and a line of two sub lines. */
const prepaid = `<cac:PrepaidPayment><cbc:ID>T-1</cbc:ID><cbc:PaidAmount ${EUR}>10.00</cbc:PaidAmount><cbc:InstructionID>Maut</cbc:InstructionID></cac:PrepaidPayment>`;
const subLine = (id: string, amount: string): string => `<cac:SubInvoiceLine><cbc:ID>${id}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity><cbc:LineExtensionAmount ${EUR}>${amount}</cbc:LineExtensionAmount><cac:Item><cbc:Name>Teil</cbc:Name>`
  + `<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount ${EUR}>${amount}</cbc:PriceAmount></cac:Price></cac:SubInvoiceLine>`;
const inLine = (text: string): Edit => [/(<\/cac:Price>)(<\/cac:InvoiceLine>)/u, `$1${text}$2`];
const EXTENSION = '#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0<';
export const EXTENSION_UBL = [[SPECIFICATION, EXTENSION], before('<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Rabatt', prepaid), [/(<cbc:PayableAmount [^>]*>)146.37/u, '$1156.37'], inLine(subLine('1.1', '60.00') + subLine('1.2', '40.00'))]
  .reduce((text, [from = '', to = '']) => replaced(text, from, String(to)), XRECHNUNG_UBL);
export const EXTENSION_CII = replaced(XRECHNUNG_CII, SPECIFICATION, EXTENSION);

/** The norm does not have what the extension adds; its rules are told, and refuse nothing. */
export const EXTENSION_REMARKS = { ubl: ['BR-CO-16', 'UBL-CR-470', 'UBL-CR-646'] };

export const EXTENSION_CASES: readonly BothCase[] = [
  ['a media type that it does not have', ['mimeCode="application/pdf"', 'mimeCode="text/html"'], ['mimeCode="application/pdf"', 'mimeCode="text/html"'], ['BR-DEX-01', 'BR-CL-24']],
  ['a line that is not the sum of its sub lines', ['>60.00</cbc:LineExtensionAmount>', '>61.00</cbc:LineExtensionAmount>'], undefined, ['BR-DEX-02']],
  ['a sub line of no category', [/(<cac:SubInvoiceLine>.*?)<cac:ClassifiedTaxCategory>.*?<\/cac:ClassifiedTaxCategory>/u, '$1'], undefined, ['BR-DEX-03']],
  ['a scheme of a party that is none', ['<cbc:ID>S1<', '<cbc:ID schemeID="8888">S1<'], ['<ram:ID>S1</ram:ID>', '<ram:GlobalID schemeID="8888">S1</ram:GlobalID>'], ['BR-DEX-04', 'BR-CL-10']],
  ['a scheme of a registration that is none', ['<cbc:CompanyID>HRB-S1<', '<cbc:CompanyID schemeID="8888">HRB-S1<'], ['<ram:ID>HRB-S1<', '<ram:ID schemeID="8888">HRB-S1<'], ['BR-DEX-05', 'BR-CL-11']],
  ['a scheme of an item that is none', ['schemeID="0160"', 'schemeID="8888"'], ['schemeID="0160"', 'schemeID="8888"'], ['BR-DEX-06', 'BR-CL-21']],
  ['a scheme of an address that is none', ['schemeID="0088"', 'schemeID="8888"'], ['schemeID="0088"', 'schemeID="8888"'], ['BR-DEX-07', 'BR-CL-25']],
  ['a scheme of a place of delivery that is none', ['schemeID="0060"', 'schemeID="8888"'], ['schemeID="0060"', 'schemeID="8888"'], ['BR-DEX-08', 'BR-CL-26']],
  ['an amount due that leaves out what a third party is paid', [/(<cbc:PayableAmount [^>]*>)156.37/u, '$1150.00'], undefined, ['BR-DEX-09']],
  ['a third party payment without type', ['<cbc:ID>T-1</cbc:ID>', ''], undefined, ['BR-DEX-10']],
  ['a third party payment without amount', [/<cbc:PaidAmount [^>]*>10.00<\/cbc:PaidAmount>/u, ''], undefined, ['BR-DEX-11', 'BR-DEX-09', 'BR-DEX-14']],
  ['a third party payment without description', ['<cbc:InstructionID>Maut</cbc:InstructionID>', ''], undefined, ['BR-DEX-12']],
  ['a third party payment of three decimals', ['>10.00</cbc:PaidAmount>', '>10.000</cbc:PaidAmount>'], undefined, ['BR-DEX-13']],
  ['a third party payment in another currency', [/(<cbc:PaidAmount currencyID=")EUR/u, '$1USD'], undefined, ['BR-DEX-14']],
];

/** Right documents on clean vehicles: a contract, a tender, and a line of a class and a kind. */
const CVD = '#urn:xeinkauf.de:kosit:xrechnung_3.0#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9<';
const edited = (right: string, edits: readonly Edit[]): string => edits.reduce((text, [from, to]) => replaced(text, from, to), right);
export const VEHICLE_UBL = edited(XRECHNUNG_UBL, [
  [SPECIFICATION, CVD], before('<cac:AdditionalDocumentReference>', '<cac:OriginatorDocumentReference><cbc:ID>L-1</cbc:ID></cac:OriginatorDocumentReference><cac:ContractDocumentReference><cbc:ID>V-1</cbc:ID></cac:ContractDocumentReference>'),
  [/<cbc:ItemClassificationCode listID="STI">123/u, '<cbc:ItemClassificationCode listID="CVD">M1'], ['<cbc:Name>Farbe</cbc:Name><cbc:Value>rot<', '<cbc:Name>cva</cbc:Name><cbc:Value>clean<'],
]);
export const VEHICLE_CII = edited(XRECHNUNG_CII, [
  [SPECIFICATION, CVD], before('<ram:AdditionalReferencedDocument>', '<ram:ContractReferencedDocument><ram:IssuerAssignedID>V-1</ram:IssuerAssignedID></ram:ContractReferencedDocument><ram:AdditionalReferencedDocument><ram:IssuerAssignedID>L-1</ram:IssuerAssignedID><ram:TypeCode>50</ram:TypeCode></ram:AdditionalReferencedDocument>'),
  [/<ram:ClassCode listID="STI">123/u, '<ram:ClassCode listID="CVD">M1'], ['<ram:Description>Farbe</ram:Description><ram:Value>rot<', '<ram:Description>cva</ram:Description><ram:Value>clean<'],
]);

/** The list of schemes of the norm does not have that of clean vehicles. */
export const VEHICLE_REMARKS = { ubl: ['BR-CL-13'], cii: ['BR-CL-13'] };

export const VEHICLE_CASES: readonly BothCase[] = [
  ['no contract', [/<cac:ContractDocumentReference>.*<\/cac:ContractDocumentReference>/u, ''], [/<ram:ContractReferencedDocument>.*<\/ram:ContractReferencedDocument>/u, ''], ['BR-DE-CVD-01']],
  ['no tender', [/<cac:OriginatorDocumentReference>.*<\/cac:OriginatorDocumentReference>/u, ''], ['<ram:TypeCode>50<', '<ram:TypeCode>916<'], ['BR-DE-CVD-02']],
  ['a class that is none', ['listID="CVD">M1', 'listID="CVD">M9'], ['listID="CVD">M1', 'listID="CVD">M9'], ['BR-DE-CVD-04']],
  ['a kind that is none', ['<cbc:Value>clean<', '<cbc:Value>dirty<'], ['<ram:Value>clean<', '<ram:Value>dirty<'], ['BR-DE-CVD-05']],
  ['a class without kind', ['<cbc:Name>cva<', '<cbc:Name>Art<'], ['<ram:Description>cva<', '<ram:Description>Art<'], ['BR-DE-CVD-06-a', 'BR-DE-CVD-03']],
  ['a scheme of a classification that is none', [/listID="STI"/u, 'listID="QQQ"'], [/listID="STI"/u, 'listID="QQQ"'], ['BR-TMP-CVD-01']],
];

/** Without a class of vehicles there is no scheme that the norm does not have. */
export const UNCLASSED_CASES: readonly BothCase[] = [
  ['no vehicle', [['listID="CVD">M1', 'listID="STI">M1'], ['<cbc:Name>cva<', '<cbc:Name>Art<']], [['listID="CVD">M1', 'listID="STI">M1'], ['<ram:Description>cva<', '<ram:Description>Art<']], ['BR-DE-CVD-03']],
  ['a kind without class', ['listID="CVD">M1', 'listID="STI">M1'], ['listID="CVD">M1', 'listID="STI">M1'], ['BR-DE-CVD-06-b', 'BR-DE-CVD-03']],
];
