import { CODE_LISTS } from '../../code-lists/index.js';
import { TOTAL_TERMS, type EnDocument, type EnParty, type Identifier, type Text } from '../../models/en16931.js';
import { pathOf, rule, type EnRule } from './rule.js';
import type { EnView } from './view.js';

/** Tells a code of the document with its term and rows. */
type See = (code: Text, term: string, index?: number, inner?: number) => void;
type List = ReadonlySet<string> | ((view: EnView) => ReadonlySet<string>);

/** Codes that must be of a list; absent ones are another rule's business. */
const codes = (code: string, term: string, name: string, nombre: string, list: List, walk: (document: EnDocument, see: See) => void): EnRule =>
  rule(code, term, `The code must be of ${name}.`, `El código debe ser de ${nombre}.`, (view, report) => {
    const allowed = typeof list === 'function' ? list(view) : list;
    walk(view.document, (value, place, index, inner) => {
      if (value !== undefined && !allowed.has(value)) report(() => pathOf(view.document, place, index, inner), name, value, place);
    });
  });

const {
  invoiceTypes, creditNoteTypes, documentTypes, currencies, taxPointCodesUbl, taxPointCodesCii, referenceQualifiers, noteSubjects, identifierSchemes, itemClassifications,
  countries, paymentMeans, vatCategories, allowanceReasons, chargeReasons, exemptionReasons, units, mimeTypes, addressSchemes,
} = CODE_LISTS;

const typesOf = ({ document: { root } }: EnView): ReadonlySet<string> =>
  (root === 'Invoice' ? invoiceTypes : root === 'CreditNote' ? creditNoteTypes : documentTypes);

const OBJECT = '130';

/** UBL names the currency of every amount; one that is there without it breaks the rule too. CII names it at the VAT totals only, where it may be left out. */
const currencyOf = ({ syntax }: EnDocument, amount: Text, currency: Text): Text => currency ?? (syntax === 'ubl' && amount !== undefined ? '' : undefined);

function currenciesOf(document: EnDocument, see: See): void {
  const of = (amount: Text, currency: Text): Text => currencyOf(document, amount, currency);
  for (const { amount, currency } of document.taxTotals) see(of(amount, currency), 'BT-110');
  for (const term of TOTAL_TERMS) see(of(document.totals[term], document.totalCurrencies[term]), term);
  for (const [index, row] of document.vat.entries()) {
    see(of(row.base, row.baseCurrency), 'BT-116', index);
    see(of(row.amount, row.amountCurrency), 'BT-117', index);
  }
  for (const [index, row] of document.allowances.entries()) {
    see(of(row.amount, row.currency), 'BT-92', index);
    see(of(row.base, row.baseCurrency), 'BT-93', index);
  }
  for (const [index, line] of document.lines.entries()) {
    see(of(line.netAmount, line.currency), 'BT-131', index);
    see(of(line.price?.net, line.price?.currency), 'BT-146', index);
    for (const [inner, row] of line.allowances.entries()) see(of(row.amount, row.currency), 'BT-136', index, inner);
  }
}

const schemeOf = (id: Identifier | undefined): Text => id?.scheme;
const PARTIES: readonly (readonly [scheme: string, legal: string, of: (document: EnDocument) => EnParty | undefined])[] = [
  ['BT-29-1', 'BT-30-1', ({ seller }) => seller], ['BT-46-1', 'BT-47-1', ({ buyer }) => buyer], ['BT-60-1', 'BT-61-1', ({ payee }) => payee],
];
const SEPA = 'SEPA';

/** The bank's creditor identifier (BT-90) is of no ISO 6523 scheme; sellers and payees may have it in UBL. */
function partySchemes(document: EnDocument, see: See): void {
  for (const [term, , of] of PARTIES) {
    for (const [index, { scheme }] of of(document)?.identifiers.entries() ?? []) {
      if (document.syntax !== 'ubl' || scheme !== SEPA || term === 'BT-46-1') see(scheme, term, index);
    }
  }
}

function legalSchemes(document: EnDocument, see: See): void {
  for (const [, term, of] of PARTIES) see(schemeOf(of(document)?.legalId), term);
}

function references(document: EnDocument, see: See): void {
  for (const [index, { typeCode, id }] of document.references.entries()) {
    if (document.syntax === 'cii' || typeCode === OBJECT) see(schemeOf(id), 'BT-18', index);
  }
  for (const [index, line] of document.lines.entries()) {
    for (const { typeCode, id } of line.documents) if (document.syntax === 'cii' || typeCode === OBJECT) see(schemeOf(id), 'BT-128-1', index);
  }
}

function addresses(document: EnDocument, see: See): void {
  see(document.seller.address?.country, 'BT-40');
  see(document.buyer.address?.country, 'BT-55');
  see(document.representative?.address?.country, 'BT-69');
  see(document.delivery?.address?.country, 'BT-80');
}

const reasons = (charge: boolean) => (document: EnDocument, see: See): void => {
  for (const [index, row] of document.allowances.entries()) if (row.indicator !== undefined && row.charge === charge) see(row.reasonCode, charge ? 'BT-105' : 'BT-98', index);
  for (const [index, line] of document.lines.entries()) {
    for (const [inner, row] of line.allowances.entries()) if (row.indicator !== undefined && row.charge === charge) see(row.reasonCode, charge ? 'BT-145' : 'BT-140', index, inner);
  }
};

function documentCategories({ syntax, vat, allowances }: EnDocument, see: See): void {
  if (syntax === 'ubl') for (const [index, row] of vat.entries()) see(row.code, 'BT-118', index);
  for (const [index, row] of allowances.entries()) see(row.category?.code, row.charge ? 'BT-102' : 'BT-95', index);
}
/** CII writes the category of a line and that of the breakdown in the same element. */
function lineCategories({ syntax, vat, lines }: EnDocument, see: See): void {
  if (syntax === 'cii') for (const [index, row] of vat.entries()) see(row.code, 'BT-118', index);
  for (const [index, { categories }] of lines.entries()) for (const { code } of categories) see(code, 'BT-151', index);
}

/** VATEX codes count in either case. */
function exemptions(document: EnDocument, see: See): void {
  for (const [index, row] of document.vat.entries()) see(row.reasonCode?.toUpperCase(), 'BT-121', index);
  for (const [index, row] of document.allowances.entries()) see(row.category?.reasonCode?.toUpperCase(), 'BT-95', index);
  for (const [index, { categories }] of document.lines.entries()) for (const { reasonCode } of categories) see(reasonCode?.toUpperCase(), 'BT-151', index);
}

function unitCodes(document: EnDocument, see: See): void {
  for (const [index, line] of document.lines.entries()) {
    see(line.unit, 'BT-130', index);
    see(line.price?.unit, 'BT-150', index);
    see(line.price?.grossUnit, 'BT-150', index);
  }
}

function attachments({ references: documents }: EnDocument, see: See): void {
  for (const [index, { mime }] of documents.entries()) see(mime, 'BT-125-1', index);
}

const eachLine = (term: string, of: (line: EnDocument['lines'][number]) => Text) => ({ lines }: EnDocument, see: See): void => {
  for (const [index, line] of lines.entries()) see(of(line), term, index);
};

/** UBL tells the subject of a note in front of it; only three characters between two signs are one. */
const SUBJECT_LENGTH = 3;
function subjects({ syntax, notes }: EnDocument, see: See): void {
  for (const [index, { subject }] of notes.entries()) if (syntax === 'cii' || subject?.length === SUBJECT_LENGTH) see(subject, 'BT-21', index);
}

export const CODE_RULES: readonly EnRule[] = [
  codes('BR-CL-01', 'BT-3', 'UNTDID 1001 as far as this kind of document may have it', 'UNTDID 1001 en lo que admite este tipo de documento', typesOf, ({ typeCode }, see) => see(typeCode, 'BT-3')),
  codes('BR-CL-03', 'BT-110', 'ISO 4217', 'ISO 4217', currencies, currenciesOf),
  codes('BR-CL-04', 'BT-5', 'ISO 4217', 'ISO 4217', currencies, ({ currency }, see) => see(currency, 'BT-5')),
  codes('BR-CL-05', 'BT-6', 'ISO 4217', 'ISO 4217', currencies, ({ taxCurrency }, see) => see(taxCurrency, 'BT-6')),
  codes('BR-CL-06', 'BT-8', 'the codes of the VAT point date', 'los códigos de la fecha de devengo', ({ ubl }) => (ubl ? taxPointCodesUbl : taxPointCodesCii), ({ period, vat }, see) => {
    see(period?.code, 'BT-8');
    for (const [index, row] of vat.entries()) see(row.taxPointCode, 'BT-8', index);
  }),
  codes('BR-CL-07', 'BT-18', 'UNTDID 1153', 'UNTDID 1153', referenceQualifiers, references),
  codes('BR-CL-08', 'BT-21', 'UNTDID 4451', 'UNTDID 4451', noteSubjects, subjects),
  codes('BR-CL-10', 'BT-29-1', 'ISO 6523 ICD', 'ISO 6523 ICD', identifierSchemes, partySchemes),
  codes('BR-CL-11', 'BT-30-1', 'ISO 6523 ICD', 'ISO 6523 ICD', identifierSchemes, legalSchemes),
  codes('BR-CL-13', 'BT-158-1', 'UNTDID 7143', 'UNTDID 7143', itemClassifications, ({ lines }, see) => {
    for (const [index, { classifications }] of lines.entries()) for (const [inner, id] of classifications.entries()) see(id.scheme, 'BT-158-1', index, inner);
  }),
  codes('BR-CL-14', 'BT-40', 'ISO 3166-1', 'ISO 3166-1', countries, addresses),
  codes('BR-CL-15', 'BT-159', 'ISO 3166-1', 'ISO 3166-1', countries, eachLine('BT-159', ({ origin }) => origin)),
  codes('BR-CL-16', 'BT-81', 'UNTDID 4461', 'UNTDID 4461', paymentMeans, ({ payments }, see) => {
    for (const [index, { code }] of payments.entries()) see(code, 'BT-81', index);
  }),
  codes('BR-CL-17', 'BT-118', 'the VAT categories of UNTDID 5305', 'las categorías de IVA de UNTDID 5305', vatCategories, documentCategories),
  codes('BR-CL-18', 'BT-151', 'the VAT categories of UNTDID 5305', 'las categorías de IVA de UNTDID 5305', vatCategories, lineCategories),
  codes('BR-CL-19', 'BT-98', 'UNTDID 5189', 'UNTDID 5189', allowanceReasons, reasons(false)),
  codes('BR-CL-20', 'BT-105', 'UNTDID 7161', 'UNTDID 7161', chargeReasons, reasons(true)),
  codes('BR-CL-21', 'BT-157-1', 'ISO 6523 ICD', 'ISO 6523 ICD', identifierSchemes, eachLine('BT-157-1', ({ standardId }) => standardId?.scheme)),
  codes('BR-CL-22', 'BT-121', 'the CEF VATEX list', 'la lista CEF VATEX', exemptionReasons, exemptions),
  codes('BR-CL-23', 'BT-130', 'UN/ECE Recommendations 20 and 21', 'las recomendaciones UN/ECE 20 y 21', units, unitCodes),
  codes('BR-CL-24', 'BT-125-1', 'the media types that EN 16931 allows', 'los tipos de medio que admite EN 16931', mimeTypes, attachments),
  codes('BR-CL-25', 'BT-34-1', 'the CEF EAS list', 'la lista CEF EAS', addressSchemes, ({ seller, buyer }, see) => {
    see(schemeOf(seller.endpoint), 'BT-34-1');
    see(schemeOf(buyer.endpoint), 'BT-49-1');
  }),
  codes('BR-CL-26', 'BT-71-1', 'ISO 6523 ICD', 'ISO 6523 ICD', identifierSchemes, ({ delivery }, see) => see(schemeOf(delivery?.location), 'BT-71-1')),
];
