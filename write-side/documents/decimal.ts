import type { Money } from '#contracts/money.js';
import { decimalOf } from './amounts.js';

/** A decimal number as a whole number of units of its last digit: exact, and several times faster than `Money`. */
export type Units = bigint;

const MIN_WRITTEN = 2;

export const absolute = (value: Units): Units => (value < 0n ? -value : value);

/** Arithmetic of decimal numbers with so many fraction digits; `Money` has at most 12. */
export function decimals(scale: number) {
  const powers = Array.from({ length: scale + 1 }, (_, exponent) => 10n ** BigInt(exponent));
  const one = 10n ** BigInt(scale);
  /** One unit of the last of so many fraction digits. */
  const unit = (digits: number): Units => powers[scale - Math.min(digits, scale)] ?? 1n;
  const truncated = (value: Units, digits: number): Units => value - (value % unit(digits));
  return {
    one,
    unit,
    /** Towards zero. */
    truncated,
    /** The written text, or undefined where it is no decimal number or lies beyond the limits of amounts. */
    of: (text: string | undefined): Units | undefined => {
      const amount = decimalOf(text);
      if (amount === undefined) return undefined;
      const point = amount.indexOf('.');
      if (point < 0) return BigInt(amount) * one;
      const fraction = amount.slice(point + 1);
      return BigInt(amount.slice(0, point) + fraction) * (powers[scale - fraction.length] ?? 1n);
    },
    times: (left: Units, right: Units): Units => (left * right) / one,
    /** Truncated; `right` is not zero. */
    over: (left: Units, right: Units): Units => (left * one) / right,
    raised: (value: Units, digits: number): Units => {
      const below = truncated(value, digits);
      return below < value ? below + unit(digits) : below;
    },
    /** Half away from zero. */
    rounded: (value: Units, digits: number): Units => {
      const half = unit(digits) / 2n;
      return truncated(value < 0n ? value - half : value + half, digits);
    },
    /** As it stands in a finding: no trailing zeros beyond two digits. */
    written: (value: Units): string => {
      const digits = absolute(value).toString().padStart(scale + 1, '0');
      const fraction = digits.slice(-scale).replace(/0+$/u, '').padEnd(MIN_WRITTEN, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${fraction}`;
    },
  };
}

const SCALE = 12;
/** The arithmetic of sums. */
export const TWELVE = decimals(SCALE);

/** Scale of what is summed in a plain integer. */
const QUICK_SCALE = 6;
const MAX_QUICK = 2 ** 52;
/** So many characters are a number exactly. */
const MAX_QUICK_DIGITS = 15;

/** What a sum takes a written text for; `undefined` spoils it, as the sum would then accuse the wrong field. */
export type ReadAmount = (text: string | undefined) => string | undefined;
/** Any decimal number; what is absent counts nothing. */
export const signed: ReadAmount = (text) => (text === undefined ? '0' : decimalOf(text));

/** Sum of written amounts, exact, as an integer of 10^-12: a document has as many as a hundred thousand of them. */
export class Sum {
  /** Of amounts with at most six decimals, as an integer of 10^-6 that is always safe. */
  private quick = 0;
  /** Of all others, and of what the quick one held when it grew too great. */
  private units: Units | undefined = 0n;

  constructor(private readonly read: ReadAmount = signed) {}

  add(text: string | undefined): void {
    this.put(text, 1);
  }

  subtract(text: string | undefined): void {
    this.put(text, -1);
  }

  /** Undefined where the sum is spoilt. */
  get total(): Units | undefined {
    if (this.units !== undefined && this.quick !== 0) {
      this.units += BigInt(this.quick) * TWELVE.unit(QUICK_SCALE);
      this.quick = 0;
    }
    return this.units;
  }

  /** Half away from zero; undefined where the sum is spoilt. */
  rounded(digits: number): Money | undefined {
    const { total } = this;
    if (total === undefined) return undefined;
    const whole = TWELVE.rounded(total, digits) / TWELVE.unit(digits);
    const text = absolute(whole).toString().padStart(digits + 1, '0');
    return `${whole < 0n ? '-' : ''}${digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`}` as Money;
  }

  private put(text: string | undefined, sign: 1 | -1): void {
    if (this.units === undefined) return;
    const amount = this.read(text);
    if (amount === undefined) {
      this.units = undefined;
      return;
    }
    const point = amount.indexOf('.');
    const scale = point < 0 ? 0 : amount.length - point - 1;
    const digits = point < 0 ? amount : amount.slice(0, point) + amount.slice(point + 1);
    const quick = scale > QUICK_SCALE || digits.length > MAX_QUICK_DIGITS ? Number.NaN : Number(digits) * 10 ** (QUICK_SCALE - scale);
    if (Math.abs(quick) <= MAX_QUICK) this.quick += sign * quick;
    else this.units += BigInt(sign) * BigInt(digits) * TWELVE.unit(scale);
    if (Math.abs(this.quick) > MAX_QUICK) this.units = this.total;
  }
}
