import type { Claim } from '#contracts/events/invoice.js';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import { Findings } from './findings.js';
import { notCheckedOf } from './not-checked.js';
import type { ReadDocument, ReadResult } from './result.js';
import { CFDI_33_RULES, CFDI_40_RULES } from './rules/cfdi/index.js';
import { CLAIM_RULES } from './rules/common/claim.js';
import { READING_RULES, UNSUPPORTED, unreadableRule } from './rules/common/unreadable.js';
import { EN_RULES } from './rules/en16931/index.js';
import type { Rule, RuleText } from './rules/rule.js';

/** Name and version of the rules; a verdict without it could not be judged again. */
export const RULE_SET = 'folio-first@1';
const NO_CATALOGUE = 'none';

export interface JudgeContext {
  /** What the caller claimed; only given fields are compared. */
  readonly expected?: Claim;
  /** Day of the catalogues, `YYYY-MM-DD`. */
  readonly catalogueDate?: string;
  /** Monotonic microseconds. The clock belongs to the caller, so that judging stays pure. */
  readonly now: () => number;
  /** When reading began, by the same clock; by default the start of the judging. */
  readonly startedUs?: number;
}

export interface Judgement {
  /** At most 200 findings and about 150 kB; fits an event. */
  readonly verdict: Verdict;
  /** All findings (at most 20,000 of one code), for the complete verdict in the object store. */
  readonly allFindings: readonly Finding[];
}

const codes = (rules: readonly RuleText[]): readonly string[] => [...new Set(rules.map((rule) => rule.code))];
const CODES = { 'cfdi-4.0': codes(CFDI_40_RULES), 'cfdi-3.3': codes(CFDI_33_RULES), en: codes(EN_RULES), claim: codes(CLAIM_RULES) };

/** Every rule of this set, for lists and documentation. */
export const listRules = (): readonly RuleText[] =>
  [...READING_RULES, ...CFDI_40_RULES, ...CFDI_33_RULES, ...EN_RULES, ...CLAIM_RULES].map(({ code, severity, term, es, en, source }) => ({ code, severity, term, es, en, source }));

function run<Document>(rules: readonly Rule<Document>[], document: Document, findings: Findings): void {
  for (const rule of rules) rule.check(document, findings.reporter(rule));
}

/** Runs the rules of the document's kind; answers the codes that ran. */
function runRules({ document }: ReadDocument, findings: Findings): readonly string[] {
  if (document.syntax !== 'cfdi') {
    run(EN_RULES, document, findings);
    return CODES.en;
  }
  run(document.format === 'cfdi-4.0' ? CFDI_40_RULES : CFDI_33_RULES, document, findings);
  return CODES[document.format];
}

function judgeDocument(read: ReadDocument, context: JudgeContext, findings: Findings): readonly string[] {
  const checked = runRules(read, findings);
  if (!context.expected) return checked;
  run(CLAIM_RULES, { read, claim: context.expected }, findings);
  return [...checked, ...CODES.claim];
}

function verdictOf(read: ReadResult, findings: Findings): Verdict['verdict'] {
  if (read.kind !== 'document') return 'unreadable';
  if (findings.has('error')) return 'invalid';
  return findings.has('warning') ? 'valid-with-warnings' : 'valid';
}

function gather(read: ReadResult, context: JudgeContext, findings: Findings): readonly string[] {
  switch (read.kind) {
    case 'document':
      return judgeDocument(read, context, findings);
    case 'unsupported':
      findings.add(UNSUPPORTED, '/', 'CFDI, UBL or CII', read.root);
      return [UNSUPPORTED.code];
    case 'unreadable': {
      const rule = unreadableRule(read.code);
      findings.add(rule, '/', 'readable XML', read.reason);
      return [rule.code];
    }
    default:
      return read satisfies never;
  }
}

/**
 * Judges what was read: runs the rules of its kind, compares it with the claim, and says what was not checked.
 * An unsupported or unreadable document gets the verdict `unreadable` with one finding that says why. Never throws.
 */
export function judge(read: ReadResult, context: JudgeContext): Judgement {
  const started = context.startedUs ?? context.now();
  const findings = new Findings();
  const checked = gather(read, context, findings);
  const verdict: Verdict = {
    verdict: verdictOf(read, findings),
    findings: findings.selected(),
    findingCounts: findings.counts(),
    checked: [...checked],
    notChecked: read.kind === 'document' ? notCheckedOf(read.document) : [],
    ruleSet: RULE_SET,
    catalogueDate: context.catalogueDate ?? NO_CATALOGUE,
    durationUs: Math.max(0, Math.round(context.now() - started)),
  };
  return { verdict, allFindings: findings.all() };
}
