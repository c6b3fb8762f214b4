import type { Lane } from '#contracts/kernel/lane.js';
import type { Statement, TextRow, WriterConnection } from '#platform/read-store/connection.js';
import { schemaOf } from '#platform/read-store/table.js';
import { TallyDelta } from '../../worker/tallies.js';
import type { ProjectedRow, RowProjection } from '../projection.js';
import { inOrder, placeKey, type LaneDigest, type Stored } from './stored.js';
import { canonicalTallies } from './tally-laws.js';

const DIGEST_MODULUS = 1n << 128n;

/** Everything that is stored of one generation, over all shards. @param projection absent: its rows are not in tables, only checkpoints and parked streams are */
export async function readStored<Row extends ProjectedRow>(connections: readonly WriterConnection[], name: string, generation: number, projection: RowProjection<Row> | undefined): Promise<Stored<Row>> {
  const key = [name, generation];
  const places = (table: string): Statement => ({ text: `SELECT stream, revision FROM ${table} WHERE projection = $1 AND generation = $2`, values: key });
  const asked = [
    { text: 'SELECT lane, row_count, digest FROM checkpoint WHERE projection = $1 AND generation = $2 AND row_count <> 0', values: key },
    places('quarantine'), places('quarantine_event'), ...(projection ? selects(projection, schemaOf(name, generation)) : []),
  ];
  const shards = await Promise.all(connections.map((connection) => connection.transaction(asked)));
  const [digests = [], parked = [], waiting = [], rows = [], tallies = []] = asked.map((_, place) => shards.flatMap((answers) => answers[place] ?? []));
  return {
    rows: projection ? inOrder(rows.map((values) => projection.table.parse(values)), ({ id }) => id) : [],
    tallies: projection?.tallies ? sums(projection.tallies, tallies) : [],
    digests: projection ? addedUp(digests) : [], parked: placesOf(parked), waiting: placesOf(waiting),
  };
}

function selects<Row extends ProjectedRow>({ table, tallies }: RowProjection<Row>, schema: string): readonly Statement[] {
  const select = (spec: { readonly name: string; readonly columns: readonly { readonly name: string }[] }): Statement => ({ text: `SELECT ${spec.columns.map(({ name }) => name).join(', ')} FROM ${schema}.${spec.name}` });
  return [select(table), ...(tallies ? [select(tallies.table)] : [])];
}

/** A stream that is parked on several shards (a rebuild does so) is parked once. */
function placesOf(found: readonly TextRow[]): Stored<ProjectedRow>['parked'] {
  const places = found.map(([stream, revision]) => ({ stream: stream ?? '', revision: Number(revision) }));
  return inOrder(new Map(places.map((place) => [placeKey(place), place])).values(), placeKey);
}

/** Tallies lie on the shards of their rows: what a reader sees is the sum. */
function sums(tallies: NonNullable<RowProjection['tallies']>, found: readonly TextRow[]): readonly unknown[] {
  const delta = new TallyDelta(tallies);
  for (const values of found) delta.put(tallies.table.parse(values));
  return canonicalTallies(tallies, delta.take());
}

/** Digests of the same lane on several shards are one sum. */
function addedUp(found: readonly TextRow[]): readonly LaneDigest[] {
  const lanes = new Map<string, { rows: number; sum: bigint }>();
  for (const [lane, rows, sum] of found) {
    const known = lanes.get(lane ?? '') ?? { rows: 0, sum: 0n };
    lanes.set(lane ?? '', { rows: known.rows + Number(rows), sum: (known.sum + BigInt(sum ?? 0)) % DIGEST_MODULUS });
  }
  return inOrder([...lanes].map(([lane, { rows, sum }]) => ({ lane: lane as Lane, rows, sum: String(sum) })), ({ lane }) => lane);
}
