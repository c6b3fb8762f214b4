import type { Edit } from '../mutation.js';
import type { BothCase } from './cases.js';

const EUR = 'currencyID="EUR"';
/** Writes one decimal more, behind the text that leads to the amount. */
const longer = (before: string): Edit => [new RegExp(`(${before}[^>]*>\\d+\\.\\d\\d)(<)`, 'u'), '$10$2'];
/** The amount is the same, so nothing but the number of its decimals is told; in UBL by the syntax binding too. */
const decimals = (code: string, title: string, ubl: Edit, cii: Edit): BothCase => [`three decimals in ${title}`, ubl, cii, [code, 'UBL-DT-01'], [code]];

const DOCUMENT_ALLOWANCE = 'Rabatt</cbc:AllowanceChargeReason><cbc:Amount';
const DOCUMENT_CHARGE = 'Fracht</cbc:AllowanceChargeReason><cbc:Amount';
const LINE_ALLOWANCE = 'Treue</cbc:AllowanceChargeReason><cbc:Amount';
const LINE_CHARGE = 'Eile</cbc:AllowanceChargeReason><cbc:Amount';
/** A base of three decimals behind the amount, and its percentage before it. */
const ublBase = (reason: string): Edit => [new RegExp(`(>${reason}</cbc:AllowanceChargeReason>)(<cbc:Amount[^>]*>[^<]*</cbc:Amount>)`, 'u'), `$1<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>$2<cbc:BaseAmount ${EUR}>10.000</cbc:BaseAmount>`];
const ciiBase = (reason: string): Edit => [new RegExp(`(<ram:ActualAmount>[^<]*</ram:ActualAmount><ram:Reason>${reason})`, 'u'), '<ram:CalculationPercent>10</ram:CalculationPercent><ram:BasisAmount>10.000</ram:BasisAmount>$1'];
const ciiAmount = (reason: string): Edit => [new RegExp(`(<ram:ActualAmount>[^<]*)(</ram:ActualAmount><ram:Reason>${reason})`, 'u'), '$10$2'];

const DECIMAL_CASES: readonly BothCase[] = [
  decimals('BR-DEC-01', 'an allowance', longer(DOCUMENT_ALLOWANCE), ciiAmount('Rabatt')),
  decimals('BR-DEC-02', 'the base of an allowance', ublBase('Rabatt'), ciiBase('Rabatt')),
  decimals('BR-DEC-05', 'a charge', longer(DOCUMENT_CHARGE), ciiAmount('Fracht')),
  decimals('BR-DEC-06', 'the base of a charge', ublBase('Fracht'), ciiBase('Fracht')),
  decimals('BR-DEC-09', 'the sum of the lines', longer('<cac:LegalMonetaryTotal><cbc:LineExtensionAmount'), longer('HeaderMonetarySummation><ram:LineTotalAmount')),
  decimals('BR-DEC-10', 'the sum of the allowances', longer('<cbc:AllowanceTotalAmount'), longer('<ram:AllowanceTotalAmount')),
  decimals('BR-DEC-11', 'the sum of the charges', longer('<cbc:ChargeTotalAmount'), longer('<ram:ChargeTotalAmount')),
  decimals('BR-DEC-12', 'the total without VAT', longer('<cbc:TaxExclusiveAmount'), longer('<ram:TaxBasisTotalAmount')),
  ['three decimals in the VAT total', longer('<cac:TaxTotal><cbc:TaxAmount'), [/(<ram:TaxTotalAmount[^>]*>[^<]*)/u, '$11'], ['BR-DEC-13', 'UBL-DT-01'], ['BR-DEC-13', 'BR-CO-14']],
  decimals('BR-DEC-14', 'the total with VAT', longer('<cbc:TaxInclusiveAmount'), longer('<ram:GrandTotalAmount')),
  decimals('BR-DEC-16', 'the prepaid amount', ['<cbc:PayableAmount', `<cbc:PrepaidAmount ${EUR}>0.000</cbc:PrepaidAmount><cbc:PayableAmount`], ['<ram:DuePayableAmount', '<ram:TotalPrepaidAmount>0.000</ram:TotalPrepaidAmount><ram:DuePayableAmount']),
  decimals('BR-DEC-17', 'the rounding', ['<cbc:PayableAmount', `<cbc:PayableRoundingAmount ${EUR}>0.000</cbc:PayableRoundingAmount><cbc:PayableAmount`], ['<ram:TaxBasisTotalAmount', '<ram:RoundingAmount>0.000</ram:RoundingAmount><ram:TaxBasisTotalAmount']),
  decimals('BR-DEC-19', 'a taxable amount', longer('<cbc:TaxableAmount'), longer('</ram:TypeCode><ram:BasisAmount')),
  decimals('BR-DEC-20', 'a VAT amount', longer('</cbc:TaxableAmount><cbc:TaxAmount'), longer('<ram:CalculatedAmount')),
  decimals('BR-DEC-24', 'an allowance of a line', longer(LINE_ALLOWANCE), ciiAmount('Treue')),
  decimals('BR-DEC-25', 'the base of an allowance of a line', ublBase('Treue'), ciiBase('Treue')),
  decimals('BR-DEC-27', 'a charge of a line', longer(LINE_CHARGE), ciiAmount('Eile')),
  decimals('BR-DEC-28', 'the base of a charge of a line', ublBase('Eile'), ciiBase('Eile')),
  ['three decimals in the VAT total of the accounting currency',
    [['<cbc:DocumentCurrencyCode>', '<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>'], ['<cac:TaxTotal>', '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">1.123</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>']],
    [['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], ['<ram:TaxTotalAmount', '<ram:TaxTotalAmount currencyID="SEK">1.123</ram:TaxTotalAmount><ram:TaxTotalAmount']],
    ['BR-DEC-15', 'UBL-DT-01'], ['BR-DEC-15']],
];

/** Means of payment by card. */
const ublCard = (number: string): Edit => ['<cac:PayeeFinancialAccount>', `<cac:CardAccount><cbc:PrimaryAccountNumberID>${number}</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID></cac:CardAccount><cac:PayeeFinancialAccount>`];
const ciiCard = (number: string): Edit => ['<ram:PayeePartyCreditorFinancialAccount>', `<ram:ApplicableTradeSettlementFinancialCard><ram:ID>${number}</ram:ID></ram:ApplicableTradeSettlementFinancialCard><ram:PayeePartyCreditorFinancialAccount>`];
/** What stands behind the category in the breakdown. */
const inCiiRow = (text: string): Edit => [/(<ram:BasisAmount>.*?<\/ram:CategoryCode>)/u, `$1${text}`];

const FIELD_CASES: readonly BothCase[] = [
  ['no country of the buyer', [/(Ejemplo SL Shop.*?)<cac:Country>.*?<\/cac:Country>/u, '$1'], [/(<ram:BuyerTradeParty>.*?)<ram:CountryID>ES<\/ram:CountryID>/u, '$1'], ['BR-11']],
  ['a line without identifier', ['<cac:InvoiceLine><cbc:ID>1</cbc:ID>', '<cac:InvoiceLine>'], ['<ram:LineID>1</ram:LineID>', ''], ['BR-21']],
  ['a line without quantity', [/<cbc:InvoicedQuantity[^>]*>1<\/cbc:InvoicedQuantity>/u, ''], [/<ram:BilledQuantity[^>]*>1<\/ram:BilledQuantity>/u, ''], ['BR-22', 'BR-23']],
  ['a seller without any identifier', [['<cac:PartyIdentification><cbc:ID>S1</cbc:ID></cac:PartyIdentification>', ''], ['<cbc:CompanyID>HRB-S1</cbc:CompanyID>', ''], [/<cac:PartyTaxScheme><cbc:CompanyID>DE.*?<\/cac:PartyTaxScheme>/u, '']],
    [['<ram:ID>S1</ram:ID>', ''], ['<ram:ID>HRB-S1</ram:ID>', ''], [/<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE.*?<\/ram:SpecifiedTaxRegistration>/u, '']], ['BR-CO-26']],
  ['a charge without amount', [/(>Fracht<\/cbc:AllowanceChargeReason>)<cbc:Amount[^/]*\/cbc:Amount>/u, '$1'], ['<ram:ActualAmount>2.50</ram:ActualAmount>', ''], ['BR-36', 'BR-CO-12', 'BR-S-08']],
  ['an invoicing period without dates', [/<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>(<cac:BillingReference>)/u, '<cac:InvoicePeriod></cac:InvoicePeriod>$1'], [/(<ram:BillingSpecifiedPeriod>)(?:(?!BillingSpecifiedPeriod).)*(<\/ram:BillingSpecifiedPeriod>(?!.*BillingSpecifiedPeriod))/u, '$1$2'], ['BR-CO-19']],
  ['a line period without dates', [/(<cac:InvoiceLine>.*?)<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>/u, '$1<cac:InvoicePeriod></cac:InvoicePeriod>'], [/<ram:BillingSpecifiedPeriod>.*?<\/ram:BillingSpecifiedPeriod>/u, '<ram:BillingSpecifiedPeriod></ram:BillingSpecifiedPeriod>'], ['BR-CO-20']],
  ['both a tax point date and its code', [['<cbc:DocumentCurrencyCode>', '<cbc:TaxPointDate>2026-03-14</cbc:TaxPointDate><cbc:DocumentCurrencyCode>'], [/(<\/cbc:EndDate>)(<\/cac:InvoicePeriod><cac:BillingReference>)/u, '$1<cbc:DescriptionCode>35</cbc:DescriptionCode>$2']],
    inCiiRow('<ram:TaxPointDate><udt:DateString format="102">20260314</udt:DateString></ram:TaxPointDate><ram:DueDateTypeCode>5</ram:DueDateTypeCode>'), ['BR-CO-03']],
  ['a negative gross price', [/(<\/cbc:PriceAmount>)/u, `$1<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount ${EUR}>0.00</cbc:Amount><cbc:BaseAmount ${EUR}>-1.00</cbc:BaseAmount></cac:AllowanceCharge>`],
    ['<ram:NetPriceProductTradePrice>', '<ram:GrossPriceProductTradePrice><ram:ChargeAmount>-1.00</ram:ChargeAmount></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>'], ['BR-28']],
  ['a whole card number', ublCard('4111111111111111'), ciiCard('4111111111111111'), ['BR-51']],
  ['an address of the buyer without scheme', [/(<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID) schemeID="0088"/u, '$1'], [/(<ram:BuyerTradeParty>.*?<ram:URIID) schemeID="0088"/u, '$1'], ['BR-63']],
  ['a VAT total of more decimals, all zero', undefined, [/(<ram:TaxTotalAmount[^>]*>[^<]*)/u, '$10'], ['FOLIO-EN-DECIMALS']],
];

const ROW_CASES: readonly BothCase[] = [
  ['a breakdown without base', [/<cbc:TaxableAmount[^>]*>[^<]*<\/cbc:TaxableAmount>/u, ''], [/<ram:BasisAmount>[^<]*<\/ram:BasisAmount>/u, ''], ['BR-45', 'BR-CO-17', 'BR-S-08', 'BR-S-09']],
  ['a breakdown without amount', [/(<cac:TaxSubtotal>.*?)<cbc:TaxAmount[^>]*>[^<]*<\/cbc:TaxAmount>/u, '$1'], [/<ram:CalculatedAmount>[^<]*<\/ram:CalculatedAmount>/u, ''], ['BR-46', 'BR-CO-14', 'BR-CO-17', 'BR-S-09']],
  ['a breakdown without category', [/(<cac:TaxSubtotal>.*?<cac:TaxCategory>)<cbc:ID>S<\/cbc:ID>/u, '$1'], [/(<ram:BasisAmount>[^<]*<\/ram:BasisAmount>)<ram:CategoryCode>S<\/ram:CategoryCode>/u, '$1'], ['BR-47', 'BR-S-01']],
  ['three decimals in a line', longer('</cbc:InvoicedQuantity><cbc:LineExtensionAmount'), longer('LineMonetarySummation><ram:LineTotalAmount'), ['BR-DEC-23', 'UBL-DT-01'], ['BR-DEC-23']],
  ['a negative total of a credit note', undefined, [[/<ram:TypeCode>380/u, '<ram:TypeCode>381'], ...['LineTotalAmount', 'TaxBasisTotalAmount', 'GrandTotalAmount', 'DuePayableAmount', 'BasisAmount', 'CalculatedAmount', 'ActualAmount', 'ChargeTotalAmount', 'AllowanceTotalAmount', 'BilledQuantity[^>]*', 'TaxTotalAmount[^>]*']
    .map((name): Edit => [new RegExp(`(<ram:${name}>)(?=\\d)`, 'gu'), '$1-'])], ['FOLIO-EN-CREDIT-SIGN']],
];

const CODE_CASES: readonly BothCase[] = [
  ['an exemption reason that is none', [/(<cac:TaxSubtotal>.*?)(<cac:TaxScheme>)/u, '$1<cbc:TaxExemptionReasonCode>VATEX-NO</cbc:TaxExemptionReasonCode>$2'], inCiiRow('<ram:ExemptionReasonCode>VATEX-NO</ram:ExemptionReasonCode>'), ['BR-CL-22', 'BR-S-10']],
  ['a charge without category', [/(>Fracht<.*?<\/cbc:Amount>)<cac:TaxCategory>.*?<\/cac:TaxCategory>/u, '$1'], [/(>Fracht<\/ram:Reason>)<ram:CategoryTradeTax>.*?<\/ram:CategoryTradeTax>/u, '$1'], ['BR-37', 'BR-S-08']],
  ['a currency that is none', ['<cbc:DocumentCurrencyCode>EUR<', '<cbc:DocumentCurrencyCode>XYZ<'], ['<ram:InvoiceCurrencyCode>EUR<', '<ram:InvoiceCurrencyCode>XYZ<'], ['BR-CL-04', 'BR-CO-15']],
  ['an amount in a currency that is none', [/(<cbc:PriceAmount currencyID=")EUR/u, '$1XYZ'], [/(<ram:TaxTotalAmount currencyID=")EUR/u, '$1XYZ'], ['BR-CL-03'], ['BR-CL-03', 'BR-CO-15']],
  ['an accounting currency that is none', [['<cbc:DocumentCurrencyCode>', '<cbc:TaxCurrencyCode>XYZ</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>']], ['<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>XYZ</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'], ['BR-CL-05', 'BR-53']],
  ['a tax point code that is none', [/(<\/cbc:EndDate>)(<\/cac:InvoicePeriod><cac:BillingReference>)/u, '$1<cbc:DescriptionCode>99</cbc:DescriptionCode>$2'], inCiiRow('<ram:DueDateTypeCode>99</ram:DueDateTypeCode>'), ['BR-CL-06']],
  ['an invoiced object of a scheme that is none', ['<cac:AdditionalDocumentReference>', '<cac:AdditionalDocumentReference><cbc:ID schemeID="QQQ">O-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:AdditionalDocumentReference>'],
    ['<ram:AdditionalReferencedDocument>', '<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>O-1</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>QQQ</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument><ram:AdditionalReferencedDocument>'], ['BR-CL-07']],
  ['a subject of a note that is none', ['#AAI#', '#QQQ#'], ['<ram:SubjectCode>AAI<', '<ram:SubjectCode>QQQ<'], ['BR-CL-08']],
  ['a scheme of a party that is none', ['<cbc:ID>S1<', '<cbc:ID schemeID="8888">S1<'], ['<ram:ID>S1</ram:ID>', '<ram:GlobalID schemeID="8888">S1</ram:GlobalID>'], ['BR-CL-10']],
  ['a scheme of a registration that is none', ['<cbc:CompanyID>HRB-S1<', '<cbc:CompanyID schemeID="8888">HRB-S1<'], ['<ram:ID>HRB-S1<', '<ram:ID schemeID="8888">HRB-S1<'], ['BR-CL-11']],
  ['a category of an allowance that is none', [/(>Rabatt<.*?<cac:TaxCategory><cbc:ID>)S/u, '$1Q'], [/(>Rabatt<.*?<ram:CategoryCode>)S/u, '$1Q'], ['BR-CL-17', 'BR-S-08']],
  ['a category of a line that is none', [/(<cac:ClassifiedTaxCategory><cbc:ID>)S/u, '$1Q'], [/(<ram:SpecifiedLineTradeSettlement>.*?<ram:CategoryCode>)S/u, '$1Q'], ['BR-CL-18', 'BR-S-08']],
  ['a reason of an allowance that is none', ['<cbc:AllowanceChargeReason>Rabatt<', '<cbc:AllowanceChargeReasonCode>QQQ</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Rabatt<'], ['<ram:Reason>Rabatt<', '<ram:ReasonCode>QQQ</ram:ReasonCode><ram:Reason>Rabatt<'], ['BR-CL-19']],
  ['a reason of a charge that is none', ['<cbc:AllowanceChargeReason>Fracht<', '<cbc:AllowanceChargeReasonCode>QQQ</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Fracht<'], ['<ram:Reason>Fracht<', '<ram:ReasonCode>QQQ</ram:ReasonCode><ram:Reason>Fracht<'], ['BR-CL-20']],
  ['split payment that is not Italian', [[/<cbc:ID>S<\/cbc:ID>/gu, '<cbc:ID>B</cbc:ID>']], [[/<ram:CategoryCode>S</gu, '<ram:CategoryCode>B<']], ['BR-B-01']],
  ['split payment beside the standard rate', [/(<cac:ClassifiedTaxCategory><cbc:ID>)S/u, '$1B'], [/(<ram:SpecifiedLineTradeSettlement>.*?<ram:CategoryCode>)S/u, '$1B'], ['BR-B-02', 'BR-B-01', 'BR-S-08']],
];

/** Fields, decimals, rows of the breakdown and codes. */
export const VALUE_CASES: readonly BothCase[] = [...FIELD_CASES, ...DECIMAL_CASES, ...ROW_CASES, ...CODE_CASES];
