import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position, Revision } from '#contracts/kernel/position.js';

/** What the writer believes of the stream: its last revision, that there is none, that there is one, or nothing. */
export type ExpectedRevision = Revision | 'none' | 'exists' | 'any';

/**
 * `appended`: the events are durable; also the answer when the same ids stand at the same revisions already (`repeated`).
 * `conflict`: nothing was written; `current` is the stream's last revision, null when the stream does not exist.
 */
export type AppendResult =
  | { readonly outcome: 'appended'; readonly revision: Revision; readonly position: Position; readonly repeated: boolean }
  | { readonly outcome: 'conflict'; readonly current: Revision | null };

export interface ReadStreamOptions {
  /** First revision wanted, included. Default: the first forwards, the last backwards. */
  readonly from?: Revision;
  readonly direction?: 'forwards' | 'backwards';
  /** At most this many events (default 10,000). */
  readonly limit?: number;
}

/** Both lists are alternatives within and conditions between: any of the types, and any of the prefixes. */
export interface LogFilter {
  readonly types?: readonly string[];
  /** Type prefixes such as `fiscal.invoice.`; a feed filters by topic with these. */
  readonly typePrefixes?: readonly string[];
  readonly streamPrefixes?: readonly string[];
}

export interface LogPage {
  readonly events: readonly Envelope[];
  /** Everything up to here was looked at, whether it passed the filter or not. Resume after it. */
  readonly scannedTo: Position;
  /** True when nothing visible lay beyond the page. */
  readonly atHead: boolean;
}

export interface LogStatus {
  /** Identity of the log; checkpoints and tokens are tied to it. */
  readonly logId: string;
  readonly head: Position;
  /** Events of the filter after the position, counted up to 100,000; null where no position was given, or the engine cannot count. */
  readonly behind: number | null;
}

export interface SubscribeOptions {
  /** Exclusive. */
  readonly after: Position;
  readonly filter?: LogFilter;
  /** Events per batch at most (default 1,000). */
  readonly batchSize?: number;
  readonly signal: AbortSignal;
}

/**
 * The log. Order: positions grow in commit order, and a reader that has seen p never sees anything at or before p appear.
 * Atomicity: an append is all or nothing. Idempotency: the same event ids at the same revision are the earlier success.
 *
 * Errors, all `Problem`: `store-unavailable` (nothing was written), `outcome-unknown` (could not be resolved by reading),
 * `event-too-large`, `event-refused` (data that the store cannot hold; only the guilty caller gets it).
 */
export interface EventStore {
  append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;
  /** An empty list when the stream does not exist. */
  readStream(stream: StreamId, options?: ReadStreamOptions): Promise<readonly Envelope[]>;
  /** One page after the position, at most `limit` events (default 1,000), in position order. */
  readAll(after: Position, options?: { readonly filter?: LogFilter; readonly limit?: number }): Promise<LogPage>;
  /**
   * Catches up, then follows within milliseconds. Pulling is the backpressure: nothing is read ahead of the consumer but one page.
   * Survives lost connections; ends when the signal aborts. Also yields pages without events when `scannedTo` moved on.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<LogPage>;
  /** Counting is work: without a position nothing is counted. */
  status(after?: Position, filter?: LogFilter): Promise<LogStatus>;
}

/** Named limits of the store, in one place for every adapter. */
export const EVENT_STORE_LIMITS = {
  /** Bytes of `data` and metadata as JSON. */
  maxEventBytes: 256 * 1024,
  maxEventsPerAppend: 500,
  defaultPage: 1_000,
  defaultStreamPage: 10_000,
  behindCountLimit: 100_000,
} as const;
