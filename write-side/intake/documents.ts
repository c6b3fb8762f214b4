import type { Claim } from '#contracts/events/invoice.js';
import type { Facts, Format } from '#contracts/invoice/facts.js';
import type { IdentityClaim } from '#contracts/invoice/identity.js';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';

/** What a decoded document says of itself. */
export interface ReadDocument {
  readonly kind: 'document';
  readonly format: Format;
  readonly facts: Facts;
  readonly identity: IdentityClaim;
}
export type ReadOutcome =
  | ReadDocument
  | { readonly kind: 'unsupported'; readonly root: string }
  | { readonly kind: 'unreadable'; readonly code: string; readonly reason: string };

export interface Judged {
  /** At most 200 findings. */
  readonly verdict: Verdict;
  readonly allFindings: readonly Finding[];
}

/** A document that was read and judged. Plain data: a thread can give it. */
export interface JudgedDocument extends Judged {
  readonly read: ReadOutcome;
}

/** Bytes in, facts out. */
export interface DocumentReader {
  read(bytes: Uint8Array): ReadOutcome | Promise<ReadOutcome>;
}

/** Bytes in, facts and verdict out; somewhere else, maybe, so that a document costs its caller nothing but a wait. Never rejects for a document's sake. */
export interface DocumentJudge {
  /** @param rules only these, by their codes, on a document that need not be whole */
  judge(bytes: Uint8Array, expected: Claim | undefined, rules?: readonly string[]): Promise<JudgedDocument>;
}

/** What intake and processing need of the documents room. */
export interface Documents extends DocumentReader, DocumentJudge {}
