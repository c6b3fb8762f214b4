import type { Claim } from '#contracts/events/invoice.js';
import type { Facts, Format } from '#contracts/invoice/facts.js';
import type { IdentityClaim } from '#contracts/invoice/identity.js';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';

/** A document that was decoded; `document` is the decoder's own typed form, opaque to everybody but the rules. */
export interface ReadDocument {
  readonly kind: 'document';
  readonly format: Format;
  readonly facts: Facts;
  readonly identity: IdentityClaim;
}
export type ReadOutcome<Document extends ReadDocument = ReadDocument> =
  | Document
  | { readonly kind: 'unsupported'; readonly root: string }
  | { readonly kind: 'unreadable'; readonly code: string; readonly reason: string };

export interface Judged {
  /** At most 200 findings. */
  readonly verdict: Verdict;
  readonly allFindings: readonly Finding[];
}

/** What intake and processing need of the documents room: bytes in, facts and verdict out, no I/O. */
export interface Documents<Document extends ReadDocument = ReadDocument> {
  read(bytes: Uint8Array): ReadOutcome<Document>;
  judge(outcome: ReadOutcome<Document>, expected: Claim | undefined): Judged;
}
