import { pipeline } from 'node:stream/promises';
import { PassThrough, Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { schemaOf, writtenColumns } from '#platform/read-store/table.js';
import { DAILY_REPORT } from '../../projections/daily-report/store.js';
import { INVOICE_SEARCH } from '../../projections/invoice-search/store.js';
import { INVOICE_SUMMARY } from '../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../projections/kit/projection.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { EVENTS_PER_INVOICE, fillLog } from './history.js';
import { rowsAreFolds, type RebuildAnswer, type RebuildInput } from './rebuild.js';
import { Side } from './side.js';

const EVENTS = 100_000;
const FLOOR = 0.4;
/** Those with rows of the events that there are. */
const PROJECTIONS: readonly RowProjection[] = [INVOICE_SUMMARY, INVOICE_SEARCH, DAILY_REPORT];
const NAMES = PROJECTIONS.map(({ name }) => name);

/** The finished rows of one table, as COPY prints them. */
interface Finished {
  readonly table: string;
  readonly columns: string;
  readonly chunks: readonly Buffer[];
  readonly rows: number;
}

/** Three tables of the same events, command to switch of all, against COPY of the same finished rows one table after the other, search vectors included. */
export const rebuildAll: Benchmark = {
  name: 'rebuild-all',
  about: 'all row projections in one pass, command to switch, against COPY of the same finished rows',
  floor: FLOOR,
  run: ({ rounds, slowOurs, breakOracle, tenth }) => withBenchCluster(async (databases, cluster) => {
    const events = tenth ? EVENTS / 10 : EVENTS;
    await fillLog(cluster.admin(databases.append.database), 0, events / EVENTS_PER_INVOICE, 1);
    const [shard] = databases.shards;
    if (!shard) throw new Error('no shard');
    let oracle = true;
    let finished: readonly Finished[] = [];
    const worker = new Side('./rebuild-side.js');
    const ours = async (): Promise<number> => {
      const { seconds, generation, generations, verified } = await worker.ask<RebuildAnswer>({ databases, slow: slowOurs, names: NAMES } satisfies RebuildInput);
      oracle &&= verified && (await rowsAreFolds(shard, generation, events / EVENTS_PER_INVOICE, breakOracle));
      if (finished.length === 0) finished = await Promise.all(PROJECTIONS.map((projection) => finishedRows(shard, projection, generations[projection.name] ?? 0)));
      return events / seconds;
    };
    await ours();
    const measured = await alternate(rounds, () => copyAll(shard, finished), ours);
    await worker.end();
    const ratio = median(measured.map((round) => round.ours / round.baseline));
    const metrics = [
      metric('events/s ÷ COPY rows/s', ratio, '×', FLOOR, 'higher', median(measured.map((round) => round.baseline))),
      metric('events per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: ENGINES };
  }),
};

async function connected<Result>(settings: ConnectionSettings, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(settings);
  await client.connect();
  return work(client).finally(() => client.end());
}

/** The rows, and an empty table of the same columns and the same key for them. */
async function finishedRows(shard: ConnectionSettings, { name, table }: RowProjection, generation: number): Promise<Finished> {
  const from = `${schemaOf(name, generation)}.${table.name}`;
  const into = `bench_${name.replaceAll('-', '_')}`;
  // What the engine derives of a row is part of the finished one: the baseline only copies it.
  const columns = [...writtenColumns(table).map((column) => column.name), ...table.generated.map((text) => text.split(' ')[0] ?? '')].join(', ');
  return connected(shard, async (client) => {
    const chunks: Buffer[] = [];
    const sink = new PassThrough();
    sink.on('data', (chunk: Buffer) => chunks.push(chunk));
    await pipeline(client.query(copyTo(`COPY (SELECT ${columns} FROM ${from}) TO STDOUT`)), sink);
    await client.query(`DROP TABLE IF EXISTS ${into}; CREATE TABLE ${into} AS SELECT ${columns} FROM ${from} WITH NO DATA; ALTER TABLE ${into} ADD PRIMARY KEY (${table.key.join(', ')})`);
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
    return { table: into, columns, chunks, rows: Number(rows[0]?.count ?? 0) };
  });
}

/** @returns rows per second, over all tables */
async function copyAll(shard: ConnectionSettings, finished: readonly Finished[]): Promise<number> {
  return connected(shard, async (client) => {
    for (const { table } of finished) await client.query(`TRUNCATE ${table}`);
    const began = performance.now();
    for (const { table, columns, chunks } of finished) {
      await client.query('BEGIN');
      await pipeline(Readable.from(chunks), client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`)));
      await client.query('COMMIT');
    }
    return finished.reduce((sum, { rows }) => sum + rows, 0) / ((performance.now() - began) / 1_000);
  });
}
