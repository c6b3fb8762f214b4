import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { isDataFault, WriterConnection } from '#platform/read-store/connection.js';
import { Partitions } from '#platform/read-store/partitions.js';
import { copyLines, schemaOf, writtenColumns, type Column } from '#platform/read-store/table.js';
import type { ProjectedRow, RowProjection } from '../../kit/projection.js';
import { GenerationTables } from '../generation-tables.js';
import { TallyDelta } from '../tallies.js';
import type { Pending } from './window.js';

/** Characters of one COPY; a chunk is one transaction and is kept until it is written. */
const CHUNK_CHARACTERS = 2_000_000;
/** Tallies summed up in memory before they are added to the table. */
const MAX_TALLIES = 20_000;

/** Writes finished rows of one generation into the unindexed tables of one shard. */
export class RowCopier {
  readonly #projection: RowProjection;
  readonly #columns: readonly Column<ProjectedRow>[];
  readonly #line: (row: ProjectedRow) => string;
  readonly #schema: string;
  readonly #client: pg.Client;
  readonly #writer: WriterConnection;
  readonly #partitions: Partitions;
  readonly #tables: GenerationTables;
  readonly #tallies: TallyDelta<unknown> | undefined;
  /** Streams whose row the table refused. */
  readonly refused: { readonly pending: Pending; readonly error: unknown }[] = [];

  constructor(projection: RowProjection, generation: number, settings: ConnectionSettings) {
    this.#projection = projection;
    this.#columns = writtenColumns(projection.table);
    this.#line = copyLines(this.#columns);
    this.#schema = schemaOf(projection.name, generation);
    this.#client = new pg.Client({ ...settings, application_name: 'folio-rebuild', options: '-c synchronous_commit=off -c jit=off' });
    this.#client.on('error', () => undefined);
    this.#writer = new WriterConnection(settings, 'folio-rebuild');
    this.#partitions = new Partitions(this.#writer);
    this.#tables = new GenerationTables(projection, generation, this.#writer);
    this.#tallies = projection.tallies && new TallyDelta(projection.tallies);
  }

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  async write(rows: readonly Pending[]): Promise<void> {
    await this.#partitions.ensure(this.#schema, this.#projection.table, new Set(rows.map(({ row }) => row.month)));
    let start = 0;
    let text = '';
    for (const [index, { row }] of rows.entries()) {
      text += this.#line(row);
      if (text.length < CHUNK_CHARACTERS && index < rows.length - 1) continue;
      await this.#writeChunk(rows.slice(start, index + 1), text);
      start = index + 1;
      text = '';
    }
    if (this.#tallies && this.#tallies.size > MAX_TALLIES) await this.#writeTallies();
  }

  async #writeChunk(rows: readonly Pending[], text: string): Promise<void> {
    try {
      await this.#copy(text);
      for (const { row } of rows) this.#tallies?.add(undefined, row);
    } catch (error) {
      const [only] = rows;
      if (!isDataFault(error) || !only) throw error;
      if (rows.length === 1) return void this.refused.push({ pending: only, error });
      const half = rows.length >> 1;
      for (const part of [rows.slice(0, half), rows.slice(half)]) await this.#writeChunk(part, part.map(({ row }) => this.#line(row)).join(''));
    }
  }

  async #copy(text: string): Promise<void> {
    const stream = this.#client.query(copyFrom(`COPY ${this.#schema}.${this.#projection.table.name} (${this.#columns.map(({ name }) => name).join(', ')}) FROM STDIN`));
    stream.end(Buffer.from(text));
    await once(stream, 'finish');
  }

  async #writeTallies(): Promise<void> {
    const statements = this.#tables.addTallies(this.#tallies?.take() ?? []);
    if (statements.length > 0) await this.#writer.transaction(statements);
  }

  async finish(): Promise<void> {
    await this.#writeTallies();
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
    await this.#writer.close();
  }
}
