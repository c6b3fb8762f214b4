import type { Certificate } from './certificate.js';
import { certificateOf } from './certificate.js';

/**
 * Certificates that the operator trusts. Nothing here expires or is revoked by itself: what is loaded counts.
 */
export interface Trust {
  /** Certificates of the authority that issue others, roots and those below them; empty: chains are not checked. */
  readonly authorities: readonly Certificate[];
  /** The certificate of a stamping provider, by its number of 20 digits. */
  provider(number: string): Certificate | undefined;
}

/** Trusts nobody, so that chains and stamps are not checked. */
export const NO_TRUST: Trust = { authorities: [], provider: () => undefined };

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,65536})-----END CERTIFICATE-----/gu;

/** DER of every certificate in a file: one in DER, one in base64, or any number in PEM. */
function dersOf(file: Uint8Array): Buffer[] {
  if (file[0] === 0x30) return [Buffer.from(file)];
  const text = Buffer.from(file).toString('latin1');
  const blocks = [...text.matchAll(PEM)].map(([, block = '']) => block);
  return (blocks.length > 0 ? blocks : [text]).map((block) => Buffer.from(block, 'base64'));
}

/**
 * Trust in the certificates of files (DER, base64 or PEM). Those that may issue others are authorities; all others are
 * known by their number.
 * @throws RangeError for a file without a certificate
 */
export function trustOf(files: readonly Uint8Array[]): Trust {
  const authorities: Certificate[] = [];
  const providers = new Map<string, Certificate>();
  for (const der of files.flatMap(dersOf)) {
    const certificate = certificateOf(der);
    if (!certificate) throw new RangeError('not a certificate');
    if (certificate.x509.ca) authorities.push(certificate);
    else if (certificate.number !== undefined) providers.set(certificate.number, certificate);
  }
  return { authorities, provider: (number) => providers.get(number) };
}

const issued = (by: Certificate, certificate: Certificate): boolean => {
  try {
    return certificate.x509.checkIssued(by.x509) && certificate.x509.verify(by.key);
  } catch {
    return false;
  }
};

/** Answers per trust and certificate; both live long, and a signature takes time. */
const answers = new WeakMap<Trust, WeakMap<Certificate, boolean>>();

/** Whether one of the trusted authorities issued it; undefined where none is loaded. */
export function issuedByAuthority(certificate: Certificate, trust: Trust): boolean | undefined {
  if (trust.authorities.length === 0) return undefined;
  let known = answers.get(trust);
  if (!known) answers.set(trust, (known = new WeakMap()));
  const answer = known.get(certificate) ?? trust.authorities.some((authority) => issued(authority, certificate));
  known.set(certificate, answer);
  return answer;
}
