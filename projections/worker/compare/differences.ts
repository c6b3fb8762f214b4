import type pg from 'pg';
import type { RowDifference } from '#contracts/queries.js';
import { inTransaction } from '#platform/postgres/transaction.js';
import type { TextRow } from '#platform/read-store/connection.js';
import { HASH_COLUMN } from '#platform/read-store/row-hash.js';
import { schemaOf, type TableSpec } from '#platform/read-store/table.js';

export interface Differences {
  /** Rows that differ, all of them. */
  readonly rows: number;
  /** Of the first of these, value by value. */
  readonly shown: readonly RowDifference[];
}

export const NO_DIFFERENCES: Differences = { rows: 0, shown: [] };

/** Rows that are shown of each table and shard, and characters of a value. */
export const SHOWN_ROWS = 20;
const SHOWN_CHARACTERS = 200;

/** How two generations of a table are joined and when a pair of rows differs. */
interface Pairing {
  readonly live: string;
  readonly next: string;
  readonly condition: string;
}

const columnsOf = (spec: TableSpec<never>, side: string): string => spec.columns.map(({ name }) => `${side}.${name}::text`).join(', ');

/** Rows by their hashes; where one side is older than hashes are, by their columns. Streams whose id is listed are left out. */
function rowPairing(spec: TableSpec<never>, live: string, next: string): Pairing {
  const [a, b] = [`l.${HASH_COLUMN}`, `n.${HASH_COLUMN}`];
  const condition = `coalesce(l.id, n.id) <> ALL($1::uuid[]) AND ${a} IS DISTINCT FROM ${b} AND (${a} IS NOT NULL AND ${b} IS NOT NULL OR ROW(${columnsOf(spec, 'l')}) IS DISTINCT FROM ROW(${columnsOf(spec, 'n')}))`;
  return { live: `${live}.${spec.name}`, next: `${next}.${spec.name}`, condition };
}

/** Sums have no hash: they are compared as numbers, whole (a sum of 1.0 is one of 1.00). */
function tallyPairing(spec: TableSpec<never>, live: string, next: string): Pairing {
  const sums = spec.columns.filter(({ name }) => !spec.key.includes(name)).map(({ name }) => `l.${name} IS DISTINCT FROM n.${name}`);
  return { live: `${live}.${spec.name}`, next: `${next}.${spec.name}`, condition: `cardinality($1::uuid[]) >= 0 AND (${sums.join(' OR ')})` };
}

/** Differences of a projection's rows between two generations on one shard. @param ids of streams that are left out */
export const rowDifferences = (pool: pg.Pool, projection: string, spec: TableSpec<never>, live: number, next: number, ids: readonly string[] = []): Promise<Differences> =>
  differences(pool, spec, rowPairing(spec, schemaOf(projection, live), schemaOf(projection, next)), ids);

/** Of rows that are at the same revision on both sides, the columns of `spec` only: what the others are is told otherwise. */
export const sharedDifferences = (pool: pg.Pool, projection: string, spec: TableSpec<never>, live: number, next: number): Promise<Differences> => differences(pool, spec, {
  live: `${schemaOf(projection, live)}.${spec.name}`, next: `${schemaOf(projection, next)}.${spec.name}`,
  condition: `cardinality($1::uuid[]) >= 0 AND l.revision = n.revision AND ROW(${columnsOf(spec, 'l')}) IS DISTINCT FROM ROW(${columnsOf(spec, 'n')})`,
}, []);

export const tallyDifferences = (pool: pg.Pool, projection: string, spec: TableSpec<never>, live: number, next: number): Promise<Differences> =>
  differences(pool, spec, tallyPairing(spec, schemaOf(projection, live), schemaOf(projection, next)), []);

/** Memory of the engine for a join of two generations: in its default, which is for many small questions at a time, even small ones go to the disk. */
const JOIN_MEMORY = '32MB';

/** Rows of one question that joins two generations. */
const answered = (pool: pg.Pool, text: string, ids: readonly string[]): Promise<readonly TextRow[]> => inTransaction(pool, async (client) => {
  await client.query(`SET LOCAL work_mem = '${JOIN_MEMORY}'`);
  return (await client.query<TextRow>({ text, values: [[...ids]], rowMode: 'array' })).rows;
});

async function differences(pool: pg.Pool, spec: TableSpec<never>, { live, next, condition }: Pairing, ids: readonly string[]): Promise<Differences> {
  const pairs = `FROM ${live} AS l FULL JOIN ${next} AS n ON ${spec.key.map((name) => `l.${name} = n.${name}`).join(' AND ')} WHERE ${condition}`;
  // Mostly there are none: a count alone takes half the time, since several processes of the engine share it.
  const [counted] = await answered(pool, `SELECT count(*) ${pairs}`, ids);
  if (counted?.[0] === '0') return NO_DIFFERENCES;
  const text = `SELECT count(*) OVER (), ${columnsOf(spec, 'l')}, ${columnsOf(spec, 'n')} ${pairs} ORDER BY ${spec.key.map((name) => `coalesce(l.${name}, n.${name})`).join(', ')} LIMIT ${SHOWN_ROWS}`;
  const rows = await answered(pool, text, ids);
  return { rows: Number(rows[0]?.[0] ?? 0), shown: rows.flatMap(([, ...values]) => differencesOf(spec, values.slice(0, spec.columns.length), values.slice(spec.columns.length))) };
}

/** The values in which two rows differ, as text. A row that is missing on one side is one difference: its key. */
export function differencesOf(spec: TableSpec<never>, live: readonly (string | null)[], next: readonly (string | null)[]): readonly RowDifference[] {
  const keyOf = (values: readonly (string | null)[]): string => spec.key.map((name) => values[spec.columns.findIndex((column) => column.name === name)]).join(' ');
  const missing = (values: readonly (string | null)[]): boolean => values.every((value) => value === null);
  const short = (value: string | null | undefined): string | null => (value === null || value === undefined ? null : value.slice(0, SHOWN_CHARACTERS));
  const base = { table: spec.name, key: missing(live) ? keyOf(next) : keyOf(live) };
  if (missing(live) || missing(next)) return [{ ...base, column: spec.key.join(' '), live: missing(live) ? null : base.key, next: missing(next) ? null : base.key }];
  return spec.columns.flatMap(({ name }, index) => (live[index] === next[index] ? [] : [{ ...base, column: name, live: short(live[index]), next: short(next[index]) }]));
}

export const joined = (all: readonly Differences[]): Differences => ({ rows: all.reduce((sum, { rows }) => sum + rows, 0), shown: all.flatMap(({ shown }) => shown) });
