import { CONCEPT_RULES } from './concepts.js';
import { DATE_RULES } from './dates.js';
import { GLOBAL_RULES } from './global.js';
import { CURRENCY_RULES, PAYMENT_RULES } from './header.js';
import { ISSUER_RULES } from './issuer.js';
import { LINE_TAX_RULES } from './line-taxes.js';
import { PART_RULES } from './parts.js';
import { RECEIVER_RULES } from './receiver.js';
import { RELATION_RULES } from './relations.js';
import { RFC_DIGIT_RULES } from './rfc-digit.js';
import { rulesOfVersion, type CfdiRule } from './rule.js';
import { STRUCTURE_RULES } from './structure.js';
import { TAX_TOTAL_RULES } from './tax-totals.js';
import { THIRD_PARTY_RULES } from './third-parties.js';
import { TOTAL_RULES } from './totals.js';

/** In the order of the document. */
const RULES: readonly CfdiRule[] = [
  ...STRUCTURE_RULES, ...DATE_RULES, ...PAYMENT_RULES, ...TOTAL_RULES, ...CURRENCY_RULES, ...GLOBAL_RULES, ...RELATION_RULES, ...ISSUER_RULES, ...RECEIVER_RULES,
  ...CONCEPT_RULES, ...LINE_TAX_RULES, ...THIRD_PARTY_RULES, ...PART_RULES, ...TAX_TOTAL_RULES, ...RFC_DIGIT_RULES,
];

export const CFDI_40_RULES = rulesOfVersion(RULES, 'v40');
export const CFDI_33_RULES = rulesOfVersion(RULES, 'v33');
