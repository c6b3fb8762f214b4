import type { Attributes } from '../../models/cfdi.js';
import type { Docto, Pago, TaxDrAttribute, TaxPAttribute } from '../../models/pagos.js';
import { absolute, fixed, ONE, over, unit, ZERO, type Fixed } from './fixed.js';
import { EXEMPT } from './rule.js';
import { writtenScale } from '../../amounts.js';

/** A sum, or `unknown` where one of its operands is no amount: then a comparison would accuse the wrong field. */
export type Sum = Fixed | 'unknown';

interface Amounts {
  base: Sum;
  amount: Sum;
}

/** What the related documents of a payment say of each tax, in the currency of the payment. */
export interface DocumentTaxes {
  readonly withheld: ReadonlyMap<string, Amounts>;
  readonly transferred: ReadonlyMap<string, Amounts>;
}

/** A rate is the same however many zeros it is written with; what names no factor and has no rate is taken as exempt. */
const rateKey = (factor: string | undefined, rate: string | undefined): string =>
  factor === EXEMPT || (factor === undefined && rate === undefined) ? EXEMPT : `${factor ?? ''}|${fixed(rate)?.toString() ?? rate ?? ''}`;

export const keyOfDr = (tax: Attributes<TaxDrAttribute>): string => `${tax.ImpuestoDR ?? ''}|${rateKey(tax.TipoFactorDR, tax.TasaOCuotaDR)}`;
export const keyOfP = (tax: Attributes<TaxPAttribute>): string => `${tax.ImpuestoP ?? ''}|${rateKey(tax.TipoFactorP, tax.TasaOCuotaP)}`;
export const isExemptP = (tax: Attributes<TaxPAttribute>): boolean => rateKey(tax.TipoFactorP, tax.TasaOCuotaP) === EXEMPT;
export const isExemptDr = (tax: Attributes<TaxDrAttribute>): boolean => rateKey(tax.TipoFactorDR, tax.TasaOCuotaDR) === EXEMPT;

/** Units of the document's currency per unit of the payment's; 1 where it is absent between equal currencies. */
export function equivalenceOf({ attributes: { EquivalenciaDR, MonedaDR } }: Docto, pago: Pago): Fixed | undefined {
  if (EquivalenciaDR === undefined) return MonedaDR === pago.attributes.MonedaP ? ONE : undefined;
  const value = fixed(EquivalenciaDR);
  return value !== undefined && value > ZERO ? value : undefined;
}

export const plus = (left: Sum, right: Sum): Sum => (left === 'unknown' || right === 'unknown' ? 'unknown' : left + right);

function converted(text: string | undefined, equivalence: Fixed | undefined): Sum {
  const value = fixed(text);
  return value === undefined || equivalence === undefined ? 'unknown' : over(value, equivalence);
}

function addTax(sums: Map<string, Amounts>, key: string, tax: Attributes<TaxDrAttribute>, equivalence: Fixed | undefined): void {
  const entry = sums.get(key) ?? { base: ZERO, amount: ZERO };
  sums.set(key, entry);
  entry.base = plus(entry.base, converted(tax.BaseDR, equivalence));
  entry.amount = plus(entry.amount, isExemptDr(tax) ? ZERO : converted(tax.ImporteDR, equivalence));
}

function summed(pago: Pago): DocumentTaxes {
  const [withheld, transferred] = [new Map<string, Amounts>(), new Map<string, Amounts>()];
  for (const docto of pago.documents) {
    const equivalence = equivalenceOf(docto, pago);
    for (const tax of docto.retenciones) addTax(withheld, tax.ImpuestoDR ?? '', tax, equivalence);
    for (const tax of docto.traslados) addTax(transferred, keyOfDr(tax), tax, equivalence);
  }
  return { withheld, transferred };
}

const known = new WeakMap<Pago, DocumentTaxes>();

export function documentTaxes(pago: Pago): DocumentTaxes {
  const sums = known.get(pago) ?? summed(pago);
  known.set(pago, sums);
  return sums;
}

/** Fewest fraction digits to which a summary of taxes is taken to be rounded. */
const LEAST_DIGITS = 2;

/** Whether a summary is the sum, rounded or cut at its own last digit. */
export function isSum(text: string, sum: Fixed): boolean {
  const value = fixed(text);
  return value === undefined || absolute(value - sum) < unit(Math.max(writtenScale(text.trim()), LEAST_DIGITS));
}
