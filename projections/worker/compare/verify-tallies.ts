import pg from 'pg';
import { canonicalJson } from '#contracts/kernel/json.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { TEXT_TYPES } from '#platform/postgres/pool.js';
import { keyText, schemaOf, type TableSpec } from '#platform/read-store/table.js';
import type { RowProjection, Tallies } from '../../kit/projection.js';
import { rowsOf } from '../table-rows.js';
import { TallyDelta } from '../tallies.js';
import { differencesOf, NO_DIFFERENCES, SHOWN_ROWS, type Differences } from './differences.js';

type Values = (string | null)[];

/** Whether the sums of a shard are those of its rows: both are read as they were at one moment, the sums made again. */
export async function verifyTallies(settings: ConnectionSettings, projection: RowProjection, generation: number): Promise<Differences> {
  const { tallies, table, name } = projection;
  if (!tallies) return NO_DIFFERENCES;
  const client = new pg.Client({ ...settings, application_name: 'folio-verify', types: TEXT_TYPES });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const delta = new TallyDelta(tallies);
    for await (const values of rowsOf(client, schemaOf(name, generation), table as TableSpec<unknown>)) delta.add(undefined, table.parse(values));
    const keyOf = keyText(tallies.table);
    const wanted = new Map(delta.take().map((tally) => [keyOf(tally), tally]));
    return await differences(client, schemaOf(name, generation), tallies, wanted);
  } finally {
    await client.end();
  }
}

async function differences(client: pg.Client, schema: string, tallies: Tallies<never, unknown>, wanted: Map<string, unknown>): Promise<Differences> {
  const { table } = tallies;
  const keyOf = keyText(table);
  const textOf = (tally: unknown): Values => table.columns.map((column) => column.encode(tally));
  // Sums keep the scale of what was added: both sides in the form in which they are read.
  const canonical = (values: Values): Values => textOf(table.parse(values));
  const nothing = table.columns.map(() => null);
  const pairs: { readonly stored: Values; readonly next: Values }[] = [];
  let rows = 0;
  const compare = (stored: Values, next: Values): void => {
    if (canonicalJson(stored) === canonicalJson(next)) return;
    rows += 1;
    if (pairs.length < SHOWN_ROWS) pairs.push({ stored, next });
  };
  for await (const values of rowsOf(client, schema, table)) {
    const key = keyOf(table.parse(values));
    const next = wanted.get(key);
    compare(canonical(values), next === undefined ? nothing : canonical(textOf(next)));
    wanted.delete(key);
  }
  for (const left of wanted.values()) compare(nothing, canonical(textOf(left)));
  return { rows, shown: pairs.flatMap(({ stored, next }) => differencesOf(table as never, stored, next)) };
}
