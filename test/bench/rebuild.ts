import pg from 'pg';
import { pipeline } from 'node:stream/promises';
import { PassThrough, Readable } from 'node:stream';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import type { Databases } from '../../cli/instance/databases.js';
import { alternate, median, metric, type Benchmark, type BenchOptions, type Measured } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { benchStream, EVENTS_PER_INVOICE, fillLog, invoiceEvents } from './history.js';
import { Side } from './side.js';

const EVENTS = 200_000;
const SAMPLE = 300;

export interface RebuildInput {
  readonly databases: Databases;
  /** The set that is rebuilt in one pass (default: the summary alone). */
  readonly names?: readonly string[];
  readonly slow: boolean;
}

export interface RebuildAnswer {
  readonly seconds: number;
  readonly generation: number;
  /** Bytes of resident memory, the highest seen. */
  readonly rssPeak: number;
  /** Generations of the set, and whether every row and digest of it was found whole, outside of the measured time. */
  readonly generations: Readonly<Record<string, number>>;
  readonly verified: boolean;
}

export const rebuild: Benchmark = {
  name: 'rebuild',
  about: 'invoice-summary from the log, command to switch, against COPY of the same finished rows',
  floor: 0.65,
  run: (options) => (options.full ? memory(options) : speed(options)),
};

async function speed({ rounds, slowOurs, breakOracle, tenth }: BenchOptions): Promise<Measured> {
  const events = tenth ? EVENTS / 10 : EVENTS;
  return withBenchCluster(async (databases, cluster) => {
    await fillLog(cluster.admin(databases.append.database), 0, events / EVENTS_PER_INVOICE, 1);
    const shard = databases.shards[0];
    if (!shard) throw new Error('no shard');
    let oracle = true;
    let finished: { rows: Buffer[]; count: number } | undefined;
    const worker = new Side('./rebuild-side.js');
    const ours = async (): Promise<number> => {
      const { seconds, generation, verified } = await worker.ask<RebuildAnswer>({ databases, slow: slowOurs } satisfies RebuildInput);
      oracle &&= verified && await rowsAreFolds(shard, generation, events / EVENTS_PER_INVOICE, breakOracle);
      finished ??= await finishedRows(shard, generation, events / EVENTS_PER_INVOICE);
      return events / seconds;
    };
    await ours();
    const measured = await alternate(rounds, async () => (finished ? copyRows(shard, finished) : 0), ours);
    await worker.end();
    const ratio = median(measured.map((round) => round.ours / round.baseline));
    const metrics = [
      metric('events/s ÷ COPY rows/s', ratio, '×', 0.65, 'higher', median(measured.map((round) => round.baseline))),
      metric('events per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: ENGINES };
  });
}

/**
 * `--full`: memory must not depend on the length of the log. The same 500 k events are folded by one new process ten times from a log of 50 k
 * and by another once from a log of 500 k; what the collector leaves lying about is then the same for both.
 */
async function memory({ slowOurs, breakOracle }: BenchOptions): Promise<Measured> {
  return withBenchCluster(async (databases, cluster) => {
    const owner = cluster.admin(databases.append.database);
    const shard = databases.shards[0];
    if (!shard) throw new Error('no shard');
    let oracle = true;
    const rebuildTimes = async (events: number, times: number): Promise<number> => {
      const worker = new Side('./rebuild-side.js');
      let peak = 0;
      for (let time = 0; time < times; time += 1) {
        const { generation, rssPeak } = await worker.ask<RebuildAnswer>({ databases, slow: slowOurs } satisfies RebuildInput);
        oracle &&= await rowsAreFolds(shard, generation, events / EVENTS_PER_INVOICE, breakOracle);
        peak = Math.max(peak, rssPeak);
      }
      await worker.end();
      return peak / 1_048_576;
    };
    const measure = async (invoices: number, times: number): Promise<number> => {
      const have = Number((await rowsOf(owner, 'SELECT position FROM log_head'))[0]?.['position']);
      await fillLog(owner, have / EVENTS_PER_INVOICE, invoices - have / EVENTS_PER_INVOICE, have + 1);
      // The live generation catches up in a process of its own.
      await rebuildTimes(invoices * EVENTS_PER_INVOICE, 1);
      return rebuildTimes(invoices * EVENTS_PER_INVOICE, times);
    };
    const short = await measure(10_000, 10);
    const long = await measure(100_000, 1);
    const growth = Math.max(long - short, 0.01);
    const metrics = [metric('RSS growth 50 k → 500 k', growth, 'MB', 50, 'lower', short), metric('RSS at most, 500 k', long, 'MB', 1_000, 'lower')];
    return { oracle, rounds: [{ ours: 50 / growth, baseline: 1 }], ratio: Math.max(0.6, 50 / growth), metrics, engines: ENGINES };
  });
}

async function rowsOf(settings: ConnectionSettings, text: string): Promise<Record<string, unknown>[]> {
  const client = await connect(settings);
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

export const schemaOf = (generation: number): string => `invoice_summary_g${generation}`;

async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client(settings);
  await client.connect();
  return client;
}

/** Outside the measured time: the number of rows, and a sample of them against the fold of their events. */
export async function rowsAreFolds(shard: ConnectionSettings, generation: number, invoices: number, broken: boolean): Promise<boolean> {
  const client = await connect({ ...shard });
  try {
    const { rows: [counted] } = await client.query<{ count: string }>(`SELECT count(*) FROM ${schemaOf(generation)}.invoice`);
    if (Number(counted?.count) !== invoices) return false;
    for (let sample = 0; sample < SAMPLE; sample += 1) {
      const index = Math.floor((sample * invoices) / SAMPLE);
      const id = benchStream(index).slice('invoice-'.length);
      const text = `SELECT ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${schemaOf(generation)}.invoice WHERE id = $1`;
      const { rows } = await client.query<(string | null)[]>({ text, values: [id], rowMode: 'array', types: { getTypeParser: () => (value: string) => value } });
      const row = rows[0] && INVOICE_SUMMARY_TABLE.parse(rows[0]);
      const folded = invoiceEvents(index).reduce<InvoiceSummary | undefined>((state, event, revision) => evolveInvoice(state, { ...event, stream: benchStream(index), revision, position: row?.position ?? '0', recordedAt: event.occurredAt } as unknown as InvoiceEvent), undefined);
      if (broken || canonicalJson(row) !== canonicalJson(folded)) return false;
    }
    return true;
  } finally {
    await client.end();
  }
}

async function finishedRows(shard: ConnectionSettings, generation: number, count: number): Promise<{ rows: Buffer[]; count: number }> {
  const client = await connect(shard);
  const rows: Buffer[] = [];
  const sink = new PassThrough();
  sink.on('data', (chunk: Buffer) => rows.push(chunk));
  await pipeline(client.query(copyTo(`COPY (SELECT ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${schemaOf(generation)}.invoice) TO STDOUT`)), sink);
  await client.query(`DROP TABLE IF EXISTS bench_baseline; CREATE TABLE bench_baseline AS SELECT ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${schemaOf(generation)}.invoice WITH NO DATA; ALTER TABLE bench_baseline ADD PRIMARY KEY (id, month)`);
  await client.end();
  return { rows, count };
}

async function copyRows(shard: ConnectionSettings, { rows, count }: { rows: Buffer[]; count: number }): Promise<number> {
  const client = await connect(shard);
  await client.query('TRUNCATE bench_baseline');
  const began = performance.now();
  await client.query('BEGIN');
  await pipeline(Readable.from(rows), client.query(copyFrom('COPY bench_baseline FROM STDIN')));
  await client.query('COMMIT');
  const seconds = (performance.now() - began) / 1_000;
  await client.end();
  return count / seconds;
}
