import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '#platform/bus/client.js';
import { readSettings } from '#platform/config.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { Client } from '../../cli/client.js';
import { SETTINGS } from '../../cli/config.js';
import { DataFolder } from '../../cli/data-folder.js';
import type { ChildSpec } from '../../cli/distributed/child.js';
import { startDistributed, type Distributed } from '../../cli/distributed/distributed.js';
import { Proxy } from '../integration/read-side/proxy.js';
import { EngineProxy } from '../support/engine-proxy.js';
import { testEngine } from '../support/engines.js';
import { freshDatabase } from '../support/postgres.js';
import { Repeater } from '../support/repeater.js';

const role = (name: string, words: readonly string[] = [name]): ChildSpec => ({ name, words, env: {} });
const ROLES: readonly ChildSpec[] = [role('relay'), role('command-api'), role('processor'), role('worker'), role('worker-2', ['worker']), role('query-api')];

/** Everything that dies in a round and comes back by itself; the front door stays. */
export const MORTAL = ['relay', 'command-api', 'processor', 'worker', 'worker-2', 'query-api'] as const;

const addressOf = ({ host, port, user, password, database }: ConnectionSettings): string => `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;

/** The whole system as processes, every way to Postgres and to the search engine behind a proxy, every message of the bus repeated. */
export class ChaosSystem {
  readonly #cut = new Set<number>();

  private constructor(
    readonly system: Distributed, readonly data: DataFolder, readonly prefix: string, readonly proxies: readonly Proxy[], readonly search: EngineProxy | undefined, readonly redis: string | undefined,
    readonly repeater: Repeater | undefined, readonly log: PostgresEventStore, readonly shards: readonly ConnectionSettings[], readonly control: ConnectionSettings,
  ) {}

  static async start(): Promise<ChaosSystem> {
    const [kafka, opensearch, redis] = await Promise.all([testEngine('kafka'), testEngine('opensearch'), testEngine('redis')]);
    const search = opensearch === undefined ? undefined : await EngineProxy.before(opensearch);
    const prefix = `c${randomUUID().slice(0, 8)}-`;
    const databases = [];
    for (let count = 0; count < 6; count += 1) databases.push(await freshDatabase());
    const [events, write, control, ...shards] = databases;
    if (!events || !write || !control) throw new Error('no databases');
    const proxies = await Promise.all(databases.map((settings) => Proxy.before(settings)));
    const [viaEvents = '', viaWrite = '', viaControl = '', ...viaShards] = proxies.map(({ settings }) => addressOf(settings));
    const data = await DataFolder.take(await mkdtemp(join(tmpdir(), 'folio-chaos-')));
    const env = {
      FOLIO_EVENT_STORE: viaEvents, FOLIO_WRITE_DB: viaWrite, FOLIO_CONTROL_DB: viaControl, FOLIO_SHARDS: viaShards.slice(0, 2).join(','), FOLIO_NEW_SHARDS: viaShards.slice(2).join(','), FOLIO_ADMIN_PASSWORD: 'a test password of length', FOLIO_RATE_ENTERPRISE: '10000000',
      ...(kafka !== undefined && { FOLIO_KAFKA: kafka, FOLIO_KAFKA_PREFIX: prefix }), ...(search && { FOLIO_SEARCH: search.url, FOLIO_SEARCH_PREFIX: prefix }), ...(redis !== undefined && { FOLIO_REDIS: redis, FOLIO_REDIS_PREFIX: prefix }),
    };
    const system = await startDistributed({ ...readSettings(SETTINGS, {}), port: 0 }, data, { engines: [], env, roles: ROLES });
    const repeater = kafka === undefined ? undefined : await Repeater.start(connectBus({ brokers: [kafka], clientId: 'folio-chaos', prefix }), `${prefix}fiscal-invoice`);
    return new ChaosSystem(system, data, prefix, proxies, search, redis, repeater, new PostgresEventStore({ read: events }), shards, control);
  }

  get client(): Client {
    return new Client(this.system.gateway);
  }

  /** Killed without goodbye; the supervisor starts it again. */
  kill(name: string): void {
    this.system.children.get(name)?.kill('SIGKILL');
  }

  /** Stopped for a while, as by a machine that is moved: it wakes up and knows nothing of it. */
  async freeze(name: string, ms: number): Promise<void> {
    const child = this.system.children.get(name);
    child?.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, ms));
    child?.kill('SIGCONT');
  }

  /** All connections through one proxy end, and no new ones for a while. */
  async cut(place: number, ms: number): Promise<void> {
    const proxy = this.proxies[place];
    if (!proxy || this.#cut.has(place)) return;
    this.#cut.add(place);
    await proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await proxy.open();
    this.#cut.delete(place);
  }

  async refuseSearch(ms: number): Promise<void> {
    const { search } = this;
    if (!search) return;
    search.intervene = () => ({ status: 503, body: { error: { type: 'unavailable' } } });
    await new Promise((resolve) => setTimeout(resolve, ms));
    search.intervene = () => 'pass';
    search.seen.length = 0;
  }

  /** Every role is there again. */
  async healed(): Promise<void> {
    for (const child of this.system.children.values()) await child.ready();
  }

  async stop(): Promise<void> {
    await this.repeater?.stop();
    await this.system.stop();
    await this.log.close();
    await Promise.all(this.proxies.map((proxy) => proxy.cut()));
    await this.search?.cut();
    await this.data.release();
    await rm(this.data.path, { recursive: true, force: true });
  }
}
