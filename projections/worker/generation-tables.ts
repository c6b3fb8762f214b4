import type { Lane } from '#contracts/kernel/lane.js';
import type { Statement, TextRow, WriterConnection } from '#platform/read-store/connection.js';
import { Partitions } from '#platform/read-store/partitions.js';
import { DigestChanges } from '#platform/read-store/row-hash.js';
import { addStatement, dropEmptyStatement, schemaOf, selectStatement, toColumns, upsertStatement, writtenColumns, type Column } from '#platform/read-store/table.js';
import type { ProjectedRow, RowProjection } from '../kit/projection.js';
import type { GenerationTarget, RowChange, RowKey, TargetWrites } from './generation-target.js';
import { TallyDelta } from './tallies.js';

/** A row and its stored hash; null: the row is older than hashes are. */
interface StoredRow {
  readonly row: ProjectedRow;
  readonly hash: string | null;
}

/** Rows remembered per generation and shard. */
const REMEMBERED = 1_000;

/** Which rows a row replaces: those of an older revision (whatever comes twice or late changes nothing), or any (a repair). */
export type WrittenOver = 'older' | 'any';

/** The tables of one generation on one shard: load rows, and the statements that write rows and tallies. */
export class GenerationTables implements GenerationTarget {
  readonly schema: string;
  readonly #projection: RowProjection;
  readonly #connection: WriterConnection;
  readonly #partitions: Partitions;
  readonly #columns: readonly Column<ProjectedRow>[];
  readonly #selectText: string;
  readonly #upsert: string;
  /** Rows of the batch in hand as they are stored: what the digests lose when these are replaced. */
  #loaded = new Map<string, StoredRow>();
  /** Rows that this writer wrote last: an invoice's events come close together. Nobody else writes them, except edits that fence this writer. */
  readonly #known = new Map<string, StoredRow>();
  #written: readonly StoredRow[] = [];

  constructor(projection: RowProjection, readonly generation: number, connection: WriterConnection, over: WrittenOver = 'older') {
    this.#projection = projection;
    this.#connection = connection;
    this.#partitions = new Partitions(connection);
    this.schema = schemaOf(projection.name, generation);
    this.#columns = writtenColumns(projection.table);
    this.#selectText = selectStatement(this.schema, projection.table);
    this.#upsert = upsertStatement(this.schema, projection.table, over === 'older');
  }

  /** The touched rows, once: those that are not known in one query. */
  async load(keys: readonly RowKey[]): Promise<Map<string, ProjectedRow>> {
    this.#loaded = new Map();
    const unknown: RowKey[] = [];
    for (const key of keys) {
      const known = this.#known.get(key.id);
      if (known) this.#loaded.set(key.id, known);
      else if (key.isNew !== true) unknown.push(key);
    }
    for (const stored of await this.#select(unknown)) this.#loaded.set(stored.row.id, stored);
    return new Map([...this.#loaded].map(([id, { row }]) => [id, row]));
  }

  async #select(keys: readonly RowKey[]): Promise<readonly StoredRow[]> {
    if (keys.length === 0) return [];
    const months = [...new Set(keys.map(({ month }) => month))];
    const rows: TextRow[] = await this.#connection.rows({ name: `s:${this.schema}`, text: this.#selectText, values: [keys.map(({ id }) => id), months] });
    const { table } = this.#projection;
    return rows.map((values) => ({ row: table.parse(values.slice(0, table.columns.length)), hash: values[table.columns.length] ?? null }));
  }

  /** The transaction that wrote the last `writes` has committed: only now are its rows what is stored. */
  committed(): void {
    for (const stored of this.#written) {
      this.#known.delete(stored.row.id);
      this.#known.set(stored.row.id, stored);
    }
    this.#written = [];
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
  }

  async writes(changes: readonly RowChange[]): Promise<TargetWrites> {
    const changed = changes.filter(({ before, after }) => after && after !== before);
    const rows = changed.flatMap(({ after }) => (after ? [after] : []));
    await this.prepare(rows.map(({ month }) => month));
    const { statements, hashes } = this.upsert(rows);
    this.#written = rows.map((row, index) => ({ row, hash: hashes[index] ?? null }));
    const digests = this.#digestsOf(changed, hashes);
    const { tallies } = this.#projection;
    if (!tallies) return { statements, digests };
    const delta = new TallyDelta(tallies);
    for (const { before, after } of changed) delta.add(before, after);
    return { statements: [...statements, ...this.addTallies(delta.take())], digests };
  }

  #digestsOf(changed: readonly RowChange[], hashes: readonly (string | null)[]): DigestChanges<Lane> {
    const digests = new DigestChanges<Lane>();
    for (const [index, { lane, before, after }] of changed.entries()) {
      const [old, hash] = [before && this.#loaded.get(before.id)?.hash, hashes[index]];
      if (old) digests.of(lane).remove(old);
      else if (before) digests.of(lane).rows -= 1;
      if (after && hash) digests.of(lane).add(hash);
    }
    return digests;
  }

  /** Makes the partitions these rows need, outside of the transaction that writes them. */
  prepare(months: readonly string[]): Promise<void> {
    return this.#partitions.ensure(this.schema, this.#projection.table, new Set(months));
  }

  upsert(rows: readonly ProjectedRow[]): { readonly statements: readonly Statement[]; readonly hashes: readonly (string | null)[] } {
    if (rows.length === 0) return { statements: [], hashes: [] };
    const values = toColumns(this.#columns, rows);
    return { statements: [{ name: `u:${this.schema}`, text: this.#upsert, values }], hashes: values[this.#projection.table.columns.length] ?? [] };
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
