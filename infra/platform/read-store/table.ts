import { HASH_COLUMN, hashOf } from './row-hash.js';

/** One column of any read-model table; `encode` gives the text form that Postgres reads, in COPY and in parameters alike. */
export interface Column<Row> {
  readonly name: string;
  readonly type: string;
  encode(row: Row): string | null;
}

/** What the read store must know of a table. The contracts' table specs have this shape; the platform knows none of them. */
export interface TableSpec<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly derived: readonly Column<Row>[];
  readonly key: readonly string[];
  readonly partitionBy?: string;
  readonly before: readonly string[];
  readonly generated: readonly string[];
  readonly indexes: readonly string[];
  parse(values: readonly (string | null)[]): Row;
}

/** A generation is part of every physical name: `invoice-summary`, 3 → `invoice_summary_g3`. */
export const schemaOf = (projection: string, generation: number): string => {
  if (!/^[a-z][a-z0-9-]{0,40}$/u.test(projection) || !Number.isSafeInteger(generation)) throw new RangeError('not a projection name and generation');
  return `${projection.replaceAll('-', '_')}_g${generation}`;
};

/** Everything that is written of a row: its columns, the hash of these, and what is derived from them. */
export function writtenColumns<Row>(spec: TableSpec<Row>): readonly Column<Row>[] {
  const line = rowLine(spec.columns);
  return [...spec.columns, { name: HASH_COLUMN, type: 'uuid', encode: (row) => hashOf(line(row)) }, ...spec.derived];
}

const inSchema = (statement: string, schema: string): string => statement.replaceAll('{schema}', schema);
const bareType = (type: string): string => type.split(' ')[0] ?? type;

/** Of the key or of an index. */
function isSearched<Row>({ key, indexes }: TableSpec<Row>, { name }: Column<Row>): boolean {
  return key.includes(name) || indexes.some((text) => new RegExp(`\\b${name}\\b`, 'u').test(text));
}

/**
 * Schema objects and the table without key and indexes, as a rebuild fills it. Columns that are searched by stand first: the engine walks through
 * a row from its beginning, once for each index.
 */
export function createStatements<Row>(schema: string, spec: TableSpec<Row>, written: readonly Column<Row>[] = writtenColumns(spec)): readonly string[] {
  const inOrder = [...written.filter((column) => isSearched(spec, column)), ...written.filter((column) => !isSearched(spec, column))];
  const columns = inOrder.map(({ name, type }) => `${name} ${type}${spec.key.includes(name) ? ' NOT NULL' : ''}`);
  const body = [...columns, ...spec.generated.map((text) => inSchema(text, schema))].join(', ');
  const table = `${schema}.${spec.name}`;
  const create = `CREATE TABLE ${table} (${body})${spec.partitionBy === undefined ? '' : ` PARTITION BY RANGE (${spec.partitionBy})`}`;
  const rest = spec.partitionBy === undefined ? [] : [`CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT`];
  return [...spec.before.map((text) => inSchema(text, schema)), create, ...rest];
}

export const keyStatement = <Row>(schema: string, spec: TableSpec<Row>): string => `ALTER TABLE ${schema}.${spec.name} ADD PRIMARY KEY (${spec.key.join(', ')})`;

/** All but the primary key; the statements are independent of each other. */
export const indexStatements = <Row>(schema: string, spec: TableSpec<Row>): readonly string[] => spec.indexes.map((text) => `CREATE INDEX ${text.replaceAll('{table}', `${schema}.${spec.name}`)}`);

/** Statistics of the columns that are searched by, in these tables: the table itself, or its partitions. The other columns only cost time. */
export function analyzeStatement<Row>(tables: readonly string[], spec: TableSpec<Row>): string {
  const searched = spec.columns.filter((column) => isSearched(spec, column)).map(({ name }) => name);
  return `ANALYZE ${tables.map((table) => `${table} (${searched.join(', ')})`).join(', ')}`;
}

const unnestOf = <Row>(columns: readonly Column<Row>[]): string => columns.map(({ type }, index) => `$${index + 1}::${bareType(type)}[]`).join(', ');

/** One statement for any number of rows: insert, or replace a row (of an older revision, unless told otherwise). Parameters: one array per written column. */
export function upsertStatement<Row>(schema: string, spec: TableSpec<Row>, onlyOlder = true): string {
  const columns = writtenColumns(spec);
  const names = columns.map(({ name }) => name);
  const changed = names.filter((name) => !spec.key.includes(name)).map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${schema}.${spec.name} AS current (${names.join(', ')}) SELECT * FROM unnest(${unnestOf(columns)})
    ON CONFLICT (${spec.key.join(', ')}) DO UPDATE SET ${changed.join(', ')}${onlyOlder ? ' WHERE excluded.revision > current.revision' : ''}`;
}

/** Adds deltas to tallies: every column outside the key is a sum. */
export function addStatement<Row>(schema: string, spec: TableSpec<Row>): string {
  const names = spec.columns.map(({ name }) => name);
  const sums = names.filter((name) => !spec.key.includes(name)).map((name) => `${name} = current.${name} + excluded.${name}`);
  return `INSERT INTO ${schema}.${spec.name} AS current (${names.join(', ')}) SELECT * FROM unnest(${unnestOf(spec.columns)})
    ON CONFLICT (${spec.key.join(', ')}) DO UPDATE SET ${sums.join(', ')}`;
}

/** Tallies that add up to nothing are no rows: a rebuild would not make them. */
export function dropEmptyStatement<Row>(schema: string, spec: TableSpec<Row>): string {
  const sums = spec.columns.filter(({ name }) => !spec.key.includes(name)).map(({ name }) => `${name} = 0`);
  return `DELETE FROM ${schema}.${spec.name} WHERE ${sums.join(' AND ')}`;
}

/** Parameters: ids, months (or other partition values). Both narrow: partitions are pruned, ids are probed. The row's hash stands behind its columns. */
export function selectStatement<Row>(schema: string, spec: TableSpec<Row>): string {
  const list = [...spec.columns.map(({ name }) => name), HASH_COLUMN].join(', ');
  return `SELECT ${list} FROM ${schema}.${spec.name} WHERE id = ANY($1::uuid[]) AND month = ANY($2::text[])`;
}

/** One array per written column, for `upsertStatement` and `addStatement`. */
export const toColumns = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): (string | null)[][] =>
  columns.map((column) => rows.map((row) => column.encode(row)));

const NEEDS_ESCAPE = /[\\\t\n\r]/u;
const escape = (text: string): string => (NEEDS_ESCAPE.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r') : text);

/** Types whose text can never hold a tab, a line end or a backslash. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['uuid', 'bigint', 'int', 'numeric', 'timestamptz']);

/** A row as one line of COPY's text format, without its end: also the stored form that is hashed, since no two rows have the same line. */
export function rowLine<Row>(columns: readonly Column<Row>[]): (row: Row) => string {
  const plain = columns.map(({ type }) => PLAIN_TYPES.has(type));
  return (row) => {
    let line = '';
    let index = 0;
    for (const column of columns) {
      const value = column.encode(row);
      if (index > 0) line += '\t';
      if (value === null) line += '\\N';
      else line += plain[index] === true ? value : escape(value);
      index += 1;
    }
    return line;
  };
}

/** The key of a row as text: no two keys have the same. */
export function keyText<Row>({ key, columns }: Pick<TableSpec<Row>, 'key' | 'columns'>): (row: Row) => string {
  return rowLine(columns.filter(({ name }) => key.includes(name)));
}

/** A line of COPY for everything that is written of a row, and the hash in it. */
export function copyLines<Row>(spec: TableSpec<Row>): (row: Row) => { readonly line: string; readonly hash: string } {
  const own = rowLine(spec.columns);
  const derived = spec.derived.length === 0 ? undefined : rowLine(spec.derived);
  return (row) => {
    const line = own(row);
    const hash = hashOf(line);
    return { hash, line: derived ? `${line}\t${hash}\t${derived(row)}\n` : `${line}\t${hash}\n` };
  };
}
