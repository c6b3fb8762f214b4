import type { Tallies } from '../kit/projection.js';
import type { ProjectedRow } from '../kit/projection.js';

/** What the tallies of a batch change by: contributions of the new rows minus those of the old, summed by key, in key order. */
export class TallyDelta<Tally> {
  readonly #sums = new Map<string, Tally>();
  readonly #tallies: Tallies<ProjectedRow, Tally>;

  constructor(tallies: Tallies<ProjectedRow, Tally>) {
    this.#tallies = tallies;
  }

  add(before: ProjectedRow | undefined, after: ProjectedRow | undefined): void {
    if (before) for (const tally of this.#tallies.contributions(before)) this.#put(this.#tallies.negate(tally));
    if (after) for (const tally of this.#tallies.contributions(after)) this.#put(tally);
  }

  #put(tally: Tally): void {
    const key = this.#tallies.keyOf(tally);
    const known = this.#sums.get(key);
    this.#sums.set(key, known === undefined ? tally : this.#tallies.add(known, tally));
  }

  get size(): number {
    return this.#sums.size;
  }

  /** Sorted, so that two workers lock the same tallies in the same order. */
  take(): Tally[] {
    const taken: Tally[] = [];
    for (const key of [...this.#sums.keys()].sort()) {
      const tally = this.#sums.get(key);
      if (tally !== undefined && !this.#tallies.isEmpty(tally)) taken.push(tally);
    }
    this.#sums.clear();
    return taken;
  }
}
