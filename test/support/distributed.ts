import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kafka } from 'kafkajs';
import { readSettings } from '#platform/config.js';
import { Client } from '../../cli/client.js';
import { SETTINGS } from '../../cli/config.js';
import { DataFolder } from '../../cli/data-folder.js';
import { Child, type ChildSpec } from '../../cli/distributed/child.js';
import { startDistributed, type Distributed } from '../../cli/distributed/distributed.js';
import { connectBus } from '#platform/bus/client.js';
import { EngineProxy } from './engine-proxy.js';
import { testEngine } from './engines.js';

/** The whole system as processes, on the engines of the test run, in a corner of its own. */
export class TestSystem {
  readonly #extra: Child[] = [];
  private constructor(readonly system: Distributed, readonly data: DataFolder, readonly kafka: Kafka, readonly prefix: string, readonly search: EngineProxy | undefined, readonly redis: string | undefined) {}

  /** @param engines beside Kafka; those that the machine has not are replaced by what is embedded */
  static async start(engines: readonly ('opensearch' | 'redis')[] = [], roles?: readonly ChildSpec[], more: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
    const address = (await testEngine('kafka')) ?? '';
    const [opensearch, redis] = await Promise.all([engines.includes('opensearch') ? testEngine('opensearch') : undefined, engines.includes('redis') ? testEngine('redis') : undefined]);
    const search = opensearch === undefined ? undefined : await EngineProxy.before(opensearch);
    const prefix = `t${randomUUID().slice(0, 8)}-`;
    const data = await DataFolder.take(await mkdtemp(join(tmpdir(), 'folio-distributed-')));
    const env = { FOLIO_KAFKA: address, FOLIO_KAFKA_PREFIX: prefix, FOLIO_ADMIN_PASSWORD: 'a test password of length', FOLIO_RATE_ENTERPRISE: '10000000',
      ...(search !== undefined && { FOLIO_SEARCH: search.url, FOLIO_SEARCH_PREFIX: prefix }), ...(redis !== undefined && { FOLIO_REDIS: redis, FOLIO_REDIS_PREFIX: prefix }), ...more };
    const settings = { ...readSettings(SETTINGS, {}), port: 0 };
    const system = await startDistributed(settings, data, { engines: [], env, ...(roles && { roles }) });
    return new TestSystem(system, data, connectBus({ brokers: [address], clientId: 'folio-test', prefix }), prefix, search, redis);
  }

  get client(): Client {
    return new Client(this.system.gateway);
  }

  child(name: string): Child {
    const child = this.system.children.get(name);
    if (!child) throw new Error(`no role ${name}`);
    return child;
  }

  /** Killed without goodbye; the supervisor starts it again. @returns when it is ready again */
  async kill(name: string): Promise<void> {
    const child = this.child(name);
    const { pid } = child;
    child.kill('SIGKILL');
    while (child.pid === pid) await new Promise((resolve) => setImmediate(resolve));
    await child.ready();
  }

  /** One more process of a role. */
  async add(spec: ChildSpec): Promise<Child> {
    const child = new Child({ ...spec, env: { ...this.system.environment, ...spec.env } }, this.data.file('roles'));
    this.#extra.push(child);
    child.start();
    await child.ready();
    return child;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#extra.map((child) => child.stop()));
    await this.system.stop();
    await this.search?.cut();
    await this.data.release();
    await rm(this.data.path, { recursive: true, force: true });
  }
}
