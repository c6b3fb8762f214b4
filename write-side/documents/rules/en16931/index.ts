import type { EnDocument } from '../../models/en16931.js';
import type { Findings } from '../../findings.js';
import { EARLIER_PEPPOL_RULES, PEPPOL_RULES, declaresPeppol, isBeforePeppol } from '../peppol/index.js';
import { OLD_XRECHNUNG_RULES, XRECHNUNG_RULES, declaresXRechnung, isCurrent } from '../xrechnung/index.js';
import { levelsOf } from '../xrechnung/levels.js';
import { reportedAs, type RuleContext, type RuleText } from '../rule.js';
import { ALLOWANCE_RULES } from './allowances.js';
import { AMOUNT_RULES } from './amounts.js';
import { CODE_RULES } from './codes.js';
import { CONDITIONAL_RULES } from './conditional.js';
import { DATE_RULES } from './dates.js';
import { OWN_RULES } from './own.js';
import { PRESENCE_RULES } from './presence.js';
import { pathOf, type EnRule } from './rule.js';
import { STRUCTURE_TEXTS, SYNTAX_RULES } from './syntax.js';
import { TOTAL_RULES } from './totals.js';
import { VAT_RULES } from './vat.js';
import { viewOf, type EnView } from './view.js';

type Syntax = EnDocument['syntax'];

const CORE: readonly EnRule[] = [
  ...PRESENCE_RULES, ...ALLOWANCE_RULES, ...CONDITIONAL_RULES, ...DATE_RULES, ...AMOUNT_RULES, ...TOTAL_RULES, ...VAT_RULES, ...CODE_RULES, ...SYNTAX_RULES, ...OWN_RULES,
];

/** A set of rules that a document may declare, as one syntax has it. */
interface RuleSet {
  readonly rules: readonly EnRule[];
  readonly codes: readonly string[];
  readonly byCode: ReadonlyMap<string, readonly EnRule[]>;
}

/** Rules whose codes a verdict names together, as there are hundreds: `UBL-CR-*`, `DK-R-*`. */
const FAMILY = /^(?:UBL-(?:CR|SR|DT)|CII-(?:SR|DT)|(?:DE|DK|GR|IS|IT|NL|NO|SE)-[RS])-/u;
const named = (code: string): string => {
  const family = FAMILY.exec(code)?.[0];
  return family === undefined ? code : `${family}*`;
};

function setOf(all: readonly EnRule[], syntax: Syntax, structure: readonly RuleText[] = []): RuleSet {
  const rules = all.filter(({ only }) => only === undefined || only === syntax);
  const byCode = new Map<string, EnRule[]>();
  for (const rule of rules) byCode.set(rule.code, [...(byCode.get(rule.code) ?? []), rule]);
  return { rules, byCode, codes: [...new Set([...rules, ...structure].map(({ code }) => named(code)))] };
}
const setsOf = (syntax: Syntax) => ({
  core: setOf(CORE, syntax, STRUCTURE_TEXTS[syntax]),
  peppol: setOf(PEPPOL_RULES, syntax),
  earlierPeppol: setOf(EARLIER_PEPPOL_RULES, syntax),
  xrechnung: setOf(XRECHNUNG_RULES, syntax),
  oldXRechnung: setOf(OLD_XRECHNUNG_RULES, syntax),
});
const SETS = { ubl: setsOf('ubl'), cii: setsOf('cii') };

/** The rule set that the document declares beside the norm, where BT-24 names one. */
function declaredBy(document: EnDocument): RuleSet | undefined {
  const { peppol, earlierPeppol, xrechnung, oldXRechnung } = SETS[document.syntax];
  if (declaresXRechnung(document)) return isCurrent(document) ? xrechnung : oldXRechnung;
  if (!declaresPeppol(document)) return undefined;
  return isBeforePeppol(document) ? earlierPeppol : peppol;
}

/** Credit notes write their due date in the means of payment. */
const OF_INVOICES = 'UBL-CR-412';

/** What reading saw of the syntax: the table's rules, without asking each of them. */
function tellStructure(document: EnDocument, findings: Findings, code?: string): boolean {
  const texts = STRUCTURE_TEXTS[document.syntax];
  const root = document.syntax === 'cii' ? '/rsm:CrossIndustryInvoice' : `/${document.root}`;
  for (const { rule, line, found } of document.structure.breaches) {
    const text = texts[rule];
    if (!text || (code !== undefined && text.code !== code) || (text.code === OF_INVOICES && document.root === 'CreditNote')) continue;
    findings.add(text, () => (line < 0 ? found.startsWith('/') ? found : `${root}/${text.term}` : pathOf(document, 'BG-25', line) + `[${line + 1}]`), 'as the syntax binding says', found);
  }
  return code !== undefined && texts.some((text) => text.code === code);
}

function run(rules: readonly EnRule[], view: EnView, findings: Findings, context: RuleContext): void {
  const levels = levelsOf(view.document);
  for (const rule of rules) {
    const level = levels?.get(rule.code);
    const report = findings.reporter(rule);
    rule.check(view, level === undefined ? report : reportedAs(level, report), context);
  }
}

/** All rules that the document declares; answers the codes that ran. */
export function judgeEn(document: EnDocument, findings: Findings, context: RuleContext): readonly string[] {
  const view = viewOf(document);
  const { core } = SETS[document.syntax];
  const declared = declaredBy(document);
  run(core.rules, view, findings, context);
  if (declared) run(declared.rules, view, findings, context);
  tellStructure(document, findings);
  return declared ? [...core.codes, ...declared.codes] : core.codes;
}

/** One rule by its code, whether the document declares its set or not. @returns whether this syntax has such a rule */
function judgeEnRule(code: string, document: EnDocument, findings: Findings, context: RuleContext): boolean {
  const sets = Object.values(SETS[document.syntax]);
  const chosen = (sets.find(({ byCode }) => byCode.has(code))?.byCode.get(code)) ?? [];
  run(chosen, viewOf(document), findings, context);
  return tellStructure(document, findings, code) || chosen.length > 0;
}

/** Those rules only. @returns the codes of those that this syntax has */
export const judgeEnRules = (codes: readonly string[], document: EnDocument, findings: Findings, context: RuleContext): readonly string[] =>
  codes.filter((code) => judgeEnRule(code, document, findings, context));

const unique = (rules: readonly RuleText[]): readonly RuleText[] => [...new Map(rules.toReversed().map((rule) => [rule.code, rule])).values()].toReversed();

/** Every rule of EN 16931 and of its usage specifications, each code once. */
export const EN_RULES: readonly RuleText[] = unique([...CORE, ...STRUCTURE_TEXTS.ubl, ...STRUCTURE_TEXTS.cii, ...PEPPOL_RULES, ...XRECHNUNG_RULES]);
