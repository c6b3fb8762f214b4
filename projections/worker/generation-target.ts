import type { Lane } from '#contracts/kernel/lane.js';
import type { Statement } from '#platform/read-store/connection.js';
import type { DigestChanges } from '#platform/read-store/row-hash.js';
import type { ProjectedRow } from '../kit/projection.js';

/** A stream of a batch, as it was and as it is after the batch. */
export interface RowChange {
  readonly lane: Lane;
  readonly before: ProjectedRow | undefined;
  readonly after: ProjectedRow | undefined;
}

/** Where a row is asked for. `isNew`: what comes is the first event of its stream, behind the checkpoint: where rows and checkpoints are one transaction there is no row yet. */
export interface RowKey {
  readonly id: string;
  readonly month: string;
  readonly isNew?: boolean;
}

/** What belongs into the transaction of the checkpoint. */
export interface TargetWrites {
  readonly statements: readonly Statement[];
  readonly digests?: DigestChanges<Lane>;
}

/** Where one generation of a projection is kept, as the writer of a shard sees it. */
export interface GenerationTarget {
  /** Makes room for rows of these months, before a transaction that writes them begins. */
  prepare(months: readonly string[]): Promise<void>;
  /** The touched rows, once. */
  load(keys: readonly RowKey[]): Promise<ReadonlyMap<string, ProjectedRow>>;
  /** What `writes` gave last is stored. */
  committed?(): void;
  /** Of rows that `load` gave last. A store elsewhere has taken the changes when this resolves, and gives no statements. */
  writes(changes: readonly RowChange[]): Promise<TargetWrites>;
}
