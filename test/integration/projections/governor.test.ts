import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import type { EventStore } from '#platform/event-store/port.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { Governor } from '../../../projections/worker/rebuild/governor.js';
import { invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness, until } from './harness.js';

const SUMMARY = INVOICE_SUMMARY.name;
const INVOICES = 40;
const PAGE = 20;

describe('a rebuild that gives way', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  let pages = 0;
  /** The page of the log at which somebody pauses it. */
  let pauseAt = 0;
  beforeEach(async () => {
    pauseAt = 0;
    harness = await Harness.open();
    for (let seed = 0; seed < INVOICES; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    const { store } = harness;
    harness.rebuildStore = {
      append: (...asked) => store.append(...asked), readStream: (...asked) => store.readStream(...asked), subscribe: (asked) => store.subscribe(asked), status: (...asked) => store.status(...asked),
      readAll: (after, options) => {
        pages += 1;
        if (pages === pauseAt) worker.steerRebuild(SUMMARY, 'pause');
        return store.readAll(after, { ...options, limit: PAGE });
      },
    } satisfies EventStore;
    worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    await caughtUp(worker, SUMMARY);
    pages = 0;
  });
  afterEach(() => harness.close());

  const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'it came to its switch', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
  const stage = async (): Promise<string | undefined> => (await worker.status())[0]?.rebuild?.stage;

  it('stands still while it is paused, goes on when it is told to, and is as right as any', async () => {
    pauseAt = 2;
    const rebuilding = worker.rebuild(SUMMARY);
    await until(async () => (await stage()) === 'paused', 'it is paused');
    const read = pages;
    await harness.append(invoiceStream(90), lifeOf(90));
    await caughtUp(worker, SUMMARY);
    expect(pages, 'the log is not read meanwhile').to.equal(read);
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(1);
    worker.steerRebuild(SUMMARY, 'resume');
    expect(await rebuilding).to.equal(2);
    expect(await worker.verify(SUMMARY)).to.deep.include({ rows: INVOICES + 1, digestHolds: true, damaged: 0 });
  });

  it('is given up at once, paused or not, and gone on with by the next one', async () => {
    pauseAt = 6;
    const rebuilding = code(worker.rebuild(SUMMARY, { markEvents: 2 * PAGE }));
    await until(async () => (await stage()) === 'paused', 'it is paused');
    worker.steerRebuild(SUMMARY, 'cancel');
    expect(await rebuilding).to.equal('rebuild-cancelled');
    expect(worker.lastRebuild(SUMMARY)).to.deep.include({ outcome: 'failed' });
    pauseAt = 0;
    pages = 0;
    await worker.rebuild(SUMMARY, { markEvents: 2 * PAGE });
    expect(pages, 'not from the beginning').to.be.below((5 * INVOICES) / PAGE);
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });

  it('takes no more events a second than it may', async () => {
    const began = performance.now();
    await worker.rebuild(SUMMARY, { eventsPerSecond: 400 });
    expect(performance.now() - began).to.be.at.least((5 * INVOICES * 1_000) / 400 - 60);
  });

  it('cannot be steered when none runs, nor held to a rate that is none', async () => {
    for (const how of ['pause', 'resume', 'cancel'] as const) expect(() => worker.steerRebuild(SUMMARY, how)).to.throw(Problem).with.property('code', 'rebuild-not-running');
    expect(() => worker.steerRebuild('nothing', 'pause')).to.throw(Problem).with.property('code', 'projection-unknown');
    expect(await code(worker.rebuild(SUMMARY, { eventsPerSecond: 0 }))).to.equal('rebuild-selection-invalid');
    expect(await worker.rebuild(SUMMARY), 'and nothing is left behind').to.equal(2);
  });
});

describe('the governor', () => {
  let clock = 0;
  const rests: number[] = [];
  const governor = (isBusy: boolean): Governor => new Governor({ traffic: { isBusy: () => isBusy }, now: () => clock, sleep: async (ms) => { rests.push(ms); clock += ms; } });
  beforeEach(() => { rests.length = 0; });

  it('lets work run through while nobody reads', () => {
    const idle = governor(false);
    clock += 5;
    expect(idle.breathe()).to.equal(undefined);
  });

  it('rests after every slice while readers are busy, longer than it worked', async () => {
    const busy = governor(true);
    expect(busy.breathe(), 'not before there was any work').to.equal(undefined);
    clock += 4;
    const rest = busy.breathe();
    expect(busy.breathe(), 'all that work for it rest together').to.equal(rest);
    await rest;
    expect(rests).to.deep.equal([24]);
    expect(busy.breathe(), 'the next slice has begun').to.equal(undefined);
  });

  it('takes a long time without a breath for waiting, not for work that calls for a rest as long', async () => {
    const busy = governor(true);
    clock += 600;
    await busy.breathe();
    expect(rests, 'six times of what it took would be 3.6 s').to.deep.equal([120]);
  });
});
