import { createHmac } from 'node:crypto';
import { problem } from '#contracts/errors.js';
import { startCluster, type Cluster, type ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { APPEND_ROLE, EVENT_STORE_MIGRATIONS, READ_ROLE } from '#platform/event-store/postgres/schema.js';
import { parsePostgresAddress, probePostgres } from '#platform/postgres/address.js';
import { ensureDatabases } from '#platform/postgres/databases.js';
import { migrate } from '#platform/postgres/migrate.js';
import { migrateControl, migrateShards } from '../../projections/role.js';
import { WRITE_MIGRATIONS } from '../../write-side/role.js';
import type { FolioSettings } from '../config.js';

/** The log in Postgres: who appends, who only reads, and who may make its tables. */
export interface LogDatabase {
  readonly owner: ConnectionSettings;
  readonly append: ConnectionSettings;
  readonly readLog: ConnectionSettings;
}

/** Event store, write-side state, read models and their control are separate databases with separate roles; nothing crosses them. */
export interface Databases extends LogDatabase {
  readonly write: ConnectionSettings;
  readonly control: ConnectionSettings;
  readonly shards: readonly ConnectionSettings[];
}

const NAMES = { events: 'folio_events', write: 'folio_write', control: 'folio_control', shard: 'folio_read_' } as const;
const WRITE_ROLE = 'folio_write_side';
const READ_MODEL_ROLE = 'folio_read_models';

/** Makes what is missing of the databases of a cluster of our own; their tables come with the first use. */
export async function makeDatabases(cluster: Cluster, shards = 1): Promise<Databases> {
  const roles = [APPEND_ROLE, READ_ROLE, WRITE_ROLE, READ_MODEL_ROLE].map((name) => ({ name, password: cluster.passwordOf(name) }));
  const owned = [{ name: NAMES.write, owner: WRITE_ROLE }, { name: NAMES.control, owner: READ_MODEL_ROLE }];
  await ensureDatabases(cluster.admin(), [{ name: NAMES.events }, ...owned], roles);
  return {
    owner: cluster.admin(NAMES.events),
    append: cluster.as(APPEND_ROLE, NAMES.events),
    readLog: cluster.as(READ_ROLE, NAMES.events),
    write: cluster.as(WRITE_ROLE, NAMES.write),
    control: cluster.as(READ_MODEL_ROLE, NAMES.control),
    shards: await makeShards(cluster, shards),
  };
}

/** Makes what is missing of the first so many shards in a cluster of our own. */
async function makeShards(cluster: Cluster, count: number): Promise<readonly ConnectionSettings[]> {
  const names = Array.from({ length: count }, (_, shard) => `${NAMES.shard}${shard}`);
  await ensureDatabases(cluster.admin(), names.map((name) => ({ name, owner: READ_MODEL_ROLE })), []);
  return names.map((name) => cluster.as(READ_MODEL_ROLE, name));
}

/** Brings all of them to this release. */
export async function migrateAll({ owner, write, control, shards }: Databases): Promise<void> {
  const migrations = await Promise.allSettled([migrate(owner, EVENT_STORE_MIGRATIONS), migrate(write, WRITE_MIGRATIONS), migrateControl(control), migrateShards(shards)]);
  // All have ended before the first failure is told: nothing runs on behind the caller's back.
  for (const result of migrations) if (result.status === 'rejected') throw result.reason;
}

/** Makes and migrates all databases of an embedded instance. */
export async function openDatabases(cluster: Cluster): Promise<Databases> {
  const databases = await makeDatabases(cluster);
  await migrateAll(databases);
  return databases;
}

/** The roles of a log whose owner was given: their passwords follow from the owner's, so that every process that knows it knows them. */
function logOf(owner: ConnectionSettings): LogDatabase {
  const as = (user: string): ConnectionSettings => ({ ...owner, user, password: createHmac('sha256', owner.password).update(user).digest('hex') });
  return { owner, append: as(APPEND_ROLE), readLog: as(READ_ROLE) };
}

/** Makes roles and tables of a log. */
export async function prepareLog({ owner, append, readLog }: LogDatabase): Promise<void> {
  await ensureDatabases(owner, [], [append, readLog].map(({ user, password }) => ({ name: user, password })));
  await migrate(owner, EVENT_STORE_MIGRATIONS);
}

/**
 * The databases of a process: those whose addresses are set, and for the others a cluster of its own in the data folder, started when the first
 * of them is asked for. What is asked for is probed and brought to this release first.
 */
export class DatabaseSource {
  readonly #settings: FolioSettings;
  readonly #folder: string;
  readonly #onStarted: (cluster: Cluster) => void;
  #own: Promise<Databases & { readonly cluster: Cluster }> | undefined;

  constructor(settings: FolioSettings, folder: string, onStarted: (cluster: Cluster) => void) {
    this.#settings = settings;
    this.#folder = folder;
    this.#onStarted = onStarted;
  }

  #embedded(): Promise<Databases & { readonly cluster: Cluster }> {
    this.#own ??= (async () => {
      const cluster = await startCluster({ folder: this.#folder });
      this.#onStarted(cluster);
      return { ...(await makeDatabases(cluster)), cluster };
    })();
    return this.#own;
  }

  async #given(setting: string, address: string): Promise<ConnectionSettings> {
    const parsed = parsePostgresAddress(setting, address);
    await probePostgres(setting, parsed);
    return parsed;
  }

  /** The log in Postgres. */
  async log(): Promise<LogDatabase> {
    const { eventStore } = this.#settings;
    const log = eventStore === undefined ? await this.#embedded() : logOf(await this.#given('FOLIO_EVENT_STORE', eventStore));
    if (eventStore === undefined) await migrate(log.owner, EVENT_STORE_MIGRATIONS);
    else await prepareLog(log);
    return log;
  }

  /** For a process that only reads the log. */
  async logReader(): Promise<ConnectionSettings> {
    const { eventStoreRead } = this.#settings;
    return eventStoreRead === undefined ? (await this.log()).readLog : this.#given('FOLIO_EVENT_STORE_READ', eventStoreRead);
  }

  async write(): Promise<ConnectionSettings> {
    const { writeDatabase } = this.#settings;
    const write = writeDatabase === undefined ? (await this.#embedded()).write : await this.#given('FOLIO_WRITE_DB', writeDatabase);
    await migrate(write, WRITE_MIGRATIONS);
    return write;
  }

  async control(): Promise<ConnectionSettings> {
    const { controlDatabase } = this.#settings;
    const control = controlDatabase === undefined ? (await this.#embedded()).control : await this.#given('FOLIO_CONTROL_DB', controlDatabase);
    await migrateControl(control);
    return control;
  }

  /** Replicas in the order of the shards; `-` stands for none. @throws Problem setting-wrong */
  async replicas(shards: number): Promise<readonly (ConnectionSettings | undefined)[]> {
    const { replicas } = this.#settings;
    if (replicas.length > 0 && replicas.length !== shards) throw problem('setting-wrong', { setting: 'FOLIO_SHARD_REPLICAS', reason: `it has ${replicas.length} entries, there are ${shards} shards (- stands for a shard without one)` });
    return Promise.all(replicas.map(async (address) => (address === '-' ? undefined : this.#given('FOLIO_SHARD_REPLICAS', address))));
  }

  /** Whether shards are databases of our own cluster: then there can be as many as are asked for. */
  get hasOwnShards(): boolean {
    return this.#settings.shards.length === 0;
  }

  /**
   * Shards in the order of the slot table, and behind them those that a re-shard may take. @param used in a cluster of our own there are so many already
   * @throws Problem setting-wrong
   */
  async shards(used: number): Promise<{ readonly named: readonly ConnectionSettings[]; readonly further: readonly ConnectionSettings[] }> {
    const { shards: given, newShards } = this.#settings;
    if (this.hasOwnShards) {
      if (newShards.length > 0) throw problem('setting-wrong', { setting: 'FOLIO_NEW_SHARDS', reason: 'without FOLIO_SHARDS the shards are databases of this instance, and folio reshard makes them' });
      return { named: await this.moreShards(Math.max(1, used)), further: [] };
    }
    const named = await Promise.all(given.map((address) => this.#given('FOLIO_SHARDS', address)));
    const further = await Promise.all(newShards.map((address) => this.#given('FOLIO_NEW_SHARDS', address)));
    await migrateShards([...named, ...further]);
    return { named, further };
  }

  /** The first so many shards of the cluster of our own; what is missing is made. */
  async moreShards(count: number): Promise<readonly ConnectionSettings[]> {
    const shards = await makeShards((await this.#embedded()).cluster, count);
    await migrateShards(shards);
    return shards;
  }
}
