import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { Feed } from '#platform/feed/port.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { DAILY_TALLY_TABLE, REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { recordSkip } from '../../../cli/instance/record-skip.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { cancelled, invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = 'invoice-summary';
const GUILTY = 3;
const unfoldable = (projection: RowProjection, type = 'fiscal.invoice.validated'): RowProjection => ({
  ...projection,
  evolve: (row, event) => {
    if (event.stream === invoiceStream(GUILTY) && event.type === type) throw new Error('this code cannot fold it');
    return projection.evolve(row, event);
  },
});

/** The fold of every stream, leaving out the events of these ids. */
async function foldOf({ store }: Harness, leftOut: readonly string[] = []): Promise<InvoiceSummary[]> {
  const rows = new Map<string, InvoiceSummary>();
  for (const event of (await store.readAll(ORIGIN, { limit: 1_000_000, filter: { typePrefixes: ['fiscal.invoice.'] } })).events) {
    const row = rows.get(event.stream);
    if (!leftOut.includes(event.id)) rows.set(event.stream, evolveInvoice(row, event as InvoiceEvent));
    else if (row) rows.set(event.stream, { ...row, revision: event.revision, position: event.position });
  }
  return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

const refusal = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof Problem)) throw new Error('it was not refused');
  return error;
};

describe('quarantine', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open(2);
  });
  afterEach(() => harness.close());

  const summaries = (generation = 1): Promise<InvoiceSummary[]> => harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE);
  const fill = async (streams = 8): Promise<void> => {
    for (let seed = 0; seed < streams; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
  };

  /** Parked by other code, then taken up by this one. */
  async function parkedBefore(projection: RowProjection): Promise<Awaited<ReturnType<Harness['start']>>> {
    await fill();
    const before = await harness.start({ projections: [unfoldable(projection)] });
    await caughtUp(before, projection.name);
    await before.stop();
    return harness.start({ projections: [projection], recordSkip: recordSkip(harness.store) });
  }

  it('lists what stands still with its reason, and shows what waits behind it in order', async () => {
    const worker = await parkedBefore(INVOICE_SUMMARY);
    await harness.append(invoiceStream(GUILTY), [cancelled()]);
    await caughtUp(worker, SUMMARY);
    const [item, ...others] = await worker.quarantine.list();
    expect(others).to.deep.equal([]);
    expect(item).to.deep.include({ projection: SUMMARY, stream: invoiceStream(GUILTY), revision: '2', type: 'fiscal.invoice.validated', reason: 'Error: this code cannot fold it', waiting: 3 });
    expect(Date.parse(item?.parkedAt ?? '')).to.be.closeTo(Date.now(), 60_000);
    expect((await worker.quarantine.show(SUMMARY, invoiceStream(GUILTY))).events.map(({ revision }) => revision)).to.deep.equal(['3', '4', '5']);
    expect((await refusal(worker.quarantine.show(SUMMARY, invoiceStream(1)))).code).to.equal('stream-not-parked');
    expect((await refusal(worker.quarantine.list('nothing'))).code).to.equal('projection-unknown');
  });

  it('takes a stream up again with corrected code, while the worker goes on behind it', async () => {
    const worker = await parkedBefore(INVOICE_SUMMARY);
    await worker.quarantine.retry(SUMMARY, invoiceStream(GUILTY));
    expect(await worker.quarantine.list()).to.deep.equal([]);
    await harness.append(invoiceStream(GUILTY), [cancelled()]);
    await harness.append(invoiceStream(50), lifeOf(50));
    await caughtUp(worker, SUMMARY);
    expect(await summaries()).to.deep.equal(await foldOf(harness));
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });

  it('keeps a stream where it is when it cannot be folded yet', async () => {
    await fill();
    const worker = await harness.start({ projections: [unfoldable(INVOICE_SUMMARY)] });
    await caughtUp(worker, SUMMARY);
    const again = await refusal(worker.quarantine.retry(SUMMARY, invoiceStream(GUILTY)));
    expect([again.code, again.detail['revision']]).to.deep.equal(['stream-parked-again', 2]);
    await harness.append(invoiceStream(GUILTY), [cancelled()]);
    await caughtUp(worker, SUMMARY);
    expect((await worker.quarantine.list())[0]).to.deep.include({ revision: '2', waiting: 3 });
    expect((await summaries()).find(({ id }) => id === invoiceId(GUILTY))?.revision).to.equal(1);
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });

  it('parks a stream again at a later event when that is the next one that cannot be folded', async () => {
    await fill();
    const before = await harness.start({ projections: [unfoldable(INVOICE_SUMMARY)] });
    await caughtUp(before, SUMMARY);
    await before.stop();
    const worker = await harness.start({ projections: [unfoldable(INVOICE_SUMMARY, 'fiscal.invoice.archived')] });
    expect((await refusal(worker.quarantine.retry(SUMMARY, invoiceStream(GUILTY)))).detail['revision']).to.equal(3);
    expect((await worker.quarantine.list())[0]).to.deep.include({ revision: '3', waiting: 1 });
    expect((await summaries()).find(({ id }) => id === invoiceId(GUILTY))?.status).to.equal('validated');
  });

  it('leaves an event out on record: the row goes on without it, and so does every rebuild', async () => {
    await fill();
    const code = unfoldable(INVOICE_SUMMARY);
    const worker = await harness.start({ projections: [code], recordSkip: recordSkip(harness.store) });
    await caughtUp(worker, SUMMARY);
    const [parked] = await worker.quarantine.list();
    await worker.quarantine.skip(SUMMARY, invoiceStream(GUILTY), { actor: 'anna', reason: 'a broken import' });
    const expected = await foldOf(harness, [parked?.eventId ?? '']);
    expect(await summaries()).to.deep.equal(expected);
    const journal = await harness.store.readStream('projection-invoice-summary' as never);
    expect(journal.map(({ type, data }) => [type, data])).to.deep.equal([['projection.event.skipped', { projection: SUMMARY, stream: invoiceStream(GUILTY), revision: 2, eventId: parked?.eventId, actor: 'anna', reason: 'a broken import' }]]);
    await harness.append(invoiceStream(GUILTY), [cancelled()]);
    await caughtUp(worker, SUMMARY);
    await worker.rebuild(SUMMARY, { windowBytes: 10_000 });
    expect(await summaries(2)).to.deep.equal(await foldOf(harness, [parked?.eventId ?? '']));
    expect(await worker.quarantine.list()).to.deep.equal([]);
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });

  it('leaves out an event that nobody can decode', async () => {
    await harness.append(invoiceStream(GUILTY), lifeOf(GUILTY).slice(0, 2));
    await harness.append(invoiceStream(GUILTY), [{ type: 'fiscal.invoice.of-tomorrow', data: {} }]);
    const worker = await harness.start({ projections: [INVOICE_SUMMARY], recordSkip: recordSkip(harness.store) });
    await caughtUp(worker, SUMMARY);
    expect((await worker.quarantine.list())[0]?.reason).to.include('unknown event type');
    await worker.quarantine.skip(SUMMARY, invoiceStream(GUILTY), { actor: 'anna', reason: 'not ours' });
    expect((await summaries()).map(({ status, revision }) => [status, revision])).to.deep.equal([['processing', 2]]);
    await worker.rebuild(SUMMARY);
    expect((await summaries(2)).map(({ status, revision }) => [status, revision])).to.deep.equal([['processing', 2]]);
  });

  it('releases in every generation that is kept current, and a rollback shows the same', async () => {
    await fill();
    const before = await harness.start({ projections: [unfoldable(INVOICE_SUMMARY)] });
    await caughtUp(before, SUMMARY);
    await before.rebuild(SUMMARY);
    await before.stop();
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    await worker.quarantine.retry(SUMMARY, invoiceStream(GUILTY));
    for (const generation of [1, 2]) expect(await summaries(generation), `generation ${generation}`).to.deep.equal(await foldOf(harness));
    await worker.rollback(SUMMARY);
    expect(await worker.verify(SUMMARY)).to.deep.include({ generation: 1, digestHolds: true, damaged: 0 });
  });

  it('brings sums along, once', async () => {
    const worker = await parkedBefore(DAILY_REPORT);
    await worker.quarantine.retry(DAILY_REPORT.name, invoiceStream(GUILTY));
    expect(await harness.rows(DAILY_REPORT.name, 1, REPORT_ENTRY_TABLE)).to.have.length(8);
    expect(await worker.verify(DAILY_REPORT.name)).to.deep.include({ digestHolds: true, damaged: 0 });
    const live = await harness.rows(DAILY_REPORT.name, 1, DAILY_TALLY_TABLE);
    await worker.rebuild(DAILY_REPORT.name);
    expect(await harness.rows(DAILY_REPORT.name, 2, DAILY_TALLY_TABLE)).to.deep.equal(live);
  });

  it('lets no event wait behind itself when a feed gives the guilty one twice in a batch', async () => {
    await harness.append(invoiceStream(GUILTY), lifeOf(GUILTY));
    const { store } = harness;
    const events = (await store.readAll(ORIGIN, { limit: 10 })).events;
    const doubled = events.flatMap((event) => [event, event]);
    const feed: Feed = {
      status: async (_topics, after = ORIGIN) => ({ logId: (await store.status()).logId, head: events.at(-1)?.position ?? ORIGIN, behind: isAfter(events.at(-1)?.position ?? ORIGIN, after) ? 1 : 0 }),
      async *subscribe({ signal }) {
        yield { entries: doubled.map((event) => ({ event, lane: laneOf(event.type, event.stream) })), scannedTo: events.at(-1)?.position ?? ORIGIN, atHead: true };
        await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }); });
      },
    };
    const worker = await harness.start({ projections: [unfoldable(INVOICE_SUMMARY)], feed });
    await caughtUp(worker, SUMMARY);
    expect((await worker.quarantine.show(SUMMARY, invoiceStream(GUILTY))).events.map(({ revision }) => revision)).to.deep.equal(['3', '4']);
    const { applied, duplicate, ignored, quarantined } = worker.workers()[SUMMARY]?.outcomes ?? { applied: 0, duplicate: 0, ignored: 0, quarantined: 0 };
    expect(applied + duplicate + ignored + quarantined, 'every event is counted').to.equal(doubled.length);
  });

  /*
   * The worker reads rows before its transaction, a retry changes one in between: the worker's rows would be of yesterday. The checkpoint's count of
   * edits fences it.
   */
  it('never lets the worker write over what a retry has written meanwhile', async () => {
    await fill();
    let code = unfoldable(INVOICE_SUMMARY);
    const changing: RowProjection = { ...INVOICE_SUMMARY, evolve: (row, event) => code.evolve(row, event) };
    const held: (() => void)[] = [];
    let holding = false;
    const hooks = { beforeCommit: () => (holding ? new Promise<void>((resolve) => held.push(resolve)) : Promise.resolve()) };
    const worker = await harness.start({ projections: [changing], hooks });
    await caughtUp(worker, SUMMARY);
    holding = true;
    // The worker folds a batch of another stream of the same lanes and stops before its commit; everything of the guilty stream waits in it.
    for (let seed = 60; seed < 80; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await harness.append(invoiceStream(GUILTY), [cancelled()]);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    code = INVOICE_SUMMARY;
    await worker.quarantine.retry(SUMMARY, invoiceStream(GUILTY));
    holding = false;
    for (const goOn of held) goOn();
    await caughtUp(worker, SUMMARY);
    expect(await summaries()).to.deep.equal(await foldOf(harness));
    expect(await worker.quarantine.list()).to.deep.equal([]);
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });
});
