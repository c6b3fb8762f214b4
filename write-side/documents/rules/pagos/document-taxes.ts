import { writtenScale } from '../../amounts.js';
import type { Attributes } from '../../models/cfdi.js';
import type { TaxDrAttribute } from '../../models/pagos.js';
import { catalogued, dayOfIssue, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Path } from '../rule.js';
import { fixed, raised, times, truncated, unit, written, ZERO } from './fixed.js';
import { EXEMPT, ofTaxDr, pagosRules, type Scene } from './rule.js';

type Tax = Attributes<TaxDrAttribute>;
type At = (name: TaxDrAttribute) => Path;
type Kind = 'retenciones' | 'traslados';

function checkBase({ BaseDR }: Tax, at: At, { report }: Scene): void {
  const base = fixed(BaseDR);
  if (BaseDR !== undefined && base !== undefined && base <= ZERO) report(at('BaseDR'), 'more than 0', BaseDR);
}

const listed = (name: 'ImpuestoDR' | 'TipoFactorDR', catalogue: 'c_Impuesto' | 'c_TipoFactor') => (tax: Tax, at: At, { report, context, document }: Scene): void => {
  const code = tax[name];
  if (code !== undefined && !context.catalogues.has(catalogue, code, dayOfIssue(document))) report(at(name), `a code of ${catalogue}`, code);
};

function checkNotExempt({ TipoFactorDR }: Tax, at: At, { report }: Scene): void {
  if (TipoFactorDR === EXEMPT) report(at('TipoFactorDR'), 'Tasa or Cuota', EXEMPT);
}

/** Whether the rate is in the catalogue for that tax and factor; a code that is in no catalogue is told by the rule of that code. */
const rated = (kind: Kind): CfdiRule['check'] => catalogued(ofTaxDr(kind, ({ ImpuestoDR, TipoFactorDR, TasaOCuotaDR }, at, { report, context: { catalogues }, document }) => {
  if (TasaOCuotaDR === undefined || !catalogues.has('c_Impuesto', ImpuestoDR ?? '') || (TipoFactorDR !== 'Tasa' && TipoFactorDR !== 'Cuota')) return;
  if (fixed(TasaOCuotaDR) === undefined) return;
  const rate = { tax: ImpuestoDR ?? '', factor: TipoFactorDR, kind: kind === 'traslados' ? 'transferred' : 'withheld', rate: TasaOCuotaDR } as const;
  if (catalogues.rate(rate, dayOfIssue(document)) === 'unlisted') report(at('TasaOCuotaDR'), `a rate of c_TasaOCuota for ${ImpuestoDR} ${TipoFactorDR}`, TasaOCuotaDR);
}));

/** Smallest difference that the SAT takes from the upper limit, which itself is not reached. */
const EPSILON_DIGITS = 12;

/**
 * The amount lies between what the least and the greatest base give that are written like this one, at the decimals of the amount.
 * Source: SAT, guía de llenado del complemento para recepción de pagos 2.0, campo ImporteDR.
 */
function checkLimits({ BaseDR, TasaOCuotaDR, ImporteDR }: Tax, at: At, { report }: Scene): void {
  const [base, rate, amount] = [fixed(BaseDR), fixed(TasaOCuotaDR), fixed(ImporteDR)];
  if (base === undefined || rate === undefined || amount === undefined || BaseDR === undefined || ImporteDR === undefined || base <= ZERO) return;
  const half = unit(writtenScale(BaseDR)) / 2n;
  const digits = writtenScale(ImporteDR);
  const least = truncated(times(base - half, rate), digits);
  const most = raised(times(base + half - unit(EPSILON_DIGITS), rate), digits);
  if (amount < least || amount > most) report(at('ImporteDR'), `${written(least)} to ${written(most)}`, ImporteDR);
}

function checkExempt({ TipoFactorDR, TasaOCuotaDR, ImporteDR }: Tax, at: At, { report }: Scene): void {
  if (TipoFactorDR !== EXEMPT) return;
  if (TasaOCuotaDR !== undefined) report(at('TasaOCuotaDR'), ABSENT, TasaOCuotaDR);
  if (ImporteDR !== undefined) report(at('ImporteDR'), ABSENT, ImporteDR);
}

function checkTaxed({ TipoFactorDR, TasaOCuotaDR, ImporteDR }: Tax, at: At, { report }: Scene): void {
  if (TipoFactorDR !== 'Tasa' && TipoFactorDR !== 'Cuota') return;
  if (TasaOCuotaDR === undefined) report(at('TasaOCuotaDR'), 'the rate', ABSENT);
  if (ImporteDR === undefined) report(at('ImporteDR'), 'the amount', ABSENT);
}

const WITHHELD = ['la retención', 'the withholding'] as const;
const TRANSFERRED = ['el traslado', 'the transfer'] as const;
type Names = readonly [es: string, en: string];
const base = ([es, en]: Names): Names => [`La base de ${es} debe ser mayor que cero.`, `The base of ${en} must be greater than zero.`];
const code = ([es, en]: Names): Names => [`El impuesto de ${es} no es del catálogo.`, `The tax of ${en} is not in the catalogue.`];
const factor = ([es, en]: Names): Names => [`El tipo de factor de ${es} no es del catálogo.`, `The factor of ${en} is not in the catalogue.`];
const rate = ([es, en]: Names): Names => [`La tasa o cuota de ${es} no es del catálogo para su impuesto y factor.`, `The rate of ${en} is not in the catalogue for its tax and factor.`];
const limits = ([es, en]: Names): Names => [`El importe de ${es} no está entre los límites que dan su base y su tasa.`, `The amount of ${en} does not lie between the limits that its base and rate give.`];

export const DOCUMENT_TAX_RULES = pagosRules([
  ['CRP20249', 'BaseDR', ...base(WITHHELD), ofTaxDr('retenciones', checkBase)],
  ['CRP20250', 'ImpuestoDR', ...code(WITHHELD), catalogued(ofTaxDr('retenciones', listed('ImpuestoDR', 'c_Impuesto')))],
  ['CRP20251', 'TipoFactorDR', ...factor(WITHHELD), catalogued(ofTaxDr('retenciones', listed('TipoFactorDR', 'c_TipoFactor')))],
  ['CRP20252', 'TipoFactorDR', 'Una retención no puede ser exenta.', 'A withholding cannot be exempt.', ofTaxDr('retenciones', checkNotExempt)],
  ['CRP20253', 'TasaOCuotaDR', ...rate(WITHHELD), rated('retenciones')],
  ['CRP20254', 'ImporteDR', ...limits(WITHHELD), ofTaxDr('retenciones', checkLimits)],
  ['CRP20255', 'BaseDR', ...base(TRANSFERRED), ofTaxDr('traslados', checkBase)],
  ['CRP20256', 'ImpuestoDR', ...code(TRANSFERRED), catalogued(ofTaxDr('traslados', listed('ImpuestoDR', 'c_Impuesto')))],
  ['CRP20257', 'TipoFactorDR', ...factor(TRANSFERRED), catalogued(ofTaxDr('traslados', listed('TipoFactorDR', 'c_TipoFactor')))],
  ['CRP20258', 'TipoFactorDR', 'Un traslado exento no lleva tasa ni importe.', 'An exempt transfer has neither rate nor amount.', ofTaxDr('traslados', checkExempt)],
  ['CRP20259', 'TipoFactorDR', 'Un traslado con tasa o cuota lleva la tasa y el importe.', 'A transfer with a rate has the rate and the amount.', ofTaxDr('traslados', checkTaxed)],
  ['CRP20260', 'TasaOCuotaDR', ...rate(TRANSFERRED), rated('traslados')],
  ['CRP20261', 'ImporteDR', ...limits(TRANSFERRED), ofTaxDr('traslados', checkLimits)],
]);
