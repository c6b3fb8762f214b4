import { cii, replaced, ubl } from '../given.js';
import type { Mutation } from '../mutation.js';

type Case = readonly [title: string, from: string | RegExp, to: string, codes: readonly string[]];

const field = (name: string): RegExp => new RegExp(`<${name}(?: [^>]*)?>[^<]*</${name}>`, 'u');

const UBL_CASES: readonly Case[] = [
  ['no specification', field('cbc:CustomizationID'), '', ['BR-01']],
  ['no number', '<cbc:ID>R-1</cbc:ID>', '', ['BR-02']],
  ['no issue date', field('cbc:IssueDate'), '', ['BR-03']],
  ['no type code', field('cbc:InvoiceTypeCode'), '', ['BR-04']],
  ['no currency', field('cbc:DocumentCurrencyCode'), '', ['BR-05']],
  ['no seller name', field('cbc:RegistrationName'), '', ['BR-06']],
  ['no seller address', /<cac:PostalAddress>.*?<\/cac:PostalAddress>/u, '', ['BR-08']],
  ['no seller country', field('cbc:IdentificationCode'), '', ['BR-09']],
  ['no buyer', /<cac:AccountingCustomerParty>.*<\/cac:AccountingCustomerParty>/u, '', ['BR-07', 'BR-10']],
  ['no line total', /(<cac:LegalMonetaryTotal>)<cbc:LineExtensionAmount[^/]*\/cbc:LineExtensionAmount>/u, '$1', ['BR-12', 'BR-CO-10', 'BR-CO-13']],
  ['no total without VAT', field('cbc:TaxExclusiveAmount'), '', ['BR-13', 'BR-CO-13', 'BR-CO-15']],
  ['no total with VAT', field('cbc:TaxInclusiveAmount'), '', ['BR-14', 'BR-CO-15', 'BR-CO-16']],
  ['no amount due', field('cbc:PayableAmount'), '', ['BR-15', 'BR-CO-16']],
  ['no lines', /<cac:InvoiceLine>.*<\/cac:InvoiceLine>/u, '', ['BR-16', 'BR-CO-10', 'BR-S-01', 'BR-S-08']],
  ['a line without name', field('cbc:Name'), '', ['BR-25']],
  ['a line without price', field('cbc:PriceAmount'), '', ['BR-26', 'BR-27']],
  ['a line without unit', ' unitCode="C62"', '', ['BR-23']],
  ['a negative price', '<cbc:PriceAmount currencyID="EUR">', '<cbc:PriceAmount currencyID="EUR">-', ['BR-27']],
  ['a line without a net amount', /<cbc:LineExtensionAmount[^/]*\/cbc:LineExtensionAmount>(?=<cac:Item>)/u, '', ['BR-24', 'BR-CO-10', 'BR-S-08']],
  ['a wrong line amount', '>59.97</cbc:LineExtensionAmount>', '>59.98</cbc:LineExtensionAmount>', ['BR-CO-10']],
  ['an allowance that is not in the totals', '<cac:TaxTotal>', '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1.00</cbc:Amount></cac:AllowanceCharge><cac:TaxTotal>', ['BR-32', 'BR-33', 'BR-CO-11', 'BR-CO-21']],
  ['a charge that is not in the totals', '<cac:TaxTotal>', '<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1.00</cbc:Amount></cac:AllowanceCharge><cac:TaxTotal>', ['BR-37', 'BR-38', 'BR-CO-12', 'BR-CO-22']],
  ['a wrong total without VAT', '>159.97</cbc:TaxExclusiveAmount>', '>160.00</cbc:TaxExclusiveAmount>', ['BR-CO-13', 'BR-CO-15']],
  ['a wrong VAT total', '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">30.39', '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">30.40', ['BR-CO-14', 'BR-CO-15']],
  ['a VAT total in another currency only', '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">', '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">', ['BR-CO-15']],
  ['a wrong amount due', '>190.36</cbc:PayableAmount>', '>190.35</cbc:PayableAmount>', ['BR-CO-16']],
  ['three decimals in a document amount', '>190.36</cbc:PayableAmount>', '>190.360</cbc:PayableAmount>', ['BR-DEC-18', 'UBL-DT-01']],
  ['an amount in scientific notation', '>190.36</cbc:PayableAmount>', '>1.9036E2</cbc:PayableAmount>', ['FOLIO-AMOUNT-FORMAT']],
  ['an amount of 40 digits', '>190.36</cbc:PayableAmount>', `>${'9'.repeat(40)}</cbc:PayableAmount>`, ['FOLIO-AMOUNT-RANGE']],
  ['a date that no calendar has', '>2026-03-14<', '>2026-02-31<', ['FOLIO-DATE-IMPOSSIBLE']],
  ['a date that is none', '>2026-03-14<', '>14.03.2026<', ['FOLIO-DATE-FORMAT']],
];

const CII_CASES: readonly Case[] = [
  ['no number', '<ram:ID>R-1</ram:ID>', '', ['BR-02']],
  ['no issue date', /<ram:IssueDateTime>.*?<\/ram:IssueDateTime>/u, '', ['BR-03']],
  ['no type code', '<ram:TypeCode>380</ram:TypeCode>', '', ['BR-04', 'CII-SR-014']],
  ['no currency', field('ram:InvoiceCurrencyCode'), '', ['BR-05']],
  ['no seller name', '<ram:Name>Beispiel GmbH</ram:Name>', '', ['BR-06']],
  ['no seller address', /<ram:PostalTradeAddress>.*?<\/ram:PostalTradeAddress>/u, '', ['BR-08', 'BR-09']],
  ['no seller country', field('ram:CountryID'), '', ['BR-09']],
  ['no buyer', /<ram:BuyerTradeParty>.*<\/ram:BuyerTradeParty>/u, '', ['BR-07', 'BR-10', 'BR-11']],
  ['no line total', /(HeaderMonetarySummation>)<ram:LineTotalAmount>[^<]*<\/ram:LineTotalAmount>/u, '$1', ['BR-12', 'BR-CO-10', 'BR-CO-13']],
  ['no total without VAT', field('ram:TaxBasisTotalAmount'), '', ['BR-13', 'BR-CO-13', 'BR-CO-15']],
  ['no total with VAT', field('ram:GrandTotalAmount'), '', ['BR-14', 'BR-CO-15', 'BR-CO-16']],
  ['no amount due', field('ram:DuePayableAmount'), '', ['BR-15', 'BR-CO-16']],
  ['no lines', /<ram:IncludedSupplyChainTradeLineItem>.*<\/ram:IncludedSupplyChainTradeLineItem>/u, '', ['BR-16', 'BR-CO-10', 'BR-S-08']],
  ['a line without name', '<ram:Name>Silla</ram:Name>', '', ['BR-25']],
  ['a line without price', field('ram:ChargeAmount'), '', ['BR-26', 'BR-27', 'CII-SR-439']],
  ['a negative price', /(<ram:ChargeAmount>)/u, '$1-', ['BR-27']],
  ['a wrong total without VAT', /(<ram:TaxBasisTotalAmount>)159.97/u, '$1160.00', ['BR-CO-13', 'BR-CO-15']],
  ['three decimals in a document amount', /(<ram:DuePayableAmount>[^<]+)/u, '$10', ['BR-DEC-18']],
  ['an amount in scientific notation', /(<ram:DuePayableAmount>)[^<]+/u, '$11.9036E2', ['FOLIO-AMOUNT-FORMAT']],
  ['an amount of 40 digits', /(<ram:DuePayableAmount>)[^<]+/u, `$1${'9'.repeat(40)}`, ['FOLIO-AMOUNT-RANGE']],
  ['no specification', /<rsm:ExchangedDocumentContext>.*<\/rsm:ExchangedDocumentContext>/u, '', ['BR-01']],
  ['a wrong amount due', /(<ram:DuePayableAmount>)[^<]+/u, '$11.00', ['BR-CO-16']],
  ['a date that no calendar has', '>20260314<', '>20260431<', ['FOLIO-DATE-IMPOSSIBLE']],
  ['a line without a net amount', /<ram:SpecifiedTradeSettlementLineMonetarySummation>.*?<\/ram:SpecifiedTradeSettlementLineMonetarySummation>/u, '', ['BR-24', 'BR-CO-10', 'BR-S-08']],
  ['no VAT breakdown', /<ram:InvoiceCurrencyCode>EUR<\/ram:InvoiceCurrencyCode><ram:ApplicableTradeTax>.*?<\/ram:ApplicableTradeTax>/u, '<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>', ['BR-CO-14', 'BR-CO-18', 'BR-S-01']],
];

const mutationsOf = (syntax: string, right: () => string, cases: readonly Case[]): Mutation[] =>
  cases.map(([title, from, to, codes]) => ({ title: `${syntax} with ${title}`, codes, text: () => replaced(right(), from, to) }));

/** The parts that every invoice must have. */
export const CORE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf('UBL', ubl, UBL_CASES), ...mutationsOf('CII', cii, CII_CASES),
  { title: 'a UBL credit note of a negative total', codes: ['FOLIO-EN-CREDIT-SIGN'], text: () => ubl({ type: '381', lines: [{ name: 'Silla', quantity: -2, cents: 5_000 }] }) },
];
