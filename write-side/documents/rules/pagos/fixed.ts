import { decimalOf } from '../../amounts.js';

/** A decimal number as a whole number of units of 10⁻²⁴: enough for the product of two amounts of the schema to be exact, and to divide. */
export type Fixed = bigint;

const SCALE = 24;
export const ONE: Fixed = 10n ** BigInt(SCALE);
export const ZERO: Fixed = 0n;

/** The written decimal; undefined where the text is none, which another rule tells. */
export function fixed(text: string | undefined): Fixed | undefined {
  const decimal = decimalOf(text?.trim());
  if (decimal === undefined) return undefined;
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}

export const times = (left: Fixed, right: Fixed): Fixed => (left * right) / ONE;
/** Truncated; `right` is not zero. */
export const over = (left: Fixed, right: Fixed): Fixed => (left * ONE) / right;

/** One unit of the last of so many fraction digits. */
export const unit = (digits: number): Fixed => 10n ** BigInt(SCALE - Math.min(digits, SCALE));

export function truncated(value: Fixed, digits: number): Fixed {
  const step = unit(digits);
  return (value / step) * step;
}

export function raised(value: Fixed, digits: number): Fixed {
  const below = truncated(value, digits);
  return below < value ? below + unit(digits) : below;
}

/** Half away from zero. */
export function rounded(value: Fixed, digits: number): Fixed {
  const half = unit(digits) / 2n;
  return truncated(value < ZERO ? value - half : value + half, digits);
}

export const absolute = (value: Fixed): Fixed => (value < ZERO ? -value : value);

/** As it stands in a finding: no trailing zeros beyond two digits. */
export function written(value: Fixed): string {
  const digits = absolute(value).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/u, '').padEnd(2, '0');
  return `${value < ZERO ? '-' : ''}${digits.slice(0, -SCALE)}.${fraction}`;
}
