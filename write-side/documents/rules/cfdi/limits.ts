/**
 * The limits between which a computed amount must lie (SAT, Anexo 20, matriz de errores: CFDI40167, 40180, 40186, 40198). A written number stands for all numbers
 * that round to it: 2.5 is anything from 2.45 on and below 2.55. The lower limit is the product of the least such numbers, truncated to the decimals of the currency;
 * the upper one that of the greatest (10^-12 less than the end), rounded up. All exact: numbers are integers of 10^-13.
 */
const SCALE = 13;
const UNIT = 10n ** BigInt(SCALE);
/** 10^-12 */
const STEP = 10n;
const MAX_DECIMALS = 12;
const NUMBER = /^\d{1,24}(?:\.\d{1,12})?$/u;

const POWERS: readonly bigint[] = Array.from({ length: 2 * SCALE + MAX_DECIMALS }, (_, exponent) => 10n ** BigInt(exponent));
const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

interface Written {
  /** In units of 10^-13. */
  readonly value: bigint;
  /** Half a unit of the last written decimal. */
  readonly half: bigint;
}

/** Undefined for what is no unsigned decimal number, which another rule tells. */
function written(text: string | undefined): Written | undefined {
  if (text === undefined || !NUMBER.test(text)) return undefined;
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
  return { value: BigInt(digits) * power(SCALE - decimals), half: 5n * power(SCALE - 1 - decimals) };
}

/** Digits of an amount whose product with another one of its kind may still be a safe integer. */
const MAX_QUICK = 15;
const scaleOf = (text: string): number => {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
};
const unitsOf = (text: string, scale: number): number => (text.length > MAX_QUICK ? Number.NaN : Number(scale === 0 ? text : text.slice(0, -scale - 1) + text.slice(-scale)));

/**
 * Whether an amount is the product itself, truncated or rounded up to the decimals of the currency or anything between. Such an amount lies between the limits, and
 * nearly every one is; this tells it in plain integers, as long as they are exact. False says nothing: then the limits decide.
 */
export function isProduct(left: string | undefined, right: string | undefined, amount: string | undefined, decimals: number): boolean {
  if (left === undefined || right === undefined || amount === undefined) return false;
  const [leftScale, rightScale, scale] = [scaleOf(left), scaleOf(right), scaleOf(amount)];
  const fine = leftScale + rightScale - decimals;
  const coarse = scale - decimals;
  if (fine < 0 || coarse < 0) return false;
  const product = unitsOf(left, leftScale) * unitsOf(right, rightScale);
  const units = unitsOf(amount, scale);
  if (!Number.isSafeInteger(product) || !Number.isSafeInteger(units)) return false;
  const unit = 10 ** fine;
  const rest = product % unit;
  const least = ((product - rest) / unit) * 10 ** coarse;
  const greatest = rest === 0 ? least : least + 10 ** coarse;
  return Number.isSafeInteger(greatest) && units >= least && units <= greatest;
}

export interface Limits {
  readonly least: bigint;
  readonly greatest: bigint;
  /** Fraction digits of both. */
  readonly decimals: number;
}

/** Limits of a product in units of 10^-26. */
function rounded(least: bigint, greatest: bigint, decimals: number): Limits {
  const unit = power(2 * SCALE - decimals);
  const [low, high] = [least / unit, greatest / unit];
  return { least: least < 0n ? 0n : low, greatest: high * unit === greatest ? high : high + 1n, decimals };
}

/** Both factors are rounded numbers: quantity and unit price. Undefined where one is no number. */
export function productLimits(left: string | undefined, right: string | undefined, decimals: number): Limits | undefined {
  const [one, other] = [written(left), written(right)];
  if (!one || !other) return undefined;
  const least = (one.value - one.half) * (other.value - other.half);
  return rounded(one.value < one.half || other.value < other.half ? 0n : least, (one.value + one.half - STEP) * (other.value + other.half - STEP), decimals);
}

/** The second factor is exact: base and rate. */
export function rateLimits(base: string | undefined, rate: string | undefined, decimals: number): Limits | undefined {
  const [one, other] = [written(base), written(rate)];
  if (!one || !other) return undefined;
  return rounded((one.value - one.half) * other.value, (one.value + one.half - STEP) * other.value, decimals);
}

/** Whether an amount lies between the limits, both included; true for what is no amount, which another rule tells. */
export function isWithin(amount: string | undefined, { least, greatest, decimals }: Limits): boolean {
  const number = written(amount);
  if (!number) return true;
  const scaled = number.value * power(decimals);
  return scaled >= least * UNIT && scaled <= greatest * UNIT;
}

/** `924.22 … 924.23` */
export function limitsText({ least, greatest, decimals }: Limits): string {
  const text = (value: bigint): string => {
    const digits = value.toString().padStart(decimals + 1, '0');
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  };
  return `${text(least)} … ${text(greatest)}`;
}
