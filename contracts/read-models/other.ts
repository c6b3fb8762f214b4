import type { InvoiceId, UserId } from '../kernel/ids.js';
import type { Position, Revision } from '../kernel/position.js';
import type { Money } from '../money.js';
import type { Role, Tier } from '../roles.js';
import type { InvoiceSummary } from './invoice-summary.js';

/** What search keeps of an invoice beside the summary's fields: the texts it is found by. */
export interface InvoiceSearchRow extends Pick<
  InvoiceSummary,
  'id' | 'month' | 'shardKey' | 'revision' | 'position' | 'status' | 'format' | 'documentType' | 'series' | 'number' | 'uuid' | 'issuer' | 'receiver' | 'currency' | 'total' | 'issuanceDay' | 'receivedAt'
> {
  readonly descriptions: readonly string[];
  readonly findingCodes: readonly string[];
}

export interface UserRow {
  readonly id: UserId;
  readonly shardKey: string;
  readonly month: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tier: Tier;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly registeredAt: string;
  readonly updatedAt: string;
}

/** By which calendar the day of a tally is meant: that of the document, or that of the archive (UTC). */
export const DAY_KINDS = ['document', 'archive'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** One invoice as the daily report remembers it; tallies are the sum of what such rows contribute. */
export interface ReportEntry {
  readonly id: InvoiceId;
  readonly month: string;
  readonly shardKey: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly status: InvoiceSummary['status'];
  readonly documentDay: string | null;
  readonly archiveDay: string | null;
  readonly cancelDay: string | null;
  readonly issuer: string;
  readonly documentType: string;
  readonly currency: string;
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
  readonly taxes: InvoiceSummary['taxes'];
  /** It may be another invoice, taken in twice. */
  readonly suspected: boolean;
}

/**
 * Tally of a day. A cancelled invoice stays in its `archived` tally and is counted again, with negated amounts, under `cancelled`:
 * the sum of both is what remains. One that may be a duplicate is counted once more under `suspected`, which is part of no sum.
 */
export interface DailyTally {
  readonly kind: DayKind;
  readonly day: string;
  readonly issuer: string;
  readonly documentType: string;
  readonly currency: string;
  readonly status: 'archived' | 'cancelled' | 'suspected';
  /** Tax key `tax|kind|factor|rate`, or the empty string for the document's own amounts. */
  readonly tax: string;
  readonly count: number;
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
  /** Of the tax lines; `0` in the document's own tally. */
  readonly taxBase: Money;
  readonly taxAmount: Money;
}
