import type { Facts } from '#contracts/invoice/facts.js';
import type { IdentityClaim } from '#contracts/invoice/identity.js';
import { CFDI_33, CFDI_3_NAMESPACE, CFDI_4, CFDI_4_NAMESPACE } from './decoders/cfdi.js';
import { CII, CII_NAMESPACE } from './decoders/cii.js';
import { UBL_CREDIT_NOTE, UBL_CREDIT_NOTE_NAMESPACE, UBL_INVOICE, UBL_INVOICE_NAMESPACE } from './decoders/ubl.js';
import type { Decoder, RawAttributes } from './element.js';
import { decodeBytes } from './encoding.js';
import { cfdiFacts, cfdiIdentity } from './facts/cfdi.js';
import { enFacts, enFormat, enIdentity } from './facts/en16931.js';
import { READ_LIMITS, type ReadLimits } from './limits.js';
import type { FiscalDocument, ReadDocument, ReadResult } from './result.js';
import { clip } from './text.js';
import { walk } from './walk.js';

type AnyDecoder = Decoder<unknown, FiscalDocument>;

const rootName = (uri: string, local: string, version: string | undefined): string =>
  `${local}${version ? ` ${clip(version, 20)}` : ''}${uri ? ` {${uri}}` : ''}`;

/** The syntaxes that Folio decodes, by namespace and root; CFDI 3 by its version too, as 3.2 is another document. */
function choose(uri: string, local: string, attributes: RawAttributes): AnyDecoder | { readonly root: string } {
  if (local === 'Comprobante' && uri === CFDI_4_NAMESPACE) return CFDI_4;
  if (local === 'Comprobante' && uri === CFDI_3_NAMESPACE && attributes['Version'] === '3.3') return CFDI_33;
  if (local === 'Invoice' && uri === UBL_INVOICE_NAMESPACE) return UBL_INVOICE;
  if (local === 'CreditNote' && uri === UBL_CREDIT_NOTE_NAMESPACE) return UBL_CREDIT_NOTE;
  if (local === 'CrossIndustryInvoice' && uri === CII_NAMESPACE) return CII;
  return { root: rootName(uri, local, attributes['Version'] ?? attributes['version']) };
}

function described(document: FiscalDocument): ReadDocument {
  const [facts, identity]: [Facts, IdentityClaim] =
    document.syntax === 'cfdi' ? [cfdiFacts(document), cfdiIdentity(document)] : [enFacts(document), enIdentity(document)];
  const format = document.syntax === 'cfdi' ? document.format : enFormat(document);
  return { kind: 'document', format, document, facts, identity };
}

/**
 * Bytes to a typed document, in one bounded pass. Total: every input gives a result, whatever it holds.
 *
 * CFDI 4.0 and 3.3, UBL 2.1 Invoice and CreditNote, CII D16B are decoded; any other root is `unsupported` and named;
 * what is no XML, carries a DOCTYPE or goes beyond a limit is `unreadable` with the reason.
 */
export function readDocument(bytes: Uint8Array, limits: ReadLimits = READ_LIMITS): ReadResult {
  if (bytes.length === 0) return { kind: 'unreadable', code: 'empty', reason: 'the document has no bytes' };
  if (bytes.length > limits.bytes) return { kind: 'unreadable', code: 'limit-bytes', reason: `the document has ${bytes.length} bytes, more than ${limits.bytes}` };
  const decoded = decodeBytes(bytes);
  if ('fault' in decoded) return { kind: 'unreadable', code: 'encoding', reason: decoded.fault };
  const read = walk(decoded.text, choose, limits);
  return 'kind' in read ? read : described(read);
}
