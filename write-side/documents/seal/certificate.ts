import { X509Certificate, type KeyObject } from 'node:crypto';
import { base64Bytes } from './base64.js';

/** What a certificate may sign: fiscal documents (a CSD, certificado de sello digital), or in a person's name (e.firma). */
export type CertificateKind = 'csd' | 'efirma';

/** A certificate of the SAT, as far as the rules need it. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly key: KeyObject;
  /** The number that its serial spells in ASCII; undefined where the serial spells no digits. */
  readonly number: string | undefined;
  /** RFC of the holder, upper case; undefined where the subject names none. */
  readonly rfc: string | undefined;
  readonly kind: CertificateKind;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Bits of the RSA modulus; 0 for a key of another kind. */
  readonly rsaBits: number;
}

/** Characters of base64 of a certificate; those of the SAT have about 2,000. */
export const MAX_CERTIFICATE = 16_384;
const MAX_KEPT = 1_000;

/** Serials of the SAT are the ASCII codes of the digits of the number. */
function numberOf(serial: string): string | undefined {
  const text = Buffer.from(serial, 'hex').toString('latin1');
  return /^\d{20}$/u.test(text) ? text : undefined;
}

/** `x500UniqueIdentifier` holds `RFC`, or `RFC / RFC of the representative`. */
function holderOf(subject: string): string | undefined {
  const [, identifier = ''] = /^x500UniqueIdentifier=(.*)$/mu.exec(subject) ?? [];
  return identifier.split('/')[0]?.trim().toUpperCase() || undefined;
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
/** OBJECT IDENTIFIER 2.5.29.15, key usage, in DER. */
const KEY_USAGE = Buffer.from('0603551d0f', 'hex');
const [BOOLEAN, OCTET_STRING, BIT_STRING] = [0x01, 0x04, 0x03];

/** The first eight bits of key usage, which Node does not tell; 0 where there are none. */
function keyUsage(der: Buffer): number {
  const found = der.indexOf(KEY_USAGE);
  if (found < 0) return 0;
  const after = found + KEY_USAGE.length;
  const value = der[after] === BOOLEAN ? after + 3 : after;
  return der[value] === OCTET_STRING && der[value + 2] === BIT_STRING ? (der[value + 5] ?? 0) : 0;
}

const ENCIPHERMENT_OR_AGREEMENT = 0x18;

/** An e.firma may also encipher data, agree on keys and sign mail; a CSD may sign and nothing else. */
function kindOf(x509: X509Certificate): CertificateKind {
  const purposes = x509.keyUsage;
  if (purposes?.includes(CLIENT_AUTHENTICATION) || purposes?.includes(EMAIL_PROTECTION)) return 'efirma';
  return (keyUsage(x509.raw) & ENCIPHERMENT_OR_AGREEMENT) === 0 ? 'csd' : 'efirma';
}

const rsaBitsOf = (key: KeyObject): number => (key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0);

function describe(der: Buffer): Certificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    const key = x509.publicKey;
    const [validFrom, validTo] = [Date.parse(x509.validFrom), Date.parse(x509.validTo)];
    if (Number.isNaN(validFrom + validTo)) return undefined;
    return { x509, key, number: numberOf(x509.serialNumber), rfc: holderOf(x509.subject), kind: kindOf(x509), validFrom, validTo, rsaBits: rsaBitsOf(key) };
  } catch {
    return undefined;
  }
}

/** ASN.1 SEQUENCE: every certificate in DER begins with it, and none in PEM. */
const SEQUENCE = 0x30;

/**
 * Reads a certificate in DER.
 * @returns undefined for what is no certificate, or one with a key or a validity that cannot be read
 */
export const certificateOf = (der: Buffer): Certificate | undefined => (der[0] === SEQUENCE ? describe(der) : undefined);

/**
 * Certificates by their whole text, serial and all: issuers use one for years, and to read one takes longer than to verify with it.
 * What is no certificate is not kept; when full, the one that was kept first makes room.
 */
const kept = new Map<string, Certificate>();

function keep(text: string, certificate: Certificate): void {
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(text, certificate);
}

/** A copy that does not keep the document alive of which the text may be a part. */
const ownText = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

/** The certificate that the attribute `Certificado` holds, DER in base64; undefined where it holds none. */
export function certificateOfText(text: string): Certificate | undefined {
  const known = kept.get(text);
  if (known) return known;
  const der = base64Bytes(text, MAX_CERTIFICATE);
  const certificate = der && certificateOf(der);
  if (certificate) keep(ownText(text), certificate);
  return certificate;
}
