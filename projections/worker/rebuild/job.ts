import type { Lane } from '#contracts/kernel/lane.js';
import type { ComparisonReport } from '#contracts/queries.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { SlotTable } from '#platform/read-store/slot-tables.js';
import type { Skipped } from '../../kit/fold.js';
import type { RowProjection, StoredProjection } from '../../kit/projection.js';
import type { WorkerContext } from '../context.js';
import type { WantedLayout } from '../layouts.js';
import type { Selection } from '../repair/select.js';
import type { Governor } from './governor.js';
import type { Until } from './pass.js';
import type { ProgressMeter, RebuildProgress } from './progress.js';
import type { FillThreads } from './fill-messages.js';

export interface RebuildOptions {
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Told of every comparison, also of one that refuses the switch. */
  readonly onCompared?: (projection: string, comparison: ComparisonReport) => void;
  readonly signal?: AbortSignal;
  /** Bytes of rows being folded at most, over all projections of the set. */
  readonly windowBytes?: number;
  /** Events between two marks that an interrupted rebuild goes on from. */
  readonly markEvents?: number;
  /** Who asked, for the record of the switch. */
  readonly reason?: string;
  readonly actor?: string;
  /** How it gives way to others (default: to nobody). */
  readonly governor?: Governor;
  /** Events of the log at most (default: as fast as it goes). */
  readonly eventsPerSecond?: number;
  /** Only these streams, in place and without a new generation. */
  readonly select?: Selection;
  /** The shape of the rows was changed on purpose: differences are told and do not refuse the switch. */
  readonly expectChanges?: boolean;
  /** The log went back: everything is built from what it has now, without a comparison and without a way back. */
  readonly fromDivergence?: boolean;
  /** Streams that are in quarantine on one side only do not refuse the switch. */
  readonly acceptQuarantine?: boolean;
  /** Rows are laid out anew (default: as readers have them); then the set must be every projection that lives in tables. */
  readonly layout?: WantedLayout;
}

export interface RebuildTools {
  readonly context: WorkerContext;
  /** Reads only: a rebuild has no right to write events. */
  readonly store: EventStore;
  /** Tells the live workers of this process that generations changed. */
  readonly reloadWorkers: (projection: string) => void;
  /** Resolves when no worker of this process writes the generation any more; rejects when the signal aborts or one does not let go of it. */
  readonly released: (projection: string, generation: number, signal: AbortSignal) => Promise<void>;
  /** Makes shards until this process knows so many. Absent: their addresses are settings. */
  readonly growShards?: (count: number) => Promise<void>;
  /** While readers are busy generations are filled by a thread of their own. Absent: always by this one. */
  readonly threads?: FillThreads | undefined;
}

/** What filling a generation stands on. */
export type FillContext = Pick<WorkerContext, 'shards' | 'generations' | 'readStream'>;

/** One projection of the set while its generation is filled, in this thread or in one of its own. */
export interface FillJob extends Pick<Job<RowProjection>, 'projection' | 'generation' | 'slots' | 'lanes' | 'logId' | 'signal' | 'windowBytes' | 'governor' | 'until' | 'markEvents' | 'skipped'> {
  readonly context: FillContext;
  readonly store: Pick<EventStore, 'readAll' | 'readStream'>;
  readonly meter: Pick<ProgressMeter, 'begin' | 'add' | 'stage'>;
}

/** One projection of the set that is being rebuilt. */
export interface Job<Kept extends StoredProjection = StoredProjection> extends RebuildTools {
  readonly projection: Kept;
  readonly generation: number;
  /** By which its rows are laid out. */
  readonly slots: SlotTable;
  readonly lanes: readonly Lane[];
  readonly logId: string;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly windowBytes: number;
  readonly governor: Governor;
  /** The last event that goes in; absent: everything there is. */
  readonly until?: Until;
  /** Events between two marks that an interrupted rebuild goes on from (default 500,000). */
  readonly markEvents?: number;
  /** Ids of events that it leaves out. */
  readonly skipped: Skipped;
  /** Where its generation stood when the rebuild was asked for. */
  readonly begun: 'building' | 'adopting' | undefined;
}
