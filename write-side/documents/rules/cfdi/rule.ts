import type { CfdiDocument } from '../../models/cfdi.js';
import type { Report, Rule, RuleText } from '../rule.js';

/**
 * A rule of the SAT. `codes` names it in the error matrix of each version; a version without a code does not have the rule.
 * Folio's own rules have one code for both.
 */
export interface CfdiRule extends Omit<RuleText, 'code' | 'severity' | 'source'> {
  readonly codes: { readonly v40?: string; readonly v33?: string };
  readonly severity?: RuleText['severity'];
  readonly source?: string;
  readonly check: (document: CfdiDocument, report: Report) => void;
}

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

export const COMPROBANTE = '/Comprobante';
export const conceptoPath = (index: number): string => `/Comprobante/Conceptos/Concepto[${index + 1}]`;

/** Fraction digits of a currency (ISO 4217 minor units, as `c_Moneda` has them); every other currency has two. */
const DECIMALS: Readonly<Record<string, number>> = {
  XXX: 0, BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4,
};
export function currencyDecimals({ comprobante }: CfdiDocument): number {
  const currency = comprobante.Moneda ?? '';
  return Object.hasOwn(DECIMALS, currency) ? (DECIMALS[currency] ?? 2) : 2;
}

/** Income, credit and payroll documents carry amounts; transfers and payments carry zero. */
export const carriesAmounts = ({ comprobante }: CfdiDocument): boolean => ['I', 'E', 'N'].includes(comprobante.TipoDeComprobante ?? '');
export const carriesZero = ({ comprobante }: CfdiDocument): boolean => ['T', 'P'].includes(comprobante.TipoDeComprobante ?? '');
