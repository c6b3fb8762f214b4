import type { EnDocument } from '../../models/en16931.js';
import type { Report, Rule, RuleText } from '../rule.js';
import { CII_PATHS } from './paths/cii.js';
import { UBL_PATHS } from './paths/ubl.js';
import type { EnView } from './view.js';

/** A rule over an EN 16931 document and what was prepared of it. `only` names the syntax that has the rule, where not both do. */
export interface EnRule extends Rule<EnView> {
  readonly only?: EnDocument['syntax'];
}
export type Check = (view: EnView, report: Report) => void;

export const SOURCE = 'EN 16931-1:2017, business rules; CEN validation artefacts 1.3.16';

/** A fatal rule of the norm under its own id. */
export const rule = (code: string, term: string, en: string, es: string, check: Check): EnRule => ({ code, severity: 'error', term, es, en, source: SOURCE, check });

/** The same rule with another severity. */
export const as = (severity: RuleText['severity'], base: EnRule): EnRule => ({ ...base, severity });
/** The same rule for one syntax only. */
export const onlyIn = (only: EnDocument['syntax'], base: EnRule): EnRule => ({ ...base, only });

const rowOf = (path: string, index: number | undefined): string => path.replace('#', String((index ?? 0) + 1));

/** Where a term stands in this document's syntax; `index` and `inner` count rows from 0. */
export function pathOf(document: EnDocument, term: string, index?: number, inner?: number): string {
  if (document.syntax === 'cii') return `/rsm:CrossIndustryInvoice/${rowOf(rowOf(CII_PATHS[term] ?? term, index), inner)}`;
  const credit = document.root === 'CreditNote';
  const path = (UBL_PATHS[term] ?? term)
    .replace('{type}', credit ? 'CreditNote' : 'Invoice')
    .replace('{line}', credit ? 'CreditNote' : 'Invoice')
    .replace('{quantity}', credit ? 'Credited' : 'Invoiced');
  return `/${document.root}/${rowOf(rowOf(path, index), inner)}`;
}
