import * as documents from './documents.js';
import * as money from './money.js';
import * as parties from './parties.js';
import * as references from './references.js';
import { UNITS } from './units.js';

const setOf = (packed: string): ReadonlySet<string> => new Set(packed.split(/\s+/u).filter(Boolean));

/** The code lists of EN 16931, each a set made once at load. A code that is not listed is not necessarily wrong forever: lists are renewed twice a year. */
export const CODE_LISTS = {
  invoiceTypes: setOf(documents.INVOICE_TYPES),
  creditNoteTypes: setOf(documents.CREDIT_NOTE_TYPES),
  documentTypes: setOf(`${documents.INVOICE_TYPES} ${documents.CREDIT_NOTE_TYPES}`),
  noteSubjects: setOf(documents.NOTE_SUBJECTS),
  taxPointCodesUbl: setOf(documents.TAX_POINT_CODES_UBL),
  taxPointCodesCii: setOf(documents.TAX_POINT_CODES_CII),
  mimeTypes: setOf(documents.MIME_TYPES),
  referenceQualifiers: setOf(references.REFERENCE_QUALIFIERS),
  itemClassifications: setOf(references.ITEM_CLASSIFICATIONS),
  identifierSchemes: setOf(parties.IDENTIFIER_SCHEMES),
  addressSchemes: setOf(parties.ADDRESS_SCHEMES),
  countries: setOf(parties.COUNTRIES),
  currencies: setOf(money.CURRENCIES),
  paymentMeans: setOf(money.PAYMENT_MEANS),
  vatCategories: setOf(money.VAT_CATEGORIES),
  allowanceReasons: setOf(money.ALLOWANCE_REASONS),
  chargeReasons: setOf(money.CHARGE_REASONS),
  exemptionReasons: setOf(money.EXEMPTION_REASONS),
  units: setOf(UNITS),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;

/** Day of the code lists. */
export const CODE_LISTS_DATE = '2026-05-15';
