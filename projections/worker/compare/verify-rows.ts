import type pg from 'pg';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { RowDifference } from '#contracts/queries.js';
import { HASH_COLUMN, hashNumber, hashOf } from '#platform/read-store/row-hash.js';
import { rowLine, schemaOf, toColumns, type TableSpec } from '#platform/read-store/table.js';
import { folderOf, foldStream, type Folder } from '../../kit/fold.js';
import type { ProjectedRow, RowProjection } from '../../kit/projection.js';
import type { WorkerContext } from '../context.js';
import { readSkips } from '../skips.js';
import { differencesOf, SHOWN_ROWS, type Differences } from './differences.js';

/** Rows of one page. */
const PAGE = 1_000;
/** Rows looked at between two breaths. */
const BREATH_ROWS = 32;

type Values = (string | null)[];

/** Looks at stored rows: whether each still has the hash that it was written with, and what is derived from it. */
export class RowVerifier {
  readonly #spec: TableSpec<ProjectedRow>;
  readonly #line: (row: ProjectedRow) => string;
  readonly #table: string;
  #folder: Promise<Folder<ProjectedRow>> | undefined;
  readonly #columns: string;
  rows = 0;
  #damaged = 0;
  readonly #shown: RowDifference[] = [];

  /** @param breathe is called now and then while rows are looked at; whatever it gives is waited for */
  constructor(private readonly context: Pick<WorkerContext, 'readStream'>, private readonly projection: RowProjection, generation: number, private readonly breathe: () => Promise<void> | undefined = () => undefined) {
    this.#spec = projection.table;
    this.#line = rowLine(projection.table.columns);
    this.#table = `${schemaOf(projection.name, generation)}.${projection.table.name}`;
    this.#columns = [...projection.table.columns.map(({ name }) => name), HASH_COLUMN].join(', ');
  }

  get found(): Differences {
    return { rows: this.#damaged, shown: this.#shown };
  }

  /** Every row of a shard, page by page in the order of its key. */
  async all(pool: pg.Pool): Promise<void> {
    const { key, columns } = this.#spec;
    const places = key.map((name) => columns.findIndex((column) => column.name === name));
    for (let after: readonly (string | null)[] | undefined; ;) {
      const where = after === undefined ? '' : `WHERE (${key.join(', ')}) > (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
      const page = await this.#page(pool, `${where} ORDER BY ${key.join(', ')} LIMIT ${PAGE}`, after ?? []);
      if (page.length < PAGE) return;
      after = places.map((place) => page.at(-1)?.[place] ?? null);
    }
  }

  /** A share of a shard's rows (0 to 1), by whole blocks of the table. */
  async sample(pool: pg.Pool, share: number): Promise<void> {
    await this.#page(pool, `TABLESAMPLE SYSTEM (${(100 * Math.min(1, share)).toFixed(4)}) LIMIT ${50 * PAGE}`, []);
  }

  /** Rows with these ids. */
  async some(pool: pg.Pool, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#page(pool, 'WHERE id = ANY($1::uuid[])', [ids]);
  }

  async #page(pool: pg.Pool, rest: string, values: readonly unknown[]): Promise<readonly Values[]> {
    const { rows } = await pool.query<Values>({ text: `SELECT ${this.#columns} FROM ${this.#table} ${rest}`, values: [...values], rowMode: 'array' });
    for (let start = 0; start < rows.length; start += PAGE) await this.#look(pool, rows.slice(start, start + PAGE));
    this.rows += rows.length;
    return rows;
  }

  async #look(pool: pg.Pool, rows: readonly Values[]): Promise<void> {
    const stored: { readonly columns: Values; readonly row: ProjectedRow; readonly isWhole: boolean }[] = [];
    for (const [index, columns] of rows.entries()) {
      const rest = index % BREATH_ROWS === 0 ? this.breathe() : undefined;
      if (rest) await rest;
      const row = this.#spec.parse(columns.slice(0, this.#spec.columns.length));
      const hash = columns[this.#spec.columns.length] ?? null;
      stored.push({ columns, row, isWhole: hash === null || hashNumber(hash) === hashNumber(hashOf(this.#line(row))) });
    }
    const wronglyDerived = await this.#wronglyDerived(pool, stored.map(({ row }) => row));
    for (const { columns, row, isWhole } of stored) if (!isWhole || wronglyDerived.has(row.id)) await this.#note(row, columns);
  }

  /** Ids of rows beside which something else is stored than what follows from them; a row that was written meanwhile is left out. */
  async #wronglyDerived(pool: pg.Pool, rows: readonly ProjectedRow[]): Promise<ReadonlySet<string>> {
    const { derived } = this.#spec;
    if (derived.length === 0 || rows.length === 0) return new Set();
    const names = derived.map(({ name }) => name);
    const arrays = derived.map(({ type }, index) => `$${index + 4}::${type}[]`);
    const text = `SELECT stored.id FROM ${this.#table} AS stored JOIN unnest($1::uuid[], $2::text[], $3::bigint[], ${arrays.join(', ')}) AS wanted(id, month, revision, ${names.join(', ')}) USING (id, month, revision)
      WHERE ${names.map((name) => `stored.${name} IS DISTINCT FROM wanted.${name}`).join(' OR ')}`;
    const values = [rows.map(({ id }) => id), rows.map(({ month }) => month), rows.map(({ revision }) => revision), ...toColumns(derived, rows)];
    const found = await pool.query<Values>({ text, values, rowMode: 'array' });
    return new Set(found.rows.flatMap(([id]) => (typeof id === 'string' ? [id] : [])));
  }

  async #note(row: ProjectedRow, columns: Values): Promise<void> {
    this.#damaged += 1;
    if (this.#damaged > SHOWN_ROWS) return;
    const folded = await this.#foldedAgain(row);
    const wanted = folded && this.#spec.columns.map((column) => column.encode(folded));
    const stored = this.#spec.columns.map((column) => column.encode(row));
    const differences = wanted ? differencesOf(this.#spec as never, stored, wanted) : [];
    if (differences.length > 0) this.#shown.push(...differences);
    else this.#shown.push({ table: this.#spec.name, key: this.#spec.key.map((name) => columns[this.#spec.columns.findIndex((column) => column.name === name)]).join(' '), column: HASH_COLUMN, live: columns[this.#spec.columns.length] ?? null, next: hashOf(this.#line(row)) });
  }

  /** The row as its stream has it, up to the revision that is stored; undefined where that cannot be said. */
  async #foldedAgain(row: ProjectedRow): Promise<ProjectedRow | undefined> {
    try {
      const folder = await (this.#folder ??= readSkips(this.context.readStream, this.projection).then((skipped) => folderOf<ProjectedRow>(this.projection, skipped)));
      for (const stream of folder.streamsOf(row.id)) {
        const events = (await this.context.readStream(stream as StreamId)).filter(({ revision }) => revision <= row.revision);
        if (events.length > 0) return foldStream(folder, events);
      }
    } catch {
      // A stream that cannot be folded has no row to compare with; that this one was changed is told all the same.
    }
    return undefined;
  }
}
