import { isWrittenNegative } from '../../amounts.js';
import type { EnDocument, EnLine, VatRow } from '../../models/en16931.js';
import { ABSENT } from '../rule.js';
import { pathOf, rule, type EnRule } from './rule.js';

/** The term must be there. */
const present = (code: string, term: string, name: string, nombre: string, value: (document: EnDocument) => string | boolean | undefined): EnRule =>
  rule(code, term, `The invoice must have ${name} (${term}).`, `La factura debe tener ${nombre} (${term}).`, (document, report) => {
    if (!value(document)) report(pathOf(document, term), 'a value', ABSENT);
  });

/** The term must be in every line. */
const presentInLine = (code: string, term: string, name: string, nombre: string, key: keyof EnLine): EnRule =>
  rule(code, term, `Each line must have ${name} (${term}).`, `Cada línea debe tener ${nombre} (${term}).`, (document, report) => {
    document.lines.forEach((line, index) => {
      if (line[key] === undefined) report(() => pathOf(document, term, index), 'a value', ABSENT);
    });
  });

const presentInVat = (code: string, term: string, name: string, nombre: string, key: keyof VatRow): EnRule =>
  rule(code, term, `Each VAT breakdown must have ${name} (${term}).`, `Cada desglose de IVA debe tener ${nombre} (${term}).`, (document, report) => {
    document.vat.forEach((row, index) => {
      if (row[key] === undefined) report(() => pathOf(document, term, index), 'a value', ABSENT);
    });
  });

const notNegative = (code: string, term: string, name: string, nombre: string, key: 'netPrice' | 'grossPrice'): EnRule =>
  rule(code, term, `${name} (${term}) must not be negative.`, `${nombre} (${term}) no debe ser negativo.`, (document, report) => {
    document.lines.forEach((line, index) => {
      const price = line[key];
      if (price !== undefined && isWrittenNegative(price)) report(() => pathOf(document, term, index), '0 or more', price);
    });
  });

export const PRESENCE_RULES: readonly EnRule[] = [
  present('BR-01', 'BT-24', 'a specification identifier', 'un identificador de especificación', (document) => document.specification),
  present('BR-02', 'BT-1', 'a number', 'un número', (document) => document.number),
  present('BR-03', 'BT-2', 'an issue date', 'una fecha de emisión', (document) => document.issueDate),
  present('BR-04', 'BT-3', 'a type code', 'un código de tipo', (document) => document.typeCode),
  present('BR-05', 'BT-5', 'a currency code', 'un código de moneda', (document) => document.currency),
  present('BR-06', 'BT-27', "the seller's name", 'el nombre del vendedor', (document) => document.seller.name),
  present('BR-07', 'BT-44', "the buyer's name", 'el nombre del comprador', (document) => document.buyer.name),
  present('BR-08', 'BG-5', "the seller's postal address", 'la dirección del vendedor', (document) => document.seller.hasAddress),
  present('BR-09', 'BT-40', "the seller's country code", 'el país del vendedor', (document) => !document.seller.hasAddress || document.seller.country),
  present('BR-10', 'BG-8', "the buyer's postal address", 'la dirección del comprador', (document) => document.buyer.hasAddress),
  present('BR-11', 'BT-55', "the buyer's country code", 'el país del comprador', (document) => !document.buyer.hasAddress || document.buyer.country),
  present('BR-12', 'BT-106', 'the sum of the line amounts', 'la suma de los importes de línea', (document) => document.totals['BT-106']),
  present('BR-13', 'BT-109', 'the total without VAT', 'el total sin IVA', (document) => document.totals['BT-109']),
  present('BR-14', 'BT-112', 'the total with VAT', 'el total con IVA', (document) => document.totals['BT-112']),
  present('BR-15', 'BT-115', 'the amount due', 'el importe por pagar', (document) => document.totals['BT-115']),
  present('BR-16', 'BG-25', 'at least one line', 'al menos una línea', (document) => document.lines.length > 0),
  presentInLine('BR-21', 'BT-126', 'an identifier', 'un identificador', 'id'),
  presentInLine('BR-22', 'BT-129', 'a quantity', 'una cantidad', 'quantity'),
  presentInLine('BR-23', 'BT-130', 'a unit of measure', 'una unidad de medida', 'unit'),
  presentInLine('BR-24', 'BT-131', 'a net amount', 'un importe neto', 'netAmount'),
  presentInLine('BR-25', 'BT-153', 'an item name', 'un nombre de artículo', 'name'),
  presentInLine('BR-26', 'BT-146', 'a net price', 'un precio neto', 'netPrice'),
  notNegative('BR-27', 'BT-146', 'The net price', 'El precio neto', 'netPrice'),
  notNegative('BR-28', 'BT-148', 'The gross price', 'El precio bruto', 'grossPrice'),
  presentInVat('BR-45', 'BT-116', 'a taxable amount', 'una base', 'base'),
  presentInVat('BR-46', 'BT-117', 'a tax amount', 'una cuota', 'amount'),
  presentInVat('BR-47', 'BT-118', 'a category code', 'un código de categoría', 'category'),
  present('BR-CO-18', 'BG-23', 'at least one VAT breakdown', 'al menos un desglose de IVA', (document) => document.vat.length > 0),
  present('BR-CO-26', 'BT-29', 'an identifier of the seller', 'un identificador del vendedor',
    ({ seller }) => seller.vatId !== undefined || seller.legalId !== undefined || seller.identifiers.length > 0),
];
