import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readSettings } from '#platform/config.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { Client } from '../../cli/client.js';
import { projectionStatus } from '../../cli/commands/look.js';
import { SETTINGS } from '../../cli/config.js';
import { DataFolder } from '../../cli/data-folder.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { startDistributed, type Distributed } from '../../cli/distributed/distributed.js';
import { INVOICE_SUMMARY } from '../../projections/role.js';
import { busClient, withPrefix } from './bus.js';
import { ENGINES } from './cluster.js';
import { metric, type Benchmark, type BenchOptions, type Measured, type Metric } from './contract.js';
import { withEngine } from './engines.js';
import { schemaOf } from './rebuild.js';
import { benchStream, EVENTS_PER_INVOICE, fillLog } from './history.js';

const EVENTS = 20_000;
const FULL_EVENTS = 100_000;
/** Events that are written to the log at once, before the system has taken up the last ones. */
const PORTION = 25_000;
const READS = 1_000;
const SEARCH_EVERY = 20;
const DOCUMENTS = 100;
const LIMIT_MB = 250;
/** How much a process may grow from the first half to the second: more is a leak. */
const GROWTH_MB = 50;
/** Each process holds this much more than it needs (bytes). */
const WASTE = 300_000_000;

/** The distributed system as people start it, every role a process, while events, documents and reads go through it. */
export const memory: Benchmark = {
  name: 'memory',
  about: 'resident memory of every role of the distributed system after 20 k (full: 100 k) events, documents and reads',
  floor: 1,
  run: (options) => withEngine('kafka', (kafka, one) => withEngine('opensearch', (search, two) => withEngine('redis', (redis, three) => withPrefix(busClient(kafka), (prefix) => {
    const env = {
      FOLIO_KAFKA: kafka, FOLIO_SEARCH: search, FOLIO_REDIS: redis, FOLIO_KAFKA_PREFIX: prefix, FOLIO_SEARCH_PREFIX: prefix, FOLIO_REDIS_PREFIX: prefix,
      FOLIO_RATE_ENTERPRISE: '10000000', FOLIO_ADMIN_PASSWORD: 'a benchmark password',
      ...(options.slowOurs && { NODE_OPTIONS: `--import=data:text/javascript,globalThis.waste=Buffer.alloc(${WASTE},1)` }),
    };
    return withSystem(env, (system) => measure(system, options, { ...ENGINES, ...one, ...two, ...three }));
  })))),
};

async function withSystem<Result>(env: Readonly<Record<string, string>>, work: (system: Distributed) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'folio-bench-'));
  const data = await DataFolder.take(folder);
  try {
    const system = await startDistributed({ ...readSettings(SETTINGS, {}), port: 0 }, data, { engines: [], env });
    try {
      return await work(system);
    } finally {
      await system.stop();
    }
  } finally {
    await data.release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(system: Distributed, { breakOracle, tenth, full }: BenchOptions, engines: Measured['engines']): Promise<Measured> {
  const events = full ? FULL_EVENTS : EVENTS;
  const load = new Load(system, tenth ? 10 : 1);
  await load.run(events);
  const first = await residentMb(system);
  await load.run(full ? events : events / 2);
  const second = await residentMb(system);
  const oracle = (await load.rows()) === load.invoices + (breakOracle ? 1 : 0);
  const growth = Math.max(...[...second].map(([role, mb]) => mb - (first.get(role) ?? mb)));
  const largest = Math.max(...first.values(), ...second.values());
  return {
    oracle, ratio: LIMIT_MB / largest, rounds: [{ ours: LIMIT_MB / largest, baseline: 1 }], engines,
    metrics: [...[...second].map(([role, mb]): Metric => metric(role, mb, 'MB', LIMIT_MB, 'lower', first.get(role) ?? null)), metric('growth of one role', growth, 'MB', GROWTH_MB, 'lower')],
  };
}

/** Resident memory of each role, by its name (MB); Linux only, like the embedded engines' own figures. */
async function residentMb({ children }: Distributed): Promise<Map<string, number>> {
  return new Map(await Promise.all([...children].map(async ([name, { pid }]) => {
    const status = await readFile(`/proc/${pid ?? 'self'}/status`, 'utf8');
    return [name, Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) / 1_024] as const;
  })));
}

class Load {
  readonly #system: Distributed;
  readonly #client: Client;
  #filled = 0;
  #documents = 0;

  /** @param share only one part in so many of the work */
  constructor(system: Distributed, private readonly share: number) {
    this.#system = system;
    this.#client = new Client(system.gateway);
  }

  get invoices(): number {
    return this.#filled + this.#documents;
  }

  /** Events into the log, documents through the door, reads; each of them until everything has been projected. */
  async run(events: number): Promise<void> {
    const all = events / this.share;
    for (let done = 0; done < all; done += PORTION) {
      const invoices = Math.min(PORTION, all - done) / EVENTS_PER_INVOICE;
      await fillLog(this.#system.databases.owner, this.#filled, invoices, (await this.#head()) + 1);
      this.#filled += invoices;
      await this.#caughtUp();
    }
    const ids = await Promise.all(Array.from({ length: DOCUMENTS / this.share }, () => this.#import()));
    for (const id of ids) while ((await this.#client.get<{ status: string }>(`/api/v1/invoices/${id}`).catch(() => undefined))?.body.status !== 'archived') await pause();
    await this.#caughtUp();
    for (let read = 0; read < READS / this.share; read += 1) {
      await this.#client.get(`/api/v1/invoices/${benchStream(read % this.#filled).slice('invoice-'.length)}`);
      if (read % SEARCH_EVERY === 0) await this.#client.get('/api/v1/search?q=10');
    }
  }

  async #import(): Promise<string> {
    this.#documents += 1;
    return (await this.#client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index: this.#documents })), {})).body.id;
  }

  /** Invoices that the summary shows, over all shards. */
  async rows(): Promise<number> {
    const generation = (await projectionStatus(this.#client)).find(({ name }) => name === INVOICE_SUMMARY.name)?.generation ?? 0;
    const counts = await Promise.all(this.#system.databases.shards.map((shard) => valueOf(shard, `SELECT count(*) AS value FROM ${schemaOf(generation)}.invoice`)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #head(): Promise<number> {
    return valueOf(this.#system.databases.owner, 'SELECT position AS value FROM log_head');
  }

  async #caughtUp(): Promise<void> {
    const head = await this.#head();
    while ((await projectionStatus(this.#client)).some(({ position }) => Number(position) < head)) await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 50); });

async function valueOf(database: ConnectionSettings, sql: string): Promise<number> {
  const client = new pg.Client(database);
  await client.connect();
  try {
    return Number((await client.query<{ value: string }>(sql)).rows[0]?.value);
  } finally {
    await client.end();
  }
}
