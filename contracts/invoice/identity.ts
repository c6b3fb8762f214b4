import { derivedUuid, toInvoiceId, type InvoiceId, type Sha256 } from '../kernel/ids.js';
import type { Format } from './facts.js';

/** What names a document; the first of the three that is complete decides. */
export interface IdentityClaim {
  readonly format: Format;
  /** Fiscal UUID of the stamp, or the caller's claim. */
  readonly uuid?: string;
  /** Seller's VAT or legal id, for EN 16931 documents. */
  readonly sellerId?: string;
  readonly number?: string;
  readonly documentType?: string;
  /** As written. */
  readonly issued?: string;
}

const FISCAL_UUID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/u;

export const isFiscalUuid = (text: string): boolean => FISCAL_UUID.test(text.toUpperCase());

const isCfdi = (format: Format): boolean => format === 'cfdi-4.0' || format === 'cfdi-3.3';

/**
 * The business key of a document: (1) `cfdi|UUID`, (2) `en|seller|number|type|issue date`, (3) `sha256|hash`.
 * Undefined when neither names it and no bytes are known yet.
 */
export function identityKey(claim: IdentityClaim, sha256?: Sha256): string | undefined {
  if (isCfdi(claim.format) && claim.uuid !== undefined && isFiscalUuid(claim.uuid)) return `cfdi|${claim.uuid.toUpperCase()}`;
  const { sellerId, number, documentType, issued } = claim;
  if (!isCfdi(claim.format) && sellerId && number && documentType && issued) return `en|${sellerId}|${number}|${documentType}|${issued}`;
  return sha256 === undefined ? undefined : `sha256|${sha256}`;
}

export const invoiceIdOf = (key: string): InvoiceId => toInvoiceId(derivedUuid('invoice', key));
