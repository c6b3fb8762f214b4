import { readFile } from 'node:fs/promises';
import { problem } from '#contracts/errors.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { connectBus, probeBus, type BusSettings } from '#platform/bus/client.js';
import type { RedisCache } from '#platform/cache/redis.js';
import type { BackupSources } from '#platform/backup/take.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Pointer } from '#platform/control/pointer.js';
import { PersonalDataStore } from '#platform/event-store/personal.js';
import type { EventStore } from '#platform/event-store/port.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import type { Metrics } from '#platform/http/metrics.js';
import type { Logger } from '#platform/logger.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { openPool } from '#platform/postgres/pool.js';
import { checkShardCount, checkShards, shardAdvice } from '#platform/read-store/identity.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import type { ElasticEngine } from '#platform/search/elastic/engine.js';
import { CACHED_INVOICE } from '../../read-side/json.js';
import { WRITE_TABLES } from '../../write-side/role.js';
import type { FolioSettings } from '../config.js';
import type { DataFolder } from '../data-folder.js';
import { DatabaseSource, type LogDatabase } from './databases.js';
import { instrument, type InstrumentedStore } from './instrument.js';
import { openEventStoreDb, openLog, PERSONAL, type LogAddress } from './read-log.js';

/** Original files, and whether they can be reached. */
export type ProbedObjectStore = ObjectStore & { probe(): Promise<unknown> };

type Closing = () => Promise<unknown>;

export interface BackendsOptions {
  readonly settings: FolioSettings;
  readonly data: DataFolder;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Is given what must be closed again, in the order of opening. */
  readonly onOpened: (close: Closing) => void;
}

/** The read models and what says where they are. */
export interface ReadModels {
  readonly control: ControlDatabase;
  readonly shards: Shards;
  readonly pointer: Pointer;
  readonly progress: ProgressHub;
}

const isEventStoreDb = (address: string | undefined): address is string => address !== undefined && /^(?:esdb|kurrentdb)(?:\+discover)?:/u.test(address);

/**
 * Which adapter stands behind each port, by the settings. Everything is opened once, by the first role that asks for it, after its address was
 * probed: a process with a wrong setting ends before it has written anything.
 */
export class Backends {
  readonly databases: DatabaseSource;
  readonly #options: BackendsOptions;
  readonly #opened = new Map<string, Promise<unknown>>();

  constructor(options: BackendsOptions) {
    this.#options = options;
    this.databases = new DatabaseSource(options.settings, options.data.file('postgres'), (cluster) => options.onOpened(() => cluster.stop()));
  }

  #once<Value>(name: string, open: () => Promise<Value>): Promise<Value> {
    const known = this.#opened.get(name) as Promise<Value> | undefined;
    const opening = known ?? open();
    if (!known) this.#opened.set(name, opening);
    return opening;
  }

  get keyFolder(): string {
    return this.#options.settings.keys ?? this.#options.data.file('keys');
  }

  /** Of the certificates that the operator trusts. */
  get trustFolder(): string {
    return this.#options.settings.trust ?? this.#options.data.file('trust');
  }

  /** Of the SAT's catalogues that the operator has brought. */
  get catalogueFolder(): string {
    return this.#options.settings.catalogues ?? this.#options.data.file('catalogues');
  }

  /** The log, with the right to append. */
  store(): Promise<InstrumentedStore> {
    return this.#once('store', async () => {
      const { settings: { eventStore }, metrics } = this.#options;
      const log = isEventStoreDb(eventStore) ? await openEventStoreDb(await this.#probed(eventStore)) : await this.#log().then(({ append, readLog }) => new PostgresEventStore({ append, read: readLog }));
      return this.#closing(instrument(new PersonalDataStore(log, PERSONAL), metrics));
    });
  }

  #log(): Promise<LogDatabase> {
    return this.#once('log', () => this.databases.log());
  }

  /** What a backup is taken from. @throws Problem backup-impossible */
  async backupSources(): Promise<BackupSources> {
    if (isEventStoreDb(this.#options.settings.eventStore)) throw problem('backup-impossible', { reason: 'the log is in EventStoreDB; stop command API and processor, then take the backup of that server, of the write database, of keys and objects (docs/backup.md)' });
    const [log, settings, objects] = await Promise.all([this.#log(), this.#once('write database', () => this.databases.write()), this.objects()]);
    return { log, write: { settings, tables: WRITE_TABLES }, keyFolder: this.keyFolder, operatorFolders: { trust: this.trustFolder, catalogues: this.catalogueFolder }, objects };
  }

  /** The log without the right to append: for rebuilds, and for workers whose address allows no more. */
  readOnlyStore(): Promise<EventStore> {
    return this.#once('read-only store', async () => this.#closing(await openLog(await this.readAddress())));
  }

  /** By which it is opened, also by a thread of a rebuild. */
  async readAddress(): Promise<LogAddress> {
    const { eventStore } = this.#options.settings;
    return isEventStoreDb(eventStore) ? { eventStoreDb: await this.#probed(eventStore) } : { postgres: await this.databases.logReader() };
  }

  /** A wrong address, or a server that cannot do what is needed, ends the start. */
  #probed(connectionString: string): Promise<string> {
    return this.#once('EventStoreDB', async () => {
      const { probeEventStoreDb } = await import('#platform/event-store/eventstoredb/probe.js');
      const probed = await probeEventStoreDb(connectionString);
      if (!probed.ok) throw problem('setting-wrong', { setting: 'FOLIO_EVENT_STORE', reason: probed.sentence.replace(/\.$/u, '') });
      return connectionString;
    });
  }

  #closing<Value extends { close(): Promise<unknown> }>(value: Value): Value {
    this.#options.onOpened(() => value.close());
    return value;
  }

  objects(): Promise<ProbedObjectStore> {
    return this.#once<ProbedObjectStore>('objects', async () => {
      const { objectStore, retentionYears } = this.#options.settings;
      return objectStore === undefined ? this.#folder() : this.#s3(objectStore, retentionYears);
    });
  }

  /** @throws Problem setting-wrong */
  async #s3(address: string, years: number): Promise<ProbedObjectStore> {
    const [{ S3ObjectStore }, { parseS3Address }] = await Promise.all([import('#platform/object-store/s3.js'), import('#platform/object-store/s3-address.js')]);
    const store = new S3ObjectStore({ address: parseS3Address(address), retention: { mode: 'COMPLIANCE', years } });
    this.#options.onOpened(async () => store.close());
    await store.probe({ createBucket: true });
    await store.abortStaleUploads();
    return store;
  }

  #folder(): ProbedObjectStore {
    return new FolderObjectStore(this.#options.settings.objectFolder ?? this.#options.data.file('objects'));
  }

  get hasSearch(): boolean {
    return this.#options.settings.search !== undefined;
  }

  /** A connection to the search engine; writers and readers have one each, so that a failing bulk does not shut searches out. @throws Problem setting-wrong */
  searchEngine(use: 'reading' | 'writing'): Promise<ElasticEngine> {
    return this.#once(`search ${use}`, async () => {
      const { search = '', searchUser, searchPassword, searchApiKey, searchCa, searchPrefix } = this.#options.settings;
      const [{ ElasticEngine }, { checkPrefix }] = await Promise.all([import('#platform/search/elastic/engine.js'), import('#platform/search/elastic/settings.js')]);
      checkPrefix(searchPrefix);
      const ca = searchCa === undefined ? undefined : await readFile(searchCa, 'utf8');
      return this.#closing(await ElasticEngine.connect({
        url: search, ...(searchUser !== undefined && { username: searchUser }), ...(searchPassword !== undefined && { password: searchPassword }),
        ...(searchApiKey !== undefined && { apiKey: searchApiKey }), ...(ca !== undefined && { ca }),
      }));
    });
  }

  get hasSharedCache(): boolean {
    return this.#options.settings.redis !== undefined;
  }

  /** @throws Problem setting-wrong */
  sharedCache(): Promise<RedisCache<InvoiceSummary>> {
    return this.#once('shared cache', async () => {
      const { redis = '', redisPrefix } = this.#options.settings;
      const [{ RedisCache }, { parseRedisAddress }, { probeRedis }] = await Promise.all([import('#platform/cache/redis.js'), import('#platform/cache/redis-address.js'), import('#platform/cache/redis-probe.js')]);
      const address = parseRedisAddress(redis);
      await probeRedis(address);
      const { logger } = this.#options;
      const cache = await RedisCache.open<InvoiceSummary>({ address, form: CACHED_INVOICE, namespace: redisPrefix, onChange: (up) => logger.warn({ up }, up ? 'Redis answers again' : 'Redis does not answer: reads go to the database') });
      this.#options.onOpened(async () => cache.close());
      return cache;
    });
  }

  readModels(): Promise<ReadModels> {
    return this.#once('read models', async () => {
      const control = await this.control();
      const pointer = new Pointer(control, 'main');
      const { slots: known } = await pointer.refresh();
      const most = await new Generations(control, pointer).mostShards();
      const { named, further } = await this.databases.shards(most);
      const counts = { named: named.length, further: further.length, most };
      checkShardCount(counts, known);
      const replicas = await this.databases.replicas(named.length);
      const shards = this.#closing(new Shards({ shards: [...named, ...further], replicas, slots: known.length > 0 ? known : evenSlots(SLOTS, named.length), slotOf }));
      await checkShards(control, shards.pools, { named: named.length });
      const advice = this.databases.hasOwnShards ? undefined : shardAdvice(counts, shardsIn(known));
      if (advice !== undefined) this.#options.logger.warn(advice);
      return { control, pointer, shards, progress: new ProgressHub() };
    });
  }

  /** Takes shards in until there are so many, as databases of our own cluster; undefined where they have addresses. */
  get growShards(): ((count: number) => Promise<void>) | undefined {
    if (!this.databases.hasOwnShards) return undefined;
    return async (count) => {
      const { control, shards } = await this.readModels();
      const settings = await this.databases.moreShards(count);
      const first = shards.count;
      const pools = settings.slice(first).map((one) => openPool(one, { name: 'folio-read', connections: 1, statementMs: 10_000 }));
      await checkShards(control, pools, { first }).finally(() => Promise.all(pools.map((pool) => pool.end())));
      // Another call may have taken some in meanwhile.
      shards.add(settings.slice(shards.count));
    };
  }

  control(): Promise<ControlDatabase> {
    return this.#once('control', async () => this.#closing(new ControlDatabase(await this.databases.control())));
  }

  get hasBus(): boolean {
    return this.#options.settings.kafka.length > 0;
  }

  /** The cluster, asked who it is. @throws Problem setting-wrong */
  bus(): Promise<{ readonly settings: BusSettings; readonly kafka: ReturnType<typeof connectBus> }> {
    return this.#once('bus', async () => {
      const { kafka: brokers, kafkaPrefix, kafkaTls, kafkaUser, kafkaPassword } = this.#options.settings;
      const credentials = kafkaUser === undefined ? undefined : { username: kafkaUser, password: kafkaPassword ?? '' };
      const settings: BusSettings = { brokers, clientId: 'folio', prefix: kafkaPrefix, tls: kafkaTls, ...(credentials && { credentials }) };
      await probeBus(settings);
      return { settings, kafka: connectBus(settings) };
    });
  }
}
