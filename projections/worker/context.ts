import type { ControlDatabase } from '#platform/control/database.js';
import type { Generations } from '#platform/control/generations.js';
import type { Leases } from '#platform/control/leases.js';
import type { Pointer } from '#platform/control/pointer.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Feed } from '#platform/feed/port.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import type { Shards } from '#platform/read-store/shards.js';
import type { Outcomes } from './batch.js';

/** The few lines a worker writes; the process gives its own logger. No event data ever goes in. */
export interface WorkerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What happened, for metrics and tests; none of them may throw. */
export interface WorkerHooks {
  onBatch?(batch: { readonly projection: string; readonly events: number; readonly outcomes: Outcomes; readonly seconds: number; readonly visibleAfterMs: number | null }): void;
  onFault?(fault: { readonly projection: string; readonly error: unknown }): void;
  /** Between fold and commit; tests stop a worker here. */
  beforeCommit?(projection: string): Promise<void>;
}

/** What every worker of a process stands on. */
export interface WorkerContext {
  readonly feed: Feed;
  readonly readStream: EventStore['readStream'];
  readonly shards: Shards;
  readonly control: ControlDatabase;
  readonly generations: Generations;
  readonly pointer: Pointer;
  readonly leases: Leases;
  readonly hub: ProgressHub;
  readonly log: WorkerLog;
  readonly hooks: WorkerHooks;
  /** Between two looks whether the log is still the same one (ms, default `WORKER_LIMITS.checkLogMs`). */
  readonly checkLogMs?: number | undefined;
  /** A shard that owes an answer for so long is gone (ms; default what the engine allows a statement, and a little more). */
  readonly silentMs?: number | undefined;
}

export const WORKER_LIMITS = {
  /** Events of one transaction at most. */
  batchEvents: 500,
  /** Positions without events are committed this rarely. */
  idleCommitMs: 1_000,
  firstBackoffMs: 50,
  maxBackoffMs: 2_000,
  checkLogMs: 60_000,
} as const;
