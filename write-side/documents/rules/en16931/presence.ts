import type { EnLine, EnParty, Text, VatRow } from '../../models/en16931.js';
import { ABSENT } from '../rule.js';
import { isVat, type EnView } from './view.js';
import { pathOf, rule, type EnRule } from './rule.js';

const A_VALUE = 'a value';

/** The term must be there. */
const present = (code: string, term: string, name: string, nombre: string, value: (view: EnView) => Text | boolean): EnRule =>
  rule(code, term, `The invoice must have ${name} (${term}).`, `La factura debe tener ${nombre} (${term}).`, (view, report) => {
    if (!value(view)) report(pathOf(view.document, term), A_VALUE, ABSENT);
  });

/** The term must be there where its group is. */
const presentIn = (code: string, term: string, name: string, nombre: string, group: (view: EnView) => unknown, value: (view: EnView) => Text | boolean): EnRule =>
  rule(code, term, `There must be ${name} (${term}).`, `Debe existir ${nombre} (${term}).`, (view, report) => {
    if (group(view) && !value(view)) report(pathOf(view.document, term), A_VALUE, ABSENT);
  });

/** The term must be in every line. */
const presentInLine = (code: string, term: string, name: string, nombre: string, value: (line: EnLine) => unknown): EnRule =>
  rule(code, term, `Each line must have ${name} (${term}).`, `Cada línea debe tener ${nombre} (${term}).`, ({ document }, report) => {
    for (const [index, line] of document.lines.entries()) {
      if (value(line) === undefined) report(() => pathOf(document, term, index), A_VALUE, ABSENT);
    }
  });

const presentInVat = (code: string, term: string, name: string, nombre: string, isThere: (row: VatRow) => boolean): EnRule =>
  rule(code, term, `Each VAT breakdown must have ${name} (${term}).`, `Cada desglose de IVA debe tener ${nombre} (${term}).`, ({ document }, report) => {
    for (const [index, row] of document.vat.entries()) {
      if (!isThere(row)) report(() => pathOf(document, term, index), A_VALUE, ABSENT);
    }
  });

/** UBL names a payee or representative as a trading party, CII by the name. */
export const otherName = ({ ubl }: EnView, party: EnParty | undefined): Text => (ubl ? party?.tradingName : party?.name);

const HEADER: readonly EnRule[] = [
  present('BR-01', 'BT-24', 'a specification identifier', 'un identificador de especificación', ({ document }) => document.specification),
  present('BR-02', 'BT-1', 'a number', 'un número', ({ document }) => document.number),
  present('BR-03', 'BT-2', 'an issue date', 'una fecha de emisión', ({ document }) => document.issueDate),
  present('BR-04', 'BT-3', 'a type code', 'un código de tipo', ({ document }) => document.typeCode),
  present('BR-05', 'BT-5', 'a currency code', 'un código de moneda', ({ document }) => document.currency),
  present('BR-06', 'BT-27', "the seller's name", 'el nombre del vendedor', ({ document }) => document.seller.name),
  present('BR-07', 'BT-44', "the buyer's name", 'el nombre del comprador', ({ document }) => document.buyer.name),
  present('BR-08', 'BG-5', "the seller's postal address", 'la dirección del vendedor', ({ document }) => document.seller.address !== undefined),
  presentIn('BR-09', 'BT-40', "the seller's country code", 'el país del vendedor', ({ ubl, document }) => !ubl || document.seller.address, ({ document }) => document.seller.address?.country),
  present('BR-10', 'BG-8', "the buyer's postal address", 'la dirección del comprador', ({ document }) => document.buyer.address !== undefined),
  presentIn('BR-11', 'BT-55', "the buyer's country code", 'el país del comprador', ({ ubl, document }) => !ubl || document.buyer.address, ({ document }) => document.buyer.address?.country),
  present('BR-12', 'BT-106', 'the sum of the line amounts', 'la suma de los importes de línea', ({ document }) => document.totals['BT-106']),
  present('BR-13', 'BT-109', 'the total without VAT', 'el total sin IVA', ({ document }) => document.totals['BT-109']),
  present('BR-14', 'BT-112', 'the total with VAT', 'el total con IVA', ({ document }) => document.totals['BT-112']),
  present('BR-15', 'BT-115', 'the amount due', 'el importe por pagar', ({ document }) => document.totals['BT-115']),
  present('BR-16', 'BG-25', 'at least one line', 'al menos una línea', ({ document }) => document.lines.length > 0),
];

const OTHERS: readonly EnRule[] = [
  rule('BR-17', 'BT-59', 'The payee must have a name and be another than the seller.', 'El beneficiario debe tener nombre y ser otro que el vendedor.', checkPayee),
  presentIn('BR-18', 'BT-62', "the tax representative's name", 'el nombre del representante fiscal', ({ document }) => document.representative, (view) => otherName(view, view.document.representative)),
  presentIn('BR-19', 'BG-12', "the tax representative's postal address", 'la dirección del representante fiscal', ({ document }) => document.representative, ({ document }) => document.representative?.address !== undefined),
  presentIn('BR-20', 'BT-69', "the tax representative's country code", 'el país del representante fiscal',
    ({ ubl, document: { representative } }) => (ubl ? representative?.address : representative), ({ document }) => document.representative?.address?.country),
  presentIn('BR-56', 'BT-63', "the tax representative's VAT identifier", 'el NIF-IVA del representante fiscal', ({ document }) => document.representative, ({ representativeVat }) => representativeVat),
  presentIn('BR-57', 'BT-80', 'the country code of the delivery address', 'el país de la dirección de entrega', ({ document }) => document.delivery?.address,
    ({ ubl, document }) => (ubl ? document.delivery?.address?.named ?? false : document.delivery?.address?.country)),
  rule('BR-52', 'BT-122', 'Each supporting document must have a reference.', 'Cada documento de soporte debe tener una referencia.', ({ ubl, document }, report) => {
    for (const [index, reference] of document.references.entries()) if (!reference.id?.text) report(() => pathOf(document, 'BT-122', index), A_VALUE, ABSENT);
    if (ubl) return;
    for (const [index, line] of document.lines.entries()) {
      for (const reference of line.documents) if (!reference.id?.text) report(() => pathOf(document, 'BT-128', index), A_VALUE, ABSENT, 'BT-128');
    }
  }),
  rule('BR-55', 'BT-25', 'Each preceding invoice must be named by its number.', 'Cada factura anterior debe indicarse por su número.', ({ document }, report) => {
    for (const [index, { id }] of document.preceding.entries()) if (id === undefined) report(() => pathOf(document, 'BT-25', index), A_VALUE, ABSENT);
  }),
];

function checkPayee(view: EnView, report: Parameters<EnRule['check']>[1]): void {
  const { document: { payee, seller }, document } = view;
  if (!payee) return;
  const name = otherName(view, payee);
  if (name === undefined) return report(pathOf(document, 'BT-59'), A_VALUE, ABSENT);
  const same = name === otherName(view, seller) || payee.identifiers.some(({ text }) => seller.identifiers.some((id) => id.text === text))
    || (!view.ubl && payee.legalId !== undefined && payee.legalId.text === seller.legalId?.text);
  if (same) report(pathOf(document, 'BT-59'), 'another party than the seller', name);
}

const LINES: readonly EnRule[] = [
  presentInLine('BR-21', 'BT-126', 'an identifier', 'un identificador', (line) => line.id),
  presentInLine('BR-22', 'BT-129', 'a quantity', 'una cantidad', (line) => line.quantity),
  presentInLine('BR-23', 'BT-130', 'a unit of measure', 'una unidad de medida', (line) => line.unit),
  presentInLine('BR-24', 'BT-131', 'a net amount', 'un importe neto', (line) => line.netAmount),
  presentInLine('BR-25', 'BT-153', 'an item name', 'un nombre de artículo', (line) => line.name),
  presentInLine('BR-26', 'BT-146', 'a net price', 'un precio neto', (line) => line.price?.net),
  presentInLine('BR-CO-04', 'BT-151', 'a VAT category', 'una categoría de IVA', (line) => line.categories.find((category) => category.code !== undefined && isVat(category))),
  rule('BR-54', 'BG-32', 'An item attribute must have a name and a value.', 'Un atributo del artículo debe tener nombre y valor.', ({ document }, report) => {
    for (const [index, { attributes }] of document.lines.entries()) {
      for (const [inner, { name, value }] of attributes.entries()) {
        if (name === undefined || value === undefined) report(() => pathOf(document, name === undefined ? 'BT-160' : 'BT-161', index, inner), A_VALUE, ABSENT);
      }
    }
  }),
];

const VAT: readonly EnRule[] = [
  presentInVat('BR-45', 'BT-116', 'a taxable amount', 'una base', (row) => row.base !== undefined),
  presentInVat('BR-46', 'BT-117', 'a tax amount', 'una cuota', (row) => row.amount !== undefined),
  presentInVat('BR-47', 'BT-118', 'a category code', 'un código de categoría', (row) => isVat(row) && row.code !== undefined),
  presentInVat('BR-48', 'BT-119', 'a rate, unless it is outside the scope of VAT', 'un tipo, salvo que no esté sujeto a IVA', (row) => isVat(row) && (row.rate !== undefined || row.code === 'O')),
  rule('BR-CO-18', 'BG-23', 'The invoice must have at least one VAT breakdown.', 'La factura debe tener al menos un desglose de IVA.', ({ ubl, document }, report) => {
    if (document.vat.length === 0 && (ubl || document.lines.length > 0)) report(pathOf(document, 'BG-23'), 'at least one', ABSENT);
  }),
  present('BR-CO-26', 'BT-29', 'an identifier of the seller', 'un identificador del vendedor', ({ sellerVat, document: { seller } }) => sellerVat || seller.legalId !== undefined || seller.identifiers.length > 0),
];

export const PRESENCE_RULES: readonly EnRule[] = [...HEADER, ...OTHERS, ...LINES, ...VAT];
