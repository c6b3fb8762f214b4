import type { AuthorityAnswer } from '#contracts/invoice/authority.js';

/** What names a stamped document for its authority. */
export interface AuthorityQuestion {
  /** RFC of the issuer and of the receiver. */
  readonly issuer: string;
  readonly receiver: string;
  /** `Total` as written: at most 18 digits and six decimals. */
  readonly total: string;
  /** Fiscal UUID of the stamp, in upper case. */
  readonly uuid: string;
  /** The last eight characters of the issuer's seal. */
  readonly sealEnd: string;
}

/**
 * Asks an authority what it says of a document. Asking changes nothing there, and what cannot be understood is an error, never a status.
 *
 * Errors, all `Problem`: `fetch-failed` (asked in vain; `final: true` in its detail where the authority refused the question itself),
 * `upstream-unavailable` (it failed so often that it was not asked at all).
 */
export interface AuthorityStatus {
  ask(question: AuthorityQuestion, signal: AbortSignal): Promise<AuthorityAnswer>;
  close(): Promise<void>;
}
