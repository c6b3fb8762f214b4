import { toStreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import type { ComparisonReport, RowDifference } from '#contracts/queries.js';
import { pause } from '#platform/wake.js';
import { folderOf } from '../../kit/fold.js';
import type { DerivedProjection, ScannedRow } from '../../kit/projection.js';
import { idOfStream } from '../batch.js';
import type { WorkerContext } from '../context.js';
import { collected } from '../at-once.js';
import { Buckets } from './buckets.js';
import { parkedApart } from './compare.js';
import { SHOWN_ROWS, type Differences } from './differences.js';
import { contentOf, nounOf, scannedDifferences } from './field-differences.js';
import { standOf, standsOf, type Stands } from './stands.js';

/** Rows that are looked at together. */
const CHUNK = 250;
const LOOK_MS = 20;
/** Looks after which it is asked whether the log has come to where a row says that it is. */
const PATIENT_LOOKS = 50;

/** Two generations of a derived projection. */
export interface Sides {
  readonly context: WorkerContext;
  readonly projection: DerivedProjection;
  readonly live: number;
  readonly next: number;
  /** One worker keeps both at the same positions; otherwise each stands, or goes on, for itself. */
  readonly together: boolean;
  /** Of streams that are left out. */
  readonly leftOut: readonly string[];
  readonly signal: AbortSignal;
}

interface Pair {
  readonly id: string;
  readonly live: ScannedRow | undefined;
  readonly next: ScannedRow | undefined;
}

export interface DocumentDifferences extends Differences {
  readonly compared: number;
}

/**
 * Compares two generations by a scan of both: ids and rows, hashed anew. Rows are written outside of any transaction, so the two scans may see a row
 * at different revisions: what differs is only a suspect, and is looked at in both until it agrees, or differs while both stand still.
 */
export async function compareDocuments(sides: Sides): Promise<DocumentDifferences> {
  const { projection: { store }, live, next, signal, leftOut } = sides;
  const out = new Set(leftOut);
  const bucketsOf = async (generation: number): Promise<Buckets> => {
    const buckets = new Buckets();
    for await (const page of store.scan(generation)) {
      signal.throwIfAborted();
      for (const scanned of page) if (!out.has(scanned.id)) buckets.add(scanned.id, contentOf(scanned));
    }
    return buckets;
  };
  const [left, right] = [await bucketsOf(live), await bucketsOf(next)];
  const differs = left.differing(right);
  if (!differs) return { compared: right.rows, rows: 0, shown: [] };
  const isSuspect = (id: string): boolean => differs(id) && !out.has(id);
  const found = new DocumentComparison(sides);
  for await (const page of store.scan(live)) await found.look(page.map(({ id }) => id).filter(isSuspect));
  // What is in the live generation was counted there.
  for await (const page of store.scan(next)) await found.look(page.map(({ id }) => id).filter(isSuspect), ({ live: there }) => there === undefined);
  return { compared: right.rows, ...found.found };
}

/** As `compareGenerations`, for a derived projection: what is in quarantine on one side is listed apart, and its rows are left out. */
export async function compareDerived(context: WorkerContext, projection: DerivedProjection, live: number, next: number, signal: AbortSignal): Promise<ComparisonReport> {
  // Checkpoints and parked streams of derived projections are kept on the first shard.
  const parked = (await Promise.all(context.shards.pools.slice(0, 1).map((pool) => parkedApart(pool, projection.name, live, next)))).flat();
  const leftOut = parked.map(({ stream }) => idOfStream(stream));
  const { compared, rows, shown } = await compareDocuments({ context, projection, live, next, together: true, leftOut, signal });
  return { compared, differing: rows, shown, parked };
}

/** Looks at single rows of two generations. */
class DocumentComparison {
  readonly #sides: Sides;
  readonly #noun: string;
  readonly #shown: RowDifference[] = [];
  #rows = 0;

  constructor(sides: Sides) {
    this.#sides = sides;
    this.#noun = nounOf(sides.projection.store);
  }

  get found(): Differences {
    return { rows: this.#rows, shown: this.#shown };
  }

  async look(ids: readonly string[], counts: (pair: Pair) => boolean = () => true): Promise<void> {
    for (let from = 0; from < ids.length; from += CHUNK) {
      for (const pair of await this.#different(ids.slice(from, from + CHUNK))) if (counts(pair)) this.#note(pair);
    }
  }

  #note({ id, live, next }: Pair): void {
    this.#rows += 1;
    if (this.#rows <= SHOWN_ROWS) this.#shown.push(...scannedDifferences(this.#noun, id, live, next));
  }

  /** Those that differ and stand still. The lanes are read before the rows: what they have passed by then has been written on both sides. */
  async #different(ids: readonly string[]): Promise<readonly Pair[]> {
    const { live, next, signal } = this.#sides;
    const settled: Pair[] = [];
    let open = ids;
    for (let looks = 0; open.length > 0; looks += 1) {
      signal.throwIfAborted();
      const stands = { live: await this.#stands(live), next: await this.#stands(next) };
      const [left, right] = [await this.#rowsOf(live, open), await this.#rowsOf(next, open)];
      const pairs = open.map((id): Pair => ({ id, live: left.get(id), next: right.get(id) })).filter((pair) => !agree(pair));
      const isBeyond = looks < PATIENT_LOOKS ? (): boolean => false : await this.#beyondTheLog();
      const still = pairs.filter((pair) => this.#standsStill(pair, stands) || isBeyond(pair));
      settled.push(...still);
      const over = new Set(still.map(({ id }) => id));
      open = pairs.filter(({ id }) => !over.has(id)).map(({ id }) => id);
      if (open.length > 0) await pause(LOOK_MS, signal);
    }
    return settled;
  }

  #stands(generation: number): Promise<Stands> {
    const { context, projection } = this.#sides;
    return standsOf(context.shards.pools.slice(0, 1), projection.name, generation);
  }

  async #rowsOf(generation: number, ids: readonly string[]): Promise<ReadonlyMap<string, ScannedRow>> {
    return new Map((await collected(this.#sides.projection.store.scan(generation, ids))).map((scanned) => [scanned.id, scanned]));
  }

  #standsStill({ id, live, next }: Pair, stands: { readonly live: Stands; readonly next: Stands }): boolean {
    // No event can make two rows of one revision equal.
    if (live?.row && next?.row && live.row.revision === next.row.revision) return true;
    const { projection, together } = this.#sides;
    const place = { type: projection.handles[0] ?? '', stream: toStreamId(folderOf(projection).streamsOf(id)[0] ?? '') };
    const [left, right] = [standOf(stands.live, place), standOf(stands.next, place)];
    if (together && left !== right) return false;
    return !isAfter(live?.row?.position ?? ORIGIN, left) && !isAfter(next?.row?.position ?? ORIGIN, right);
  }

  /** A row that somebody wrote by hand may name a position that nobody will ever reach. */
  async #beyondTheLog(): Promise<(pair: Pair) => boolean> {
    const { context, projection } = this.#sides;
    const { head } = await context.feed.status(projection.topics);
    return ({ live, next }) => [live, next].some((side) => side?.row !== undefined && isAfter(side.row.position, head));
  }
}

const agree = ({ live, next }: Pair): boolean => (live && contentOf(live)) === (next && contentOf(next));
