import pg from 'pg';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { Partitions } from '#platform/read-store/partitions.js';
import { createStatements, indexStatements, keyStatement, toColumns } from '#platform/read-store/table.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { benchStream, EVENTS_PER_INVOICE, fillLog, invoiceEvents } from './history.js';
import type { LiveAnswer, LiveInput } from './live-side.js';
import { rowsAreFolds } from './rebuild.js';
import { Side } from './side.js';

const EVENTS = 40_000;
const BATCH = 500;
const FLOOR = 0.6;
/** As `fillLog` lays them: so many invoices lie interleaved. */
const INTERLEAVED = 200;

/** One batch as a good engineer would write it by hand: the rows it leaves, as arrays, and where it ends. */
interface Prepared {
  readonly values: (string | null)[][];
  readonly position: string;
}

/** The live worker from an empty table to the head of the log, against a batched unnest upsert with its checkpoint of rows that are finished already. */
export const live: Benchmark = {
  name: 'live',
  about: 'worker applying live batches of 500, against a hand-written batched unnest upsert with checkpoint',
  floor: FLOOR,
  run: ({ rounds, slowOurs, breakOracle, tenth }) => withBenchCluster(async (databases, cluster) => {
    const events = tenth ? EVENTS / 10 : EVENTS;
    await fillLog(cluster.admin(databases.append.database), 0, events / EVENTS_PER_INVOICE, 1);
    const [shard] = databases.shards;
    if (!shard) throw new Error('no shard');
    const prepared = batches(events / EVENTS_PER_INVOICE);
    let oracle = true;
    const worker = new Side('./live-side.js');
    const ours = async (): Promise<number> => {
      const { seconds, generation } = await worker.ask<LiveAnswer>({ databases, slow: slowOurs } satisfies LiveInput);
      oracle &&= await rowsAreFolds(shard, generation, events / EVENTS_PER_INVOICE, breakOracle);
      return events / seconds;
    };
    const measured = await alternate(rounds, async () => events / (await upsertAll(shard, prepared)), ours);
    await worker.end();
    const ratio = median(measured.map((round) => round.ours / round.baseline));
    const metrics = [
      metric('events/s ÷ by hand', ratio, '×', FLOOR, 'higher', median(measured.map((round) => round.baseline))),
      metric('events per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: ENGINES };
  }),
};

/** The log of `fillLog`, cut into batches; of each the rows as they are behind it. */
function batches(invoices: number): readonly Prepared[] {
  const rows = new Map<string, InvoiceSummary>();
  const prepared: Prepared[] = [];
  let touched = new Map<string, InvoiceSummary>();
  let position = 0;
  const close = (): void => {
    prepared.push({ values: toColumns(INVOICE_SUMMARY_TABLE.columns, [...touched.values()]), position: String(position) });
    touched = new Map();
  };
  for (let start = 0; start < invoices; start += INTERLEAVED) {
    const all = Array.from({ length: Math.min(INTERLEAVED, invoices - start) }, (_, index) => invoiceEvents(start + index));
    for (let revision = 0; revision < EVENTS_PER_INVOICE; revision += 1) {
      for (const [index, events] of all.entries()) {
        const event = events[revision];
        if (!event) continue;
        position += 1;
        const stream = benchStream(start + index);
        const row = evolveInvoice(rows.get(stream), { ...event, stream, revision, position: String(position), recordedAt: event.occurredAt } as unknown as InvoiceEvent);
        rows.set(stream, row);
        touched.set(stream, row);
        if (position % BATCH === 0) close();
      }
    }
  }
  if (touched.size > 0) close();
  return prepared;
}

/** @returns seconds; the table is made new, with the same indexes, outside of them; partitions are made when they are needed, as ours are */
async function upsertAll(shard: ConnectionSettings, prepared: readonly Prepared[]): Promise<number> {
  const client = new pg.Client(shard);
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS bench_live CASCADE');
  for (const text of ['CREATE SCHEMA bench_live', ...createStatements('bench_live', INVOICE_SUMMARY_TABLE, INVOICE_SUMMARY_TABLE.columns), keyStatement('bench_live', INVOICE_SUMMARY_TABLE), ...indexStatements('bench_live', INVOICE_SUMMARY_TABLE), 'CREATE TABLE bench_live.checkpoint (position bigint)', 'INSERT INTO bench_live.checkpoint VALUES (0)']) await client.query(text);
  await client.end();
  const connection = new WriterConnection(shard, 'bench');
  const month = INVOICE_SUMMARY_TABLE.columns.findIndex(({ name }) => name === 'month');
  const names = INVOICE_SUMMARY_TABLE.columns.map(({ name }) => name);
  const arrays = INVOICE_SUMMARY_TABLE.columns.map(({ type }, index) => `$${index + 1}::${type.split(' ')[0] ?? type}[]`);
  const changed = names.filter((name) => name !== 'id' && name !== 'month').map((name) => `${name} = excluded.${name}`);
  const upsert = `INSERT INTO bench_live.invoice AS current (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')}) ON CONFLICT (id, month) DO UPDATE SET ${changed.join(', ')} WHERE excluded.revision > current.revision`;
  const partitions = new Partitions(connection);
  const began = performance.now();
  for (const { values, position } of prepared) {
    await partitions.ensure('bench_live', INVOICE_SUMMARY_TABLE, new Set((values[month] ?? []).filter((text) => text !== null)));
    await connection.transaction([{ name: 'upsert', text: upsert, values }, { name: 'checkpoint', text: 'UPDATE bench_live.checkpoint SET position = $1', values: [position] }]);
  }
  const seconds = (performance.now() - began) / 1_000;
  await connection.close();
  return seconds;
}
