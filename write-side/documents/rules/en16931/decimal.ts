import { TWELVE, type Units } from '../../decimal.js';

export { absolute, Sum, type Units } from '../../decimal.js';

export const { one: ONE, of: unitsOf, times: product, over: quotient, written: writeUnits } = TWELVE;
export const CENT: Units = TWELVE.unit(2);
const HUNDRED = 100n;

/** There is a text, but no number in it: another rule's finding. */
export const isMalformed = (text: string | undefined): boolean => text !== undefined && unitsOf(text) === undefined;

/** To cents; a half goes up, also below zero, as the official tests round. */
export function roundCents(value: Units): Units {
  const shifted = value + CENT / 2n;
  const cents = shifted / CENT;
  return (shifted < 0n && cents * CENT !== shifted ? cents - 1n : cents) * CENT;
}

/** `value` × `percent` / 100. */
export const percentOf = (value: Units, percent: Units): Units => (value * percent) / (ONE * HUNDRED);
