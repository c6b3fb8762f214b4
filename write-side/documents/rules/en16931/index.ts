import { AMOUNT_RULES } from './amounts.js';
import { DATE_RULES } from './dates.js';
import { PRESENCE_RULES } from './presence.js';
import type { EnRule } from './rule.js';
import { TOTAL_RULES } from './totals.js';

export const EN_RULES: readonly EnRule[] = [...PRESENCE_RULES, ...DATE_RULES, ...AMOUNT_RULES, ...TOTAL_RULES];
