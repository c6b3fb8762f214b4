import { isDeepStrictEqual } from 'node:util';
import type { Lane } from '#contracts/kernel/lane.js';
import { laterOf, ORIGIN } from '#contracts/kernel/position.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { lanesOf } from '#contracts/topics.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { isDataFault, WriterConnection, type Statement, type TextRow } from '#platform/read-store/connection.js';
import { evenSlots } from '#platform/read-store/shards.js';
import { schemaOf, type TableSpec } from '#platform/read-store/table.js';
import { forgetGeneration, placeCheckpoints, wholeGeneration } from '../../worker/schema.js';
import { ShardWriter } from '../../worker/shard-writer.js';
import { isDerived, type ProjectedRow, type RowProjection, type StoredProjection } from '../projection.js';
import type { Delivery } from './random.js';
import type { Scenario } from './scenario.js';
import { readStored } from './read-stored.js';
import { checkEqual, refuse } from './refusal.js';
import { inOrder, type Stored } from './stored.js';

const LOG = 'projection-kit';

/** A worker's side of one projection on one or several shards: the tables of a real Postgres, emptied between runs because making them is slow. */
export class Tables<Row extends ProjectedRow> {
  readonly #lanes: readonly Lane[];
  readonly #slots: readonly number[];

  private constructor(readonly projection: StoredProjection, private readonly table: RowProjection<Row> | undefined, private readonly generation: number, private readonly connections: readonly WriterConnection[]) {
    this.#lanes = lanesOf(projection.topics);
    this.#slots = evenSlots(SLOTS, connections.length);
  }

  /** On migrated shards. @param table the same projection where its rows are in tables */
  static async open<Row extends ProjectedRow>(projection: StoredProjection, table: RowProjection<Row> | undefined, generation: number, shards: readonly ConnectionSettings[]): Promise<Tables<Row>> {
    const tables = new Tables(projection, table, generation, shards.map((settings) => new WriterConnection(settings, 'projection-kit')));
    const making = isDerived(projection) ? [] : wholeGeneration(projection, generation);
    await tables.#everywhere(() => making);
    return tables;
  }

  /** Empties the tables and gives a worker these batches, one after another. @returns what is stored then */
  async run(scenario: Scenario, deliveries: readonly Delivery[]): Promise<Stored<Row>> {
    if (isDerived(this.projection)) await this.projection.store.create(this.generation);
    await this.#everywhere(() => [...this.#emptied(), ...forgetGeneration(this.projection.name, this.generation), placeCheckpoints(this.projection.name, this.generation, this.#lanes, ORIGIN, LOG)]);
    let writers: readonly ShardWriter[] = [];
    for (const { entries, restarted } of deliveries) {
      if (restarted || writers.length === 0) writers = await this.#newWriters(scenario);
      const upTo = entries.reduce((position, { event }) => laterOf(position, event.position), ORIGIN);
      for (const [shard, writer] of writers.entries()) await writer.apply(entries.filter(({ event }) => this.#shardOf(event.shardKey) === shard), upTo);
    }
    return this.#stored(scenario);
  }

  #shardOf(shardKey: string): number {
    return this.#slots[slotOf(shardKey)] ?? 0;
  }

  async #newWriters({ store }: Scenario): Promise<readonly ShardWriter[]> {
    const writers = this.connections.map((connection) => new ShardWriter({ projection: this.projection, generations: [this.generation], connection, readStream: (...asked) => store.readStream(...asked) }));
    for (const writer of writers) await writer.claim(this.#lanes.map((lane) => ({ lane, epoch: '1' })), LOG);
    return writers;
  }

  #emptied(): readonly Statement[] {
    if (!this.table) return [];
    return [this.table.table, ...(this.table.tallies ? [this.table.tallies.table] : [])].map(({ name }) => ({ text: `DELETE FROM ${this.#schema}.${name}` }));
  }

  get #schema(): string {
    return schemaOf(this.projection.name, this.generation);
  }

  #everywhere(statements: () => readonly Statement[]): Promise<TextRow[][][]> {
    return Promise.all(this.connections.map((connection) => connection.transaction(statements())));
  }

  async #stored(scenario: Scenario): Promise<Stored<Row>> {
    const stored = await readStored(this.connections, this.projection.name, this.generation, this.table);
    return this.table ? stored : { ...stored, rows: await this.#documents(scenario) };
  }

  async #documents({ entries }: Scenario): Promise<readonly Row[]> {
    if (!isDerived(this.projection)) return [];
    const ids = [...new Set(entries.map(({ event }) => event.stream.slice(event.stream.indexOf('-') + 1)))];
    // The store of this kit gives back what was written: rows of this projection.
    return inOrder([...(await this.projection.store.load(this.generation, ids)).values()] as Row[], ({ id }) => id);
  }

  /**
   * Each row is written and read back: what Postgres prints must be what `encode` gave, and what `parse` makes of it the row itself. Hashes
   * are taken of the one when a row is written and of the other when it is verified.
   * @throws AssertionError that names the column
   */
  async checkStoredForm(rows: readonly Row[]): Promise<void> {
    const [connection] = this.connections;
    if (!this.table || !connection || rows.length === 0) return;
    const { table } = this.table;
    const printed = await connection.rows(roundTrip(table, rows)).catch((error: unknown) => tellRefused(connection, table, rows, error));
    for (const [index, values] of printed.entries()) {
      const row = rows[index];
      if (row) checkRow(table, row, values);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }
}

/** Values as text go in, as their columns' types, and come out as text, without a table. */
function roundTrip<Row>({ columns }: TableSpec<Row>, rows: readonly Row[]): Statement {
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type.split(' ')[0] ?? type}[]`);
  return { text: `SELECT * FROM unnest(${arrays.join(', ')})`, values: columns.map((column) => rows.map((row) => column.encode(row))) };
}

/** Rows between two batches need not be stored, so what becomes of such a stream would depend on where the batches are cut. */
async function tellRefused<Row extends ProjectedRow>(connection: WriterConnection, table: TableSpec<Row>, rows: readonly Row[], error: unknown): Promise<never> {
  if (!isDataFault(error)) throw error;
  for (const row of rows) {
    const refused = await connection.rows(roundTrip(table, [row])).then(() => undefined, (one: unknown) => one);
    if (refused instanceof Error) refuse(`table ${table.name}: Postgres refuses the row of revision ${row.revision} (${refused.message}). Whatever the fold makes of an event that the log may have, the table must take.`);
  }
  throw error;
}

function checkRow<Row extends ProjectedRow>(table: TableSpec<Row>, row: Row, printed: TextRow): void {
  const parsed = table.parse(printed);
  for (const [index, column] of table.columns.entries()) {
    const [written, again] = [column.encode(row), column.encode(parsed)];
    if (written === again) continue;
    refuse(`column ${column.name} (${column.type}): ${told(written)} is written, ${told(printed[index] ?? null)} comes back and is written as ${told(again)} the next time. Write the form that Postgres prints (plainAmount, plainInstant), and parse every column.`);
  }
  if (isDeepStrictEqual(parsed, row)) return;
  const fields = [...new Set([...Object.keys(row), ...Object.keys(parsed)])].filter((field) => !isDeepStrictEqual(Reflect.get(parsed, field), Reflect.get(row, field)));
  checkEqual(`table ${table.name}: ${fields.join(', ')} of a row comes back as something else than was folded. Each field of the row needs a column, and parse must undo encode.`, parsed, row);
}

const told = (value: string | null): string => (value === null ? 'NULL' : `"${value}"`);
