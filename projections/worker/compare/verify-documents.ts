import type { RowDifference } from '#contracts/queries.js';
import type { DerivedStore, ProjectedRow, Projection, ScannedRow } from '../../kit/projection.js';
import { rowHashOf } from '../../kit/row-hash.js';
import type { WorkerContext } from '../context.js';
import { collected, eachAtOnce } from '../at-once.js';
import { Buckets } from './buckets.js';
import { SHOWN_ROWS, type Differences } from './differences.js';
import { fieldDifferences, hashDifference, isWhole, nounOf, wrongBeside } from './field-differences.js';
import { FoldAgain } from './fold-again.js';

/** A projection whose rows can be looked at in the store that has them. */
export interface Scannable extends Projection<ProjectedRow> {
  readonly store: Pick<DerivedStore, 'scan' | 'beginsAtHead'>;
}

/** Streams that are read at a time. */
const STREAMS_AT_ONCE = 16;
/** Ids of damaged rows that are remembered, so that a cache that gives one twice does not count it twice. */
const REMEMBERED = 100_000;

/**
 * Looks at rows where no transaction holds them: whether each still has the hash it was written with, or, where none is kept, is what its stream
 * gives up to the revision that it has. What looks damaged is looked at again before it counts: an event may just have replaced it.
 */
export class DocumentVerifier {
  readonly noun: string;
  readonly folds: FoldAgain;
  /** Of the ids that were seen. */
  readonly seen = new Buckets();
  readonly #noted = new Set<string>();
  readonly #shown: RowDifference[] = [];
  #damaged = 0;

  constructor(context: Pick<WorkerContext, 'readStream'>, private readonly projection: Scannable, private readonly generation: number) {
    this.noun = nounOf(projection.store);
    this.folds = new FoldAgain(context.readStream, projection);
  }

  get found(): Differences {
    return { rows: this.#damaged, shown: this.#shown };
  }

  /** Every row that is there. */
  async all(signal: AbortSignal): Promise<void> {
    for await (const page of this.projection.store.scan(this.generation)) {
      signal.throwIfAborted();
      for (const { id } of page) this.seen.add(id);
      const suspects = page.filter((scanned) => scanned.hash === undefined || !this.#isAsWritten(scanned));
      await eachAtOnce(suspects, STREAMS_AT_ONCE, (scanned) => this.#look(scanned));
    }
  }

  /** One more row that is not what it should be. */
  note(id: string, differences: readonly RowDifference[]): void {
    if (this.#noted.has(id)) return;
    if (this.#noted.size < REMEMBERED) this.#noted.add(id);
    this.#damaged += 1;
    if (this.#damaged <= SHOWN_ROWS) this.#shown.push(...differences);
  }

  #isAsWritten(scanned: ScannedRow): boolean {
    return isWhole(scanned) && scanned.row?.id === scanned.id;
  }

  async #look(scanned: ScannedRow): Promise<void> {
    if ((await this.#wrongIn(scanned)).length === 0) return;
    this.folds.readSkipsAgain();
    for (const now of await collected(this.projection.store.scan(this.generation, [scanned.id]))) {
      const wrong = await this.#wrongIn(now);
      if (wrong.length > 0) this.note(now.id, wrong);
    }
  }

  /** In what the row differs from its stream, up to the revision that it has: events that come meanwhile change nothing of the answer. */
  async #wrongIn(scanned: ScannedRow): Promise<readonly RowDifference[]> {
    const { id, row, hash } = scanned;
    if (hash !== undefined && this.#isAsWritten(scanned)) return [];
    const folded = await this.folds.fold(id, ({ revision }) => row === undefined || revision <= row.revision);
    if (!row) return [{ table: this.noun, key: id, column: this.noun, live: 'not one of Folio', next: folded.row ? id : null }];
    const beside = wrongBeside(this.noun, scanned);
    const wrongHash = hash !== undefined && hash !== rowHashOf(row) ? [hashDifference(this.noun, id, hash, rowHashOf(row))] : [];
    if (folded.cannotFold) return [...wrongHash, ...beside];
    const wrong = [...fieldDifferences(this.noun, id, row, folded.row), ...beside];
    return wrong.length > 0 ? wrong : wrongHash;
  }
}
