import { z } from 'zod';
import { day, money, text } from '../scalars.js';

/** Document syntaxes that Folio decodes. */
export const FORMATS = ['cfdi-4.0', 'cfdi-3.3', 'ubl-2.1', 'cii'] as const;
export const format = z.enum(FORMATS);
export type Format = (typeof FORMATS)[number];

/** A party as the document names it: RFC, VAT or legal id, and its name. */
export const party = z.strictObject({ id: text(64).exactOptional(), name: text(512).exactOptional() });
export type Party = z.infer<typeof party>;

/**
 * One line of the tax breakdown. `tax` is the authority's code (CFDI `001 002 003`, EN 16931 `VAT`), `factor` is `Tasa`, `Cuota`,
 * `Exento` for CFDI and the category (`S`, `Z`, `E` …) for EN 16931; `rate` as written.
 */
export const taxLine = z.strictObject({
  tax: text(16),
  kind: z.enum(['transferred', 'withheld']),
  factor: text(16).exactOptional(),
  rate: money.exactOptional(),
  base: money.exactOptional(),
  amount: money.exactOptional(),
});
export type TaxLine = z.infer<typeof taxLine>;

/** Dates exactly as the document writes them; never a guessed instant. */
export const documentDates = z.strictObject({
  issued: text(40).exactOptional(),
  due: text(40).exactOptional(),
  taxPoint: text(40).exactOptional(),
  stamped: text(40).exactOptional(),
});

/** Bytes of distinct line descriptions kept in the facts; beyond it `descriptionsTruncated` is true. */
export const DESCRIPTION_BYTES = 32_768;
export const MAX_TAX_LINES = 64;

/** What a document says, as every view shows it. Absent = the document does not say it (or not readably). */
export const facts = z.strictObject({
  format,
  /** CFDI `I E T N P`; EN 16931 type code (`380`, `381` …). */
  documentType: text(16).exactOptional(),
  series: text(64).exactOptional(),
  number: text(128).exactOptional(),
  /** Fiscal UUID, upper case. */
  uuid: text(36).exactOptional(),
  issuer: party,
  receiver: party,
  dates: documentDates,
  /** Calendar day of issuance, only where the written date is a real one. */
  issuanceDay: day.exactOptional(),
  currency: text(8).exactOptional(),
  subtotal: money.exactOptional(),
  discount: money.exactOptional(),
  total: money.exactOptional(),
  taxes: z.array(taxLine).max(MAX_TAX_LINES),
  lineCount: z.int().min(0),
  descriptions: z.array(z.string().max(1_000)).max(4_096),
  descriptionsTruncated: z.boolean(),
});
export type Facts = z.infer<typeof facts>;
