import type { AllowanceCharge, EnDocument } from '../../models/en16931.js';
import { ABSENT, type Report } from '../rule.js';
import { pathOf, rule, type EnRule } from './rule.js';
import { isVat } from './view.js';

/** One of the four groups of allowances and charges, with its terms and rules. */
interface Family {
  readonly charge: boolean;
  readonly name: string;
  readonly nombre: string;
  readonly amount: readonly [code: string, term: string];
  readonly category?: readonly [code: string, term: string];
  readonly reason: readonly [codes: readonly string[], term: string];
}

type Visit = (row: AllowanceCharge, path: (term: string) => string) => void;

/** Document level rows of one kind. Rows whose indicator says neither are of no kind. */
export function eachOfDocument(document: EnDocument, charge: boolean, visit: Visit): void {
  for (const [index, row] of document.allowances.entries()) {
    if (row.indicator !== undefined && row.charge === charge) visit(row, (term) => pathOf(document, term, index));
  }
}
export function eachOfLines(document: EnDocument, charge: boolean, visit: Visit): void {
  for (const [index, line] of document.lines.entries()) {
    for (const [inner, row] of line.allowances.entries()) {
      if (row.indicator !== undefined && row.charge === charge) visit(row, (term) => pathOf(document, term, index, inner));
    }
  }
}

const DOCUMENT: readonly Family[] = [
  { charge: false, name: 'document level allowance', nombre: 'descuento del documento', amount: ['BR-31', 'BT-92'], category: ['BR-32', 'BT-95'], reason: [['BR-33', 'BR-CO-21'], 'BT-97'] },
  { charge: true, name: 'document level charge', nombre: 'cargo del documento', amount: ['BR-36', 'BT-99'], category: ['BR-37', 'BT-102'], reason: [['BR-38', 'BR-CO-22'], 'BT-104'] },
];
const LINE: readonly Family[] = [
  { charge: false, name: 'line allowance', nombre: 'descuento de línea', amount: ['BR-41', 'BT-136'], reason: [['BR-42', 'BR-CO-23'], 'BT-139'] },
  { charge: true, name: 'line charge', nombre: 'cargo de línea', amount: ['BR-43', 'BT-141'], reason: [['BR-44', 'BR-CO-24'], 'BT-144'] },
];

const needs = (each: typeof eachOfLines, { charge }: Family, term: string, isThere: (row: AllowanceCharge) => boolean) =>
  ({ document }: { readonly document: EnDocument }, report: Report): void =>
    each(document, charge, (row, path) => {
      if (!isThere(row)) report(() => path(term), 'a value', ABSENT);
    });

function rulesOf(each: typeof eachOfLines, family: Family): EnRule[] {
  const { name, nombre, amount, category, reason: [codes, reasonTerm] } = family;
  return [
    rule(amount[0], amount[1], `Each ${name} must have an amount (${amount[1]}).`, `Cada ${nombre} debe tener un importe (${amount[1]}).`, needs(each, family, amount[1], (row) => row.amount !== undefined)),
    ...(category ? [rule(category[0], category[1], `Each ${name} must have a VAT category (${category[1]}).`, `Cada ${nombre} debe tener una categoría de IVA (${category[1]}).`,
      needs(each, family, category[1], (row) => row.category?.code !== undefined && isVat(row.category)))] : []),
    ...codes.map((code) => rule(code, reasonTerm, `Each ${name} must give a reason or a reason code (${reasonTerm}).`, `Cada ${nombre} debe indicar un motivo o su código (${reasonTerm}).`,
      needs(each, family, reasonTerm, (row) => row.reason !== undefined || row.reasonCode !== undefined))),
  ];
}

export const ALLOWANCE_RULES: readonly EnRule[] = [...DOCUMENT.flatMap((family) => rulesOf(eachOfDocument, family)), ...LINE.flatMap((family) => rulesOf(eachOfLines, family))];
