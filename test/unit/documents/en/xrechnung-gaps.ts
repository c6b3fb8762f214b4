import { replaced } from '../given.js';
import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';
import { XRECHNUNG_CII, XRECHNUNG_UBL } from './xrechnung.js';

const EUR = 'currencyID="EUR"';
const before = (place: string, text: string): Edit => [place, `${text}${place}`];
const IBAN = 'DE89370400440532013000';
/** Means of payment in UBL: their code, and the groups that describe them. */
const ublMeans = (code: string, groups: string): Edit => [/<cac:PaymentMeans>.*<\/cac:PaymentMeans>/u, `<cac:PaymentMeans><cbc:PaymentMeansCode>${code}</cbc:PaymentMeansCode>${groups}</cac:PaymentMeans>`];
const ciiMeans = (code: string, groups: string): Edit => [/<ram:SpecifiedTradeSettlementPaymentMeans>.*<\/ram:SpecifiedTradeSettlementPaymentMeans>/u, `<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>${code}</ram:TypeCode>${groups}</ram:SpecifiedTradeSettlementPaymentMeans>`];
const U = {
  account: `<cac:PayeeFinancialAccount><cbc:ID>${IBAN}</cbc:ID></cac:PayeeFinancialAccount>`,
  card: '<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID></cac:CardAccount>',
  mandate: (debited: string): string => `<cac:PaymentMandate><cbc:ID>M-1</cbc:ID>${debited && `<cac:PayerFinancialAccount><cbc:ID>${debited}</cbc:ID></cac:PayerFinancialAccount>`}</cac:PaymentMandate>`,
};
const C = {
  account: `<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>${IBAN}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>`,
  card: '<ram:ApplicableTradeSettlementFinancialCard><ram:ID>1234</ram:ID></ram:ApplicableTradeSettlementFinancialCard>',
  debited: (account: string): string => `<ram:PayerPartyDebtorFinancialAccount><ram:IBANID>${account}</ram:IBANID></ram:PayerPartyDebtorFinancialAccount>`,
};
/** The bank's identifier of the creditor. */
const UBL_CREDITOR: Edit = ['<cac:PartyIdentification><cbc:ID>S1</cbc:ID></cac:PartyIdentification>', '<cac:PartyIdentification><cbc:ID schemeID="SEPA">DE98ZZZ09999999999</cbc:ID></cac:PartyIdentification>'];
const CII_CREDITOR: Edit = ['<ram:ApplicableHeaderTradeSettlement>', '<ram:ApplicableHeaderTradeSettlement><ram:CreditorReferenceID>DE98ZZZ09999999999</ram:CreditorReferenceID>'];
const CII_MANDATE: Edit = ['<ram:SpecifiedTradePaymentTerms>', '<ram:SpecifiedTradePaymentTerms><ram:DirectDebitMandateID>M-1</ram:DirectDebitMandateID>'];
const address = (party: string, field: string): Edit => [new RegExp(`(<${party}>.*?)<${field}>[^<]*</${field}>`, 'u'), '$1'];
const ublAttachment = '<cac:AdditionalDocumentReference><cbc:ID>D-2</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">AAAA</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>';
const ciiAttachment = '<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>D-2</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode><ram:AttachmentBinaryObject mimeCode="application/pdf" filename="a.pdf">AAAA</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>';
const ublLocation = (uri: string): string => `<cac:AdditionalDocumentReference><cbc:ID>D-2</cbc:ID><cac:Attachment><cac:ExternalReference><cbc:URI>${uri}</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>`;
const ciiLocation = (uri: string): string => `<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>D-2</ram:IssuerAssignedID><ram:URIID>${uri}</ram:URIID><ram:TypeCode>916</ram:TypeCode></ram:AdditionalReferencedDocument>`;

const HEADER_CASES: readonly BothCase[] = [
  ['no city of the seller', undefined, address('ram:SellerTradeParty', 'ram:CityName'), ['BR-DE-3']],
  ['no post code of the seller', address('cac:AccountingSupplierParty', 'cbc:PostalZone'), address('ram:SellerTradeParty', 'ram:PostcodeCode'), ['BR-DE-4']],
  ['no telephone of the contact', [/<cbc:Telephone>.*?<\/cbc:Telephone>/u, ''], [/<ram:TelephoneUniversalCommunication>.*?<\/ram:TelephoneUniversalCommunication>/u, ''], ['BR-DE-6', 'BR-DE-27']],
  ['no e-mail address of the contact', [/<cbc:ElectronicMail>.*?<\/cbc:ElectronicMail>/u, ''], [/<ram:EmailURIUniversalCommunication>.*?<\/ram:EmailURIUniversalCommunication>/u, ''], ['BR-DE-7', 'BR-DE-28']],
  ['no city of the buyer', address('cac:AccountingCustomerParty', 'cbc:CityName'), address('ram:BuyerTradeParty', 'ram:CityName'), ['BR-DE-8']],
  ['no post code of the buyer', address('cac:AccountingCustomerParty', 'cbc:PostalZone'), address('ram:BuyerTradeParty', 'ram:PostcodeCode'), ['BR-DE-9']],
  ['no post code of the delivery', address('cac:DeliveryLocation', 'cbc:PostalZone'), address('ram:ShipToTradeParty', 'ram:PostcodeCode'), ['BR-DE-11']],
  ['a breakdown without rate', [/(<cac:TaxSubtotal>.*?)<cbc:Percent>19<\/cbc:Percent>/u, '$1'], [/(<ram:BasisAmount>.*?)<ram:RateApplicablePercent>19<\/ram:RateApplicablePercent>/u, '$1'], ['BR-DE-14', 'BR-48', 'BR-CO-17', 'BR-S-09']],
  ['a seller that is not identified for tax', [[/<cac:PartyTaxScheme><cbc:CompanyID>DE.*?<\/cac:PartyTaxScheme>/u, ''], [/<cac:TaxRepresentativeParty>.*<\/cac:TaxRepresentativeParty>/u, '']],
    [[/<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE.*?<\/ram:SpecifiedTaxRegistration>/u, ''], [/<ram:SellerTaxRepresentativeTradeParty>.*<\/ram:SellerTaxRepresentativeTradeParty>/u, '']], ['BR-DE-16', 'BR-S-02', 'BR-S-03', 'BR-S-04']],
  ['another specification of the same family', ['xrechnung_3.0<', 'xrechnung_3.1<'], ['xrechnung_3.0<', 'xrechnung_3.1<'], ['BR-DE-21']],
  ['two attachments of one name', before('<cac:AdditionalDocumentReference>', ublAttachment), before('<ram:AdditionalReferencedDocument>', ciiAttachment), ['BR-DE-22']],
  ['a correction of nothing', [['>380</cbc:InvoiceTypeCode>', '>384</cbc:InvoiceTypeCode>'], [/<cac:BillingReference>.*<\/cac:BillingReference>/u, '']], [['<ram:TypeCode>380', '<ram:TypeCode>384'], [/<ram:InvoiceReferencedDocument>.*<\/ram:InvoiceReferencedDocument>/u, '']], ['BR-DE-26']],
  ['no time of delivery', [['<cbc:ActualDeliveryDate>2026-03-12</cbc:ActualDeliveryDate>', ''], [/<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>/gu, '']], [[/<ram:ActualDeliverySupplyChainEvent>.*?<\/ram:ActualDeliverySupplyChainEvent>/u, ''], [/<ram:BillingSpecifiedPeriod>.*?<\/ram:BillingSpecifiedPeriod>/gu, '']], ['BR-DE-TMP-32']],
  ['a location that is no URL', before('<cac:AdditionalDocumentReference>', ublLocation('a.pdf')), before('<ram:AdditionalReferencedDocument>', ciiLocation('a.pdf')), ['BR-TMP-2']],
];

const PAYMENT_CASES: readonly BothCase[] = [
  ['a SEPA debit of no IBAN', [ublMeans('59', U.mandate('4711')), UBL_CREDITOR], [ciiMeans('59', C.debited('4711')), CII_CREDITOR, CII_MANDATE], ['BR-DE-20']],
  ['a transfer and a card', ublMeans('58', U.card + U.account), ciiMeans('58', C.card + C.account), ['BR-DE-23-b']],
  ['a card payment without card', ublMeans('48', ''), ciiMeans('48', ''), ['BR-DE-24-a']],
  ['a card payment and an account', ublMeans('48', U.card + U.account), ciiMeans('48', C.card + C.account), ['BR-DE-24-b']],
  ['a direct debit without mandate', ublMeans('59', ''), ciiMeans('59', ''), ['BR-DE-25-a', 'BR-DE-20', 'PEPPOL-EN16931-R061']],
  ['a direct debit and an account', [ublMeans('59', U.account + U.mandate(IBAN)), UBL_CREDITOR], [ciiMeans('59', C.debited(IBAN) + C.account), CII_CREDITOR, CII_MANDATE], ['BR-DE-25-b']],
  ['a direct debit without creditor', ublMeans('59', U.mandate(IBAN)), [ciiMeans('59', C.debited(IBAN)), CII_MANDATE], ['BR-DE-30']],
  ['a direct debit of no account', [ublMeans('59', U.mandate('')), UBL_CREDITOR], [ciiMeans('59', ''), CII_CREDITOR, CII_MANDATE], ['BR-DE-31', 'BR-DE-20']],
];

const SHARED_CASES: readonly BothCase[] = [
  ['an accounting currency that is that of the invoice', [['<cbc:DocumentCurrencyCode>', '<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>'], before('<cac:TaxTotal>', `<cac:TaxTotal><cbc:TaxAmount ${EUR}>23.37</cbc:TaxAmount></cac:TaxTotal>`)],
    ['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], ['PEPPOL-EN16931-R005', 'BR-CO-15'], ['PEPPOL-EN16931-R005', 'PEPPOL-EN16931-R054', 'BR-53']],
  ['an indicator in another form', undefined, [/(<ram:ChargeIndicator><udt:Indicator>)false(?=<\/udt:Indicator><\/ram:ChargeIndicator><ram:ActualAmount>5)/u, '$10'], ['PEPPOL-EN16931-R043-1']],
  ['a discount of a price without indicator', undefined, ['<ram:NetPriceProductTradePrice>', '<ram:GrossPriceProductTradePrice><ram:ChargeAmount>101.00</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ActualAmount>1.00</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>'],
    ['PEPPOL-EN16931-R043-2', 'PEPPOL-EN16931-R044', 'CII-SR-119']],
];

/** Rules of XRechnung that the table before leaves out. */
export const XRECHNUNG_GAP_CASES: readonly BothCase[] = [...HEADER_CASES, ...PAYMENT_CASES, ...SHARED_CASES];

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
