import { definitionOf } from '#contracts/events/index.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { connectBus, probeBus, type BusSettings } from '#platform/bus/client.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { PersonalDataStore, PLAIN_CODEC } from '#platform/event-store/personal.js';
import type { EventStore } from '#platform/event-store/port.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import type { Metrics } from '#platform/http/metrics.js';
import type { Logger } from '#platform/logger.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import type { FolioSettings } from '../config.js';
import type { DataFolder } from '../data-folder.js';
import { DatabaseSource } from './databases.js';
import { instrument, type InstrumentedStore } from './instrument.js';
import { checkShardCount, checkShards } from '#platform/read-store/identity.js';

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

const PERSONAL = { codec: PLAIN_CODEC, fieldsOf: (type: string): readonly string[] => definitionOf(type)?.personal ?? [] };

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

  /** The log, with the right to append. */
  store(): Promise<InstrumentedStore> {
    return this.#once('store', async () => {
      const { settings: { eventStore }, metrics } = this.#options;
      const log = isEventStoreDb(eventStore) ? await this.#eventStoreDb(eventStore) : await this.databases.log().then(({ append, readLog }) => new PostgresEventStore({ append, read: readLog }));
      return this.#closing(instrument(new PersonalDataStore(log, PERSONAL), metrics));
    });
  }

  /** The log without the right to append: for rebuilds, and for workers whose address allows no more. */
  readOnlyStore(): Promise<EventStore> {
    return this.#once('read-only store', async () => {
      const { eventStore } = this.#options.settings;
      const log = isEventStoreDb(eventStore) ? await this.#eventStoreDb(eventStore) : new PostgresEventStore({ read: await this.databases.logReader(), readers: 4 });
      return this.#closing(new PersonalDataStore(log, PERSONAL));
    });
  }

  async #eventStoreDb(connectionString: string): Promise<EventStore & { close(): Promise<void> }> {
    const [{ EventStoreDbStore }, { probeEventStoreDb }] = await Promise.all([import('#platform/event-store/eventstoredb/store.js'), import('#platform/event-store/eventstoredb/probe.js')]);
    await probeEventStoreDb(connectionString);
    return new EventStoreDbStore({ connectionString });
  }

  #closing<Value extends { close(): Promise<unknown> }>(value: Value): Value {
    this.#options.onOpened(() => value.close());
    return value;
  }

  objects(): Promise<FolderObjectStore> {
    return this.#once('objects', async () => new FolderObjectStore(this.#options.settings.objectFolder ?? this.#options.data.file('objects')));
  }

  readModels(): Promise<ReadModels> {
    return this.#once('read models', async () => {
      const [controlSettings, shardSettings] = await Promise.all([this.databases.control(), this.databases.shards()]);
      const control = this.#closing(new ControlDatabase(controlSettings));
      const pointer = new Pointer(control, 'main');
      const { slots: known } = await pointer.refresh();
      checkShardCount(shardSettings.length, known);
      const slots = known.length > 0 ? known : evenSlots(SLOTS, shardSettings.length);
      const shards = this.#closing(new Shards({ shards: shardSettings, slots, slotOf }));
      await checkShards(control, shards.pools);
      return { control, pointer, shards, progress: new ProgressHub() };
    });
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
