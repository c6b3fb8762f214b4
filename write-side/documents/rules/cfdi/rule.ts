import type { CatalogueName, Person } from '../../catalogues/port.js';
import type { Attributes, CfdiDocument, Concepto, TaxAttribute } from '../../models/cfdi.js';
import { writtenScale } from '../../amounts.js';
import { dayOf } from '../../dates.js';
import type { ReadAmount } from '../../decimal.js';
import { asWarnings, type Path, type Report, type Rule, type RuleContext, type RuleText } from '../rule.js';

/**
 * A rule of the SAT. `codes` names it in the error matrix of each version; a version without a code does not have the rule.
 * Folio's own rules have one code for both.
 */
export interface CfdiRule extends Omit<RuleText, 'code' | 'severity' | 'source'> {
  readonly codes: { readonly v40?: string; readonly v33?: string };
  readonly severity?: RuleText['severity'];
  readonly source?: string;
  readonly check: (document: CfdiDocument, report: Report, context: RuleContext) => void;
}

/** Some thirty rules ask for the day of the same document, one after another. */
let last: { readonly written: string | undefined; readonly day: string | undefined } = { written: undefined, day: undefined };

/** The day of issue that catalogues are asked for; undefined where `Fecha` names none, which another rule tells. */
export function dayOfIssue({ comprobante: { Fecha } }: CfdiDocument): string | undefined {
  if (last.written !== Fecha) last = { written: Fecha, day: dayOf(Fecha) };
  return last.day;
}

/**
 * The check of a rule that asks a catalogue: about a document that is more than a year younger than the catalogues it warns only,
 * as a code may have come since.
 */
export const catalogued = (check: CfdiRule['check']): CfdiRule['check'] => (document, report, context) => {
  const day = dayOfIssue(document);
  check(document, day !== undefined && day > context.catalogues.trustedUntil ? asWarnings(report) : report, context);
};

const MATRIX = { v40: 'SAT, Anexo 20 CFDI 4.0, matriz de errores', v33: 'SAT, Anexo 20 CFDI 3.3, matriz de errores' };

export const both = (code: string): CfdiRule['codes'] => ({ v40: code, v33: code });

/** The rules of one version, each under its code there. */
export function rulesOfVersion(rules: readonly CfdiRule[], version: 'v40' | 'v33'): Rule<CfdiDocument>[] {
  return rules.flatMap((rule) => {
    const code = rule.codes[version];
    if (code === undefined) return [];
    const { term, es, en, check, severity = 'error', source = MATRIX[version] } = rule;
    return [{ code, severity, term, es, en, source, check }];
  });
}

/** A row of the matrix of 4.0 alone: code, field, check, and the sentence in Spanish and English. */
export const row = (code: string, term: string, check: CfdiRule['check'], es: string, en: string, over: Partial<Pick<CfdiRule, 'severity' | 'source'>> = {}): CfdiRule =>
  ({ codes: { v40: code }, term, es, en, check, ...over });

export const COMPROBANTE = '/Comprobante';
export const conceptoPath = (index: number): string => `/Comprobante/Conceptos/Concepto[${index + 1}]`;

export type TaxKind = 'traslados' | 'retenciones';
const TAX_ELEMENTS = { traslados: 'Traslados/Traslado', retenciones: 'Retenciones/Retencion' } as const;

/** Place of a tax in an `Impuestos` of `Comprobante` or of a line. */
export const taxPath = (parent: string, kind: TaxKind, index: number): string => `${parent}/Impuestos/${TAX_ELEMENTS[kind]}[${index + 1}]`;

type Tax = Attributes<TaxAttribute>;

/** Every tax of one kind in the lines. */
export function eachLineTax({ conceptos }: CfdiDocument, kind: TaxKind, see: (tax: Tax, line: number, index: number) => void): void {
  conceptos.forEach((concepto: Concepto, line) => concepto[kind].forEach((tax, index) => see(tax, line, index)));
}

const UNSIGNED = /^\d{1,24}(?:\.\d{1,12})?$/u;
/** The schema has amounts without sign; what is none of them, or absent, spoils a sum. */
export const unsigned: ReadAmount = (text) => (text !== undefined && UNSIGNED.test(text) ? text : undefined);

/** Tells a value that its catalogue does not have on the day of issue. An absent value is told with the structure. */
export function checkCode(catalogue: CatalogueName, value: string | undefined, path: Path, day: string | undefined, report: Report, { catalogues }: RuleContext, term?: string): void {
  if (value !== undefined && !catalogues.has(catalogue, value, day)) report(path, `a code of ${catalogue}`, value, term);
}

/** Tells an amount with more decimals than its currency. Payments and transfers write zero in currency XXX, which has none; the matrix lets zero have them. */
export function checkScale(value: string | undefined, path: Path, decimals: number, report: Report, term?: string): void {
  if (value !== undefined && writtenScale(value) > decimals && !/^0+\.0+$/u.test(value)) report(path, `at most ${decimals} decimals`, value, term);
}

const PERSON_LENGTHS: ReadonlyMap<number, Person> = new Map([[12, 'moral'], [13, 'fisica']]);
/** An RFC of 13 characters is a person's, one of 12 a company's; any other is told with the structure. */
export const personOf = (rfc: string | undefined): Person | undefined => PERSON_LENGTHS.get(rfc?.length ?? 0);

/** RFC of the general public. */
export const PUBLIC_RFC = 'XAXX010101000';
/** RFC of all who live abroad. */
export const FOREIGN_RFC = 'XEXX010101000';
export const isGeneric = (rfc: string | undefined): boolean => rfc === PUBLIC_RFC || rfc === FOREIGN_RFC;

const FOREIGN_TRADE = 'http://www.sat.gob.mx/ComercioExterior';
/** The complement of foreign trade, in any of its versions. */
export const hasForeignTrade = ({ complements }: CfdiDocument): boolean => complements.some(({ uri, local }) => local === 'ComercioExterior' && uri.startsWith(FOREIGN_TRADE));
const PAYROLL = 'http://www.sat.gob.mx/nomina12';
export const hasPayroll = ({ complements }: CfdiDocument): boolean => complements.some(({ uri, local }) => local === 'Nomina' && uri === PAYROLL);

export const currencyDecimals = ({ comprobante }: CfdiDocument, { catalogues }: RuleContext): number => catalogues.decimalsOf(comprobante.Moneda ?? '');

/** Income, credit and payroll documents carry amounts; transfers and payments carry zero. */
export const carriesAmounts = ({ comprobante }: CfdiDocument): boolean => ['I', 'E', 'N'].includes(comprobante.TipoDeComprobante ?? '');
export const carriesZero = ({ comprobante }: CfdiDocument): boolean => ['T', 'P'].includes(comprobante.TipoDeComprobante ?? '');
