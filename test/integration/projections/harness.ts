import pg from 'pg';
import { slotOf, SLOTS } from '#contracts/routing.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { ORIGIN, toRevision } from '#contracts/kernel/position.js';
import type { InvoiceEvent, InvoiceFact } from '#contracts/events/invoice.js';
import type { UserFact } from '#contracts/events/auth.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { MemoryCache } from '#platform/cache/memory.js';
import type { Cache } from '#platform/cache/port.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Feed } from '#platform/feed/port.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { schemaOf } from '#platform/read-store/table.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import type { RowProjection, StoredProjection } from '../../../projections/kit/projection.js';
import { migrateControl, startProjections, type EventSkip, type GenerationSwitch, type LogModule, type ProjectionsHandle, type WorkerHooks } from '../../../projections/role.js';
import { freshDatabase, freshShard } from '../../support/postgres.js';
import { toNew, type Routed } from '../../unit/projections/events.js';

export interface StartOptions {
  readonly owner?: string;
  readonly hooks?: WorkerHooks;
  readonly projections?: readonly StoredProjection[];
  /** Those that can be asked about (default: the same). */
  readonly known?: readonly StoredProjection[];
  readonly cache?: boolean;
  /** The process's cache, where it is one of the test's own. */
  readonly ownCache?: Cache<InvoiceSummary>;
  readonly checkLogMs?: number;
  readonly silentMs?: number;
  readonly stalledSeconds?: number;
  readonly feed?: Feed;
  readonly reader?: string;
  readonly recordSkip?: (skip: EventSkip) => Promise<void>;
  /** Shards that this process knows, in order (default: all). */
  readonly reaches?: readonly ConnectionSettings[];
  /** Takes in what other shards the harness has, as an instance does that has a cluster of its own. */
  readonly grows?: boolean;
  /** Readers of the process. */
  readonly traffic?: { isBusy(): boolean };
  /** Where threads of rebuilds open the log. */
  readonly rebuildLog?: LogModule;
}

/** One log in memory, one control database, N shards; workers are started on it, as processes would be. */
export class Harness {
  readonly store = new MemoryEventStore();
  readonly switches: GenerationSwitch[] = [];
  readonly cache = new MemoryCache<InvoiceSummary>({ maxBytes: 10_000_000, sizeOf: () => 1_000 });
  readonly hub = new ProgressHub();
  readonly #cleanups: (() => Promise<void>)[] = [];
  rebuildStore: EventStore = this.store;
  /** What live workers read, when it is not the log itself. */
  liveStore: EventStore | undefined;

  private constructor(readonly controlSettings: ConnectionSettings, readonly shardSettings: readonly ConnectionSettings[], readonly used: number) {}

  /** @param used shards that the first generations are laid out on; the others are there for a re-shard */
  static async open(shards = 1, used = shards): Promise<Harness> {
    const control = await freshDatabase();
    const settings: ConnectionSettings[] = [];
    for (let shard = 0; shard < shards; shard += 1) settings.push(await freshShard());
    await migrateControl(control);
    return new Harness(control, settings, used);
  }

  async start({ owner = 'worker', hooks = {}, projections, known, cache = false, ownCache = cache ? this.cache : undefined, checkLogMs, silentMs, stalledSeconds, feed, recordSkip, reader, reaches = this.shardSettings, grows = false, traffic, rebuildLog }: StartOptions = {}): Promise<ProjectionsHandle & { readonly pointer: Pointer; readonly hub: ProgressHub }> {
    const control = new ControlDatabase(this.controlSettings);
    const pointer = new Pointer(control, 'read-models');
    const shards = new Shards({ shards: reaches, slots: evenSlots(SLOTS, Math.min(this.used, reaches.length)), slotOf, readers: 3 });
    const growShards = async (count: number): Promise<void> => shards.add(this.shardSettings.slice(shards.count, count));
    const hub = new ProgressHub();
    const handle = await startProjections({
      eventStore: this.liveStore ?? this.store, rebuildStore: this.rebuildStore, shards, control, pointer, progress: hub, owner, hooks, ...(projections && { projections }), ...(known && { known }), ...(ownCache && { cache: ownCache }), ...(checkLogMs !== undefined && { checkLogMs }), ...(silentMs !== undefined && { silentMs }), ...(stalledSeconds !== undefined && { stalledSeconds }), ...(feed && { feed }), ...(recordSkip && { recordSkip }), ...(reader !== undefined && { reader }), ...(grows && { growShards }), ...(traffic && { traffic }), ...(rebuildLog && { rebuildLog }),
      logger: { info: () => undefined, warn: () => undefined }, recordSwitch: async (change) => void this.switches.push(change),
    });
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= handle.stop().then(() => shards.close()).then(() => control.close()));
    this.#cleanups.push(stop);
    return { ...handle, pointer, hub, stop };
  }

  async append(stream: StreamId, facts: readonly (InvoiceFact | UserFact | { type: string; data: unknown })[], routed: Routed = {}): Promise<void> {
    const from = (await this.store.readStream(stream)).length;
    const events = facts.map((fact, index) => toNew(stream, from + index, fact, routed));
    const result = await this.store.append(stream, from === 0 ? 'none' : toRevision(from - 1), events);
    if (result.outcome !== 'appended') throw new Error('the test appended at the wrong revision');
  }

  /** Rows of a table over all shards, parsed, in id order. */
  async rows<Row>(projection: string, generation: number, table: RowProjection['table'] | { name: string; columns: readonly { name: string }[]; parse(values: readonly (string | null)[]): Row }): Promise<Row[]> {
    const names = table.columns.map(({ name }) => `${name}::text`).join(', ');
    const schema = schemaOf(projection, generation);
    const values: string[][] = [];
    for (const shard of await this.shardsOf(schema)) values.push(...(await this.sqlOn<string[]>(shard, `SELECT ${names} FROM ${schema}.${table.name}`, true)));
    return values.map((row) => table.parse(row) as Row).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }

  async sql<Row>(text: string, array = false): Promise<Row[]> {
    const rows: Row[] = [];
    for (const shard of this.shardSettings.keys()) rows.push(...(await this.sqlOn<Row>(shard, text, array)));
    return rows;
  }

  async sqlOn<Row>(shard: number, text: string, array = false): Promise<Row[]> {
    const client = new pg.Client(this.shardSettings[shard]);
    await client.connect();
    const result = await client.query({ text, ...(array && { rowMode: 'array' as const }) }).finally(() => client.end());
    return result.rows as Row[];
  }

  /** Shards that have the schema: a generation lies only on those of its layout. */
  async shardsOf(schema: string): Promise<readonly number[]> {
    const shards: number[] = [];
    for (const shard of this.shardSettings.keys()) if ((await this.sqlOn(shard, `SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`)).length > 0) shards.push(shard);
    return shards;
  }

  async control<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    const client = new pg.Client(this.controlSettings);
    await client.connect();
    return (await client.query<Row>(text).finally(() => client.end())).rows;
  }

  async close(): Promise<void> {
    await Promise.all(this.#cleanups.map((cleanup) => cleanup()));
  }
}

/** Every invoice of the log, folded from its stream; in the order of `rows`. */
export async function foldsOf(store: Pick<EventStore, 'readAll'>): Promise<InvoiceSummary[]> {
  const folds = new Map<string, InvoiceSummary>();
  for (const event of (await store.readAll(ORIGIN, { limit: 1_000_000 })).events) folds.set(event.stream, evolveInvoice(folds.get(event.stream), event as InvoiceEvent));
  return [...folds.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** For `beforeCommit`: while it is closed, batches wait and are let through one by one. */
export class Gate {
  #waiting: (() => void)[] = [];
  isOpen = true;

  pass(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  get held(): number {
    return this.#waiting.length;
  }

  one(): void {
    this.#waiting.shift()?.();
  }

  open(): void {
    this.isOpen = true;
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** Looks every few milliseconds until it is so. @throws Error after ten seconds */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The projection has committed everything of the log (as far as its workers count events). */
export async function caughtUp(handle: Pick<ProjectionsHandle, 'status'>, ...names: readonly string[]): Promise<void> {
  await until(async () => (await handle.status()).filter(({ name }) => names.includes(name)).every(({ eventsBehind, lanes }) => eventsBehind === 0 && lanes.length > 0), `${names.join(', ')} caught up`);
}
