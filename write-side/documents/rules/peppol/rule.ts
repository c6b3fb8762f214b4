import type { RuleText } from '../rule.js';
import { onlyIn, type Check, type EnRule } from '../en16931/rule.js';

export const PEPPOL_SOURCE = 'OpenPeppol, BIS Billing 3.0, rules of 2025-11';

/** A rule of Peppol BIS Billing 3, which is for UBL. */
export const peppol = (short: string, term: string, en: string, es: string, check: Check, severity: RuleText['severity'] = 'error'): EnRule =>
  onlyIn('ubl', { code: `PEPPOL-${short}`, severity, term, en, es, source: PEPPOL_SOURCE, check });
