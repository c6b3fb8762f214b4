import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { migrateControl } from '#platform/control/migrations.js';
import { migrateShards } from '#platform/read-store/migrate.js';
import type { DerivedProjection, ProjectedRow, Projection, RowProjection } from '../projection.js';
import { checkSame } from './compare.js';
import { expectedOf } from './expected.js';
import { MemoryDerivedStore } from './memory-store.js';
import { foldInMemory, type FoldedLog } from './pure-fold.js';
import { deliveriesOf, inWords, randomOf, type Delivery } from './random.js';
import { rebuildBesideLive } from './rebuilt.js';
import { refuse } from './refusal.js';
import { scenarioOf, type Scenario, type StreamFacts } from './scenario.js';
import { placeKey, type Stored } from './stored.js';
import { Tables } from './tables.js';
import { checkTallyLaws } from './tally-laws.js';

export interface ProofOptions {
  /** Gives an empty database of a real Postgres each time it is asked: three are needed (two shards, one for control). */
  readonly database: () => Promise<ConnectionSettings>;
  /** Random cuts of each declared log into batches (default 3). */
  readonly splits?: number;
  /** Of the random cuts; a failure tells the one it had. Default: another one each time. */
  readonly seed?: number;
}

/** A declared log, and what the fold alone makes of it. */
export interface Folded<Row extends ProjectedRow> {
  readonly scenario: Scenario;
  readonly folded: FoldedLog<Row>;
  readonly expected: Stored<Row>;
}

interface Places<Row extends ProjectedRow> {
  readonly databases: readonly [ConnectionSettings, ConnectionSettings];
  /** Fewest shards first. */
  readonly tables: readonly Tables<Row>[];
}

const MANY = 3;

/** Proves of one projection that its rows are what its fold says, whatever a worker goes through on the way. */
export class Proof<Row extends ProjectedRow> {
  readonly seed: number;
  readonly #table: RowProjection<Row> | undefined;
  readonly #declared: StreamFacts[][] = [];
  #places: Promise<Places<Row>> | undefined;

  constructor(readonly projection: Projection<Row>, private readonly options: ProofOptions) {
    this.seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
    this.#table = isInTables(projection) ? projection : undefined;
  }

  /** @throws AssertionError for a fold that is not pure, and for tallies that do not add up */
  async fold(streams: readonly StreamFacts[]): Promise<Folded<Row>> {
    this.#declared.push([...streams]);
    return this.#folded(await scenarioOf(streams, String(this.#declared.length)));
  }

  #folded(scenario: Scenario): Folded<Row> {
    const folded = foldInMemory(this.projection, scenario);
    if (this.#table) checkTallyLaws(this.#table, [...folded.values()].flatMap(({ steps }) => steps));
    return { scenario, folded, expected: expectedOf(folded, this.#table) };
  }

  /** One batch, random batches with repetitions, two shards. @throws AssertionError that says which of them came to something else */
  async apply({ scenario, folded, expected }: Folded<Row>): Promise<void> {
    const { tables } = await this.#opened();
    const { splits = MANY } = this.options;
    // Not of the order in which cases run: alone, a case gets the same cuts.
    const random = randomOf(this.seed + scenario.entries.length);
    const guilty = new Set(expected.parked.map(placeKey));
    const once = new Set(scenario.entries.filter(({ event }) => guilty.has(placeKey(event))).map(({ event }) => event.id));
    const whole: readonly Delivery[] = [{ entries: scenario.entries, restarted: true }];
    for (const [place, shards] of tables.entries()) {
      const where = place === 0 ? '' : ' on two shards';
      if (place === 0) await shards.checkStoredForm([...folded.values()].flatMap(({ steps }) => steps));
      checkSame(`when the worker applies everything in one batch${where}`, '', expected, await shards.run(scenario, whole));
      for (let split = 0; split < (place === 0 ? splits : 1); split += 1) {
        const deliveries = deliveriesOf(scenario.entries, random, once);
        const hint = `\npositions ${inWords(deliveries)}; again with { seed: ${this.seed} }`;
        checkSame(`when the same events come in other batches, some of them again${where}`, hint, expected, await shards.run(scenario, deliveries));
      }
    }
  }

  /** All declared logs in one, rebuilt while the live worker goes on. @throws AssertionError that says which of the two came to something else */
  async rebuild(): Promise<void> {
    if (this.#declared.length === 0) refuse(`nothing was declared of ${this.projection.name}: give a case with given(…).then(…) before the rebuild`);
    const table = this.#table;
    if (!table) return;
    const { databases } = await this.#opened();
    const control = await this.options.database();
    await migrateControl(control);
    const union = await scenarioOf(this.#declared.flatMap((streams, number) => streams.map((one) => ({ ...one, place: { ...one.place, key: `${number + 1}/${one.place.key}` } }))), 'all');
    const { live, rebuilt, scenario } = await rebuildBesideLive(table, union, { control, shards: databases });
    const { expected } = this.#folded(scenario);
    checkSame('between the fold in memory and the live worker beside a rebuild', '', expected, live);
    checkSame('between the live worker and the rebuild', '', live, rebuilt);
  }

  #opened(): Promise<Places<Row>> {
    this.#places ??= this.#open();
    return this.#places;
  }

  async #open(): Promise<Places<Row>> {
    const databases = [await this.options.database(), await this.options.database()] as const;
    await migrateShards(databases);
    const table = this.#table;
    const stored = table ?? ({ ...this.projection, store: new MemoryDerivedStore<Row>() } satisfies DerivedProjection<Row>);
    // Two sets of tables on the first database: of a worker with one shard, and of one with two.
    const one = await Tables.open<Row>(stored, table, ONE_SHARD, [databases[0]]);
    return { databases, tables: table ? [one, await Tables.open<Row>(stored, table, TWO_SHARDS, databases)] : [one] };
  }

  async close(): Promise<void> {
    const places = await this.#places?.catch(() => undefined);
    await Promise.all((places?.tables ?? []).map((tables) => tables.close()));
  }
}

/** Generations, far from those that a rebuild makes. */
const ONE_SHARD = 101;
const TWO_SHARDS = 102;

const isInTables = <Row extends ProjectedRow>(projection: Projection<Row>): projection is RowProjection<Row> => 'table' in projection;
