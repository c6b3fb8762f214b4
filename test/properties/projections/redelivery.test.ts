import { expect } from 'chai';
import fc from 'fast-check';
import { ORIGIN, toRevision, type Position } from '#contracts/kernel/position.js';
import { laneOf, lanesOf } from '#contracts/topics.js';
import { DAILY_TALLY_TABLE, REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { LanedEvent } from '#platform/feed/port.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { migrateShards } from '#platform/read-store/migrate.js';
import { schemaOf, type TableSpec } from '#platform/read-store/table.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { GenerationTables } from '../../../projections/worker/generation-tables.js';
import { placeCheckpoints, wholeGeneration } from '../../../projections/worker/schema.js';
import { ShardWriter } from '../../../projections/worker/shard-writer.js';
import { freshDatabase } from '../../support/postgres.js';
import { invoiceStream, lifeOf, toNew } from '../../unit/projections/events.js';

const LANES = lanesOf(['fiscal-invoice']);

/*
 * A feed may cut the log into any batches and may give any stretch again (a worker died between its commit and the feed's acknowledgement).
 * Rows and tallies must come out the same.
 */
describe('any batch split and any redelivery', () => {
  let connection: WriterConnection;
  let entries: LanedEvent[];
  const store = new MemoryEventStore();
  let generation = 0;

  before(async () => {
    const settings = await freshDatabase();
    await migrateShards([settings]);
    connection = new WriterConnection(settings, 'test');
    for (let index = 0; index < 5; index += 1) {
      for (let seed = 0; seed < 8; seed += 1) {
        const fact = lifeOf(seed)[index];
        if (fact) await store.append(invoiceStream(seed), 'any', [toNew(invoiceStream(seed), index, fact)]);
      }
    }
    entries = (await store.readAll(ORIGIN, { limit: 1_000 })).events.map((event) => ({ event, lane: laneOf(event.type, event.stream) }));
  });
  after(() => connection.close());

  async function run(batches: readonly (readonly LanedEvent[])[]): Promise<unknown[]> {
    generation += 1;
    await connection.transaction([
      ...wholeGeneration(DAILY_REPORT, generation), placeCheckpoints(DAILY_REPORT.name, generation, LANES, ORIGIN, 'log'),
    ]);
    for (const batch of batches) {
      // A new writer each time: nothing but the database is remembered between batches.
      const writer = new ShardWriter({ projection: DAILY_REPORT, generations: [generation], connection, readStream: (...args) => store.readStream(...args) });
      await writer.claim(LANES.map((lane) => ({ lane, epoch: '1' })), 'log');
      await writer.apply(batch, batch.at(-1)?.event.position ?? ORIGIN);
    }
    return [await rowsOf(REPORT_ENTRY_TABLE), await rowsOf(DAILY_TALLY_TABLE)];
  }

  async function rowsOf<Row>(table: TableSpec<Row>): Promise<Row[]> {
    const rows = await connection.rows({ text: `SELECT ${table.columns.map(({ name }) => name).join(', ')} FROM ${schemaOf(DAILY_REPORT.name, generation)}.${table.name} ORDER BY ${table.key.join(', ')}` });
    return rows.map((values) => table.parse(values));
  }

  /** Cuts, and for each batch how many events before it are given once more. */
  const deliveries = fc.array(fc.record({ size: fc.integer({ min: 1, max: 15 }), again: fc.integer({ min: 0, max: 20 }) }), { minLength: 3, maxLength: 12 });

  it('gives the same entries and the same tallies', async () => {
    const expected = await run([entries]);
    expect(expected.every((rows) => Array.isArray(rows) && rows.length > 0)).to.equal(true);
    await fc.assert(
      fc.asyncProperty(deliveries, async (plan) => {
        const batches: LanedEvent[][] = [];
        let at = 0;
        for (const { size, again } of plan) {
          batches.push(entries.slice(Math.max(0, at - again), at + size));
          at = Math.min(entries.length, at + size);
        }
        batches.push(entries.slice(at));
        expect(await run(batches.filter((batch) => batch.length > 0))).to.deep.equal(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('heals a gap from the store: an event that a feed left out is folded before its successor', async () => {
    const expected = await run([entries]);
    const [first] = entries.filter(({ event }) => event.revision === 1);
    const without = entries.filter((entry) => entry !== first);
    expect(await run([without.slice(0, 10), without.slice(10)])).to.deep.equal(expected);
  });

  it('never puts an older row over a newer one, whoever writes it', async () => {
    await run([entries]);
    const rows = await rowsOf(REPORT_ENTRY_TABLE);
    const tables = new GenerationTables(DAILY_REPORT, generation, connection);
    const older = rows.map((row) => ({ ...row, revision: toRevision(row.revision - 1), status: 'pending' as const }));
    for (const statement of tables.upsert(older).statements) await connection.rows(statement);
    expect(await rowsOf(REPORT_ENTRY_TABLE)).to.deep.equal(rows);
  });

  it('moves no lane backwards', async () => {
    await run([entries, entries.slice(0, 5)]);
    const positions = await connection.rows({ text: 'SELECT DISTINCT position FROM checkpoint WHERE generation = $1', values: [generation] });
    expect(positions).to.deep.equal([[String(entries.at(-1)?.event.position as Position)]]);
  });
});
