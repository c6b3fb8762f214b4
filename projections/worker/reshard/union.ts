import { platformProblem } from '#contracts/kernel/errors.js';
import type { ComparisonReport } from '#contracts/queries.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import type { RowProjection } from '../../kit/projection.js';
import { idOfStream } from '../batch.js';
import { joined, NO_DIFFERENCES, type Differences } from '../compare/differences.js';
import type { WorkerContext } from '../context.js';
import { atOneMoment, type LanePlace, type Placed, type ShardMoment } from './moment.js';
import { rowDifferencesOfUnions, tallyDifferencesOfUnions } from './union-differences.js';

type ParkedApart = ComparisonReport['parked'][number];

export interface UnionOptions {
  readonly context: Pick<WorkerContext, 'shards'>;
  readonly projection: RowProjection;
  readonly live: Placed;
  readonly next: Placed;
  readonly signal: AbortSignal;
  readonly looks?: number;
}

/**
 * Compares two generations that are laid out differently: what lies on a shard differs by design, what lies on all of them together must not. All
 * shards are looked at where every lane stands at one position; then the digests of each lane, added up over the shards, must be equal, and so must the sums
 * that are kept beside the rows. Rows are read only where the digests differ.
 */
export async function compareUnions({ context: { shards }, projection, live, next, signal, looks }: UnionOptions): Promise<ComparisonReport> {
  const generations = [live, next];
  const settings = shards.settings.slice(0, Math.max(shardsIn(live.slots), shardsIn(next.slots)));
  return atOneMoment({ shards: settings, projection: projection.name, generations, signal, ...(looks !== undefined && { looks }) }, async (moments) => {
    const places = moments.flatMap(({ lanes }) => lanes);
    const parked = await parkedApart(moments, projection.name, live.generation, next.generation);
    const isSame = sameSums(projection.name, places, live.generation, next.generation);
    const { rows, shown } = await differences(moments, projection, generations, isSame, parked);
    const compared = places.filter(({ generation }) => generation === next.generation).reduce((sum, place) => sum + (place.rows ?? 0), 0);
    return { compared, differing: rows, shown, parked };
  });
}

/** @throws Problem reshard-impossible where no digests are kept */
function sameSums(projection: string, places: readonly LanePlace[], live: number, next: number): boolean {
  const sumOf = (generation: number): string => {
    const lanes = new Map<string, { rows: number; sum: bigint }>();
    for (const { lane, rows, sum } of places.filter((place) => place.generation === generation)) {
      if (rows === null || sum === null) throw platformProblem('reshard-impossible', { reason: `rows of ${projection} are older than digests are; rebuild it first` });
      const known = lanes.get(lane) ?? { rows: 0, sum: 0n };
      lanes.set(lane, { rows: known.rows + rows, sum: BigInt.asUintN(128, known.sum + sum) });
    }
    return [...lanes].map(([lane, { rows, sum }]) => `${lane} ${rows} ${sum}`).sort().join();
  };
  return sumOf(live) === sumOf(next);
}

async function differences(moments: readonly ShardMoment[], projection: RowProjection, generations: readonly Placed[], isSame: boolean, parked: readonly ParkedApart[]): Promise<Differences> {
  const ids = new Set(parked.map(({ stream }) => idOfStream(stream)));
  const rows = isSame ? NO_DIFFERENCES : await rowDifferencesOfUnions(moments, projection, generations, ids);
  // Sums of streams that are parked on one side cannot be told from the others'.
  const sums = ids.size === 0 ? await tallyDifferencesOfUnions(moments, projection, generations) : NO_DIFFERENCES;
  return joined([rows, sums]);
}

const PARKED = 'SELECT generation, stream, reason FROM quarantine WHERE projection = $1 AND generation = ANY($2::int[]) ORDER BY stream LIMIT 10000';

/** Streams in quarantine of one generation only, on whichever shard. */
async function parkedApart(moments: readonly ShardMoment[], projection: string, live: number, next: number): Promise<readonly ParkedApart[]> {
  const found = new Map<string, ParkedApart[]>();
  for (const { client } of moments) {
    const { rows } = await client.query<{ generation: string; stream: string; reason: string }>(PARKED, [projection, [live, next]]);
    for (const { generation, stream, reason } of rows) found.set(stream, [...(found.get(stream) ?? []), { stream, side: Number(generation) === live ? 'live' : 'next', reason }]);
  }
  return [...found.values()].flatMap((sides) => (new Set(sides.map(({ side }) => side)).size === 1 ? sides.slice(0, 1) : []));
}
