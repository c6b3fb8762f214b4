import type { Money } from '#contracts/money.js';

const SCALE = 12;
/** Scale of what is summed in a plain integer. */
const QUICK_SCALE = 6;
const MAX_QUICK = 2 ** 52;
/** So many digits are a number exactly. */
const MAX_QUICK_DIGITS = 15;
const AMOUNT = /^\d{1,24}(?:\.\d{1,12})?$/u;
const POWERS: readonly bigint[] = Array.from({ length: SCALE + 1 }, (_, exponent) => 10n ** BigInt(exponent));
const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

/**
 * Sum of written amounts without sign, exact, as an integer of 10^-12: a document has as many as a hundred thousand of them.
 * One that is no such amount spoils the sum, as it would accuse the wrong field; another rule tells it.
 */
export class ExactSum {
  /** Of amounts with at most six decimals, as an integer of 10^-6 that is always safe. */
  private quick = 0;
  /** Of all others, and of what the quick one held when it grew too great. */
  private units: bigint | undefined = 0n;

  add(text: string | undefined): void {
    if (this.units === undefined) return;
    if (text === undefined || !AMOUNT.test(text)) {
      this.units = undefined;
      return;
    }
    const point = text.indexOf('.');
    const scale = point < 0 ? 0 : text.length - point - 1;
    const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
    const quick = scale > QUICK_SCALE || digits.length > MAX_QUICK_DIGITS ? Number.NaN : Number(digits) * 10 ** (QUICK_SCALE - scale);
    if (quick <= MAX_QUICK) this.addQuick(quick);
    else this.units += BigInt(digits) * power(SCALE - scale);
  }

  private addQuick(amount: number): void {
    this.quick += amount;
    if (this.quick > MAX_QUICK) this.spill();
  }

  private spill(): void {
    if (this.units !== undefined) this.units += BigInt(this.quick) * power(SCALE - QUICK_SCALE);
    this.quick = 0;
  }

  /** Half away from zero; undefined where the sum is spoilt. */
  rounded(decimals: number): Money | undefined {
    this.spill();
    if (this.units === undefined) return undefined;
    const unit = power(SCALE - decimals);
    const digits = ((this.units + unit / 2n) / unit).toString().padStart(decimals + 1, '0');
    return (decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`) as Money;
  }
}
