import { canonicalJson } from '#contracts/kernel/json.js';
import type { RowDifference } from '#contracts/queries.js';
import { HASH_COLUMN } from '#platform/read-store/row-hash.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import { keyText, schemaOf, type TableSpec } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import { differencesOf, NO_DIFFERENCES, SHOWN_ROWS, type Differences } from '../compare/differences.js';
import { rowsOf } from '../table-rows.js';
import { TallyDelta } from '../tallies.js';
import type { Placed, ShardMoment } from './moment.js';

/** Keys of one table on one shard that are held at a time. */
const PAGE = 2_000;

type Values = (string | null)[];
type Side = 'live' | 'next';
const SIDES = ['live', 'next'] as const;

/** One row of one side: where it is in the common order, and its hash. */
interface Head {
  readonly id: string;
  readonly month: string;
  readonly hash: string;
}

/** The shards on which one side's rows lie, in whichever order they were laid out. */
const momentsOf = (moments: readonly ShardMoment[], { slots }: Placed): readonly ShardMoment[] => moments.slice(0, shardsIn(slots));

/**
 * Rows that are on one side only, on more than one shard of a side, or not equal. Both sides are read in the order of their keys over all shards at
 * once, so that no more than a page of each is held. @param leftOut ids that are not looked at
 */
export async function rowDifferencesOfUnions(moments: readonly ShardMoment[], { name, table }: RowProjection, generations: readonly Placed[], leftOut: ReadonlySet<string>): Promise<Differences> {
  const tables = generations.map(({ generation }) => `${schemaOf(name, generation)}.${table.name}`);
  const sides = SIDES.map((side, place) => {
    const [generation, text] = [generations[place], tables[place]];
    const sources = generation && text !== undefined ? momentsOf(moments, generation).map(({ client }) => heads(client, text, `${side}_keys`)) : [];
    return merged(sources);
  });
  const keys: Head[] = [];
  let rows = 0;
  for await (const [head, isSame] of pairs(sides)) {
    if (isSame || leftOut.has(head.id)) continue;
    rows += 1;
    if (keys.length < SHOWN_ROWS) keys.push(head);
  }
  const shown: RowDifference[] = [];
  for (const key of keys) shown.push(...(await shownRow(moments, table as TableSpec<never>, tables, generations, key)));
  return { rows, shown };
}

async function* heads(client: ShardMoment['client'], table: string, cursor: string): AsyncGenerator<Head> {
  await client.query(`DECLARE ${cursor} CURSOR FOR SELECT id::text, month, coalesce(${HASH_COLUMN}::text, '') AS hash FROM ${table} ORDER BY id, month COLLATE "C"`);
  for (let more = true; more;) {
    const { rows } = await client.query<{ id: string; month: string; hash: string }>(`FETCH ${PAGE} FROM ${cursor}`);
    yield* rows;
    more = rows.length === PAGE;
  }
}

const keyOf = ({ id, month }: Head): string => `${id} ${month}`;

/** All rows of several ordered sources, with equal keys together. */
async function* merged(sources: readonly AsyncGenerator<Head>[]): AsyncGenerator<{ readonly head: Head; readonly hashes: readonly string[] }> {
  const next = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    const there = next.flatMap(({ value, done }) => (done === true ? [] : [value as Head]));
    const [least] = there.map(keyOf).sort();
    const head = there.find((one) => keyOf(one) === least);
    if (!head) return;
    const hashes: string[] = [];
    for (const [place, source] of sources.entries()) {
      for (let one = next[place]; one?.done === false && keyOf(one.value) === least; one = next[place]) {
        hashes.push(one.value.hash);
        next[place] = await source.next();
      }
    }
    yield { head, hashes };
  }
}

/** Every key of either side, and whether each has it once and with the same hash. */
async function* pairs([left, right]: readonly AsyncGenerator<{ readonly head: Head; readonly hashes: readonly string[] }>[]): AsyncGenerator<readonly [Head, boolean]> {
  if (!left || !right) return;
  let [live, next] = [await left.next(), await right.next()];
  while (live.done !== true || next.done !== true) {
    const [a, b] = [live.done === true ? undefined : live.value, next.done === true ? undefined : next.value];
    const isLiveOnly = a !== undefined && (b === undefined || keyOf(a.head) < keyOf(b.head));
    const isNextOnly = b !== undefined && (a === undefined || keyOf(b.head) < keyOf(a.head));
    if (a && isLiveOnly) yield [a.head, false];
    else if (b && isNextOnly) yield [b.head, false];
    else if (a && b) yield [a.head, a.hashes.length === 1 && b.hashes.length === 1 && a.hashes[0] === b.hashes[0]];
    if (!isNextOnly) live = await left.next();
    if (!isLiveOnly) next = await right.next();
  }
}

async function shownRow(moments: readonly ShardMoment[], spec: TableSpec<never>, tables: readonly string[], generations: readonly Placed[], { id, month }: Head): Promise<readonly RowDifference[]> {
  const found: Record<Side, Values[]> = { live: [], next: [] };
  for (const [place, side] of SIDES.entries()) {
    const generation = generations[place];
    if (!generation) continue;
    const text = `SELECT ${spec.columns.map(({ name }) => `${name}::text`).join(', ')} FROM ${tables[place]} WHERE id = $1 AND month = $2`;
    for (const { client } of momentsOf(moments, generation)) found[side].push(...(await client.query<Values>({ text, values: [id, month], rowMode: 'array' })).rows);
  }
  const { live, next } = found;
  if (live.length > 1 || next.length > 1) return [{ table: spec.name, key: `${id} ${month}`, column: 'shards that have it', live: String(live.length), next: String(next.length) }];
  const nothing = spec.columns.map(() => null);
  return differencesOf(spec, live[0] ?? nothing, next[0] ?? nothing);
}

/** Sums that are not equal when those of all shards are added up. */
export async function tallyDifferencesOfUnions(moments: readonly ShardMoment[], { name, tallies }: RowProjection, generations: readonly Placed[]): Promise<Differences> {
  if (!tallies) return NO_DIFFERENCES;
  const sums: Map<string, unknown>[] = [];
  for (const generation of generations) sums.push(await summed(momentsOf(moments, generation), schemaOf(name, generation.generation), tallies));
  const { table } = tallies;
  const textOf = (tally: unknown): Values => table.columns.map((column) => column.encode(tally));
  // Sums keep the scale of what was added: both sides in the form in which they are read.
  const canonical = (tally: unknown): Values => (tally === undefined ? table.columns.map(() => null) : textOf(table.parse(textOf(tally))));
  const different = [...new Set(sums.flatMap((side) => [...side.keys()]))].sort().map((key) => sums.map((side) => canonical(side.get(key)))).filter(([live, next]) => canonicalJson(live) !== canonicalJson(next));
  return { rows: different.length, shown: different.slice(0, SHOWN_ROWS).flatMap(([live = [], next = []]) => differencesOf(table as never, live, next)) };
}

/** By key, without those that add up to nothing. */
async function summed(moments: readonly ShardMoment[], schema: string, tallies: NonNullable<RowProjection['tallies']>): Promise<Map<string, unknown>> {
  const delta = new TallyDelta(tallies);
  for (const { client } of moments) for await (const values of rowsOf(client, schema, tallies.table)) delta.put(tallies.table.parse(values));
  const keyOf = keyText(tallies.table);
  return new Map(delta.take().map((tally) => [keyOf(tally), tally]));
}
