import type { FileReference, Claim, CHANNELS } from '../events/invoice.js';
import type { AuthorityAnswer } from '../invoice/authority.js';
import type { Facts } from '../invoice/facts.js';
import type { Verdict } from '../invoice/verdict.js';
import type { InvoiceId, Sha256 } from '../kernel/ids.js';
import type { Routing } from '../kernel/envelope.js';

export type Channel = (typeof CHANNELS)[number];

/** A document comes in, whatever the way. */
export interface SubmitInvoice {
  readonly kind: 'submit';
  readonly identity: string;
  readonly claim: Claim;
  readonly claimed: boolean;
  readonly file: FileReference;
  readonly channel: Channel;
  readonly routing: Routing;
}
export interface ReprocessInvoice { readonly kind: 'reprocess' }
export interface CancelInvoice { readonly kind: 'cancel'; readonly motive: string; readonly replacedBy?: string }

/** The process manager's steps; `attempt` guards against steps of an earlier attempt. */
export interface StartProcessing { readonly kind: 'start-processing'; readonly attempt: number }
export interface RecordVerdict {
  readonly kind: 'record-verdict';
  readonly attempt: number;
  readonly sha256: Sha256;
  readonly verdict: Verdict;
  readonly facts?: Facts;
}
export interface RecordArchive {
  readonly kind: 'record-archive';
  readonly attempt: number;
  readonly objectKey: string;
  readonly sha256: Sha256;
  readonly originalSize: number;
  readonly compressedSize: number;
  readonly retentionUntil: string;
}
export interface RecordFailure {
  readonly kind: 'record-failure';
  readonly attempt: number;
  readonly code: string;
  readonly reason: string;
  readonly retriesExhausted: boolean;
  readonly found?: string;
  readonly declared?: string;
}
export interface ScheduleRetry {
  readonly kind: 'schedule-retry';
  readonly attempt: number;
  readonly retry: number;
  readonly code: string;
  readonly cause: string;
  readonly notBefore: string;
}
/** A new verdict on the file of the last one. */
export interface RejudgeInvoice { readonly kind: 'rejudge'; readonly sha256: Sha256; readonly verdict: Verdict }
export interface SuspectDuplicate { readonly kind: 'suspect-duplicate'; readonly of: InvoiceId; readonly key: string }

/** What the authority said; nothing happens where it said the same before. */
export interface ReportAuthorityStatus { readonly kind: 'report-authority-status'; readonly uuid: string; readonly answer: AuthorityAnswer }

export type InvoiceCommand =
  | SubmitInvoice | ReprocessInvoice | CancelInvoice
  | StartProcessing | RecordVerdict | RecordArchive | RecordFailure | ScheduleRetry | SuspectDuplicate | RejudgeInvoice | ReportAuthorityStatus;
