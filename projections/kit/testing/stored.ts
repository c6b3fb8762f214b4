import type { Lane } from '#contracts/kernel/lane.js';
import type { ProjectedRow } from '../projection.js';
import type { Parked } from './pure-fold.js';

/** What the hashes of one lane's rows add up to. */
export interface LaneDigest {
  readonly lane: Lane;
  readonly rows: number;
  /** Decimal, modulo 2^128. */
  readonly sum: string;
}

/** Everything that a projection has made of a log, in one order, so that two of them can be compared. */
export interface Stored<Row extends ProjectedRow> {
  readonly rows: readonly Row[];
  readonly tallies: readonly unknown[];
  /** Lanes with rows only; empty for stores that keep none. */
  readonly digests: readonly LaneDigest[];
  readonly parked: readonly Pick<Parked, 'stream' | 'revision'>[];
  /** Per parked stream, in revision order. */
  readonly waiting: readonly { readonly stream: string; readonly revision: number }[];
}

export const inOrder = <Value>(values: Iterable<Value>, keyOf: (value: Value) => string): readonly Value[] =>
  [...values].map((value) => [keyOf(value), value] as const).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, value]) => value);

export const placeKey = ({ stream, revision }: { readonly stream: string; readonly revision: number }): string => `${stream} ${String(revision).padStart(10, '0')}`;
