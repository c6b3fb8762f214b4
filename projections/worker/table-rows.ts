import type pg from 'pg';
import type { TableSpec } from '#platform/read-store/table.js';

/** Rows fetched at a time. */
const PAGE = 2_000;

/** All rows of a table, page by page, in no order. Outside of a transaction it is kept until the connection ends or all are read. */
export async function* rowsOf<Row>(client: Pick<pg.Client, 'query'>, schema: string, spec: TableSpec<Row>): AsyncIterable<(string | null)[]> {
  await client.query(`DECLARE reading CURSOR WITH HOLD FOR SELECT ${spec.columns.map(({ name }) => name).join(', ')} FROM ${schema}.${spec.name}`);
  for (let more = true; more;) {
    const { rows } = await client.query<(string | null)[]>({ text: `FETCH ${PAGE} FROM reading`, rowMode: 'array' });
    yield* rows;
    more = rows.length === PAGE;
  }
  await client.query('CLOSE reading');
}
