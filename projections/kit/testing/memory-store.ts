import type { DerivedStore, ProjectedRow, ScannedRow } from '../projection.js';

/**
 * A store elsewhere, in memory, as strict as an index with revisions: an older row never replaces a newer one, rows go in and come out as copies.
 * For projections whose rows live in an index or a cache.
 */
export class MemoryDerivedStore<Row extends ProjectedRow> implements DerivedStore<Row> {
  readonly #generations = new Map<number, Map<string, Row>>();

  async create(generation: number): Promise<void> {
    this.#generations.set(generation, new Map());
  }

  async drop(generation: number): Promise<void> {
    this.#generations.delete(generation);
  }

  async load(generation: number, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const rows = this.#rowsOf(generation);
    return new Map(ids.flatMap((id) => {
      const row = rows.get(id);
      return row ? [[id, structuredClone(row)] as const] : [];
    }));
  }

  async write(generation: number, rows: readonly Row[]): Promise<void> {
    const stored = this.#rowsOf(generation);
    for (const row of rows) {
      const known = stored.get(row.id);
      if (!known || known.revision <= row.revision) stored.set(row.id, structuredClone(row));
    }
  }

  async *scan(generation: number, ids?: readonly string[]): AsyncIterable<readonly ScannedRow<Row>[]> {
    const rows = [...this.#rowsOf(generation).values()].filter(({ id }) => ids?.includes(id) ?? true);
    if (rows.length > 0) yield rows.map((row) => ({ id: row.id, row: structuredClone(row), hash: undefined, wrong: [] }));
  }

  #rowsOf(generation: number): Map<string, Row> {
    const rows = this.#generations.get(generation);
    if (!rows) throw new Error(`generation ${generation} was not made`);
    return rows;
  }
}
