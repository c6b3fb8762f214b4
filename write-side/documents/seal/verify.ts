import { verify } from 'node:crypto';
import type { CfdiDocument } from '../models/cfdi.js';
import { base64Bytes } from './base64.js';
import { cadenaOriginal, stampCadena } from './cadena.js';
import { certificateOfText, type Certificate } from './certificate.js';
import type { Trust } from './trust.js';

/** Characters of a seal in base64: an RSA key of 16,384 bits makes 2,732. */
const MAX_SEAL = 4_096;
/** Bits of a key with which a seal is verified; the SAT's have 2,048. A longer one costs time and belongs to nobody. */
export const MAX_RSA_BITS = 8_192;
export const MIN_RSA_BITS = 2_048;

/** What is known of a signature. `open` was not checked, and why. */
export type SealState = { readonly kind: 'absent' | 'right' | 'wrong' } | { readonly kind: 'open'; readonly why: string };

const ABSENT: SealState = { kind: 'absent' };
const RIGHT: SealState = { kind: 'right' };
const WRONG: SealState = { kind: 'wrong' };
const open = (why: string): SealState => ({ kind: 'open', why });

/** RSA-SHA256 (PKCS #1 v1.5), as CFDI 3.3, 4.0 and the stamp 1.1 are sealed. */
function isSignatureOf(text: string, seal: string, { key }: Certificate): boolean {
  const signature = base64Bytes(seal, MAX_SEAL);
  try {
    return signature !== undefined && verify('RSA-SHA256', Buffer.from(text, 'utf8'), key, signature);
  } catch {
    return false;
  }
}

const isUsable = ({ rsaBits }: Certificate): boolean => rsaBits > 0 && rsaBits <= MAX_RSA_BITS;

/** The certificate of a document; `absent` where it carries none, undefined where what it carries is none. */
export function documentCertificate({ comprobante: { Certificado } }: CfdiDocument): Certificate | 'absent' | undefined {
  const text = Certificado?.trim();
  return text ? certificateOfText(text) : 'absent';
}

function judgeSeal(document: CfdiDocument): SealState {
  const seal = document.comprobante.Sello?.trim();
  if (!seal) return ABSENT;
  const certificate = documentCertificate(document);
  if (certificate === 'absent') return open('The document carries no certificate (Certificado) with which its seal could be verified.');
  if (!certificate || !isUsable(certificate)) return open('The certificate of the document cannot be used to verify a seal.');
  const cadena = cadenaOriginal(document);
  if ('unknown' in cadena) return open(`The order of the fields of the complement ${cadena.unknown} in the cadena original is not known.`);
  return isSignatureOf(cadena.text, seal, certificate) ? RIGHT : WRONG;
}

/** Several rules and the list of what was not checked ask for the same seal. */
const seals = new WeakMap<CfdiDocument, SealState>();

/** Whether the issuer's seal belongs to the document. */
export function sealOf(document: CfdiDocument): SealState {
  const known = seals.get(document);
  if (known) return known;
  const state = judgeSeal(document);
  seals.set(document, state);
  return state;
}

/** Whether the provider's seal belongs to the stamp. Its certificate is not part of the document, so it must be known by number. */
export function stampSealOf({ timbre }: CfdiDocument, trust: Trust): SealState {
  if (!timbre) return open('The document carries no stamp (TimbreFiscalDigital).');
  if (!timbre.SelloSAT?.trim()) return ABSENT;
  const certificate = trust.provider(timbre.NoCertificadoSAT?.trim() ?? '');
  if (!certificate) return open('The certificate of the stamping provider is not among those that are loaded.');
  if (!isUsable(certificate)) return open('The loaded certificate of the stamping provider has no usable RSA key.');
  return isSignatureOf(stampCadena(timbre), timbre.SelloSAT.trim(), certificate) ? RIGHT : WRONG;
}
