import type { Money } from '#contracts/money.js';

/** As Postgres prints a numeric: no leading zeros, no negative zero, the written scale kept. A row is then equal whatever wrote it. */
export function plainAmount(amount: Money | undefined): Money | null {
  if (amount === undefined) return null;
  const first = amount.charCodeAt(0);
  if (first !== 48 && first !== 45) return amount;
  const digits = (first === 45 ? amount.slice(1) : amount).replace(/^0+(?=\d)/u, '');
  return (first === 45 && /[1-9]/u.test(digits) ? `-${digits}` : digits) as Money;
}

/** Length of `2026-11-20T22:05:05.310Z`. */
const MILLISECONDS = 24;

/** As read back from a timestamptz: microseconds at most, no trailing zeros beyond milliseconds. */
export function plainInstant(instant: string): string {
  if (instant.length === MILLISECONDS) return instant;
  const fraction = instant.slice(20, -1).slice(0, 6).replace(/0+$/u, '');
  return `${instant.slice(0, 19)}.${fraction.padEnd(3, '0')}Z`;
}

export const elapsedMs = (from: string | null, to: string): number | null => (from === null ? null : Math.max(0, Date.parse(to) - Date.parse(from)));
