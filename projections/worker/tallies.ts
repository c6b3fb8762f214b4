import { rowLine, type Column } from '#platform/read-store/table.js';
import type { ProjectedRow, Tallies } from '../kit/projection.js';

/** How many columns of a table, from the first on, name a group of tallies. All of them are of the key. */
function sharedColumns<Tally>({ table: { key, columns }, sharedKeyColumns = key.length }: Pick<Tallies<never, Tally>, 'table' | 'sharedKeyColumns'>): number {
  const firstOther = columns.findIndex(({ name }) => !key.includes(name));
  return Math.min(sharedKeyColumns, firstOther < 0 ? columns.length : firstOther);
}

/** What the tallies of a batch change by: contributions of the new rows minus those of the old, summed by key, in key order. */
export class TallyDelta<Tally> {
  readonly #tallies: Tallies<ProjectedRow, Tally>;
  readonly #shared: readonly Column<Tally>[];
  /** What is left of the key. */
  readonly #own: readonly Column<Tally>[];
  /** The columns that a group has in common, as COPY's text; and the others. */
  readonly #beginningOf: (tally: Tally) => string;
  readonly #restOf: (tally: Tally) => string;
  /** Each in the order of its own columns. */
  #groups = new Map<string, Tally[]>();
  /** Where the last one went, and what its shared columns were: the next one mostly goes there too. */
  #group: Tally[] | undefined;
  readonly #values: (string | null)[] = [];
  #size = 0;

  constructor(tallies: Tallies<ProjectedRow, Tally>) {
    const { key, columns } = tallies.table;
    const shared = sharedColumns(tallies);
    this.#tallies = tallies;
    this.#shared = columns.slice(0, shared);
    this.#own = columns.slice(shared).filter(({ name }) => key.includes(name));
    this.#beginningOf = rowLine(this.#shared);
    this.#restOf = rowLine(columns.slice(shared));
  }

  add(before: ProjectedRow | undefined, after: ProjectedRow | undefined): void {
    if (before) for (const tally of this.#tallies.contributions(before)) this.put(this.#tallies.negate(tally));
    if (after) for (const tally of this.#tallies.contributions(after)) this.put(tally);
  }

  /** One more of its key, from wherever it comes. */
  put(tally: Tally): void {
    const group = this.#groupOf(tally);
    let first = 0;
    for (let end = group.length; first < end;) {
      const middle = (first + end) >> 1;
      const known = group[middle] as Tally;
      const order = this.#compare(known, tally);
      if (order === 0) return void (group[middle] = this.#tallies.add(known, tally));
      if (order < 0) first = middle + 1;
      else end = middle;
    }
    if (first === group.length) group.push(tally);
    else group.splice(first, 0, tally);
    this.#size += 1;
  }

  #groupOf(tally: Tally): Tally[] {
    if (this.#isBesideLast(tally) && this.#group) return this.#group;
    const beginning = this.#beginningOf(tally);
    const known = this.#groups.get(beginning);
    this.#group = known ?? [];
    if (!known) this.#groups.set(beginning, this.#group);
    return this.#group;
  }

  /** Whether it has the shared columns of the one before; for the next, it is the one before. */
  #isBesideLast(tally: Tally): boolean {
    let isBeside = true;
    let place = 0;
    for (const column of this.#shared) {
      const value = column.encode(tally);
      if (value !== this.#values[place]) {
        this.#values[place] = value;
        isBeside = false;
      }
      place += 1;
    }
    return isBeside;
  }

  /** Of two of a group. */
  #compare(left: Tally, right: Tally): number {
    for (const column of this.#own) {
      const a = column.encode(left) ?? '';
      const b = column.encode(right) ?? '';
      if (a !== b) return a < b ? -1 : 1;
    }
    return 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Sorted, so that two workers lock the same tallies in the same order. */
  take(): Tally[] {
    return [...this.#taken()].flatMap(([, tallies]) => tallies);
  }

  /** As `take`, as lines of COPY. */
  *takeLines(): Iterable<string> {
    const tab = this.#shared.length === 0 ? '' : '\t';
    for (const [beginning, tallies] of this.#taken()) for (const tally of tallies) yield `${beginning}${tab}${this.#restOf(tally)}\n`;
  }

  /** Groups with what names them. */
  *#taken(): Iterable<readonly [beginning: string, tallies: readonly Tally[]]> {
    const groups = this.#groups;
    this.#groups = new Map();
    this.#group = undefined;
    this.#size = 0;
    for (const beginning of [...groups.keys()].sort()) yield [beginning, (groups.get(beginning) ?? []).filter((tally) => !this.#tallies.isEmpty(tally))];
  }
}
