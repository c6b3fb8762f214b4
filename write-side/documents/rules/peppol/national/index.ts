import type { EnRule } from '../../en16931/rule.js';
import { GERMAN_RULES } from './german.js';
import { NORDIC_RULES } from './nordic.js';
import { OTHER_RULES } from './others.js';

/** Rules that countries added to Peppol BIS Billing 3 for their own suppliers. */
export const NATIONAL_RULES: readonly EnRule[] = [...NORDIC_RULES, ...OTHER_RULES, ...GERMAN_RULES];
