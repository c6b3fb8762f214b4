import { replaced } from '../given.js';
import type { BothCase } from './cases.js';
import { ciiOf, specOf, ublOf } from './builder.js';

const XRECHNUNG = 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0';
const spec = specOf('S', { specification: XRECHNUNG });
const UBL_CONTACT = '<cac:Contact><cbc:Name>Team</cbc:Name><cbc:Telephone>030 1234</cbc:Telephone><cbc:ElectronicMail>team@example.org</cbc:ElectronicMail></cac:Contact>';
const CII_CONTACT = '<ram:DefinedTradeContact><ram:PersonName>Team</ram:PersonName><ram:TelephoneUniversalCommunication><ram:CompleteNumber>030 1234</ram:CompleteNumber></ram:TelephoneUniversalCommunication><ram:EmailURIUniversalCommunication><ram:URIID>team@example.org</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>';
export const XRECHNUNG_UBL = replaced(ublOf(spec), /(HRB-S1<\/cbc:CompanyID><\/cac:PartyLegalEntity>)/u, `$1${UBL_CONTACT}`);
export const XRECHNUNG_CII = replaced(ciiOf(spec), /(Beispiel GmbH Shop<\/ram:TradingBusinessName><\/ram:SpecifiedLegalOrganization>)/u, `$1${CII_CONTACT}`);

export const XRECHNUNG_CASES: readonly BothCase[] = [
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
];
