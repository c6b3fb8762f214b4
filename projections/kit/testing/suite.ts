import type { ProjectedRow, Projection, RowProjection } from '../projection.js';
import { checkDeclared, checkParked, withIds, type ExpectedRow, type ExpectedTally } from './compare.js';
import { checkLists } from './lists.js';
import { Proof, type ProofOptions } from './proof.js';
import type { StreamFacts } from './scenario.js';

/** Mocha, node:test and others have these; the kit knows none of them. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void> | void) => unknown;
  readonly after: (body: () => Promise<void>) => unknown;
}

export type ProjectionSuiteOptions = ProofOptions;

/** Events are given; what is the projection's view of them? Each ending proves all of it. */
export interface Given<Row extends ProjectedRow, Tally> {
  /** The stream stands still at this event, and its later ones wait. Declared before the rows. */
  parks(key: string, revision: number): Given<Row, Tally>;
  /** Exactly so many rows, in any order, with these fields. @throws AssertionError */
  then(rows: readonly ExpectedRow<Row>[]): Promise<void>;
  /** Exactly so many sums, in any order, with these fields. @throws AssertionError */
  thenTallies(tallies: readonly ExpectedTally<Tally>[]): Promise<void>;
}

export interface ProjectionCases<Row extends ProjectedRow, Tally> {
  readonly given: (...streams: readonly StreamFacts[]) => Given<Row, Tally>;
}

type AnyProjection<Row extends ProjectedRow, Tally> = Projection<Row> | RowProjection<Row, Tally>;

export type DescribeProjection = <Row extends ProjectedRow, Tally = unknown>(projection: AnyProjection<Row, Tally>, cases: (kit: ProjectionCases<Row, Tally>) => void, options?: Partial<ProjectionSuiteOptions>) => void;

/**
 * A suite for projections in the words of a test runner:
 *
 *     const describeProjection = projectionSuite({ describe, it, after }, { database });
 *     describeProjection(REJECTIONS, ({ given }) => {
 *       it('…', () => given(invoice('A', created(), failed())).then([{ id: 'A', code: 'fetch-failed' }]));
 *     });
 *
 * Of each declaration it proves that the fold is pure, that rows come back from Postgres as they were written, and that a worker comes to the same
 * rows, tallies, digests and parked streams in one batch, in any batches with repetitions, and on two shards; of all of them together that a rebuild
 * beside the live worker does, and that every row verifies. Rows that are not in tables are kept in memory, without shards and rebuild.
 */
export function projectionSuite(runner: TestRunner, options: ProjectionSuiteOptions): DescribeProjection {
  return (projection, cases, own = {}) => {
    runner.describe(`the projection ${projection.name}`, () => {
      const proof = new Proof(projection, { ...options, ...own });
      runner.after(() => proof.close());
      runner.it('handles or ignores every event type of its topics exactly once', () => checkLists(projection));
      cases({ given: (...streams) => new GivenEvents(proof, streams) });
      if ('table' in projection) runner.it('is rebuilt beside its live worker to the same rows, tallies and digests', () => proof.rebuild());
    });
  };
}

/** `await given(…)` without an ending would call `then` with functions. */
const isRows = (given: unknown): boolean => Array.isArray(given);

class GivenEvents<Row extends ProjectedRow, Tally> implements Given<Row, Tally> {
  constructor(private readonly proof: Proof<Row>, private readonly streams: readonly StreamFacts[], private readonly parked: readonly { readonly key: string; readonly revision: number }[] = []) {}

  parks(key: string, revision: number): Given<Row, Tally> {
    return new GivenEvents(this.proof, this.streams, [...this.parked, { key, revision }]);
  }

  // Given events, then rows: the word is the field's, and nobody waits for what is only given.
  // oxlint-disable-next-line unicorn/no-thenable
  then(rows: readonly ExpectedRow<Row>[]): Promise<void> {
    if (!isRows(rows)) throw new TypeError('given(…) is only half of a declaration: end it with .then([…rows]) or .thenTallies([…])');
    return this.#prove(({ expected, scenario }) => checkDeclared('rows', withIds(rows, scenario.idOf), expected.rows));
  }

  thenTallies(tallies: readonly ExpectedTally<Tally>[]): Promise<void> {
    return this.#prove(({ expected }) => checkDeclared('tallies', tallies, expected.tallies.filter((tally) => typeof tally === 'object' && tally !== null)));
  }

  async #prove(check: (folded: Awaited<ReturnType<Proof<Row>['fold']>>) => void): Promise<void> {
    const result = await this.proof.fold(this.streams);
    const { scenario, folded } = result;
    const found = [...folded.values()].flatMap(({ parked }) => (parked ? [{ ...parked, stream: scenario.nameOf(parked.stream) }] : []));
    const declared = this.parked.map(({ key, revision }) => ({ revision, stream: this.#nameOf(key) }));
    checkParked(declared, found);
    check(result);
    await this.proof.apply(result);
  }

  #nameOf(key: string): string {
    const stream = this.streams.find(({ place }) => place.key === key);
    return stream ? `${stream.category} ${key}` : key;
  }
}
