import type { LISTED, NUMBERED, PaymentForm } from './data-format.js';

export type { PaymentForm } from './data-format.js';
export type CatalogueName = (typeof LISTED)[number] | (typeof NUMBERED)[number];

/** A natural person (RFC of 13 characters) or a company (12). */
export type Person = 'fisica' | 'moral';

/** A rate of a tax as a document writes it; `rate` in any decimal form, `0.16` as `0.160000`. */
export interface TaxRate {
  readonly tax: string;
  readonly factor: string;
  readonly kind: 'transferred' | 'withheld';
  readonly rate: string;
}

/**
 * What the SAT's catalogues say, on a given day: codes come and go. Days are `YYYY-MM-DD`.
 * The state that counts is that of the day of issue (`Fecha`), not of today; where a document has no readable day, that of the catalogues.
 */
export interface Catalogues {
  /** Day of this state; verdicts name it. */
  readonly day: string;
  /** A year later: findings about documents issued after it are warnings, as the catalogues may have changed since. */
  readonly trustedUntil: string;
  has(catalogue: CatalogueName, code: string, day?: string): boolean;
  /** Fraction digits of a currency (`c_Moneda`); 2 for one that is not listed, which another rule tells. */
  decimalsOf(currency: string): number;
  /** Whether the regime is for such a person; undefined for a regime that is not listed. */
  regimeFits(regime: string, person: Person): boolean | undefined;
  /** Whether the use is for such a person; undefined for a use that is not listed. */
  useFitsPerson(use: string, person: Person): boolean | undefined;
  /** Whether a receiver of that regime may use it so; undefined for a use that is not listed. */
  useFitsRegime(use: string, regime: string): boolean | undefined;
  /** Whether `c_TasaOCuota` has the rate that day; `unknown` where it is known to have changed in a way that this state does not have. */
  rate(rate: TaxRate, day?: string): 'listed' | 'unlisted' | 'unknown';
  /** Name of the time zone of a postal code, as the SAT calls it. */
  timeZoneOf(postalCode: string): string | undefined;
  /** Local time of a postal code less that of central Mexico, in hours: the least and the greatest difference of a year. */
  hoursFromCentre(postalCode: string): readonly [least: number, greatest: number] | undefined;
  /** Whether a foreign tax id has the form of its country; countries without a pattern take any. */
  taxIdFits(country: string, id: string): boolean;
  /** How a payment of that form names accounts; undefined where it names none. */
  paymentForm(code: string): PaymentForm | undefined;
}
