import { expect } from 'chai';
import { ORIGIN } from '#contracts/kernel/position.js';
import { slotOf } from '#contracts/routing.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { schemaOf } from '#platform/read-store/table.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { ProjectionsHandle } from '../../../projections/role.js';
import { invoiceStream, lifeOf } from '../../unit/projections/events.js';
import type { Harness } from './harness.js';

/** One projection with rows alone, and one with sums beside them. */
export const LAID_OUT = [INVOICE_SUMMARY, DAILY_REPORT] as const;
export const SUMMARY = INVOICE_SUMMARY.name;
export const NAMES: readonly string[] = LAID_OUT.map(({ name }) => name);

/** Many issuers, so that there are rows in many slots. */
export const keyOf = (seed: number): string => `issuer-${seed}`;

export async function appendLives(harness: Harness, from: number, to: number, events?: readonly [number, number]): Promise<void> {
  for (let seed = from; seed < to; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(...(events ?? [])), { shardKey: keyOf(seed) });
}

export async function foldOf({ store }: Harness): Promise<InvoiceSummary[]> {
  const rows = new Map<string, InvoiceSummary>();
  for (const event of (await store.readAll(ORIGIN, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
  return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** The slot table of a generation, as the control database has it. */
export async function tableOf(harness: Harness, generation: number, projection: string = SUMMARY): Promise<readonly number[]> {
  const [row] = await harness.control<{ slots: number[] }>(`SELECT slots FROM generation WHERE projection = '${projection}' AND generation = ${generation}`);
  return row?.slots ?? [];
}

/** Every row of the generation (of both projections; the report's may have another number) is on the shard that its table says and nowhere else, on the shards of the table and no others; together they are the fold. */
export async function expectLaidOut(harness: Harness, worker: ProjectionsHandle, generation: number, shards: number, ofReport = generation): Promise<void> {
  const slots = await tableOf(harness, generation);
  expect(1 + Math.max(...slots), 'shards of the table').to.equal(shards);
  for (const [name, table] of [[SUMMARY, INVOICE_SUMMARY_TABLE], [DAILY_REPORT.name, REPORT_ENTRY_TABLE]] as const) {
    const schema = schemaOf(name, name === SUMMARY ? generation : ofReport);
    expect(await harness.shardsOf(schema), `${schema} lies on`).to.deep.equal(Array.from({ length: shards }, (_, shard) => shard));
    let rows = 0;
    for (const shard of await harness.shardsOf(schema)) {
      const keys = (await harness.sqlOn<{ key: string }>(shard, `SELECT shard_key AS key FROM ${schema}.${table.name}`)).map(({ key }) => key);
      expect(keys.filter((key) => slots[slotOf(key)] !== shard), `rows of ${schema} on shard ${shard + 1} that belong elsewhere`).to.deep.equal([]);
      rows += keys.length;
    }
    expect(rows, name).to.equal((await foldOf(harness)).length);
  }
  expect(await harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
  if ((await harness.control<{ state: string }>(`SELECT state FROM generation WHERE projection = '${SUMMARY}' AND generation = ${generation}`))[0]?.state !== 'live') return;
  for (const name of NAMES) expect(await worker.verify(name)).to.deep.include({ generation: name === SUMMARY ? generation : ofReport, digestHolds: true, damaged: 0 });
}

export async function codeAndReason(work: Promise<unknown>): Promise<readonly [string, string]> {
  return work.then(() => ['no error', ''] as const, (error: unknown) => {
    const { code, message } = error as { code?: string; message: string };
    return [code ?? 'not a Problem', message] as const;
  });
}

/** Appends whole lives for as long as it runs: more with every batch that the worker has committed, so that some are always on their way. */
export class Pulse {
  #beats = Promise.resolve();
  #isOn = false;

  constructor(private readonly next: () => Promise<void>) {}

  /** For a worker's hooks. */
  readonly onBatch = ({ projection }: { readonly projection: string }): void => {
    if (this.#isOn && projection === SUMMARY) this.#beat();
  };

  #beat(): void {
    this.#beats = this.#beats.then(() => this.next());
  }

  start(): void {
    this.#isOn = true;
    this.#beat();
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#beats;
  }
}
