import { decimals, type Units } from '../../decimal.js';

export { absolute } from '../../decimal.js';

/** A decimal number as a whole number of units of 10⁻²⁴: enough for the product of two amounts of the schema to be exact, and to divide. */
export type Fixed = Units;

const ARITHMETIC = decimals(24);
export const { one: ONE, times, over, unit, truncated, raised, rounded, written } = ARITHMETIC;
export const ZERO: Fixed = 0n;

/** The written decimal; undefined where the text is none, which another rule tells. */
export const fixed = (text: string | undefined): Fixed | undefined => ARITHMETIC.of(text?.trim());
