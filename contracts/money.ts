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

/** Digits of which the sum of two integers is safe. */
const FEW = 15;

/** An amount of few characters as an integer of units with so many fraction digits. */
function units(amount: Money, scale: number): number {
  const own = scaleOf(amount);
  const digits = own === 0 ? amount : amount.slice(0, -1 - own) + amount.slice(-own);
  return own === scale ? Number(digits) : Number(digits) * 10 ** (scale - own);
}

/** Most sums are of amounts for which no library is needed. */
function addUnits(left: Money, right: Money, scale: number): Money {
  const sum = units(left, scale) + units(right, scale);
  const digits = String(Math.abs(sum)).padStart(scale + 1, '0');
  const written = scale === 0 ? digits : withoutTail(`${digits.slice(0, -scale)}.${digits.slice(-scale)}`);
  return (sum < 0 ? `-${written}` : written) as Money;
}

export function addMoney(left: Money, right: Money): Money {
  const scale = Math.max(scaleOf(left), scaleOf(right));
  return left.length + scale <= FEW && right.length + scale <= FEW ? addUnits(left, right, scale) : write(new Decimal(left).plus(right));
}

export const subtractMoney = (left: Money, right: Money): Money => write(new Decimal(left).minus(right));
export const multiplyMoney = (left: Money, right: Money): Money => write(new Decimal(left).times(right));
export function negateMoney(amount: Money): Money {
  const plain = canonicalMoney(amount);
  if (plain === ZERO) return ZERO;
  return (plain.startsWith('-') ? plain.slice(1) : `-${plain}`) as Money;
}

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

/** Without zeros behind the last digit of a fraction, and without a point that nothing is behind. */
function withoutTail(fraction: string): string {
  let end = fraction.length;
  while (fraction.charCodeAt(end - 1) === 48) end -= 1;
  return fraction.slice(0, fraction.charCodeAt(end - 1) === 46 ? end - 1 : end);
}

/** The same amount without zeros that say nothing, so that equal amounts are equal text. */
export function canonicalMoney(amount: Money): Money {
  const isBelow = amount.startsWith('-');
  let start = isBelow ? 1 : 0;
  while (amount.charCodeAt(start) === 48 && start + 1 < amount.length && amount.charCodeAt(start + 1) !== 46) start += 1;
  const written = amount.includes('.') ? withoutTail(amount.slice(start)) : amount.slice(start);
  return (isBelow && written !== '0' ? `-${written}` : written) as Money;
}
