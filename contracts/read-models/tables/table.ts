/**
 * One column of a read-model table, without a driver: `encode` gives the text form that Postgres reads, in COPY and in parameters alike.
 * Methods (not function properties), so that a table of a narrower row can stand where any table is asked for.
 */
export interface Column<Row> {
  readonly name: string;
  /** Postgres type as in DDL, collation left out. */
  readonly type: string;
  encode(row: Row): string | null;
}

/** A table of a projection: what the worker writes and the read side selects. The schema is that of the generation. */
export interface TableSpec<Row> {
  readonly name: string;
  /** Read back in this order by `parse`. */
  readonly columns: readonly Column<Row>[];
  /** Written beside the row, never read back into it: texts that are only searched. */
  readonly derived: readonly Column<Row>[];
  /** `import.meta.url` of the module that derives them: a change of its code is noticed. */
  readonly source?: string;
  readonly key: readonly string[];
  /** Text column `YYYY-MM-01` that the table is partitioned by; absent: not partitioned. */
  readonly partitionBy?: string;
  /** Statements run in the empty schema before the table, with `{schema}`. */
  readonly before: readonly string[];
  /** Generated columns, as in DDL, with `{schema}`. */
  readonly generated: readonly string[];
  /** Everything after `CREATE INDEX`, with `{table}`; made after a rebuild has filled the table. */
  readonly indexes: readonly string[];
  parse(values: readonly (string | null)[]): Row;
}

/** The select list of the columns that `parse` takes, in its order. */
export const selectList = (spec: { readonly columns: readonly { readonly name: string }[] }, alias = ''): string =>
  spec.columns.map(({ name }) => `${alias === '' ? '' : `${alias}.`}${name}`).join(', ');

/** Text in byte order: days and months compare as they should, and no hostile date can make a row unwritable. */
export const DAY_TYPE = 'text COLLATE "C"';

export const column = <Row>(name: string, type: string, encode: (row: Row) => string | null): Column<Row> => ({ name, type, encode });

/** Postgres prints `2026-11-20 22:05:05.31+00` in UTC; rows have ISO 8601 with at least milliseconds. */
export function instantFromText(text: string): string {
  const zone = text.lastIndexOf('+');
  const fraction = text[19] === '.' ? text.slice(20, zone) : '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z`;
}
