import { reject, type Rejection } from '#contracts/errors.js';

export const PASSWORD_LENGTH = { min: 12, max: 200 } as const;

/**
 * The password as it is hashed: NFKC (NIST SP 800-63B, 3.1.1.2), so that the same keys on another keyboard give the same bytes.
 * Length is counted in characters after that.
 */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Long enough to resist guessing, short enough not to be a load (NIST SP 800-63B: length instead of character classes). */
export function passwordRule(password: string): Rejection | undefined {
  const { length } = Array.from(normalisePassword(password));
  const { min, max } = PASSWORD_LENGTH;
  return length < min || length > max ? reject('password-weak', { min, max }) : undefined;
}
