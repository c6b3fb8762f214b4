import { expect } from 'chai';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Pointer } from '#platform/control/pointer.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { compareUnions } from '../../../projections/worker/reshard/union.js';
import { invoiceId, invoiceStream } from '../../unit/projections/events.js';
import { Proxy } from '../read-side/proxy.js';
import { caughtUp, Harness } from './harness.js';
import { appendLives, codeAndReason, expectLaidOut, foldOf, LAID_OUT, NAMES, Pulse, SUMMARY } from './laid-out.js';

const withOtherChannel: RowProjection = { ...INVOICE_SUMMARY, evolve: (row, event) => ({ ...evolveInvoice(row as InvoiceSummary | undefined, event as InvoiceEvent), channel: 'CHANGED' }) };

describe('a re-shard that cannot be', () => {
  let harness: Harness;
  let proxy: Proxy | undefined;
  afterEach(async () => {
    await harness.close();
    await proxy?.cut();
    proxy = undefined;
  });

  const start = (options: Parameters<Harness['start']>[0] = {}): ReturnType<Harness['start']> => harness.start({ projections: [...LAID_OUT], ...options });
  type Worker = Awaited<ReturnType<typeof start>>;

  /** Readers are where they were, and what is appended now comes to them. */
  async function expectUntouched(worker: Worker, generation = 1): Promise<void> {
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(generation);
    const from = (await foldOf(harness)).length;
    await appendLives(harness, from, from + 3);
    await caughtUp(worker, ...NAMES);
    expect(await harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
  }

  it('is refused with what is wrong: a number, a layout that is there, a slot, a shard', async () => {
    harness = await Harness.open(2);
    const worker = await start();
    await appendLives(harness, 0, 3);
    await caughtUp(worker, ...NAMES);
    for (const [layout, said] of [
      [{ shards: 0 }, /1 to 64 shards/u], [{ shards: -1 }, /1 to 64/u], [{ shards: 65 }, /1 to 64/u], [{ shards: 1.5 }, /1 to 64/u], [{ shards: 2 }, /it has that layout already/u],
      [{ slot: 1_024, to: 1 }, /slots are 0 to 1023/u], [{ slot: -1, to: 1 }, /slots are/u], [{ slot: 0, to: 1 }, /it has that layout already/u], [{ slot: 0, to: 3 }, /there is no shard 3: there are 1 to 2/u],
      [{ slot: 0, to: 0 }, /there is no shard 0/u], [{ shards: 3 }, /knows 2 shards; name the addresses of further ones in FOLIO_NEW_SHARDS, start every process again/u],
    ] as const) {
      const [code, text] = await codeAndReason(worker.reshard(layout));
      expect([code, text], JSON.stringify(layout)).to.satisfy(([one, sentence]: [string, string]) => one === 'reshard-impossible' && said.test(sentence));
      expect((await codeAndReason(worker.checkLayout(layout)))[0]).to.equal('reshard-impossible');
    }
    await expectUntouched(worker);
  });

  it('is refused while another process knows fewer shards, worker or reader, and names it', async () => {
    harness = await Harness.open(3, 1);
    const worker = await start();
    await caughtUp(worker, ...NAMES);
    const behind = await start({ owner: 'old worker', reader: 'old reader', reaches: harness.shardSettings.slice(0, 2) });
    await caughtUp(behind, ...NAMES);
    const [code, text] = await codeAndReason(worker.reshard({ shards: 3 }));
    expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'reshard-impossible' && /old worker, old reader know fewer than 3 shards/u.test(sentence));
    expect(await worker.reshard({ shards: 2 }), 'these it knows').to.include({ [SUMMARY]: 2 });
  });

  it('names a shard that is down when it is asked for', async () => {
    harness = await Harness.open(2, 1);
    proxy = await Proxy.before(harness.shardSettings[1] as never);
    const worker = await start({ reaches: [harness.shardSettings[0] as never, proxy.settings] });
    await appendLives(harness, 0, 5);
    await caughtUp(worker, ...NAMES);
    await proxy.cut();
    expect(await codeAndReason(worker.reshard({ shards: 2 }))).to.deep.equal(['shard-unavailable', 'Shard 2 does not answer; the live generation stays. Bring it back and repeat the command.']);
    await expectUntouched(worker);
    await proxy.open();
    await worker.reshard({ shards: 2 });
    await expectLaidOut(harness, worker, 2, 2);
  });

  for (const stage of ['fold', 'catch-up'] as const) {
    it(`names a shard that is cut in the middle (${stage}); the live generation goes on without it, and the next call comes to its end`, async () => {
      harness = await Harness.open(2, 1);
      const cut = (proxy = await Proxy.before(harness.shardSettings[1] as never));
      const worker = await start({ reaches: [harness.shardSettings[0] as never, cut.settings] });
      await appendLives(harness, 0, 30);
      await caughtUp(worker, ...NAMES);
      const { store } = harness;
      let cutting: Promise<void> | undefined;
      if (stage === 'fold') {
        const read = store.readAll.bind(store);
        store.readAll = async (...asked) => {
          if (asked[1]?.filter?.typePrefixes !== undefined) await (cutting ??= cut.cut());
          return read(...asked);
        };
      }
      // The second `catch-up` of a projection is its adoption.
      let catchUps = 0;
      const isNow = (now: string): boolean => now === stage && (stage !== 'catch-up' || (catchUps += 1) === NAMES.length + 1);
      const [code, text] = await codeAndReason(worker.reshard({ shards: 2 }, { onProgress: (progress) => void (isNow(progress.stage) && stage !== 'fold' && (cutting ??= cut.cut())) }));
      await cutting;
      expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'shard-unavailable' && sentence.startsWith('Shard 2 '));
      await expectUntouched(worker);
      await cut.open();
      await worker.reshard({ shards: 2 });
      const generation = worker.pointer.generationOf(SUMMARY) ?? 0;
      expect(generation).to.be.greaterThan(1);
      await expectLaidOut(harness, worker, generation, 2);
      await expectLaidOut(harness, worker, 1, 1);
    });
  }

  it('lets the live generation go on where an interrupted run has left another one on a shard that is down by now', async () => {
    harness = await Harness.open(2, 1);
    proxy = await Proxy.before(harness.shardSettings[1] as never);
    const worker = await start({ reaches: [harness.shardSettings[0] as never, proxy.settings] });
    await appendLives(harness, 0, 10);
    await caughtUp(worker, ...NAMES);
    const stop = new AbortController();
    let catchUps = 0;
    await worker.reshard({ shards: 2 }, { signal: stop.signal, onProgress: ({ stage }) => void (stage === 'catch-up' && (catchUps += 1) === NAMES.length + 1 && stop.abort()) }).catch(() => undefined);
    expect(await harness.control(`SELECT DISTINCT state FROM generation WHERE generation = 2`)).to.deep.equal([{ state: 'adopting' }]);
    await proxy.cut();
    expect((await codeAndReason(worker.reshard({ shards: 2 })))[0]).to.equal('shard-unavailable');
    await expectUntouched(worker);
  });

  it('is refused where the new rows are not what readers have, over all shards together, and shows keys', async () => {
    harness = await Harness.open(2, 1);
    const before = await start();
    await appendLives(harness, 0, 12);
    await caughtUp(before, ...NAMES);
    await before.stop();
    const worker = await start({ projections: [withOtherChannel, DAILY_REPORT] });
    await caughtUp(worker, ...NAMES);
    const [code, text] = await codeAndReason(worker.reshard({ shards: 2 }));
    expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'rebuild-differs' && sentence.includes('12 rows (channel)'));
    expect(worker.lastRebuild(SUMMARY)?.comparison?.shown).to.deep.include({ table: 'invoice', key: `${invoiceId(3)} 2026-03-01`, column: 'channel', live: 'api', next: 'CHANGED' });
    await expectUntouchedBy(worker);
    await worker.stop();
    const again = await start();
    await again.reshard({ shards: 2 }).catch(() => undefined);
    expect(again.lastRebuild(SUMMARY)?.comparison?.differing, 'what the other code had written meanwhile').to.equal(3);
  });
  /** The rows of other code come to readers as well. */
  async function expectUntouchedBy(worker: Worker): Promise<void> {
    await appendLives(harness, 12, 15);
    await caughtUp(worker, ...NAMES);
    expect([worker.pointer.generationOf(SUMMARY), (await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).length]).to.deep.equal([1, 15]);
  }

  it('is refused where a sum over all shards differs, and where a stream is in quarantine on one side only', async () => {
    harness = await Harness.open(2, 1);
    const worker = await start();
    await appendLives(harness, 0, 12);
    await caughtUp(worker, ...NAMES);
    await harness.sqlOn(0, `UPDATE daily_report_g1.tally SET total = total + 1 WHERE kind = 'document' AND tax = ''`);
    expect((await codeAndReason(worker.reshard({ shards: 2 })))[0]).to.equal('rebuild-differs');
    expect([...new Set(worker.lastRebuild(DAILY_REPORT.name)?.comparison?.shown.map(({ table, column }) => `${table}.${column}`))]).to.deep.equal(['tally.total']);
    await harness.sqlOn(0, `UPDATE daily_report_g1.tally SET total = total - 1 WHERE kind = 'document' AND tax = ''`);
    await harness.sqlOn(0, `INSERT INTO quarantine (projection, generation, stream, lane, revision, position, event_id, type, reason) VALUES ('${SUMMARY}', 1, '${invoiceStream(4)}', 'x', 1, 1, 'x', 'x', 'by hand')`);
    const [code, text] = await codeAndReason(worker.reshard({ shards: 2 }));
    expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'rebuild-quarantine-differs' && sentence.includes(`${invoiceStream(4)} (live)`));
    await harness.sqlOn(0, 'DELETE FROM quarantine');
    await worker.reshard({ shards: 2 });
    await expectLaidOut(harness, worker, worker.pointer.generationOf(SUMMARY) ?? 0, 2);
  });

  /** By both commands; afterwards nothing of these schemas is left but the live generation. */
  async function expectToldFull(worker: Worker, schemas: string): Promise<void> {
    for (const work of [() => worker.reshard({ shards: 2 }), () => worker.rebuild(SUMMARY)]) {
      const [code, text] = await codeAndReason(work());
      expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'read-store-full' && /No space left on device/u.test(sentence));
      expect(await harness.sql(`SELECT nspname FROM pg_namespace WHERE nspname ~ '^${schemas}_g[2-9]'`), 'it holds no room').to.deep.equal([]);
      expect(worker.lastRebuild(SUMMARY)?.problem?.code).to.equal('read-store-full');
      await expectUntouched(worker);
    }
  }
  const NO_ROOM = `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`;

  it('is told when the disk is full, as a plain rebuild is: what was being built makes room, and the next call works', async () => {
    harness = await Harness.open(2, 1);
    const worker = await start();
    await appendLives(harness, 0, 12);
    await caughtUp(worker, ...NAMES);
    // The server itself raises it at the COPY: tables that are made from now on have no room.
    await harness.sql(NO_ROOM);
    await harness.sql(`CREATE FUNCTION fill_disk() RETURNS event_trigger LANGUAGE plpgsql AS $$
      DECLARE made record;
      BEGIN
        FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' AND object_identity ~ '_g[0-9]+\\.(invoice|entry)$' LOOP
          EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION public.no_room()', made.object_identity);
        END LOOP;
      END $$`);
    await harness.sql(`CREATE EVENT TRIGGER fill_disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION fill_disk()`);
    await expectToldFull(worker, '(invoice_summary|daily_report)');
    await harness.sql('DROP EVENT TRIGGER fill_disk');
    const { [SUMMARY]: generation = 0, [DAILY_REPORT.name]: ofReport = 0 } = await worker.reshard({ shards: 2 });
    await expectLaidOut(harness, worker, generation, 2, ofReport);
  });

  it('is told when the disk is full only when the live worker takes the new generation in: that one is given up and dropped, the live one goes on', async () => {
    harness = await Harness.open(2, 1);
    const worker = await start();
    await appendLives(harness, 0, 12);
    await caughtUp(worker, ...NAMES);
    // The server itself raises it at the first commit for a generation that is filled.
    await harness.sql(NO_ROOM);
    await harness.sql(`CREATE TRIGGER full_disk BEFORE UPDATE ON checkpoint FOR EACH ROW WHEN (NEW.generation > 1 AND NEW.epoch > 0 AND NEW.projection = '${SUMMARY}') EXECUTE FUNCTION no_room()`);
    await expectToldFull(worker, 'invoice_summary');
    await harness.sql('DROP TRIGGER full_disk ON checkpoint');
    const { [SUMMARY]: generation = 0, [DAILY_REPORT.name]: ofReport = 0 } = await worker.reshard({ shards: 2 });
    await expectLaidOut(harness, worker, generation, 2, ofReport);
  });

  for (const stage of ['index', 'catch-up'] as const) {
    it(`names a shard that answers nothing any more without closing a connection (${stage}); the live generation goes on without it`, async () => {
      harness = await Harness.open(2, 1);
      const frozen = (proxy = await Proxy.before(harness.shardSettings[1] as never));
      const worker = await start({ reaches: [harness.shardSettings[0] as never, frozen.settings], silentMs: 500 });
      await appendLives(harness, 0, 30);
      await caughtUp(worker, ...NAMES);
      // The second `catch-up` of a projection is its adoption.
      let met = 0;
      const onProgress = (progress: { readonly stage: string }): void => {
        if (progress.stage === stage && (met += 1) === (stage === 'index' ? 1 : NAMES.length + 1)) frozen.freeze();
      };
      const [code, text] = await codeAndReason(worker.reshard({ shards: 2 }, { onProgress }));
      expect([code, text]).to.satisfy(([one, sentence]: [string, string]) => one === 'shard-unavailable' && sentence.startsWith('Shard 2 '));
      await expectUntouched(worker);
      await frozen.cut();
      await frozen.open();
      await worker.reshard({ shards: 2 });
      await expectLaidOut(harness, worker, worker.pointer.generationOf(SUMMARY) ?? 0, 2);
    });
  }

  it('meets the lanes of a busy log at one position by holding them for a batch, and lets them go on', async () => {
    harness = await Harness.open(3, 1);
    let seed = 10;
    const pulse = new Pulse(() => appendLives(harness, seed, (seed += 3)));
    const worker = await start({ hooks: { onBatch: pulse.onBatch } });
    await appendLives(harness, 0, 10);
    await caughtUp(worker, ...NAMES);
    await worker.reshard({ shards: 3 });
    const control = new ControlDatabase(harness.controlSettings);
    const shards = new Shards({ shards: harness.shardSettings, slots: evenSlots(SLOTS, 1), slotOf, readers: 1 });
    pulse.start();
    const generations = await new Generations(control, new Pointer(control, 'read-models')).list(DAILY_REPORT.name);
    const [live, next] = [generations.find(({ generation }) => generation === 1), generations.find(({ generation }) => generation === 2)];
    if (!live || !next) throw new Error('there are two');
    const compared: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const report = await compareUnions({ context: { shards }, projection: DAILY_REPORT, live, next, signal: new AbortController().signal, looks: 0 });
      expect(report).to.deep.include({ differing: 0, parked: [] });
      compared.push(report.compared);
    }
    await pulse.stop();
    expect(compared.at(-1), 'rows came in meanwhile').to.be.greaterThan(compared[0] ?? 0);
    await caughtUp(worker, ...NAMES);
    expect(worker.workers()[DAILY_REPORT.name]?.state).to.equal('running');
    await Promise.all([shards.close(), control.close()]);
  });
});
