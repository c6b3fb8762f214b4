import { expect } from 'chai';
import pg from 'pg';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { VerificationReport } from '#contracts/queries.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import { laneOf } from '#contracts/topics.js';
import { TEXT_TYPES } from '#platform/postgres/pool.js';
import { schemaOf } from '#platform/read-store/table.js';
import { evolveInvoice } from '../../projections/invoice-row/evolve.js';
import { expectCacheIsFolds, expectIndexIsFolds, historiesOf, type Histories } from '../support/derived-oracle.js';
import type { ChaosSystem } from './system.js';

const TABLES = ['invoice-summary', 'daily-report', 'users'] as const;

interface Pointer { readonly generations: Readonly<Record<string, number>> }

async function pointerOf({ control }: ChaosSystem): Promise<Pointer> {
  const client = new pg.Client(control);
  await client.connect();
  const { rows } = await client.query<Pointer>('SELECT generations FROM pointer').finally(() => client.end());
  return rows[0] ?? { generations: {} };
}

async function summaries({ shards }: ChaosSystem, generation: number): Promise<readonly InvoiceSummary[]> {
  const found = await Promise.all(shards.map(async (settings) => {
    const client = new pg.Client({ ...settings, types: TEXT_TYPES });
    await client.connect();
    try {
      const table = `${schemaOf('invoice-summary', generation)}.invoice`;
      // A generation lies on the shards of its layout only.
      if ((await client.query<[string | null]>({ text: `SELECT to_regclass('${table}')::text`, rowMode: 'array' })).rows[0]?.[0] === null) return [];
      const { rows } = await client.query<(string | null)[]>({ text: `SELECT ${selectList(INVOICE_SUMMARY_TABLE)} FROM ${table}`, rowMode: 'array' });
      return rows.map((values) => INVOICE_SUMMARY_TABLE.parse(values));
    } finally {
      await client.end();
    }
  }));
  return found.flat();
}

export async function logUntilNow({ log }: ChaosSystem): Promise<{ readonly histories: Histories; readonly head: Position }> {
  const events = [];
  let after = ORIGIN;
  for (let more = true; more;) {
    const page = await log.readAll(after, { limit: 5_000 });
    events.push(...page.events);
    after = page.scannedTo;
    more = !page.atHead;
  }
  return { histories: historiesOf(events), head: after };
}

/** Every stream has one row over all shards, and it is the fold of the stream up to the row's revision; none is behind the position that all have come to. */
export async function expectRowsAreFolds(system: ChaosSystem, reached: Position): Promise<number> {
  const { generations } = await pointerOf(system);
  const rows = await summaries(system, generations['invoice-summary'] ?? 0);
  const { histories } = await logUntilNow(system);
  expect(new Set(rows.map(({ id }) => id)).size, 'one row each').to.equal(rows.length);
  for (const row of rows) {
    const events = (histories.get(row.id) ?? []).filter(({ revision }) => revision <= row.revision);
    expect(row, row.id).to.deep.equal(events.reduce<InvoiceSummary | undefined>((state, event: InvoiceEvent) => evolveInvoice(state, event), undefined));
  }
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  for (const [id, events] of histories) {
    const last = events.filter(({ position }) => !isAfter(position, reached)).at(-1);
    if (last && isAfter(last.position, byId.get(id)?.position ?? ORIGIN)) throw new Error(`invoice ${id} is behind: its row has ${byId.get(id)?.position ?? 'nothing'}, the log had ${last.position}, ${reached} was reached; ${await whatIsKnownOf(system, id)}`);
  }
  return rows.length;
}

const LATER_MS = 5_000;

/** For whoever looks for the reason: what every shard has of a stream, now and a while later. */
async function whatIsKnownOf({ shards }: ChaosSystem, id: string): Promise<string> {
  const look = async (): Promise<string> => JSON.stringify(await Promise.all(shards.map(async (settings) => {
    const client = new pg.Client(settings);
    await client.connect();
    try {
      const ask = async (text: string, ...values: unknown[]): Promise<unknown> => (await client.query({ text, values, rowMode: 'array' })).rows;
      const { rows: tables } = await client.query<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'invoice_summary_g%' ORDER BY nspname`);
      const rows = await Promise.all(tables.map(async ({ name }) => [name, await ask(`SELECT revision, position FROM ${name}.invoice WHERE id = $1`, id).catch(String)]));
      const lane = laneOf('fiscal.invoice.created', `invoice-${id}` as StreamId);
      return [rows, await ask('SELECT generation, position, epoch, edits FROM checkpoint WHERE projection = $1 AND lane = $2', 'invoice-summary', lane), await ask('SELECT generation, position, reason FROM quarantine WHERE stream = $1', `invoice-${id}`)];
    } finally {
      await client.end();
    }
  })));
  const before = await look();
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  return `rows, checkpoints and quarantine of each shard: ${before}, and ${LATER_MS / 1_000} s later ${await look()}`;
}

/** What workers keep of their rows is true: every hash, every digest, every sum. */
export async function expectVerified({ client }: ChaosSystem): Promise<void> {
  for (const name of TABLES) {
    const { body } = await client.post<VerificationReport>(`/api/v1/projections/${name}/verify`, {});
    expect({ damaged: body.damaged, digestHolds: body.digestHolds, shown: body.shown }, name).to.deep.equal({ damaged: 0, digestHolds: true, shown: [] });
  }
}

/** Search has every stream and the cache some, each as the fold; asked when nothing moves any more. */
export async function expectDerivedAreFolds(system: ChaosSystem): Promise<void> {
  const { histories } = await logUntilNow(system);
  const { generations } = await pointerOf(system);
  if (system.search) await expectIndexIsFolds(system.search.url, system.prefix, generations['invoice-search'] ?? 0, histories);
  if (system.redis !== undefined) await expectCacheIsFolds(system.redis, system.prefix, generations['invoice-summary'] ?? 0, histories);
}
