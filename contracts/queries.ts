import type { InvoiceSummary, InvoiceStatus } from './read-models/invoice-summary.js';
import type { Lane } from './kernel/lane.js';
import type { Position } from './kernel/position.js';

export const SORTS = ['received', '-received', 'issued', '-issued', 'total', '-total'] as const;
export type Sort = (typeof SORTS)[number];

/** Filters of lists and search; days are `YYYY-MM-DD`, both ends included. */
export interface InvoiceFilter {
  readonly status?: InvoiceStatus;
  readonly issuer?: string;
  readonly receiver?: string;
  readonly from?: string;
  readonly to?: string;
  readonly minTotal?: string;
  readonly maxTotal?: string;
  readonly currency?: string;
  readonly documentType?: string;
  readonly format?: string;
  /** A finding code that the invoice has. */
  readonly code?: string;
  readonly uuid?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

export interface SearchHit {
  readonly invoice: Pick<InvoiceSummary, 'id' | 'status' | 'uuid' | 'series' | 'number' | 'issuer' | 'receiver' | 'currency' | 'total' | 'issuanceDay'>;
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  /** Fragments with the found words between `<mark>` and `</mark>`; everything else is HTML-escaped. */
  readonly highlights: readonly string[];
}

export type FacetName = 'status' | 'format' | 'currency' | 'issuer' | 'year';

export interface SearchResult extends Page<SearchHit> {
  readonly total: number;
  readonly facets: Readonly<Record<FacetName, readonly { readonly value: string; readonly count: number }[]>>;
}

/** The relay's own word, from the board in the control database. */
export interface RelayStatus {
  readonly name: string;
  readonly state: 'standby' | 'running' | 'failing' | 'log-diverged' | 'stopped';
  readonly owner: string;
  readonly position: Position;
  readonly eventsBehind: number | null;
  readonly secondsBehind: number;
  /** Events that went out as a reference only, or not at all. */
  readonly parked: number;
  /** Age of this word (s); an old one means that no relay runs. */
  readonly age: number;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly generation: number;
  readonly lanes: readonly { readonly lane: Lane; readonly position: Position }[];
  /** Lowest position of all lanes. */
  readonly position: Position;
  readonly eventsBehind: number | null;
  readonly secondsBehind: number;
  readonly rebuild: { readonly generation: number; readonly eventsDone: number; readonly eventsTotal: number; readonly perSecond: number; readonly etaSeconds: number } | null;
}

/** One value that a rebuilt read model and the live one do not share; null: no value, or no row. */
export interface RowDifference {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly live: string | null;
  readonly next: string | null;
}

/** What a rebuilt read model was found to be beside the live one. */
export interface ComparisonReport {
  readonly compared: number;
  readonly differing: number;
  /** Of the first rows that differ. */
  readonly shown: readonly RowDifference[];
  /** Streams in quarantine on one side only. */
  readonly parked: readonly { readonly stream: string; readonly side: 'live' | 'next'; readonly reason: string }[];
}

/** Streams that were folded again and whose rows were replaced in place. */
export interface RepairReport {
  readonly streams: number;
  /** Of these, rows that were not what they should be. */
  readonly changed: number;
  /** Streams whose row stays as it was (at most 100 are told). */
  readonly left: readonly { readonly stream: string; readonly reason: string }[];
}

/** How the last rebuild of a projection ended that this process ran. */
export interface RebuildReport {
  readonly projection: string;
  readonly outcome: 'running' | 'switched' | 'repaired' | 'refused' | 'failed';
  readonly generation: number | null;
  readonly comparison: ComparisonReport | null;
  /** Where only some streams were folded again, in place. */
  readonly repaired: RepairReport | null;
  /** Why it did not come to its switch. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/** Whether the rows of a read model are still what the worker wrote. */
export interface VerificationReport {
  readonly projection: string;
  readonly generation: number;
  /** Rows that were looked at. */
  readonly rows: number;
  /** The sum over the rows is the digest that the worker kept; null where none is kept. */
  readonly digestHolds: boolean | null;
  /** Rows, documents or entries that somebody else changed. */
  readonly damaged: number;
  /** `live`: as stored; `next`: as the stream of events has it. */
  readonly shown: readonly RowDifference[];
}

/** A stream that a projection could not take: it stands still at this event, its later ones wait in order, all others go on. */
export interface ParkedStream {
  readonly projection: string;
  readonly stream: string;
  readonly lane: Lane;
  /** Of the event that could not be taken, as decimal strings. */
  readonly revision: string;
  readonly position: string;
  readonly eventId: string;
  readonly type: string;
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly parkedAt: string;
  /** Events behind it. */
  readonly waiting: number;
}

/** An event behind the one at which a stream is parked. */
export interface WaitingEvent {
  readonly revision: string;
  readonly position: string;
  readonly type: string;
  readonly id: string;
}
