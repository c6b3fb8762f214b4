import type { Finding } from '#contracts/invoice/verdict.js';

/** What never changes about a rule: its authority's code, the field it speaks of, the sentence a person reads, and where it is written. */
export interface RuleText {
  readonly code: string;
  readonly severity: Finding['severity'];
  /** SAT field or EN 16931 term. */
  readonly term: string;
  readonly es: string;
  readonly en: string;
  readonly source: string;
}

/** A place in the document. Those of lines are functions: of a million broken lines only some places are ever written out. */
export type Path = string | (() => string);

/** Tells one breach: where, what was expected, what is there. `term` replaces the rule's own where one rule covers many fields. */
export type Report = (path: Path, expected: string, found: string, term?: string) => void;

/** One rule over one kind of document. It reports breaches and decides nothing else; its cost is flat per line. */
export interface Rule<Document> extends RuleText {
  readonly check: (document: Document, report: Report) => void;
}

/** How an absent value is written in a finding. */
export const ABSENT = '(absent)';
