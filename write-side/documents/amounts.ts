import { isMoney, type Money } from '#contracts/money.js';

const XSD_DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/u;
const MAX_INTEGER_DIGITS = 24;

/** The written text as an amount, or undefined where it is none or lies beyond the limits of `contracts/money`. */
export const amountOf = (text: string | undefined): Money | undefined => (text !== undefined && isMoney(text) ? text : undefined);

/** Like `amountOf`, in every lexical form that XML Schema allows: `+5`, `.5`, `5.`. */
export function decimalOf(text: string | undefined): Money | undefined {
  if (text === undefined || isMoney(text)) return text;
  if (!XSD_DECIMAL.test(text)) return undefined;
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.replace(/^[+-]/u, '').split('.');
  return amountOf(`${sign}${whole || '0'}${fraction ? `.${fraction}` : ''}`);
}

/** What keeps a written amount from being one: not a decimal number, or too many integer digits. */
export function amountFault(text: string): 'format' | 'range' | undefined {
  if (isMoney(text)) return undefined;
  if (!XSD_DECIMAL.test(text)) return 'format';
  const whole = text.replace(/^[+-]?0*/u, '').split('.')[0] ?? '';
  return whole.length > MAX_INTEGER_DIGITS ? 'range' : undefined;
}

/** Fraction digits as written, also of amounts beyond the limits; 0 for what is no decimal number, which another rule tells. */
export function writtenScale(text: string): number {
  const point = text.indexOf('.');
  return point < 0 || !XSD_DECIMAL.test(text) ? 0 : text.length - point - 1;
}

/** A negative number other than zero, read from the text alone, whatever its length. */
export const isWrittenNegative = (text: string): boolean => text.startsWith('-') && /[1-9]/u.test(text);
