import { dayOf } from '../../dates.js';
import type { EnDocument } from '../../models/en16931.js';
import { as, type EnRule } from '../en16931/rule.js';
import { PEPPOL_BASIC_RULES } from './basic.js';
import { PEPPOL_CODE_RULES } from './codes.js';
import { PEPPOL_COMMON_RULES } from './common.js';
import { PEPPOL_LINE_RULES } from './lines.js';
import { NATIONAL_RULES } from './national/index.js';

const BILLING = 'urn:fdc:peppol.eu:2017:poacc:billing:';

/**
 * BT-24 names Peppol BIS Billing. A Peppol process in BT-23 alone does not declare its rules: documents of the norm and of other
 * specifications travel over the same network.
 */
export const declaresPeppol = ({ syntax, specification }: EnDocument): boolean => syntax === 'ubl' && (specification?.includes(BILLING) ?? false);

export const PEPPOL_RULES: readonly EnRule[] = [...PEPPOL_BASIC_RULES, ...PEPPOL_LINE_RULES, ...PEPPOL_CODE_RULES, ...PEPPOL_COMMON_RULES, ...NATIONAL_RULES];

/** First day on which the release of these rules is mandatory in the network. */
const IN_FORCE = '2026-02-23';
/** Whether the document is older than these rules. Older releases had fewer and milder ones, so it is not refused by the newer: they are warnings then. */
export const isBeforePeppol = ({ issueDate }: EnDocument): boolean => (dayOf(issueDate) ?? IN_FORCE) < IN_FORCE;
export const EARLIER_PEPPOL_RULES: readonly EnRule[] = PEPPOL_RULES.map((rule) => as('warning', rule));
