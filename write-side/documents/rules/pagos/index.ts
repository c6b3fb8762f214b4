import type { NotChecked } from '#contracts/invoice/verdict.js';
import type { CfdiDocument } from '../../models/cfdi.js';
import { pagosOf } from '../../models/pagos.js';
import { rulesOfVersion } from '../cfdi/rule.js';
import { ACCOUNT_RULES } from './accounts.js';
import { DOCUMENT_TAX_RULES } from './document-taxes.js';
import { DOCUMENT_RULES } from './documents.js';
import { ENVELOPE_RULES } from './envelope.js';
import { PAYMENT_RULES } from './payment.js';
import { PAYMENT_TAX_RULES } from './payment-taxes.js';
import { STRUCTURE_RULES } from './structure.js';
import { TOTALS_RULES } from './totals.js';

/** A payment is known by its type or by its complement, in CFDI 4.0; of the complement without the type CRP20101 tells. */
export const isPayment = (document: CfdiDocument): boolean =>
  document.format === 'cfdi-4.0' && (document.comprobante.TipoDeComprobante === 'P' || pagosOf(document) !== undefined);

/** The rules of a document that is a payment. */
export const PAGOS_RULES = rulesOfVersion(
  [...ENVELOPE_RULES, ...TOTALS_RULES, ...PAYMENT_RULES, ...ACCOUNT_RULES, ...DOCUMENT_RULES, ...DOCUMENT_TAX_RULES, ...PAYMENT_TAX_RULES, ...STRUCTURE_RULES],
  'v40',
);

const OPEN: readonly NotChecked[] = [
  { what: 'CRP20216', why: 'Whether TipoCambioP lies within its limits needs the reference rate of the day.' },
  { what: 'CRP20222', why: 'Whether RfcEmisorCtaOrd is registered stands in a list of the authority, which needs a connection.' },
];

/** What the rules of payments leave open. */
export const pagosNotChecked = (document: CfdiDocument): readonly NotChecked[] => (document.format === 'cfdi-4.0' && pagosOf(document) ? OPEN : []);
