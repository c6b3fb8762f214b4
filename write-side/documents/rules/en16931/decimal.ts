import { decimalOf } from '../../amounts.js';

/**
 * Exact decimals as whole numbers of 10^-12, for sums over many lines: several times faster than `Money`, and no less exact,
 * because `Money` has at most 12 fraction digits.
 */
export type Units = bigint;

const SCALE = 12;
const POWERS = Array.from({ length: SCALE + 1 }, (_, exponent) => 10n ** BigInt(exponent));
export const ONE: Units = 10n ** BigInt(SCALE);
export const CENT: Units = 10n ** BigInt(SCALE - 2);
const HUNDRED = 100n;

/** The written text, or undefined where it is none or lies beyond the limits of amounts. */
export function unitsOf(text: string | undefined): Units | undefined {
  const amount = decimalOf(text);
  if (amount === undefined) return undefined;
  const point = amount.indexOf('.');
  if (point < 0) return BigInt(amount) * ONE;
  const fraction = amount.slice(point + 1);
  return BigInt(amount.slice(0, point) + fraction) * (POWERS[SCALE - fraction.length] ?? 1n);
}

/** There is a text, but no number in it: another rule's finding. */
export const isMalformed = (text: string | undefined): boolean => text !== undefined && unitsOf(text) === undefined;

export const absolute = (value: Units): Units => (value < 0n ? -value : value);

/** To cents; a half goes up, also below zero, as the official tests round. */
export function roundCents(value: Units): Units {
  const shifted = value + CENT / 2n;
  const quotient = shifted / CENT;
  return (shifted < 0n && quotient * CENT !== shifted ? quotient - 1n : quotient) * CENT;
}

/** `value` × `percent` / 100. */
export const percentOf = (value: Units, percent: Units): Units => (value * percent) / (ONE * HUNDRED);
export const product = (left: Units, right: Units): Units => (left * right) / ONE;
export const quotient = (left: Units, right: Units): Units => (left * ONE) / right;

/** As a decimal number with at least two decimals. */
export function writeUnits(value: Units): string {
  const digits = absolute(value).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0{1,10}$/u, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${fraction}`;
}

/** Sum of written amounts, absent ones counting zero; undefined when one is no number, as then the sum would accuse the wrong field. */
export class Sum {
  private value: Units | undefined = 0n;

  add(text: string | undefined): void {
    if (text === undefined || this.value === undefined) return;
    const amount = unitsOf(text);
    this.value = amount === undefined ? undefined : this.value + amount;
  }

  subtract(text: string | undefined): void {
    if (text === undefined || this.value === undefined) return;
    const amount = unitsOf(text);
    this.value = amount === undefined ? undefined : this.value - amount;
  }

  get total(): Units | undefined {
    return this.value;
  }
}
