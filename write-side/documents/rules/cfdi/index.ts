import { AMOUNT_RULES } from './amounts.js';
import { DATE_RULES } from './dates.js';
import { HEADER_RULES } from './header.js';
import { rulesOfVersion, type CfdiRule } from './rule.js';
import { STRUCTURE_RULES } from './structure.js';
import { TOTAL_RULES } from './totals.js';

const RULES: readonly CfdiRule[] = [...STRUCTURE_RULES, ...DATE_RULES, ...AMOUNT_RULES, ...HEADER_RULES, ...TOTAL_RULES];

export const CFDI_40_RULES = rulesOfVersion(RULES, 'v40');
export const CFDI_33_RULES = rulesOfVersion(RULES, 'v33');
