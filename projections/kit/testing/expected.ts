import { hashOf, DigestChanges } from '#platform/read-store/row-hash.js';
import { rowLine } from '#platform/read-store/table.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { TallyDelta } from '../../worker/tallies.js';
import type { ProjectedRow, RowProjection } from '../projection.js';
import type { FoldedLog } from './pure-fold.js';
import { inOrder, placeKey, type LaneDigest, type Stored } from './stored.js';
import { canonicalTallies } from './tally-laws.js';

/** What must be stored of a log that was folded in memory: rows, sums of their tallies, digests, parked streams and what waits behind them. */
export function expectedOf<Row extends ProjectedRow>(folded: FoldedLog<Row>, projection: RowProjection<Row> | undefined): Stored<Row> {
  const streams = [...folded].map(([stream, one]) => ({ stream, ...one, row: one.steps.at(-1) }));
  const rows = streams.flatMap(({ row, lane }) => (row ? [{ row, lane }] : []));
  return {
    rows: inOrder(rows.map(({ row }) => row), ({ id }) => id),
    tallies: projection ? talliesOf(rows.map(({ row }) => row), projection) : [],
    digests: projection ? digestsOf(rows, projection) : [],
    parked: inOrder(streams.flatMap(({ parked }) => (parked ? [{ stream: parked.stream, revision: parked.revision }] : [])), placeKey),
    waiting: inOrder(streams.flatMap(({ stream, waiting }) => waiting.map((revision) => ({ stream, revision }))), placeKey),
  };
}

function talliesOf<Row extends ProjectedRow>(rows: readonly Row[], { tallies }: RowProjection<Row>): readonly unknown[] {
  if (!tallies) return [];
  const delta = new TallyDelta(tallies);
  for (const row of rows) delta.add(undefined, row);
  return canonicalTallies(tallies, delta.take());
}

function digestsOf<Row extends ProjectedRow>(rows: readonly { readonly row: Row; readonly lane: Lane }[], { table }: RowProjection<Row>): readonly LaneDigest[] {
  const line = rowLine(table.columns);
  const changes = new DigestChanges<Lane>();
  for (const { row, lane } of rows) changes.of(lane).add(hashOf(line(row)));
  return inOrder([...changes.entries()].map(([lane, change]) => ({ lane, rows: change.rows, sum: String(change.sum) })), ({ lane }) => lane);
}
