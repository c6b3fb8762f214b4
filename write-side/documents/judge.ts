import type { Claim } from '#contracts/events/invoice.js';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import { BUILT_IN } from './catalogues/built-in.js';
import type { Catalogues } from './catalogues/port.js';
import { Findings } from './findings.js';
import { notCheckedOf } from './not-checked.js';
import type { ReadDocument, ReadResult } from './result.js';
import { CLAIM, cfdiRulesOf, RULE_SET, type RuleGroup } from './rule-sets.js';
import { notJudgedRule, UNSUPPORTED, unreadableRule, type NotJudged } from './rules/common/unreadable.js';
import { judgeEn, judgeEnRules } from './rules/en16931/index.js';
import type { RuleContext } from './rules/rule.js';
import { NO_TRUST, type Trust } from './seal/trust.js';

const NO_CATALOGUE = 'none';

export interface JudgeContext {
  /** What the caller claimed; only given fields are compared. */
  readonly expected?: Claim;
  /** Day of the catalogues, `YYYY-MM-DD`; by default that of `catalogues`, for documents that have any. */
  readonly catalogueDate?: string;
  /** Default: those that Folio carries. */
  readonly catalogues?: Catalogues;
  /** Certificates of the authority and of stamping providers; default: none, so chains and stamps are not checked. */
  readonly trust?: Trust;
  /** Only rules with these codes, on a document that need not be whole: what a rule does not look at may be missing. Default: all of its kind. */
  readonly rules?: readonly string[];
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

const contextOf = ({ catalogues = BUILT_IN, trust = NO_TRUST }: Partial<JudgeContext>): RuleContext => ({ catalogues, trust });

/** Runs the rules of a group, or those of them that were asked for; answers the codes that ran. */
function run<Document>({ rules, codes }: RuleGroup<Document>, document: Document, findings: Findings, context: RuleContext, asked: readonly string[] | undefined): readonly string[] {
  const isAsked = (code: string): boolean => asked?.includes(code) ?? true;
  for (const rule of rules) if (isAsked(rule.code)) rule.check(document, findings.reporter(rule), context);
  return asked ? codes.filter(isAsked) : codes;
}

function runRules({ document }: ReadDocument, findings: Findings, context: RuleContext, asked: readonly string[] | undefined): readonly string[] {
  if (document.syntax === 'cfdi') return run(cfdiRulesOf(document), document, findings, context, asked);
  return asked ? judgeEnRules(asked, document, findings, context) : judgeEn(document, findings, context);
}

/**
 * One rule on a document that need not be whole.
 * @returns its findings; undefined when documents of this kind have no such rule
 */
export function judgeRule(code: string, read: ReadDocument, context: Pick<JudgeContext, 'catalogues' | 'trust'> = {}): readonly Finding[] | undefined {
  const findings = new Findings();
  return runRules(read, findings, contextOf(context), [code]).includes(code) ? findings.all() : undefined;
}

function judgeDocument(read: ReadDocument, { expected, rules }: JudgeContext, context: RuleContext, findings: Findings): readonly string[] {
  const checked = runRules(read, findings, context, rules);
  return expected && !rules ? [...checked, ...run(CLAIM, { read, claim: expected }, findings, context, undefined)] : checked;
}

/** The SAT's catalogues judge CFDI; other documents know nothing of them. */
const catalogueDateOf = (read: ReadResult, { catalogueDate, catalogues = BUILT_IN }: JudgeContext): string =>
  catalogueDate ?? (read.kind === 'document' && read.document.syntax === 'cfdi' ? catalogues.day : NO_CATALOGUE);

function verdictOf(read: ReadResult, findings: Findings): Verdict['verdict'] {
  if (read.kind !== 'document') return 'unreadable';
  if (findings.has('error')) return 'invalid';
  return findings.has('warning') ? 'valid-with-warnings' : 'valid';
}

function gather(read: ReadResult, asked: JudgeContext, context: RuleContext, findings: Findings): readonly string[] {
  switch (read.kind) {
    case 'document':
      return judgeDocument(read, asked, context, findings);
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

const verdictWith = (findings: Findings, checked: readonly string[]): Verdict =>
  ({ verdict: 'unreadable', findings: findings.selected(), findingCounts: findings.counts(), checked: [...checked], notChecked: [], ruleSet: RULE_SET, catalogueDate: NO_CATALOGUE, durationUs: 0 });

/**
 * Judges what was read: runs the rules of its kind, compares it with the claim, and says what was not checked.
 * An unsupported or unreadable document gets the verdict `unreadable` with one finding that says why. Never throws.
 */
export function judge(read: ReadResult, asked: JudgeContext): Judgement {
  const started = asked.startedUs ?? asked.now();
  const findings = new Findings();
  const context = contextOf(asked);
  const checked = gather(read, asked, context, findings);
  const verdict: Verdict = {
    ...verdictWith(findings, checked),
    verdict: verdictOf(read, findings),
    notChecked: read.kind === 'document' ? notCheckedOf(read.document, context) : [],
    catalogueDate: catalogueDateOf(read, asked),
    durationUs: Math.max(0, Math.round(asked.now() - started)),
  };
  return { verdict, allFindings: findings.all() };
}

/** The verdict on a document that could not be judged, with one finding that says why. */
export function judgeNothing(why: NotJudged, reason: string): Judgement {
  const rule = notJudgedRule(why);
  const findings = new Findings();
  findings.add(rule, '/', 'a verdict', reason);
  return { verdict: verdictWith(findings, [rule.code]), allFindings: findings.all() };
}
