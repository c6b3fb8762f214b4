import { CODE_LISTS } from '../../code-lists/index.js';
import type { EnDocument, EnLine, Identifier } from '../../models/en16931.js';
import { isMalformed, Sum, unitsOf, writeUnits } from '../en16931/decimal.js';
import { decimalsOf } from '../en16931/amounts.js';
import { onlyIn, pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT, type RuleText } from '../rule.js';
import { isExtension, xrechnung } from './rule.js';

/** A rule of the extension is silent in a document that does not declare it. */
const extension = (code: string, term: string, en: string, es: string, check: Check, severity: RuleText['severity'] = 'error'): EnRule =>
  xrechnung(`BR-DEX-${code}`, term, en, es, (view, report, ...rest) => {
    if (isExtension(view.document)) check(view, report, ...rest);
  }, severity);

const XML = 'application/xml';
const HEALTH_APPS: ReadonlySet<string> = new Set(['XR01', 'XR02', 'XR03']);
const SEPA = 'SEPA';
const isIdentifierScheme = (scheme: string): boolean => CODE_LISTS.identifierSchemes.has(scheme) || HEALTH_APPS.has(scheme);
const isAddressScheme = (scheme: string): boolean => CODE_LISTS.addressSchemes.has(scheme) || HEALTH_APPS.has(scheme);

const schemes = (term: string, isRight: (scheme: string) => boolean, of: (document: EnDocument) => Iterable<Identifier | undefined>): Check => ({ document }, report) => {
  for (const id of of(document)) if (id?.scheme !== undefined && !isRight(id.scheme)) report(pathOf(document, term), 'a scheme of the list', id.scheme);
};

/** Each line with sub lines must be their sum; all depths. */
function* linesWithChildren(lines: readonly EnLine[]): Iterable<EnLine> {
  for (const line of lines) {
    if (line.children.length === 0) continue;
    yield line;
    yield* linesWithChildren(line.children);
  }
}
function* subLines(lines: readonly EnLine[]): Iterable<EnLine> {
  for (const { children } of lines) {
    yield* children;
    yield* subLines(children);
  }
}

const checkSums: Check = ({ document }, report) => {
  for (const line of linesWithChildren(document.lines)) {
    const sum = new Sum();
    for (const child of line.children) sum.add(child.netAmount);
    const net = unitsOf(line.netAmount);
    if (net !== undefined && sum.total !== undefined && net !== sum.total) report(pathOf(document, 'BG-DEX-01'), writeUnits(sum.total), line.netAmount ?? ABSENT);
  }
};
const checkSubCategories: Check = ({ document }, report) => {
  for (const { categories, id } of subLines(document.lines)) if (categories.length !== 1) report(pathOf(document, 'BG-DEX-01'), 'one VAT category', `${categories.length} in ${id ?? '?'}`);
};

const checkDue: Check = ({ document, totals }, report) => {
  if (!document.hasTotals || ['BT-112', 'BT-113', 'BT-114', 'BT-115'].some((term) => isMalformed(document.totals[term as 'BT-112']))) return;
  const third = new Sum();
  for (const { amount } of document.thirdParty) third.add(amount);
  if (third.total === undefined || totals['BT-112'] === undefined) return;
  const expected = totals['BT-112'] - (totals['BT-113'] ?? 0n) + (totals['BT-114'] ?? 0n) + third.total;
  if (totals['BT-115'] !== expected) report(pathOf(document, 'BT-115'), writeUnits(expected), document.totals['BT-115'] ?? ABSENT);
};

const thirdParty = (isRight: (row: EnDocument['thirdParty'][number], document: EnDocument) => boolean, expected: string): Check => ({ document }, report) => {
  for (const [index, row] of document.thirdParty.entries()) if (!isRight(row, document)) report(() => pathOf(document, 'BG-DEX-09', index), expected, row.amount ?? ABSENT);
};
const MAX_DECIMALS = 2;

export const EXTENSION_RULES: readonly EnRule[] = [
  extension('01', 'BT-125-1', 'The media type of an attachment is not one of the extension.', 'El tipo de medio de un adjunto no es de la extensión.', ({ document }, report) => {
    for (const [index, { attached, mime }] of document.references.entries()) {
      if (attached && mime !== XML && !CODE_LISTS.mimeTypes.has(mime ?? '')) report(() => pathOf(document, 'BT-125-1', index), 'a media type of the list', mime ?? ABSENT);
    }
  }),
  onlyIn('ubl', extension('02', 'BT-131', 'A line should be the sum of its sub lines.', 'Una línea debería ser la suma de sus sublíneas.', checkSums, 'warning')),
  onlyIn('ubl', extension('03', 'BT-151', 'A sub line must have one VAT category.', 'Una sublínea debe tener una sola categoría de IVA.', checkSubCategories)),
  extension('04', 'BT-29-1', 'The scheme of an identifier is not of the list.', 'El esquema de un identificador no es de la lista.',
    schemes('BT-29', (scheme) => isIdentifierScheme(scheme) || scheme === SEPA, ({ seller, buyer, payee }) => [seller, buyer, payee].flatMap((party) => party?.identifiers ?? []))),
  extension('05', 'BT-30-1', 'The scheme of a legal registration is not of the list.', 'El esquema de un registro legal no es de la lista.',
    schemes('BT-30', isIdentifierScheme, ({ seller, buyer, payee }) => [seller.legalId, buyer.legalId, payee?.legalId])),
  extension('06', 'BT-157-1', 'The scheme of an item identifier is not of the list.', 'El esquema de un identificador de artículo no es de la lista.',
    schemes('BT-157-1', isIdentifierScheme, function* ({ lines }) {
      for (const { standardId } of lines) yield standardId;
    })),
  extension('07', 'BT-34-1', 'The scheme of an electronic address is not of the list.', 'El esquema de una dirección electrónica no es de la lista.',
    schemes('BT-34', isAddressScheme, ({ seller, buyer }) => [seller.endpoint, buyer.endpoint])),
  extension('08', 'BT-71-1', 'The scheme of a delivery location is not of the list.', 'El esquema de un lugar de entrega no es de la lista.', schemes('BT-71', isIdentifierScheme, ({ delivery }) => [delivery?.location])),
  onlyIn('ubl', extension('09', 'BT-115', 'The amount due must be the total minus paid, plus rounding, plus third party payments.', 'El importe por pagar debe ser el total menos lo pagado, más redondeo, más pagos de terceros.', checkDue)),
  onlyIn('ubl', extension('10', 'BG-DEX-09', 'A third party payment must have a type.', 'Un pago de tercero debe tener tipo.', thirdParty(({ type }) => type !== undefined, 'a type'))),
  onlyIn('ubl', extension('11', 'BG-DEX-09', 'A third party payment must have an amount.', 'Un pago de tercero debe tener importe.', thirdParty(({ amount }) => amount !== undefined, 'an amount'))),
  onlyIn('ubl', extension('12', 'BG-DEX-09', 'A third party payment must have a description.', 'Un pago de tercero debe tener descripción.', thirdParty(({ description }) => description !== undefined, 'a description'))),
  onlyIn('ubl', extension('13', 'BG-DEX-09', 'A third party payment must have at most two decimals.', 'Un pago de tercero debe tener como máximo dos decimales.', thirdParty(({ amount }) => decimalsOf(amount ?? '') <= MAX_DECIMALS, 'at most two decimals'))),
  onlyIn('ubl', extension('14', 'BG-DEX-09', 'A third party payment must be in the currency of the invoice.', 'Un pago de tercero debe ir en la moneda de la factura.', thirdParty(({ currency }, document) => currency === document.currency, 'the currency of the invoice'))),
];
