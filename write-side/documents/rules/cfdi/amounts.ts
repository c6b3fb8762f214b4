import { amountFault, isWrittenNegative } from '../../amounts.js';
import type { CfdiDocument, Concepto } from '../../models/cfdi.js';
import { AMOUNT_RANGE } from '../common/texts.js';
import type { Path, Report } from '../rule.js';
import { both, COMPROBANTE, conceptoPath, type CfdiRule } from './rule.js';

/** Told of every written amount of the document. */
type Visit = (value: string, path: () => string, name: string) => void;

const DOCUMENT_AMOUNTS = ['SubTotal', 'Descuento', 'Total', 'TipoCambio'] as const;
const LINE_AMOUNTS = ['Cantidad', 'ValorUnitario', 'Importe', 'Descuento'] as const;
const TOTAL_AMOUNTS = ['TotalImpuestosRetenidos', 'TotalImpuestosTrasladados'] as const;
const TAX_AMOUNTS = ['Base', 'TasaOCuota', 'Importe'] as const;

function visit<Name extends string>(attributes: Readonly<Partial<Record<Name, string>>>, names: readonly Name[], path: () => string, see: Visit): void {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined) see(value, path, name);
  }
}

/** Paths are built only for values that break a rule, so they are functions until then. */
function visitTaxes({ traslados, retenciones }: Pick<Concepto, 'traslados' | 'retenciones'>, path: () => string, see: Visit): void {
  traslados.forEach((tax, index) => visit(tax, TAX_AMOUNTS, () => `${path()}/Impuestos/Traslados/Traslado[${index + 1}]`, see));
  retenciones.forEach((tax, index) => visit(tax, TAX_AMOUNTS, () => `${path()}/Impuestos/Retenciones/Retencion[${index + 1}]`, see));
}

function eachAmount({ comprobante, conceptos, impuestos }: CfdiDocument, see: Visit): void {
  visit(comprobante, DOCUMENT_AMOUNTS, () => COMPROBANTE, see);
  conceptos.forEach((concepto, index) => {
    visit(concepto.attributes, LINE_AMOUNTS, () => conceptoPath(index), see);
    visitTaxes(concepto, () => conceptoPath(index), see);
  });
  if (!impuestos) return;
  visit(impuestos.attributes, TOTAL_AMOUNTS, () => `${COMPROBANTE}/Impuestos`, see);
  visitTaxes(impuestos, () => COMPROBANTE, see);
}

/** A decimal number without sign and exponent; `t_Importe` and its kin differ in digits only, which the range and decimals rules judge. */
const UNSIGNED = /^\d+(?:\.\d{1,6})?$/u;

function eachFault(document: CfdiDocument, broken: (value: string) => boolean, report: (path: Path, found: string, term: string) => void): void {
  eachAmount(document, (value, path, name) => {
    if (broken(value)) report(() => `${path()}/@${name}`, value, name);
  });
}

const inner = (expected: string, report: Report) => (path: Path, found: string, term: string): void => report(path, expected, found, term);

export const AMOUNT_RULES: readonly CfdiRule[] = [
  {
    codes: both('FOLIO-AMOUNT-NEGATIVE'),
    term: 'Importe',
    es: 'Un CFDI no admite importes negativos.',
    en: 'A CFDI does not allow negative amounts.',
    source: 'SAT, Anexo 20, tdCFDI.xsd t_Importe',
    check: (document, report) => eachFault(document, isWrittenNegative, inner('0 or more', report)),
  },
  {
    codes: both('FOLIO-AMOUNT-RANGE'),
    term: 'Importe',
    ...AMOUNT_RANGE,
    check: (document, report) => eachFault(document, (value) => amountFault(value) === 'range', inner('at most 24 integer digits', report)),
  },
  {
    codes: both('FOLIO-AMOUNT-FORMAT'),
    term: 'Importe',
    es: 'El valor no es un importe: dígitos y, si acaso, un punto con hasta seis decimales.',
    en: 'The value is not an amount: digits and, where needed, a point with up to six decimals.',
    source: 'SAT, Anexo 20, tdCFDI.xsd t_Importe',
    check: (document, report) =>
      eachFault(document, (value) => !UNSIGNED.test(value) && !isWrittenNegative(value), inner('digits, at most six decimals', report)),
  },
];
