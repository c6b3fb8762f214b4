import type { Facts } from './facts.js';
import { canonicalMoney } from '../money.js';

/** Code under which an invoice is found that may be another one, taken in twice. It is a remark: it blocks nothing. */
export const DUPLICATE_SUSPECTED = 'FOLIO-DUPLICATE-SUSPECTED';

const SEPARATOR = '\u001f';
const MAX_KEY = 600;
const normal = (text: string): string => text.replace(/\s+/gu, ' ').trim().toUpperCase();

/**
 * By what two invoices with different identities may be the same one to whoever pays: issuer, series, number, total.
 * @returns undefined where the document does not say who issued it, which number it has, or what is to be paid
 */
export function businessKeyOf({ issuer, series, number, total, currency }: Pick<Facts, 'issuer' | 'series' | 'number' | 'total' | 'currency'>): string | undefined {
  if (issuer.id === undefined || number === undefined || total === undefined) return undefined;
  const key = [normal(issuer.id), normal(series ?? ''), normal(number), `${canonicalMoney(total)} ${normal(currency ?? '')}`.trim()].join(SEPARATOR);
  return key.length > MAX_KEY ? undefined : key;
}
