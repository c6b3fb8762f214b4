import type { DerivedStore, ProjectedRow } from '../kit/projection.js';
import type { GenerationTarget, RowChange, TargetWrites } from './generation-target.js';

/** Rows remembered per generation: an invoice's events come close together, and what is remembered need not be asked for. */
const REMEMBERED = 5_000;

/** One generation in a derived store. */
export class GenerationDocuments implements GenerationTarget {
  readonly #known = new Map<string, ProjectedRow>();

  constructor(private readonly store: DerivedStore, private readonly generation: number) {}

  async prepare(): Promise<void> {
    // An index has no partitions.
  }

  async load(keys: readonly { readonly id: string }[]): Promise<ReadonlyMap<string, ProjectedRow>> {
    const rows = new Map<string, ProjectedRow>();
    const unknown: string[] = [];
    for (const { id } of keys) {
      const row = this.#known.get(id);
      if (row) rows.set(id, row);
      else unknown.push(id);
    }
    if (unknown.length > 0) for (const [id, row] of await this.store.load(this.generation, unknown)) rows.set(id, row);
    return rows;
  }

  async writes(changes: readonly RowChange[]): Promise<TargetWrites> {
    const rows = changes.flatMap(({ before, after }) => (after && after !== before ? [after] : []));
    if (rows.length > 0) await this.store.write(this.generation, rows);
    for (const row of rows) this.#remember(row);
    return { statements: [] };
  }

  /** The oldest goes first. */
  #remember(row: ProjectedRow): void {
    this.#known.delete(row.id);
    this.#known.set(row.id, row);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
