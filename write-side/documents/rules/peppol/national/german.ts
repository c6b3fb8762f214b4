import { HEADER_RULES } from '../../xrechnung/header.js';
import { PAYMENT_RULES } from '../../xrechnung/payment.js';
import { onlyIn, type EnRule } from '../../en16931/rule.js';
import { isGerman } from '../basic.js';
import { NATIONAL_SOURCE, where } from './rule.js';

/** `BR-DE-1` is `DE-R-001`, `BR-DE-23-a` is `DE-R-023-1`. */
const XRECHNUNG = /^BR-DE-(\d+)(?:-([ab]))?$/u;
const PARTS = { a: '-1', b: '-2' } as const;
const WIDTH = 3;
/** What Peppol does not take over: its own specification identifier has a rule of its own. */
const SPECIFICATION = '21';

function germanCode(code: string): string | undefined {
  const [, number, part] = XRECHNUNG.exec(code) ?? [];
  if (number === undefined || number === SPECIFICATION) return undefined;
  return `DE-R-${number.padStart(WIDTH, '0')}${part === 'a' || part === 'b' ? PARTS[part] : ''}`;
}

/** Between German parties Peppol asks what XRechnung asks, under ids of its own. */
export const GERMAN_RULES: readonly EnRule[] = where(isGerman, [...HEADER_RULES, ...PAYMENT_RULES].flatMap((rule) => {
  const code = germanCode(rule.code);
  return code === undefined ? [] : [onlyIn('ubl', { ...rule, code, source: NATIONAL_SOURCE })];
}));
