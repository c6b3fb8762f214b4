import { replaced } from '../given.js';
import type { Edit, Mutation } from '../mutation.js';
import { CATEGORY_CODES, ciiOf, specOf, ublOf, type Spec } from './builder.js';

const PREFIX: Readonly<Record<string, string>> = { S: 'BR-S', Z: 'BR-Z', E: 'BR-E', AE: 'BR-AE', K: 'BR-IC', G: 'BR-G', O: 'BR-O', L: 'BR-AF', M: 'BR-AG' };
const EXEMPT: ReadonlySet<string> = new Set(['E', 'AE', 'K', 'G', 'O']);

interface Syntax {
  readonly name: 'UBL' | 'CII';
  readonly write: (spec: Spec) => string;
  readonly base: Edit;
  readonly amount: Edit;
  readonly breakdown: Edit;
  readonly reason: Edit;
  readonly addReason: Edit;
  /** The rate of the first category behind a text, replaced. */
  readonly rate: (before: string, rate: string) => Edit;
  readonly category: (before: string, category: string) => Edit;
}

const element = (name: string, value: string): string => `<${name}>${value}</${name}>`;
const UBL: Syntax = {
  name: 'UBL',
  write: ublOf,
  base: [/(<cbc:TaxableAmount[^>]*>)123.00/u, '$1125.50'],
  amount: [/(<cac:TaxSubtotal>.*?<cbc:TaxAmount[^>]*>)[^<]*/u, '$199.00'],
  breakdown: [/<cac:TaxSubtotal>.*<\/cac:TaxSubtotal>/u, ''],
  reason: [/<cbc:TaxExemptionReasonCode>[^<]*<\/cbc:TaxExemptionReasonCode>/u, ''],
  addReason: [/(<cac:TaxSubtotal>.*?)(<cac:TaxScheme>)/u, '$1<cbc:TaxExemptionReasonCode>VATEX-EU-132</cbc:TaxExemptionReasonCode>$2'],
  rate: (before, rate) => [new RegExp(`(${before}.*?<cac:(?:Classified)?TaxCategory><cbc:ID>[A-Z]+</cbc:ID>)(?:<cbc:Percent>[^<]*</cbc:Percent>)?`, 'u'), `$1${rate && element('cbc:Percent', rate)}`],
  category: (before, category) => [new RegExp(`(${before}.*?<cac:(?:Classified)?TaxCategory><cbc:ID>)[A-Z]+`, 'u'), `$1${category}`],
};
const CII: Syntax = {
  name: 'CII',
  write: ciiOf,
  base: [/(<ram:BasisAmount>)123.00/u, '$1125.50'],
  amount: [/(<ram:CalculatedAmount>)[^<]*/u, '$199.00'],
  breakdown: [/<ram:ApplicableTradeTax><ram:CalculatedAmount>.*?<\/ram:ApplicableTradeTax>/u, ''],
  reason: [/<ram:ExemptionReasonCode>[^<]*<\/ram:ExemptionReasonCode>/u, ''],
  addReason: [/(<ram:BasisAmount>.*?<\/ram:CategoryCode>)/u, '$1<ram:ExemptionReasonCode>VATEX-EU-132</ram:ExemptionReasonCode>'],
  rate: (before, rate) => [new RegExp(`(${before}.*?<ram:CategoryCode>[A-Z]+</ram:CategoryCode>)(?:<ram:RateApplicablePercent>[^<]*</ram:RateApplicablePercent>)?`, 'u'), `$1${rate && element('ram:RateApplicablePercent', rate)}`],
  category: (before, category) => [new RegExp(`(${before}.*?<ram:CategoryCode>)[A-Z]+`, 'u'), `$1${category}`],
};

const LINE = { UBL: '<cac:InvoiceLine>', CII: '<ram:SpecifiedLineTradeSettlement>' };
/** A rate that a category must not have. */
const wrongRate = (category: string): string => (category === 'O' ? '0' : category === 'L' || category === 'M' ? '-1' : category === 'S' ? '0' : '7');
/** Where the rate of the rows makes no group of its own, its base follows from all lines. */
const PER_RATE: ReadonlySet<string> = new Set(['S', 'L', 'M']);

function* ofCategory(syntax: Syntax, category: string): Iterable<Mutation> {
  const spec = specOf(category);
  const code = (number: string): string => `${PREFIX[category]}-${number}`;
  const right = syntax.write(spec);
  const title = (what: string): string => `${syntax.name} of category ${category} with ${what}`;
  const broken = (what: string, codes: readonly string[], edit: Edit): Mutation => ({ title: title(what), codes, text: () => replaced(right, ...edit) });
  const rate = wrongRate(category);
  const byRate = PER_RATE.has(category) ? [code('08')] : [];
  const noAmount = syntax.name === 'CII' && (category === 'L' || category === 'M');

  yield broken('no breakdown', [code('01'), 'BR-CO-18', ...(syntax.name === 'CII' && PER_RATE.has(category) ? ['BR-CO-14'] : [])], syntax.breakdown);
  yield { title: title(category === 'O' ? 'parties that are identified for VAT' : 'parties that are not identified for VAT'), codes: [code('02'), code('03'), code('04')], text: () => syntax.write({ ...spec, vatIds: category === 'O' }) };
  yield broken('a line of another rate', [code('05'), ...byRate], syntax.rate(LINE[syntax.name], rate));
  yield broken('an allowance of another rate', [code('06'), ...byRate], syntax.rate('>Rabatt<', rate));
  yield broken('a charge of another rate', [code('07'), ...byRate], syntax.rate('>Fracht<', rate));
  yield broken('a wrong base', [code('08')], syntax.base);
  if (!noAmount) yield broken('a wrong amount of VAT', [code('09'), 'BR-CO-14', 'BR-CO-17'], syntax.amount);
  yield broken(EXEMPT.has(category) ? 'no reason' : 'a reason that must not be', [code('10')], EXEMPT.has(category) ? syntax.reason : syntax.addReason);
}

function* ofDelivery({ name, write }: Syntax): Iterable<Mutation> {
  const right = write(specOf('K'));
  const edits: readonly Edit[] = name === 'UBL' ? [[/<cbc:ActualDeliveryDate>.*?<\/cbc:ActualDeliveryDate>/u, ''], [/<cac:InvoicePeriod>.*?<\/cac:InvoicePeriod>/u, '']]
    : [[/<ram:ActualDeliverySupplyChainEvent>.*?<\/ram:ActualDeliverySupplyChainEvent>/u, ''], [/(<ram:ApplicableHeaderTradeSettlement>.*?)<ram:BillingSpecifiedPeriod>.*?<\/ram:BillingSpecifiedPeriod>/u, '$1']];
  const place: Edit = name === 'UBL' ? [/<cac:DeliveryLocation>.*<\/cac:DeliveryLocation>/u, ''] : [/<ram:ShipToTradeParty>.*<\/ram:ShipToTradeParty>/u, ''];
  yield { title: `an intra-community supply in ${name} without date`, codes: ['BR-IC-11'], text: () => edits.reduce((text, edit) => replaced(text, ...edit), right) };
  yield { title: `an intra-community supply in ${name} without country of delivery`, codes: ['BR-IC-12'], text: () => replaced(right, ...place) };
}

function* outside(syntax: Syntax): Iterable<Mutation> {
  const right = syntax.write(specOf('O'));
  const second = (before: string, codes: readonly string[], what: string): Mutation => ({ title: `${syntax.name} outside the scope of VAT with ${what} of another category`, codes, text: () => replaced(right, ...syntax.category(before, 'Z')) });
  const cii = syntax.name === 'CII';
  yield second(LINE[syntax.name], ['BR-O-12', 'BR-O-08', 'BR-Z-01', 'BR-Z-02', 'BR-Z-05', ...(cii ? ['BR-O-11'] : [])], 'a line');
  yield second('>Rabatt<', ['BR-O-13', 'BR-O-08', 'BR-Z-01', 'BR-Z-03', 'BR-Z-06', ...(cii ? ['BR-O-14'] : [])], 'an allowance');
  yield second('>Fracht<', ['BR-O-14', 'BR-O-08', 'BR-Z-01', 'BR-Z-04', 'BR-Z-07', ...(cii ? ['BR-O-13'] : [])], 'a charge');
  const row: Edit = cii ? [/<ram:ApplicableTradeTax><ram:CalculatedAmount>.*?<\/ram:ApplicableTradeTax>/u, '$&<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>0.00</ram:BasisAmount><ram:CategoryCode>Z</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:ApplicableTradeTax>']
    : ['</cac:TaxSubtotal>', '</cac:TaxSubtotal><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">0.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>'];
  yield { title: `${syntax.name} outside the scope of VAT with another breakdown`, codes: ['BR-O-11', ...(cii ? ['BR-O-12', 'BR-Z-01'] : [])], text: () => replaced(right, ...row) };
}

/** Each category with each of its rules broken, in both syntaxes. */
export const VAT_MUTATIONS: readonly Mutation[] = [UBL, CII].flatMap((syntax) => [...CATEGORY_CODES.flatMap((category) => [...ofCategory(syntax, category)]), ...ofDelivery(syntax), ...outside(syntax)]);
