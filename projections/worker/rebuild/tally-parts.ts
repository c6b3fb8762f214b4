import type pg from 'pg';
import { keyStatement, type TableSpec } from '#platform/read-store/table.js';

/*
 * While a generation is filled, what its rows add up to is kept in memory and written at the end. Where that becomes too much it is written in
 * parts, which the engine adds up at the end: adding each part to the table would cost it more, the longer the log the more.
 */

const partsOf = (schema: string, { name }: TableSpec<unknown>): string => `${schema}.${name}_parts`;

export const createParts = (schema: string, table: TableSpec<unknown>): string => `CREATE TABLE ${partsOf(schema, table)} (LIKE ${schema}.${table.name})`;

export const emptyTallies = (schema: string, table: TableSpec<unknown>): string => `DROP TABLE IF EXISTS ${partsOf(schema, table)}; TRUNCATE ${schema}.${table.name}`;

/** Name and columns, as COPY wants them: of the parts, or of the table itself where there is only one. */
export const talliesTarget = (schema: string, table: TableSpec<unknown>, isPart: boolean): string =>
  `${isPart ? partsOf(schema, table) : `${schema}.${table.name}`} (${table.columns.map(({ name }) => name).join(', ')})`;

const FOUND = `SELECT to_regclass($1) AS parts, EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass($2) AND contype = 'p') AS key`;

/** Parts become sums, the table gets its key, and the parts go: all or nothing. A table that has its key is finished. */
export async function finishTallies(client: Pick<pg.Client, 'query'>, schema: string, table: TableSpec<unknown>): Promise<void> {
  const { rows: [found] } = await client.query<{ parts: string | null; key: boolean }>(FOUND, [partsOf(schema, table), `${schema}.${table.name}`]);
  if (found?.key === true) return;
  if (!found?.parts) return void (await client.query(keyStatement(schema, table)));
  const names = table.columns.map(({ name }) => name);
  const key = table.key.join(', ');
  const sums = names.map((name) => (table.key.includes(name) ? name : `sum(${name})`)).join(', ');
  const isSomething = names.filter((name) => !table.key.includes(name)).map((name) => `sum(${name}) <> 0`).join(' OR ');
  await client.query(`BEGIN; INSERT INTO ${schema}.${table.name} (${names.join(', ')}) SELECT ${sums} FROM ${partsOf(schema, table)} GROUP BY ${key} HAVING ${isSomething};
    ${keyStatement(schema, table)}; DROP TABLE ${partsOf(schema, table)}; COMMIT`).catch(async (error: unknown) => {
    await client.query('ROLLBACK');
    throw error;
  });
}
