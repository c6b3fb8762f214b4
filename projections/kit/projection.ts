import type { DomainEvent } from '#contracts/events/index.js';
import type { Position, Revision } from '#contracts/kernel/position.js';
import type { TableSpec } from '#contracts/read-models/tables/table.js';
import type { Topic } from '#contracts/topics.js';

/** What every row of a projection has: its key, its place, and how far it is folded. */
export interface ProjectedRow {
  readonly id: string;
  readonly month: string;
  readonly shardKey: string;
  readonly revision: Revision;
  readonly position: Position;
}

/**
 * A projection: pure. Every event type of its topics is in exactly one of the two lists; an ignored event of a stream that has a row still
 * advances the row's revision and position (the worker does that).
 * Methods, so that a projection of one row can stand where the worker asks for any.
 */
export interface Projection<Row extends ProjectedRow> {
  readonly name: string;
  readonly topics: readonly Topic[];
  readonly handles: readonly string[];
  readonly ignores: readonly string[];
  /** `import.meta.url` of the module that has the fold: a change of its code is noticed. */
  readonly source?: string;
  /** The projection whose rows these are, where it is another one: what an operator skips there is skipped here. */
  readonly rowsOf?: string;
  /** The row after one more handled event. Never looks at the clock, at other rows or at the batch. */
  evolve(row: Row | undefined, event: DomainEvent): Row;
}

/** Sums over rows: the worker adds `contributions(new) − contributions(old)`, so that tallies are a pure function of the rows. */
export interface Tallies<Row, Tally> {
  readonly table: TableSpec<Tally>;
  /** How many of the table's columns, all of the key and from the first on, the contributions of one row mostly have in common (default: the whole key). Only how fast they are added up depends on it. */
  readonly sharedKeyColumns?: number;
  /** `import.meta.url` of the module that has the contributions: a change of its code is noticed. */
  readonly source?: string;
  contributions(row: Row): readonly Tally[];
  /** `left + right`, of the same key. */
  add(left: Tally, right: Tally): Tally;
  negate(tally: Tally): Tally;
  isEmpty(tally: Tally): boolean;
}

/** A projection whose rows live in Postgres and are folded from there. */
export interface RowProjection<Row extends ProjectedRow = ProjectedRow, Tally = unknown> extends Projection<Row> {
  readonly table: TableSpec<Row>;
  readonly tallies?: Tallies<Row, Tally>;
}

/** What lies in a derived store under an id. */
export interface ScannedRow<Row extends ProjectedRow = ProjectedRow> {
  readonly id: string;
  /** Undefined: what lies there is no row of ours. */
  readonly row: Row | undefined;
  /** `rowHash` as it was written with the row; undefined where none is kept. */
  readonly hash: string | undefined;
  /** What is kept beside the row and is not what follows from it: as it is stored, and as it should be. */
  readonly wrong: readonly { readonly column: string; readonly live: string | null; readonly next: string | null }[];
}

/** Where rows of a projection are kept that are not in Postgres. Guarded by revision: an older row never replaces a newer one, an equal one may be written again. */
export interface DerivedStore<Row extends ProjectedRow = ProjectedRow> {
  /** URL of the module that makes what is stored of a row, where that is more than the row: a change of its code is noticed. */
  readonly source?: string;
  /** Makes the place of a generation, empty; one that is there with something else in it is refused. */
  create(generation: number): Promise<void>;
  drop(generation: number): Promise<void>;
  /** As last written; what is not there is missing: it is folded from the stream again. */
  load(generation: number, ids: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  /** @throws RowRefused when the store can never take one of them */
  write(generation: number, rows: readonly Row[]): Promise<void>;
  /**
   * Every row that is there, page by page and in any order, or only those of these ids, as they are now. In one pass an index gives each once; a
   * cache may give one twice, and lacks what it gains or loses meanwhile.
   */
  scan(generation: number, ids?: readonly string[]): AsyncIterable<readonly ScannedRow<Row>[]>;
  /** A cache: what lies before the head of the log is filled by readers, so a new generation begins there. */
  readonly beginsAtHead?: boolean;
}

/** Deterministic: repeating cannot help; the guilty row is found by halving the batch. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
}

/**
 * A projection whose rows live in a search index or a cache: at least once, the checkpoint after the acknowledged write, made safe by the
 * revision. Checkpoints and parked streams are kept on the first shard.
 */
export interface DerivedProjection<Row extends ProjectedRow = ProjectedRow> extends Projection<Row> {
  readonly store: DerivedStore<Row>;
}

export type StoredProjection = RowProjection | DerivedProjection;

export const isDerived = (projection: StoredProjection): projection is DerivedProjection => 'store' in projection;
