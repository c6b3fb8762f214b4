import Big from 'big.js';
import type { Brand } from './kernel/brand.js';

/**
 * A decimal amount as text, exactly as written: optional minus, at most 24 integer and 12 fraction digits.
 * Never a float: sums are exact, and the written scale is kept because rules need it.
 */
export type Money = Brand<string, 'Money'>;

const MONEY = /^-?\d{1,24}(?:\.\d{1,12})?$/u;

const Decimal = Big();
Decimal.DP = 40;
Decimal.NE = -40;
Decimal.PE = 60;

export const isMoney = (text: string): text is Money => MONEY.test(text);
export const ZERO = '0' as Money;

/** @throws RangeError when the text is no amount; decoders check with `isMoney` first. */
export function toMoney(text: string): Money {
  if (!isMoney(text)) throw new RangeError('not an amount');
  return text;
}

/** There is no amount minus nothing. */
const unsigned = (value: Big): Big => (value.eq(0) ? value.abs() : value);
const write = (value: Big): Money => unsigned(value).toFixed() as Money;

export const addMoney = (left: Money, right: Money): Money => write(new Decimal(left).plus(right));
export const subtractMoney = (left: Money, right: Money): Money => write(new Decimal(left).minus(right));
export const multiplyMoney = (left: Money, right: Money): Money => write(new Decimal(left).times(right));
export const negateMoney = (amount: Money): Money => write(new Decimal(amount).times(-1));
export const absoluteMoney = (amount: Money): Money => write(new Decimal(amount).abs());
export const compareMoney = (left: Money, right: Money): -1 | 0 | 1 => new Decimal(left).cmp(right);
export const isNegative = (amount: Money): boolean => new Decimal(amount).lt(0);

/** Half away from zero, to `scale` fraction digits, with trailing zeros kept. */
export const roundMoney = (amount: Money, scale: number): Money => unsigned(new Decimal(amount).round(scale, Big.roundHalfUp)).toFixed(scale) as Money;

export function sumMoney(amounts: Iterable<Money>): Money {
  let total = new Decimal(0);
  for (const amount of amounts) total = total.plus(amount);
  return write(total);
}

/** Number of fraction digits as written: 2 for `10.50`. */
export function scaleOf(amount: Money): number {
  const point = amount.indexOf('.');
  return point < 0 ? 0 : amount.length - point - 1;
}

/** The same amount without trailing zeros, so that equal amounts are equal text. */
export const canonicalMoney = (amount: Money): Money => write(new Decimal(amount));
