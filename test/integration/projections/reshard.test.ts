import { expect } from 'chai';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { schemaOf } from '#platform/read-store/table.js';
import { WORKER_LIMITS } from '../../../projections/worker/context.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { cancelled, copyReceived, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Gate, Harness } from './harness.js';
import { appendLives, codeAndReason, expectLaidOut, foldOf, keyOf, LAID_OUT, NAMES, Pulse, SUMMARY, tableOf } from './laid-out.js';

const GUILTY = 3;
const unfoldable = (projection: RowProjection): RowProjection => ({
  ...projection,
  evolve: (row, event) => {
    if (event.stream === invoiceStream(GUILTY) && event.type === 'fiscal.invoice.validated') throw new Error('this code cannot fold it');
    return projection.evolve(row, event);
  },
});

describe('a re-shard', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const start = (options: Parameters<Harness['start']>[0] = {}): ReturnType<Harness['start']> => harness.start({ projections: [...LAID_OUT], ...options });

  it('lays rows out on three shards and then on two while events come in all the while; each row is where its table says, and all together are the fold', async () => {
    harness = await Harness.open(3, 1);
    let seed = 0;
    const pulse = new Pulse(async () => {
      // Streams that rows are there of already, and new ones.
      if (seed < 40) await appendLives(harness, seed, seed + 1, [3, 5]);
      await appendLives(harness, 40 + 2 * seed, 42 + 2 * seed);
      seed += 1;
    });
    const worker = await start({ hooks: { onBatch: pulse.onBatch } });
    await appendLives(harness, 0, 40, [0, 3]);
    await caughtUp(worker, ...NAMES);
    pulse.start();
    expect(await worker.reshard({ shards: 3 })).to.deep.equal({ [SUMMARY]: 2, [DAILY_REPORT.name]: 2 });
    const between = seed;
    expect(await worker.reshard({ shards: 2 })).to.deep.equal({ [SUMMARY]: 3, [DAILY_REPORT.name]: 3 });
    expect(seed, 'events came in all the while').to.be.greaterThan(between);
    await pulse.stop();
    await caughtUp(worker, ...NAMES);
    // Both that are kept current: the live one, and the one before in its own layout.
    await expectLaidOut(harness, worker, 3, 2);
    await expectLaidOut(harness, worker, 2, 3);
    expect(worker.layout()).to.deep.equal({ known: 3, slots: [512, 512] });
    expect(worker.pointer.current().slots, 'the pointer has the table of its generations').to.deep.equal(await tableOf(harness, 3));
    expect(worker.lastRebuild(DAILY_REPORT.name)?.comparison).to.deep.include({ differing: 0, parked: [] });
    expect(harness.switches.map(({ reason }) => reason)).to.deep.equal(['reshard', 'reshard']);
    expect(worker.workers()[SUMMARY]?.parkedStreams).to.equal(0);
  });

  it('moves one slot, and nothing else', async () => {
    harness = await Harness.open(2);
    const worker = await start();
    await appendLives(harness, 0, 20);
    await caughtUp(worker, ...NAMES);
    const before = await tableOf(harness, 1);
    await worker.reshard({ slot: 7, to: 2 });
    expect((await tableOf(harness, 2)).flatMap((shard, slot) => (shard === before[slot] ? [] : [[slot, shard]]))).to.deep.equal([[7, 1]]);
    await expectLaidOut(harness, worker, 2, 2);
    expect(worker.layout().slots).to.deep.equal([SLOTS / 2 - 1, SLOTS / 2 + 1]);
  });

  it('can be rolled back, whole, to the old layout, which goes on being right; and forwards again', async () => {
    harness = await Harness.open(3, 1);
    const worker = await start();
    await appendLives(harness, 0, 15, [0, 3]);
    await caughtUp(worker, ...NAMES);
    await worker.reshard({ shards: 3 });
    await appendLives(harness, 0, 15, [3, 5]);
    await caughtUp(worker, ...NAMES);
    const [code, reason] = await codeAndReason(worker.rollback(SUMMARY));
    expect([code, reason]).to.satisfy(([one, text]: [string, string]) => one === 'reshard-impossible' && /go back with all of them together/u.test(text));
    expect(await worker.rollbackSet(NAMES)).to.deep.equal({ [SUMMARY]: 1, [DAILY_REPORT.name]: 1 });
    expect(worker.layout().slots).to.deep.equal([SLOTS]);
    await appendLives(harness, 15, 30);
    await caughtUp(worker, ...NAMES);
    await expectLaidOut(harness, worker, 1, 1);
    await expectLaidOut(harness, worker, 2, 3);
    await worker.rollbackSet(NAMES);
    await appendLives(harness, 30, 35);
    await caughtUp(worker, ...NAMES);
    await expectLaidOut(harness, worker, 2, 3);
    await worker.rebuild(SUMMARY);
    expect(await tableOf(harness, 3), 'a plain rebuild keeps the layout').to.deep.equal(await tableOf(harness, 2));
    expect((await codeAndReason(worker.rollbackSet(NAMES)))[0], 'one would be in the new layout, one in the old').to.equal('reshard-impossible');
  });

  it('keeps a stream in quarantine that moves to another shard, with what waits behind it, and takes it up there again', async () => {
    harness = await Harness.open(2, 1);
    const before = await start({ projections: LAID_OUT.map(unfoldable) });
    await appendLives(harness, 0, 10);
    await caughtUp(before, ...NAMES);
    await before.reshard({ shards: 2 });
    // Whichever shard its key is on: the slot is moved to the other one, so that the stream moves for certain.
    const [at] = await harness.sqlOn<{ there: boolean }>(1, `SELECT EXISTS (SELECT FROM quarantine WHERE generation = 2 AND projection = '${SUMMARY}') AS there`);
    const to = at?.there === true ? 1 : 2;
    await before.reshard({ slot: slotOf(keyOf(GUILTY)), to });
    await harness.append(invoiceStream(GUILTY), [copyReceived()], { shardKey: keyOf(GUILTY) });
    await caughtUp(before, ...NAMES);
    const places = async (generation: number): Promise<unknown[]> => Promise.all([0, 1].map(async (shard) => [
      (await harness.sqlOn(shard, `SELECT 1 FROM quarantine WHERE projection = '${SUMMARY}' AND generation = ${generation}`)).length,
      (await harness.sqlOn<{ revision: string }>(shard, `SELECT revision FROM quarantine_event WHERE projection = '${SUMMARY}' AND generation = ${generation} ORDER BY revision`)).map(({ revision }) => revision),
    ]));
    const [here, elsewhere] = [[1, ['3', '4', '5']], [0, []]];
    expect(await places(3)).to.deep.equal(to === 1 ? [here, elsewhere] : [elsewhere, here]);
    expect(await places(2), 'the generation before has it where it was').to.deep.equal(to === 1 ? [elsewhere, here] : [here, elsewhere]);
    expect(before.workers()[SUMMARY]?.parkedStreams).to.equal(1);
    await before.stop();
    const worker = await start();
    for (const name of NAMES) await worker.quarantine.retry(name, invoiceStream(GUILTY));
    await harness.append(invoiceStream(GUILTY), [cancelled()], { shardKey: keyOf(GUILTY) });
    await caughtUp(worker, ...NAMES);
    expect(await worker.quarantine.list()).to.deep.equal([]);
    await expectLaidOut(harness, worker, 3, 2);
    await expectLaidOut(harness, worker, 2, 2);
  });

  it('is taken over by another worker when the lanes are lost in the middle of the adoption', async () => {
    harness = await Harness.open(3, 1);
    const gate = new Gate();
    const first = await start({ owner: 'A', hooks: { beforeCommit: () => gate.pass() } });
    await appendLives(harness, 0, 30, [0, 3]);
    await caughtUp(first, ...NAMES);
    let catchUps = 0;
    // The last projection's indexes are made: the generations are given to the live worker next.
    const reshard = first.reshard({ shards: 3 }, { onProgress: ({ stage }) => void (stage === 'catch-up' && (catchUps += 1) === NAMES.length && (gate.isOpen = false)) });
    while (catchUps < NAMES.length) await new Promise((resolve) => setImmediate(resolve));
    await appendLives(harness, 0, 30, [3, 5]);
    while (gate.held === 0) await new Promise((resolve) => setImmediate(resolve));
    // As if the machine had stood still: its lanes have another owner now, which has gone as well.
    await harness.control(`UPDATE lease SET owner = 'gone', epoch = epoch + 1, expires_at = now() - interval '1 second'`);
    const second = await start({ owner: 'B' });
    gate.open();
    await reshard;
    await appendLives(harness, 30, 40);
    await caughtUp(second, ...NAMES);
    await expectLaidOut(harness, second, 2, 3);
    await expectLaidOut(harness, second, 1, 1);
  });

  it('replaces rows in place on the shard of each layout', async () => {
    harness = await Harness.open(2, 1);
    const worker = await start({ projections: [INVOICE_SUMMARY] });
    await appendLives(harness, 0, 20);
    await caughtUp(worker, SUMMARY);
    await worker.reshard({ shards: 2 });
    for (const generation of [1, 2]) for (const shard of await harness.shardsOf(schemaOf(SUMMARY, generation))) await harness.sqlOn(shard, `UPDATE ${schemaOf(SUMMARY, generation)}.invoice SET channel = 'by hand', row_hash = row_hash`);
    await worker.rebuild(SUMMARY, { select: { type: 'fiscal.invoice.created' } });
    for (const generation of [1, 2]) expect(await harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE), `generation ${generation}`).to.deep.equal(await foldOf(harness));
  });

  it('gives the generation before up where the shards that it lies on are left out of the settings', async () => {
    harness = await Harness.open(3);
    const before = await start();
    await appendLives(harness, 0, 12);
    await caughtUp(before, ...NAMES);
    await before.reshard({ shards: 1 });
    await expectLaidOut(harness, before, 2, 1);
    await before.stop();
    const worker = await start({ reaches: harness.shardSettings.slice(0, 1) });
    await appendLives(harness, 12, 20);
    await caughtUp(worker, ...NAMES);
    expect((await codeAndReason(worker.rollbackSet(NAMES)))[0]).to.equal('rollback-impossible');
    await expectLaidOut(harness, worker, 2, 1);
  });

  it('takes shards in while it runs, where they can be made', async () => {
    harness = await Harness.open(3, 1);
    const worker = await start({ reaches: harness.shardSettings.slice(0, 1), grows: true, reader: 'this process' });
    await appendLives(harness, 0, 12);
    await caughtUp(worker, ...NAMES);
    await worker.reshard({ shards: 3 });
    await appendLives(harness, 12, 24);
    await caughtUp(worker, ...NAMES);
    await expectLaidOut(harness, worker, 2, 3);
    expect(worker.layout()).to.deep.include({ known: 3 });
  });

  it('folds a batch larger than one transaction for both layouts', async () => {
    harness = await Harness.open(2, 1);
    const worker = await start({ projections: [INVOICE_SUMMARY], known: [INVOICE_SUMMARY] });
    await worker.reshard({ shards: 2 });
    const streams = Math.ceil((2 * WORKER_LIMITS.batchEvents) / lifeOf(1).length);
    await appendLives(harness, 0, streams);
    await caughtUp(worker, SUMMARY);
    expect(worker.workers()[SUMMARY]?.outcomes.applied, 'each event is counted once').to.equal(streams * lifeOf(1).length);
    for (const generation of [1, 2]) expect(await harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
  });
});
