import { expect } from 'chai';
import { ORIGIN, toRevision } from '#contracts/kernel/position.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { EventStore } from '#platform/event-store/port.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { invoiceId, invoiceStream, lifeOf, toNew } from '../../unit/projections/events.js';
import { Proxy } from '../read-side/proxy.js';
import { caughtUp, Harness, until } from './harness.js';

const NAMES = [INVOICE_SUMMARY.name, DAILY_REPORT.name];

/** The same log as an older backup has it: it keeps its name, and forgets what came later. */
class RestoredLog implements EventStore {
  #now: MemoryEventStore;
  constructor(private readonly named: MemoryEventStore) {
    this.#now = named;
  }

  async restore(events: readonly Envelope[]): Promise<void> {
    const store = new MemoryEventStore();
    for (const event of events) await store.append(event.stream, event.revision === 0 ? 'none' : toRevision(event.revision - 1), [event]);
    this.#now = store;
  }

  append: EventStore['append'] = (...asked) => this.#now.append(...asked);
  readStream: EventStore['readStream'] = (...asked) => this.#now.readStream(...asked);
  readAll: EventStore['readAll'] = (...asked) => this.#now.readAll(...asked);
  status: EventStore['status'] = async (...asked) => ({ ...(await this.#now.status(...asked)), logId: (await this.named.status()).logId });

  /** Whatever store is the one of now: a subscriber of before must not go on with a log that is gone. */
  async *subscribe(options: Parameters<EventStore['subscribe']>[0]): ReturnType<EventStore['subscribe']> {
    const of = this.#now;
    for await (const page of of.subscribe(options)) {
      if (this.#now !== of) throw new Error('the log was replaced');
      yield page;
    }
  }
}

describe('a log that went back under running read models', () => {
  let harness: Harness;
  let log: RestoredLog;
  let worker: Awaited<ReturnType<Harness['start']>>;
  beforeEach(async () => {
    harness = await Harness.open(2);
    log = new RestoredLog(harness.store);
    harness.liveStore = log;
    harness.rebuildStore = log;
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT], cache: true, checkLogMs: 20 });
    for (let seed = 0; seed < 12; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, ...NAMES, 'hot-cache');
  });
  afterEach(() => harness.close());

  async function foldOf(): Promise<InvoiceSummary[]> {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of (await log.readAll(ORIGIN, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  const goBack = async (events: number): Promise<void> => log.restore((await harness.store.readAll(ORIGIN, { limit: events })).events);
  const diverged = (): Promise<void> => until(() => Object.values(worker.workers()).every(({ state }) => state === 'log-diverged'), 'both workers have noticed');
  const append = async (seed: number): Promise<void> => {
    const events = lifeOf(seed).map((fact, index) => toNew(invoiceStream(seed), index, fact));
    expect((await log.append(invoiceStream(seed), 'none', events)).outcome).to.equal('appended');
  };

  it('is noticed, and read models built from what it has now go on with it', async () => {
    const early = (await harness.store.readAll(ORIGIN, { limit: 10 })).events.at(-1)?.position ?? ORIGIN;
    await worker.audits.project([INVOICE_SUMMARY.name], { name: 'early', until: early });
    await worker.audits.project([INVOICE_SUMMARY.name], { name: 'late', until: (await harness.store.status()).head });
    await goBack(37);
    await diverged();
    await worker.rebuildSet(NAMES, { fromDivergence: true, reason: 'a restored backup' });
    expect(await harness.rows(INVOICE_SUMMARY.name, worker.pointer.generationOf(INVOICE_SUMMARY.name) ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf());
    await append(40);
    await append(9);
    await caughtUp(worker, ...NAMES, 'hot-cache');
    expect(await harness.rows(INVOICE_SUMMARY.name, worker.pointer.generationOf(INVOICE_SUMMARY.name) ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf());
    for (const name of NAMES) expect(await worker.verify(name)).to.deep.include({ digestHolds: true, damaged: 0 });
    expect(worker.audits.list().map(({ name }) => name), 'a moment that never was is gone').to.deep.equal(['early']);
    expect(harness.switches.at(-1)).to.deep.include({ reason: 'a restored backup', differencesAccepted: true });
    const key = `g${worker.pointer.generationOf(INVOICE_SUMMARY.name)}:${invoiceId(40)}`;
    expect((await harness.cache.get(key))?.value.status, 'the cache goes on too').to.equal('cancelled');
  });

  it('leaves no way back to rows of events that never were', async () => {
    await worker.rebuild(INVOICE_SUMMARY.name);
    await goBack(37);
    await diverged();
    await worker.rebuildSet(NAMES, { fromDivergence: true });
    const refused = await worker.rollback(INVOICE_SUMMARY.name).then(() => 'not refused', (error: { code?: string }) => error.code);
    expect(refused).to.equal('rollback-impossible');
    expect(await harness.control(`SELECT DISTINCT state, gone FROM generation WHERE projection = '${INVOICE_SUMMARY.name}' ORDER BY state`)).to.deep.equal([{ state: 'dropped', gone: true }, { state: 'live', gone: false }]);
  });

  it('is not waited for on a shard that answers nothing any more: readers stay where they are, and go on when it is back', async () => {
    const proxy = await Proxy.before(harness.shardSettings[1] as never);
    try {
      await goBack(37);
      await diverged();
      const before = worker.pointer.generationOf(INVOICE_SUMMARY.name);
      const far = await harness.start({ owner: 'far', reaches: [harness.shardSettings[0] as never, proxy.settings], silentMs: 500, projections: [INVOICE_SUMMARY, DAILY_REPORT] });
      const onProgress = ({ stage }: { readonly stage: string }): void => (stage === 'index' ? proxy.freeze() : undefined);
      const refused = await far.rebuildSet(NAMES, { fromDivergence: true, onProgress }).then(() => 'not refused', (error: { code?: string }) => error.code);
      expect(refused).to.equal('shard-unavailable');
      await far.pointer.refresh();
      expect(far.pointer.generationOf(INVOICE_SUMMARY.name)).to.equal(before);
      await proxy.cut();
      await proxy.open();
      await far.rebuildSet(NAMES, { fromDivergence: true });
      expect(await harness.rows(INVOICE_SUMMARY.name, far.pointer.generationOf(INVOICE_SUMMARY.name) ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf());
    } finally {
      await proxy.cut();
    }
  });

  it('is noticed by a worker that starts when the log has grown again beyond its checkpoints', async () => {
    await worker.stop();
    await goBack(37);
    for (let seed = 50; seed < 70; seed += 1) await append(seed);
    expect(Number((await log.status()).head)).to.be.greaterThan(60);
    worker = await harness.start({ projections: [INVOICE_SUMMARY], owner: 'later' });
    await until(() => worker.workers()[INVOICE_SUMMARY.name]?.state === 'log-diverged', 'it does not go on with it');
  });
});
