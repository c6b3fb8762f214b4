import type { Finding } from '#contracts/invoice/verdict.js';
import type { Catalogues } from '../catalogues/port.js';
import type { Trust } from '../seal/trust.js';

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

/**
 * Tells one breach: where, what was expected, what is there. `term` replaces the rule's own where one rule covers many fields; `severity` the rule's own
 * where it does not hold for certain (catalogues that are older than the document).
 */
export type Report = (path: Path, expected: string, found: string, term?: string, severity?: Finding['severity']) => void;

/** The same reporter, whose findings are of another severity. */
export const reportedAs = (severity: Finding['severity'], report: Report): Report => (path, expected, found, term) => report(path, expected, found, term, severity);
export const asWarnings = (report: Report): Report => reportedAs('warning', report);

/** What a rule may know beside the document. */
export interface RuleContext {
  readonly catalogues: Catalogues;
  /** Certificates that the operator has loaded. */
  readonly trust: Trust;
}

/** One rule over one kind of document. It reports breaches and decides nothing else; its cost is flat per line. */
export interface Rule<Document> extends RuleText {
  readonly check: (document: Document, report: Report, context: RuleContext) => void;
}

/** How an absent value is written in a finding. */
export const ABSENT = '(absent)';
