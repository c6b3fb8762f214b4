import { replaced } from '../given.js';
import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';
import { ciiOf, specOf, ublOf } from './builder.js';

const XRECHNUNG = 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0';
const spec = specOf('S', { specification: XRECHNUNG });
const UBL_CONTACT = '<cac:Contact><cbc:Name>Team</cbc:Name><cbc:Telephone>030 1234</cbc:Telephone><cbc:ElectronicMail>team@example.org</cbc:ElectronicMail></cac:Contact>';
const CII_CONTACT = '<ram:DefinedTradeContact><ram:PersonName>Team</ram:PersonName><ram:TelephoneUniversalCommunication><ram:CompleteNumber>030 1234</ram:CompleteNumber></ram:TelephoneUniversalCommunication><ram:EmailURIUniversalCommunication><ram:URIID>team@example.org</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>';
export const XRECHNUNG_UBL = replaced(ublOf(spec), /(HRB-S1<\/cbc:CompanyID><\/cac:PartyLegalEntity>)/u, `$1${UBL_CONTACT}`);
export const XRECHNUNG_CII = replaced(ciiOf(spec), /(Beispiel GmbH Shop<\/ram:TradingBusinessName><\/ram:SpecifiedLegalOrganization>)/u, `$1${CII_CONTACT}`);

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
  ['no payment instructions', [/<cac:PaymentMeans>.*<\/cac:PaymentMeans>/u, ''], [/<ram:SpecifiedTradeSettlementPaymentMeans>.*<\/ram:SpecifiedTradeSettlementPaymentMeans>/u, ''], ['BR-DE-1']],
  ['no contact of the seller', [UBL_CONTACT, ''], [CII_CONTACT, ''], ['BR-DE-2']],
  ['a seller without city', ['<cbc:CityName>Ort</cbc:CityName>', ''], undefined, ['BR-DE-3']],
  ['a contact without name', ['<cbc:Name>Team</cbc:Name>', ''], ['<ram:PersonName>Team</ram:PersonName>', ''], ['BR-DE-5']],
  ['a telephone of two digits', ['030 1234', '03'], ['030 1234', '03'], ['BR-DE-27']],
  ['an e-mail address that is none', ['team@example.org', 'team@example'], ['team@example.org', 'team@example'], ['BR-DE-28']],
  ['a delivery address without city', ['<cbc:CityName>Madrid</cbc:CityName>', ''], ['<ram:CityName>Madrid</ram:CityName>', ''], ['BR-DE-10']],
  ['no buyer reference', ['<cbc:BuyerReference>B-1</cbc:BuyerReference>', ''], ['<ram:BuyerReference>B-1</ram:BuyerReference>', ''], ['BR-DE-15']],
  ['a type that should not be', ['>380</cbc:InvoiceTypeCode>', '>395</cbc:InvoiceTypeCode>'], ['<ram:TypeCode>380', '<ram:TypeCode>395'], ['BR-DE-17']],
  ['a SEPA transfer to no IBAN', ['DE89370400440532013000', '4711'], ['DE89370400440532013000', '4711'], ['BR-DE-19']],
  ['a transfer without account group', [/<cac:PayeeFinancialAccount>.*<\/cac:PayeeFinancialAccount>/u, ''], [/<ram:PayeePartyCreditorFinancialAccount>.*<\/ram:PayeePartyCreditorFinancialAccount>/u, ''], ['BR-DE-23-a', 'BR-DE-19', 'BR-61'], ['BR-DE-23-a', 'BR-DE-19']],
  ['discount terms of another form', ['<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Rabatt', '<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=x#</cbc:Note></cac:PaymentTerms><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Rabatt'],
    ['<ram:DueDateDateTime>', '<ram:Description>#SKONTO#TAGE=x#</ram:Description><ram:DueDateDateTime>'], ['BR-DE-18']],
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

const reasoned = (reason: string, percent: string, base: string): Edit => [new RegExp(`(<ram:ActualAmount>[^<]*</ram:ActualAmount><ram:Reason>${reason})`, 'u'), `${percent && `<ram:CalculationPercent>${percent}</ram:CalculationPercent>`}${base && `<ram:BasisAmount>${base}</ram:BasisAmount>`}$1`];
const gross = (price: string, discount: string): Edit =>
  ['<ram:NetPriceProductTradePrice>', `<ram:GrossPriceProductTradePrice><ram:ChargeAmount>${price}</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>${discount}</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>`];
const baseQuantity = (quantity: string, unit: string): Edit => [/(<ram:NetPriceProductTradePrice>.*?<\/ram:ChargeAmount>)/u, `$1<ram:BasisQuantity unitCode="${unit}">${quantity}</ram:BasisQuantity>`];
const linePeriod = (which: 'Start' | 'End', day: string): Edit => [new RegExp(`(<ram:SpecifiedLineTradeSettlement>.*?<ram:${which}DateTime><udt:DateTimeString format="102">)\\d+`, 'u'), `$1${day}`];
const lineObject = (type: string): Edit => [/(<ram:SpecifiedTradeSettlementLineMonetarySummation>.*?<\/ram:SpecifiedTradeSettlementLineMonetarySummation>)/u, `$1<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>O-1</ram:IssuerAssignedID><ram:TypeCode>${type}</ram:TypeCode></ram:AdditionalReferencedDocument>`];

/** Rules that XRechnung takes over from Peppol; those that UBL has are broken there, too. */
const SHARED_CASES: readonly BothCase[] = [
  ['no process', undefined, [/<ram:BusinessProcessSpecifiedDocumentContextParameter>.*<\/ram:BusinessProcessSpecifiedDocumentContextParameter>/u, ''], ['PEPPOL-EN16931-R001']],
  ['an empty element', undefined, before('<ram:PaymentReference>', '<ram:CreditorReferenceID></ram:CreditorReferenceID>'), ['PEPPOL-EN16931-R008']],
  ['a buyer without electronic address', undefined, [/(<ram:BuyerTradeParty>.*?)<ram:URIUniversalCommunication>.*?<\/ram:URIUniversalCommunication>/u, '$1'], ['PEPPOL-EN16931-R010']],
  ['a seller without electronic address', undefined, [/<ram:URIUniversalCommunication>.*?<\/ram:URIUniversalCommunication>/u, ''], ['PEPPOL-EN16931-R020']],
  ['an allowance that is not its percentage', undefined, reasoned('Rabatt', '6', '100.00'), ['PEPPOL-EN16931-R040']],
  ['a percentage without base', undefined, reasoned('Rabatt', '5', ''), ['PEPPOL-EN16931-R041']],
  ['a base without percentage', undefined, reasoned('Rabatt', '', '100.00'), ['PEPPOL-EN16931-R042']],
  ['a net price that is not the gross one less its discount', undefined, gross('100.00', '1.00'), ['PEPPOL-EN16931-R046']],
  ['two VAT totals', undefined, [/<ram:TaxTotalAmount [^>]*>[^<]*<\/ram:TaxTotalAmount>/u, '$&$&'], ['PEPPOL-EN16931-R053', 'BR-CO-15']],
  ['VAT totals of different signs', undefined, [['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], before('<ram:TaxTotalAmount ', '<ram:TaxTotalAmount currencyID="SEK">-250.00</ram:TaxTotalAmount>')], ['PEPPOL-EN16931-R055']],
  ['a document of a line', undefined, lineObject('916'), ['PEPPOL-EN16931-R101']],
  ['a line period before that of the invoice', undefined, linePeriod('Start', '20260201'), ['PEPPOL-EN16931-R110']],
  ['a line period after that of the invoice', undefined, linePeriod('End', '20260401'), ['PEPPOL-EN16931-R111']],
  ['a line that is not quantity times price', undefined, [/(<ram:NetPriceProductTradePrice><ram:ChargeAmount>)100.00/u, '$199.00'], ['PEPPOL-EN16931-R120']],
  ['a base quantity of zero', undefined, baseQuantity('0', 'C62'), ['PEPPOL-EN16931-R121']],
  ['a base quantity in another unit', undefined, baseQuantity('1', 'KGM'), ['PEPPOL-EN16931-R130']],
  ['an accounting currency that is that of the invoice', [['<cbc:DocumentCurrencyCode>', '<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>'], before('<cac:TaxTotal>', `<cac:TaxTotal><cbc:TaxAmount ${EUR}>23.37</cbc:TaxAmount></cac:TaxTotal>`)],
    ['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], ['PEPPOL-EN16931-R005', 'BR-CO-15'], ['PEPPOL-EN16931-R005', 'PEPPOL-EN16931-R054', 'BR-53']],
  ['an indicator in another form', undefined, [/(<ram:ChargeIndicator><udt:Indicator>)false(?=<\/udt:Indicator><\/ram:ChargeIndicator><ram:ActualAmount>5)/u, '$10'], ['PEPPOL-EN16931-R043-1']],
  ['a discount of a price without indicator', undefined, ['<ram:NetPriceProductTradePrice>', '<ram:GrossPriceProductTradePrice><ram:ChargeAmount>101.00</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ActualAmount>1.00</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>'],
    ['PEPPOL-EN16931-R043-2', 'PEPPOL-EN16931-R044', 'CII-SR-119']],
];

export const XRECHNUNG_CASES: readonly BothCase[] = [...HEADER_CASES, ...PAYMENT_CASES, ...SHARED_CASES];
