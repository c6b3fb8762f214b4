import { isFiscalUuid } from '#contracts/invoice/identity.js';
import { readDocument } from '../documents/index.js';
import type { AuthorityQuestion } from './port.js';

/** Why no authority can be asked about a document. */
export interface Unaskable {
  readonly unaskable: string;
}

const RFC = /^[A-Z&Ñ]{3,4}\d{6}[A-Z0-9]{3}$/u;
const TOTAL = /^\d{1,18}(?:\.\d{1,6})?$/u;
const SEAL_END = /^[A-Za-z0-9+/=]{8}$/u;
const SEAL_END_LENGTH = 8;

/** What names a CFDI, from its own bytes: what is derived from it elsewhere may be rounded or shortened. Nothing that could be read as another part of the question. */
export function questionOf(bytes: Uint8Array): AuthorityQuestion | Unaskable {
  const read = readDocument(bytes);
  if (read.kind !== 'document' || read.document.syntax !== 'cfdi') return { unaskable: 'it is no CFDI' };
  const { comprobante, emisor, receptor, timbre } = read.document;
  const [issuer, receiver, total, uuid] = [emisor?.Rfc, receptor?.Rfc, comprobante.Total, timbre?.UUID].map((written) => written?.trim() ?? '') as [string, string, string, string];
  const sealEnd = (comprobante.Sello ?? '').replaceAll(/\s/gu, '').slice(-SEAL_END_LENGTH);
  if (!isFiscalUuid(uuid)) return { unaskable: 'it has no stamp' };
  if (!RFC.test(issuer) || !RFC.test(receiver)) return { unaskable: 'issuer or receiver have no RFC' };
  if (!TOTAL.test(total)) return { unaskable: 'its total is no amount of at most six decimals' };
  if (!SEAL_END.test(sealEnd)) return { unaskable: 'it has no seal' };
  return { issuer, receiver, total, uuid: uuid.toUpperCase(), sealEnd };
}
