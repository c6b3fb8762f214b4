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

/** What a worker is doing: `waiting` for lanes or for a first generation, `failing` and trying again, stopped by another log, or not there at all. */
export type WorkerState = 'starting' | 'running' | 'waiting' | 'failing' | 'log-diverged' | 'stopped';

/** What became of events; every event a worker was given is counted in exactly one. */
export interface OutcomeCounts {
  readonly applied: number;
  /** Seen before; also events of lanes that another worker holds, where every worker reads the whole log. */
  readonly duplicate: number;
  readonly ignored: number;
  readonly quarantined: number;
}

export interface LaneStatus {
  readonly lane: Lane;
  /** Last committed, the lowest over the shards. */
  readonly position: Position;
  /** 0 when nothing waits in the whole projection; otherwise null: no feed counts one lane without reading it. */
  readonly eventsBehind: number | null;
  /** Age (s) of the oldest event of the lane that was read and is not visible yet; what was not read is in the projection's `secondsBehind`. */
  readonly secondsBehind: number;
  /** Over the last ten seconds. */
  readonly eventsPerSecond: number;
  /** The worker that holds it; null: nobody does. */
  readonly owner: string | null;
}

export interface RebuildStatus {
  readonly generation: number;
  readonly stage: string;
  readonly eventsDone: number;
  readonly eventsTotal: number;
  readonly perSecond: number;
  readonly etaSeconds: number;
}

/** One projection over all its workers, whichever process they are in; what other processes say is at most a second old. */
export interface ProjectionStatus {
  readonly name: string;
  readonly generation: number;
  /** The worst that a worker says of itself; `running` covers workers that wait beside it, `stopped` means that there is no worker. */
  readonly state: WorkerState;
  /** Workers that have told of themselves within the time of a lease. */
  readonly workers: number;
  /** Longest time (s) since one of the workers told of itself; null without any. */
  readonly silentSeconds: number | null;
  readonly lanes: readonly LaneStatus[];
  /** Lowest position of all lanes. */
  readonly position: Position;
  readonly eventsBehind: number | null;
  /** Age (s) of the oldest event of the log that is not visible yet, from its recording. */
  readonly secondsBehind: number;
  /** Over the last ten seconds, all workers together. */
  readonly eventsPerSecond: number;
  /** Size of the last batch, the largest among the workers. */
  readonly lastBatchEvents: number;
  /** Since the workers started. */
  readonly outcomes: OutcomeCounts;
  /** Streams in quarantine of the generation that readers use; null: a shard does not answer. */
  readonly parkedStreams: number | null;
  /** Age (s) of the oldest of them; null when there is none, or a shard does not answer. */
  readonly oldestParkedSeconds: number | null;
  /** Lagging and not moving: events wait, and no lane of a worker has moved, both for longer than the limit. Behind alone is no fault. */
  readonly stalled: boolean;
  /** Readers have rows that other code built than the answering process has: why, and the smallest rebuild that repairs it. */
  readonly outOfDate: { readonly why: readonly string[]; readonly repair: string } | null;
  readonly rebuild: RebuildStatus | null;
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

/** Read models as they were, kept apart for an audit; readers ask for them by the name. */
export interface AuditReport {
  readonly name: string;
  readonly state: 'building' | 'ready' | 'failed';
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly generations: Readonly<Record<string, number>>;
  /** The last position that is in them. */
  readonly position: string;
  /** As it was asked for. */
  readonly until: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}
