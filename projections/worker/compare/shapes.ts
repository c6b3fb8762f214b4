import type pg from 'pg';
import type { ComparisonReport } from '#contracts/queries.js';
import type { Generation } from '#platform/control/generations.js';
import { HASH_COLUMN } from '#platform/read-store/row-hash.js';
import { schemaOf, type TableSpec } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import type { WorkerContext } from '../context.js';
import { joined, sharedDifferences, type Differences } from './differences.js';

const COLUMNS = 'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2';

async function columnsOf(pool: pg.Pool, schema: string, table: string): Promise<ReadonlySet<string>> {
  return new Set((await pool.query<{ name: string }>(COLUMNS, [schema, table])).rows.map(({ name }) => name));
}

/**
 * A new generation whose table has other columns than the live one. That has stood still since this code runs, so rows are compared only where both
 * are at the same revision, and only in the columns that both have; that the shape changed is a difference by itself.
 */
export async function compareShapes({ shards }: WorkerContext, projection: RowProjection, live: Generation, next: Pick<Generation, 'generation' | 'slots'>): Promise<ComparisonReport> {
  const { name, table } = projection;
  const [schema, newSchema] = [schemaOf(name, live.generation), schemaOf(name, next.generation)];
  const [first] = shards.poolsOf(live.slots);
  const [before, after] = first ? [await columnsOf(first, schema, table.name), await columnsOf(first, newSchema, table.name)] : [new Set<string>(), new Set<string>()];
  const shared = table.columns.filter((column) => before.has(column.name));
  const spec: TableSpec<never> = { ...(table as TableSpec<never>), columns: shared };
  const found = await Promise.all(shards.poolsOf(live.slots).map(async (pool): Promise<Differences> => sharedDifferences(pool, name, spec, live.generation, next.generation)));
  const { rows, shown } = joined(found);
  const counted = await Promise.all(shards.poolsOf(next.slots).map((pool) => pool.query<{ count: string }>(`SELECT count(*) FROM ${newSchema}.${table.name}`)));
  const changes = [...new Set([...before, ...after])].filter((column) => column !== HASH_COLUMN && before.has(column) !== after.has(column)).sort();
  const shape = changes.map((column) => ({ table: table.name, key: 'every row', column, live: before.has(column) ? 'there' : null, next: after.has(column) ? 'there' : null }));
  return { compared: counted.reduce((sum, { rows: [row] }) => sum + Number(row?.count ?? 0), 0), differing: rows + (rows === 0 ? 1 : 0), shown: [...shape, ...shown], parked: [] };
}
