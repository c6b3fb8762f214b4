import { expect } from 'chai';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { freshLog, type PostgresLog } from '../../support/event-store.js';
import { codeOf, untilSeen } from '../../support/until.js';
import { invoiceStream, lifeOf, toNew } from '../../unit/projections/events.js';
import { FAULT_AT, PAGES, type FillLog } from './fill-log.js';
import { caughtUp, foldsOf, Harness, type StartOptions } from './harness.js';

const [SUMMARY, REPORT] = [INVOICE_SUMMARY.name, DAILY_REPORT.name];
const INVOICES = 60;
const PAGE_EVENTS = 20;

describe('a rebuild while readers are busy', function () {
  this.timeout(120_000);
  let harness: Harness;
  let log: PostgresLog;
  let store: PostgresEventStore;
  let worker: Awaited<ReturnType<Harness['start']>>;
  let isBusy: boolean;
  let numbers: Int32Array;
  let shared: SharedArrayBuffer;
  /** Pages that this process read for a rebuild. */
  let pagesHere: number;
  beforeEach(async () => {
    [harness, log] = await Promise.all([Harness.open(2), freshLog()]);
    store = new PostgresEventStore({ append: log.append, read: log.read });
    harness.liveStore = store;
    pagesHere = 0;
    harness.rebuildStore = Object.assign(Object.create(store) as PostgresEventStore, {
      status: (...asked: Parameters<typeof store.status>) => store.status(...asked), readStream: (...asked: Parameters<typeof store.readStream>) => store.readStream(...asked),
      readAll: (...asked: Parameters<typeof store.readAll>) => {
        pagesHere += 1;
        return store.readAll(...asked);
      },
    });
    shared = new SharedArrayBuffer(8);
    numbers = new Int32Array(shared);
    isBusy = true;
  });
  afterEach(async () => {
    await harness.close();
    await store.close();
  });
  const append = async (from: number, count: number): Promise<void> => {
    for (let seed = from; seed < from + count; seed += 1) await store.append(invoiceStream(seed), 'none', lifeOf(seed).map((fact, revision) => toNew(invoiceStream(seed), revision, fact)));
  };
  const start = async (fault: FillLog['fault'] = 'refuses', more: StartOptions = {}): Promise<void> => {
    await append(0, INVOICES);
    const data: FillLog = { read: log.read, pageEvents: PAGE_EVENTS, shared, fault };
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT], traffic: { isBusy: () => isBusy }, rebuildLog: { module: new URL('./fill-log.js', import.meta.url).href, data }, ...more });
    await caughtUp(worker, SUMMARY, REPORT);
  };
  const pages = (): number => Atomics.load(numbers, PAGES);
  const stage = async (): Promise<string | undefined> => (await worker.status())[0]?.rebuild?.stage;
  const expectFolds = async (generation: number): Promise<void> => void expect(await harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldsOf(store));

  it('is filled by a thread of its own, tallies and all, as live workers would fill it, and told of as it goes', async () => {
    await start();
    let told = 0;
    const stages = new Set<string>();
    const generations = await worker.rebuildSet([SUMMARY, REPORT], { onProgress: (progress) => { told = Math.max(told, progress.eventsDone); stages.add(progress.stage); } });
    expect(generations).to.deep.equal({ [SUMMARY]: 2, [REPORT]: 2 });
    expect([pages() > INVOICES * 4 / PAGE_EVENTS, pagesHere]).to.deep.equal([true, 0]);
    expect([told, [...stages].sort()]).to.deep.equal([INVOICES * lifeOf(0).length, ['catch-up', 'done', 'fold', 'index', 'switch']]);
    await expectFolds(2);
    for (const name of [SUMMARY, REPORT]) expect(await worker.verify(name), name).to.deep.include({ digestHolds: true, damaged: 0 });
    await append(INVOICES, 5);
    await caughtUp(worker, SUMMARY, REPORT);
    await expectFolds(2);
  });

  it('needs no thread when nobody reads', async () => {
    isBusy = false;
    await start();
    await worker.rebuild(SUMMARY);
    expect([pages(), pagesHere > 0]).to.deep.equal([0, true]);
  });

  it('stands still in its thread while it is paused, is given up there, and gone on with from its mark', async () => {
    await start();
    const rebuilding = codeOf(worker.rebuild(SUMMARY, { eventsPerSecond: 200, markEvents: 2 * PAGE_EVENTS }));
    await untilSeen(async () => pages() > 6);
    worker.steerRebuild(SUMMARY, 'pause');
    await untilSeen(async () => (await stage()) === 'paused');
    const read = pages();
    await append(INVOICES, 3);
    await caughtUp(worker, SUMMARY);
    expect(pages(), 'the log is not read meanwhile').to.equal(read);
    worker.steerRebuild(SUMMARY, 'resume');
    await untilSeen(async () => pages() > read);
    worker.steerRebuild(SUMMARY, 'cancel');
    expect(await rebuilding).to.equal('rebuild-cancelled');
    Atomics.store(numbers, PAGES, 0);
    await worker.rebuild(SUMMARY);
    expect(pages(), 'not from the beginning').to.be.within(1, Math.ceil((INVOICES * lifeOf(0).length) / PAGE_EVENTS) - 2);
    await expectFolds(2);
  });

  for (const [fault, code] of [['refuses', 'store-unavailable'], ['fails', 'read-store-full'], ['ends', 'not a Problem: Error: the thread that filled the generations ended']] as const) {
    it(`fails as it would here when the thread ${fault}; readers keep what they have, and the next one comes to its end`, async () => {
      await start(fault);
      Atomics.store(numbers, FAULT_AT, 5);
      expect(await codeOf(worker.rebuild(SUMMARY))).to.equal(code);
      expect([worker.pointer.generationOf(SUMMARY), worker.lastRebuild(SUMMARY)?.outcome]).to.deep.equal([1, 'failed']);
      Atomics.store(numbers, FAULT_AT, 0);
      expect(await worker.rebuild(SUMMARY)).to.equal(2);
      await expectFolds(2);
    });
  }
});
