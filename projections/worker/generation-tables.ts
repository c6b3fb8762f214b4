import type { Statement, TextRow, WriterConnection } from '#platform/read-store/connection.js';
import { Partitions } from '#platform/read-store/partitions.js';
import { addStatement, dropEmptyStatement, schemaOf, selectStatement, toColumns, upsertStatement, writtenColumns, type Column } from '#platform/read-store/table.js';
import type { ProjectedRow, RowProjection } from '../kit/projection.js';
import type { GenerationTarget, RowChange } from './generation-target.js';
import { TallyDelta } from './tallies.js';

/** The tables of one generation on one shard: load rows, and the statements that write rows and tallies. */
export class GenerationTables implements GenerationTarget {
  readonly schema: string;
  readonly #projection: RowProjection;
  readonly #connection: WriterConnection;
  readonly #partitions: Partitions;
  readonly #columns: readonly Column<ProjectedRow>[];
  readonly #select: string;
  readonly #upsert: string;

  constructor(projection: RowProjection, readonly generation: number, connection: WriterConnection) {
    this.#projection = projection;
    this.#connection = connection;
    this.#partitions = new Partitions(connection);
    this.schema = schemaOf(projection.name, generation);
    this.#columns = writtenColumns(projection.table);
    this.#select = selectStatement(this.schema, projection.table);
    this.#upsert = upsertStatement(this.schema, projection.table);
  }

  /** The touched rows, once, in one query. */
  async load(keys: readonly { readonly id: string; readonly month: string }[]): Promise<Map<string, ProjectedRow>> {
    if (keys.length === 0) return new Map();
    const months = [...new Set(keys.map(({ month }) => month))];
    const rows: TextRow[] = await this.#connection.rows({ name: `s:${this.schema}`, text: this.#select, values: [keys.map(({ id }) => id), months] });
    return new Map(rows.map((values) => this.#projection.table.parse(values)).map((row) => [row.id, row]));
  }

  async writes(changes: readonly RowChange[]): Promise<readonly Statement[]> {
    const rows = changes.flatMap(({ before, after }) => (after && after !== before ? [after] : []));
    await this.ensurePartitions(rows);
    const { tallies } = this.#projection;
    if (!tallies) return this.upsert(rows);
    const delta = new TallyDelta(tallies);
    for (const { before, after } of changes) if (after !== before) delta.add(before, after);
    return [...this.upsert(rows), ...this.addTallies(delta.take())];
  }

  /** Makes the partitions these rows need, outside of the transaction that writes them. */
  ensurePartitions(rows: readonly ProjectedRow[]): Promise<void> {
    return this.#partitions.ensure(this.schema, this.#projection.table, new Set(rows.map(({ month }) => month)));
  }

  upsert(rows: readonly ProjectedRow[]): readonly Statement[] {
    if (rows.length === 0) return [];
    return [{ name: `u:${this.schema}`, text: this.#upsert, values: toColumns(this.#columns, rows) }];
  }

  addTallies(deltas: readonly unknown[]): readonly Statement[] {
    const table = this.#projection.tallies?.table;
    if (!table || deltas.length === 0) return [];
    const add = { name: `t:${this.schema}`, text: addStatement(this.schema, table), values: toColumns(table.columns, deltas) };
    const [count] = toColumns(table.columns.filter(({ name }) => name === 'count'), deltas);
    const takesAway = count?.some((text) => text?.startsWith('-')) ?? false;
    return takesAway ? [add, { text: dropEmptyStatement(this.schema, table) }] : [add];
  }
}
