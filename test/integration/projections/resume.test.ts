import { expect } from 'chai';
import { ORIGIN } from '#contracts/kernel/position.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { EventStore } from '#platform/event-store/port.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { ProjectionsHandle } from '../../../projections/role.js';
import { invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const NAMES = [INVOICE_SUMMARY.name, DAILY_REPORT.name];
const INVOICES = 60;
/** Pages of the log are 1,000 events: the store of these tests gives fewer, so that there are many. */
const PAGE = 20;
const MARK_EVENTS = 60;

/*
 * A rebuild that was interrupted after a mark has rows behind it, in part, sums that count them, and events set aside for rows that are there no more.
 * The next run must be as if nothing had happened, and must not begin from the beginning.
 */
describe('an interrupted rebuild', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  let pages = 0;
  let stopAtPage = Number.POSITIVE_INFINITY;

  beforeEach(async () => {
    harness = await Harness.open(2);
    for (const index of [0, 1, 2, 3, 4]) for (let seed = 0; seed < INVOICES; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(index, index + 1));
    const { store } = harness;
    harness.rebuildStore = {
      append: (...asked) => store.append(...asked), readStream: (...asked) => store.readStream(...asked), subscribe: (asked) => store.subscribe(asked), status: (...asked) => store.status(...asked),
      readAll: async (after, options) => {
        pages += 1;
        if (pages > stopAtPage) throw new Error('the machine is gone');
        return store.readAll(after, { ...options, limit: PAGE });
      },
    } satisfies EventStore;
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT] });
    await caughtUp(worker, ...NAMES);
    pages = 0;
    stopAtPage = Number.POSITIVE_INFINITY;
  });
  afterEach(() => harness.close());

  async function foldOf(): Promise<InvoiceSummary[]> {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of (await harness.store.readAll(ORIGIN, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  const set = (handle: ProjectionsHandle = worker, windowBytes = 20_000): Promise<unknown> => handle.rebuildSet(NAMES, { windowBytes, markEvents: MARK_EVENTS });
  const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'it came to its switch', (error: unknown) => (error as Error).message);

  async function expectRight(): Promise<void> {
    expect(await harness.rows(INVOICE_SUMMARY.name, 2, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf());
    for (const name of NAMES) expect(await worker.verify(name)).to.deep.include({ generation: 2, digestHolds: true, damaged: 0, rows: INVOICES });
  }

  it('goes on from its last mark, wherever it was interrupted', async () => {
    const whole = (5 * INVOICES) / PAGE;
    for (const interruptedAt of [5, 5, 4]) {
      pages = 0;
      stopAtPage = interruptedAt;
      expect(await failure(set())).to.equal('the machine is gone');
    }
    pages = 0;
    stopAtPage = Number.POSITIVE_INFINITY;
    await set();
    expect(pages, 'it did not begin again').to.be.below(whole);
    await expectRight();
  });

  it('writes sums in parts when they become too many, adds the parts up once, and begins them anew behind an interruption', async () => {
    for (let seed = INVOICES; seed < 2 * INVOICES; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, ...NAMES);
    stopAtPage = 25;
    expect(await failure(set(worker, 4_000))).to.equal('the machine is gone');
    const counts = await harness.sql<{ parts: number }>('SELECT count(*)::int AS parts FROM daily_report_g2.tally_parts');
    expect(Math.min(...counts.map(({ parts }) => parts))).to.be.greaterThan(12);
    stopAtPage = Number.POSITIVE_INFINITY;
    await set(worker, 4_000);
    expect(await worker.verify(DAILY_REPORT.name)).to.deep.include({ generation: 2, digestHolds: true, damaged: 0, rows: 2 * INVOICES });
    const left = await harness.sql(`SELECT to_regclass('daily_report_g2.tally_parts') AS parts, (SELECT count(*)::int FROM pg_constraint WHERE conrelid = 'daily_report_g2.tally'::regclass AND contype = 'p') AS keys`);
    expect(left).to.deep.equal([{ parts: null, keys: 1 }, { parts: null, keys: 1 }]);
  });

  it('goes on in another process, with the indexes of one made and what was set aside for it applied', async () => {
    const stop = new AbortController();
    expect(await failure(worker.rebuildSet(NAMES, { markEvents: MARK_EVENTS, windowBytes: 20_000, signal: stop.signal, onProgress: ({ stage }) => (stage === 'catch-up' ? stop.abort() : undefined) }))).to.not.equal('it came to its switch');
    await worker.stop();
    const made = await harness.sql<{ keys: number }>(`SELECT count(*)::int AS keys FROM pg_indexes WHERE schemaname ~ '_g2$' AND indexname ~ '^(invoice|entry)_pkey$'`);
    expect(Math.min(...made.map(({ keys }) => keys))).to.be.greaterThan(0);
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT], owner: 'another' });
    pages = 0;
    await set(worker);
    expect(pages, 'the log is not read again').to.equal(0);
    await expectRight();
  });

  it('begins again when it is no longer the same: other events are left out', async () => {
    stopAtPage = 9;
    await failure(set());
    await harness.control(`UPDATE generation SET progress = jsonb_set(progress, '{mark,identity}', '"other"') WHERE generation = 2`);
    pages = 0;
    stopAtPage = Number.POSITIVE_INFINITY;
    await set();
    expect(pages).to.be.at.least((5 * INVOICES) / PAGE);
    await expectRight();
  });
});
