import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';

/** An event and the lane it came by. */
export interface LanedEvent {
  readonly event: Envelope;
  readonly lane: Lane;
}

export interface FeedBatch {
  /** In position order. Over several batches the order holds within each lane. */
  readonly entries: readonly LanedEvent[];
  /** The asked lanes are complete up to here, also where no event passed. */
  readonly scannedTo: Position;
  /** Lanes that are read apart: each is complete only so far (never beyond `scannedTo`). Absent: all are complete up to `scannedTo`. */
  readonly reached?: ReadonlyMap<Lane, Position>;
  readonly atHead: boolean;
}

export interface FeedOptions {
  readonly topics: readonly string[];
  /** Where each wanted lane stands, exclusive. A feed that reads the log as a whole begins after the lowest and gives other lanes of the topics too. */
  readonly from: ReadonlyMap<Lane, Position>;
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/**
 * Events of topics, split into lanes. Order: per lane by position. At least once: after a restart events at or before a checkpoint may
 * come again. Backpressure: the consumer pulls. Survives lost connections; ends when the signal aborts.
 */
export interface Feed {
  subscribe(options: FeedOptions): AsyncIterable<FeedBatch>;
  /** Identity of the log, its head, and events of the topics after the position (null where none was given, or they cannot be counted). */
  status(topics: readonly string[], after?: Position): Promise<{ readonly logId: string; readonly head: Position; readonly behind: number | null }>;
}
