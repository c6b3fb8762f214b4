import type { Format, Party, TaxLine } from '../invoice/facts.js';
import type { Verdict } from '../invoice/verdict.js';
import type { InvoiceId } from '../kernel/ids.js';
import type { Position, Revision } from '../kernel/position.js';
import type { Money } from '../money.js';

export const INVOICE_STATUSES = ['pending', 'processing', 'validated', 'archived', 'rejected', 'cancelled'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** One invoice as lists, cache and search show it. Absent fields are null, so that a row is the same whatever wrote it. */
export interface InvoiceSummary {
  readonly id: InvoiceId;
  readonly month: string;
  readonly shardKey: string;
  readonly revision: Revision;
  /** Position of the last event folded into the row. */
  readonly position: Position;
  readonly status: InvoiceStatus;
  readonly attempt: number;
  readonly channel: string;
  readonly format: Format | null;
  readonly documentType: string | null;
  readonly series: string | null;
  readonly number: string | null;
  readonly uuid: string | null;
  readonly issuer: Party;
  readonly receiver: Party;
  readonly currency: string | null;
  readonly subtotal: Money | null;
  readonly discount: Money | null;
  readonly total: Money | null;
  readonly taxes: readonly TaxLine[];
  /** As written in the document (before validation: as claimed). */
  readonly issuanceDate: string | null;
  /** Calendar day of it, where it is a real date. */
  readonly issuanceDay: string | null;
  readonly lineCount: number | null;
  readonly sha256: string | null;
  readonly originalSize: number | null;
  readonly compressedSize: number | null;
  readonly verdict: Verdict['verdict'] | null;
  /** How often each code was found. */
  readonly findingCounts: Readonly<Record<string, number>>;
  /** Why it is rejected: first fatal code and its sentence (English). */
  readonly rejection: { readonly code: string; readonly reason: string } | null;
  readonly copies: number;
  readonly duplicateOf: readonly InvoiceId[];
  readonly cancellation: { readonly motive: string; readonly replacedBy: string | null } | null;
  /** Instants of the events, ISO 8601 UTC. */
  readonly receivedAt: string;
  readonly startedAt: string | null;
  readonly validatedAt: string | null;
  readonly archivedAt: string | null;
  readonly cancelledAt: string | null;
  readonly updatedAt: string;
  /** From the start of the last attempt to its end. */
  readonly processingMs: number | null;
  readonly retentionUntil: string | null;
}
