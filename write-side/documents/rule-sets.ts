import type { CfdiDocument } from './models/cfdi.js';
import { CFDI_33_RULES, CFDI_40_RULES } from './rules/cfdi/index.js';
import { CLAIM_RULES } from './rules/common/claim.js';
import { READING_RULES } from './rules/common/unreadable.js';
import { EN_RULES } from './rules/en16931/index.js';
import { isPayment, PAGOS_RULES } from './rules/pagos/index.js';
import type { Rule, RuleText } from './rules/rule.js';
import { SEAL_33_RULES, SEAL_40_RULES } from './rules/seal/index.js';
import { STAMP_33_RULES, STAMP_40_RULES } from './rules/timbre/index.js';

/** Name and version of the rules; a verdict without it could not be judged again. */
export const RULE_SET = 'folio@3';

const CFDI_40 = [...CFDI_40_RULES, ...SEAL_40_RULES, ...STAMP_40_RULES];
const CFDI_33 = [...CFDI_33_RULES, ...SEAL_33_RULES, ...STAMP_33_RULES];

/** The rules of one kind of document, and their codes, each once. */
export interface RuleGroup<Document> {
  readonly rules: readonly Rule<Document>[];
  readonly codes: readonly string[];
}

const group = <Document>(rules: readonly Rule<Document>[]): RuleGroup<Document> => ({ rules, codes: [...new Set(rules.map(({ code }) => code))] });

const CFDI = { 'cfdi-4.0': group(CFDI_40), 'cfdi-3.3': group(CFDI_33), payment: group([...CFDI_40, ...PAGOS_RULES]) };
export const CLAIM = group(CLAIM_RULES);

/** Rules of payments are run on payments only, so that no other verdict lists a hundred rules that say nothing of it. */
export const cfdiRulesOf = (document: CfdiDocument): RuleGroup<CfdiDocument> => CFDI[isPayment(document) ? 'payment' : document.format];

/** Kinds of documents that a rule is about; `claim`: a document beside what its sender said of it; `any`: bytes. */
export type RuleKind = 'cfdi-4.0' | 'cfdi-3.3' | 'en16931' | 'claim' | 'any';

/** A rule as it is told to people; one code may stand for several rows of the tables, whose sentences are then of the first one. */
export interface ListedRule extends RuleText {
  readonly kinds: readonly RuleKind[];
}

const RULES_OF: readonly (readonly [RuleKind, readonly RuleText[]])[] = [
  ['any', READING_RULES], ['cfdi-4.0', [...CFDI_40, ...PAGOS_RULES]], ['cfdi-3.3', CFDI_33], ['en16931', EN_RULES], ['claim', CLAIM_RULES],
];

let all: readonly ListedRule[] | undefined;

/** Every rule of this set, each code once, for lists and documentation. */
export const listRules = (): readonly ListedRule[] => (all ??= gathered());

function gathered(): readonly ListedRule[] {
  const listed = new Map<string, ListedRule>();
  for (const [kind, rules] of RULES_OF) {
    for (const { code, severity, term, es, en, source } of rules) {
      const before = listed.get(code);
      const kinds = before?.kinds ?? [];
      listed.set(code, { ...(before ?? { code, severity, term, es, en, source }), kinds: kinds.includes(kind) ? kinds : [...kinds, kind] });
    }
  }
  return [...listed.values()];
}
