import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { ThrowawayPair } from './pair.js';

/** Someone who seals: the certificate to show and the key to sign with. */
export interface Signer {
  /** 20 digits. */
  readonly number: string;
  /** DER in base64, as the attribute `Certificado` carries it. */
  readonly certificate: string;
  /** RSA-SHA256 of the text in UTF-8, in base64. The same text gives the same signature. */
  sign(text: string): string;
}

const keys = new Map<string, KeyObject>();

/** The key, read once, when it first signs. */
function keyOf({ number, key }: ThrowawayPair): KeyObject {
  const known = keys.get(number);
  if (known) return known;
  const read = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
  keys.set(number, read);
  return read;
}

export const signerOf = (pair: ThrowawayPair): Signer => ({
  number: pair.number,
  certificate: pair.certificate,
  sign: (text) => sign('RSA-SHA256', Buffer.from(text), keyOf(pair)).toString('base64'),
});
