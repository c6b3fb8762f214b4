import { Problem, type ProblemDetail, type ProblemKind } from '#contracts/kernel/problem.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { EventStore, LogFilter } from '#platform/event-store/port.js';
import type { Skipped } from '../../kit/fold.js';
import type { RowProjection } from '../../kit/projection.js';
import type { Until } from './pass.js';
import type { RebuildStage } from './progress.js';

/** Where a thread opens the log for itself: a module that exports `openLog`, and what it is given. */
export interface LogModule {
  /** URL of the built module. */
  readonly module: string;
  /** Whatever can be cloned into a thread. */
  readonly data: unknown;
}

/** What such a module exports: the log with the right to read only. */
export interface LogOpener {
  openLog(data: unknown): Promise<Pick<EventStore, 'readAll' | 'readStream'> & { close(): Promise<void> }>;
}

/** How a process fills generations in a thread of their own. */
export interface FillThreads {
  readonly log: LogModule;
  readonly control: ConnectionSettings;
  /** Of the built module that such a thread runs. */
  readonly entry: URL;
  /** Whether that module has the projection, by its name. */
  knows(projection: RowProjection): boolean;
}

/** One generation to be filled. */
export interface FillTask {
  readonly projection: string;
  readonly generation: number;
  readonly slots: readonly number[];
  readonly lanes: readonly Lane[];
  readonly logId: string;
  readonly windowBytes: number;
  readonly markEvents: number | undefined;
  readonly until: Until | undefined;
  readonly skipped: Skipped;
}

/** All that a thread is told at its start. */
export interface FillOrder {
  readonly log: LogModule;
  readonly control: ConnectionSettings;
  readonly shards: readonly ConnectionSettings[];
  readonly filter: LogFilter;
  readonly eventsPerSecond: number | undefined;
  readonly tasks: readonly FillTask[];
  readonly steering: Steering;
}

/** What others want of the work now. */
export interface Steering {
  readonly isPaused: boolean;
  readonly isBusy: boolean;
}

/** To the thread. */
export type FillWord = { readonly steer: Steering } | { readonly abort: ToldError };

/** From the thread; `place` is that of the task. */
export type FillReport =
  | { readonly place: number; readonly from: Position } | { readonly place: number; readonly events: number; readonly upTo: Position | undefined } | { readonly place: number; readonly stage: RebuildStage } | { readonly done: Position } | { readonly failed: ToldError };

/** An error that went from one thread to another: what is looked at of it (`code` of the engine, the problem) comes along. */
export interface ToldError {
  readonly message: string;
  readonly code: string | undefined;
  readonly problem: { readonly code: string; readonly kind: ProblemKind; readonly detail: ProblemDetail } | undefined;
}

export function toldError(error: unknown): ToldError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  const problem = error instanceof Problem ? { code: error.code, kind: error.kind, detail: error.detail } : undefined;
  return { message: error instanceof Error ? error.message : String(error), code, problem };
}

export function errorOf({ message, code, problem }: ToldError): Error {
  if (problem) return new Problem(problem.code, problem.kind, problem.detail);
  return Object.assign(new Error(message), code !== undefined && { code });
}
