import type { Statement } from '#platform/read-store/connection.js';
import type { ProjectedRow } from '../kit/projection.js';

/** A stream of a batch, as it was and as it is after the batch. */
export interface RowChange {
  readonly before: ProjectedRow | undefined;
  readonly after: ProjectedRow | undefined;
}

/** Where one generation of a projection is kept, as the writer of a shard sees it. */
export interface GenerationTarget {
  /** The touched rows, once. */
  load(keys: readonly { readonly id: string; readonly month: string }[]): Promise<ReadonlyMap<string, ProjectedRow>>;
  /** What of the changes belongs into the transaction of the checkpoint. A store elsewhere has taken them when this resolves, and gives nothing. */
  writes(changes: readonly RowChange[]): Promise<readonly Statement[]>;
}
