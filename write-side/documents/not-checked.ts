import type { NotChecked } from '#contracts/invoice/verdict.js';
import type { CfdiDocument } from './models/cfdi.js';
import { LOCAL_TAXES_NAMESPACE, STAMP_NAMESPACE } from './decoders/cfdi.js';
import type { FiscalDocument } from './result.js';
import { undecidable } from './rules/cfdi/undecidable.js';
import type { RuleContext } from './rules/rule.js';
import { sealNotChecked } from './seal/not-checked.js';
import { PAGOS_20_NAMESPACE } from './models/pagos.js';
import { pagosNotChecked } from './rules/pagos/index.js';
import { clip } from './text.js';

/** Complements that rules of their own look at. */
const JUDGED: ReadonlySet<string> = new Set([STAMP_NAMESPACE, LOCAL_TAXES_NAMESPACE, PAGOS_20_NAMESPACE]);
const MAX_COMPLEMENTS = 32;

const STATUS: NotChecked = { what: 'authority-status', why: 'Needs a connection; asked apart.' };

function cfdiNotChecked(document: CfdiDocument, context: RuleContext): NotChecked[] {
  return [
    ...sealNotChecked(document, context.trust),
    ...pagosNotChecked(document),
    STATUS,
    ...undecidable(document),
    ...document.complements.filter(({ uri }) => !JUDGED.has(uri)).slice(0, MAX_COMPLEMENTS).map(({ local }) => ({ what: `complement ${clip(local, 80)}`, why: 'This rule set has no rules for this complement.' })),
  ];
}

/** Usage specifications that have rules of their own here. */
const NATIONAL: NotChecked = { what: 'national-rules', why: 'Rules of countries beyond those of Peppol BIS Billing 3 and XRechnung, and of other profiles (such as Factur-X), are not part of this rule set.' };
const EN_NOT_CHECKED: readonly NotChecked[] = [NATIONAL, STATUS];

/** What this rule set leaves open about a document, and why: never a refusal, never silence. */
export const notCheckedOf = (document: FiscalDocument, context: RuleContext): NotChecked[] => (document.syntax === 'cfdi' ? cfdiNotChecked(document, context) : [...EN_NOT_CHECKED]);
