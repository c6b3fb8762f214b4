import { expect } from 'chai';
import type { ProjectionStatus } from '#contracts/queries.js';
import { lanesOf } from '#contracts/topics.js';
import { createMetrics } from '#platform/http/metrics.js';
import { watchProjections } from '../../../cli/instance/projection-metrics.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { ProjectionsHandle } from '../../../projections/role.js';
import { archived, created, invoiceStream, lifeOf, started } from '../../unit/projections/events.js';
import { caughtUp, Gate, Harness, until } from './harness.js';

const SUMMARY = 'invoice-summary';
const projections = [INVOICE_SUMMARY];
const LANES = lanesOf(INVOICE_SUMMARY.topics).length;
/** Short enough for a test, long enough for a batch on a busy machine. */
const STALLED_SECONDS = 1;

async function statusOf(handle: Pick<ProjectionsHandle, 'status'>): Promise<ProjectionStatus> {
  const found = (await handle.status()).find(({ name }) => name === SUMMARY);
  if (!found) throw new Error('the projection is not told');
  return found;
}

const checkOf = (handle: Pick<ProjectionsHandle, 'check'>): Promise<string> => handle.check().then(() => 'well', (error: unknown) => String(error));

describe('signals of a projection', () => {
  let harness: Harness;
  const gate = new Gate();
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => {
    gate.open();
    return harness.close();
  });

  it('tell state, rate, batch, outcomes, and for each lane its position and who holds it', async () => {
    const worker = await harness.start({ projections, owner: 'one' });
    for (let seed = 0; seed < 10; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY);
    const { head } = await harness.store.status();
    const status = await statusOf(worker);
    expect(status).to.deep.include({
      generation: 1, state: 'running', workers: 1, silentSeconds: 0, position: head, eventsBehind: 0, secondsBehind: 0, parkedStreams: 0, oldestParkedSeconds: null, stalled: false, outOfDate: null, rebuild: null,
      outcomes: { applied: 50, duplicate: 0, ignored: 0, quarantined: 0 },
    });
    expect(status.lanes).to.have.length(LANES);
    for (const lane of status.lanes) expect(lane).to.deep.include({ position: head, owner: 'one', eventsBehind: 0, secondsBehind: 0 });
    expect(status.eventsPerSecond).to.be.within(5, 50);
    expect(status.lanes.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0)).to.be.closeTo(status.eventsPerSecond, 0.5);
    expect(status.lastBatchEvents).to.be.greaterThan(0);
  });

  it('join workers of other processes, whoever is asked', async () => {
    const first = await harness.start({ projections, owner: 'A' });
    await caughtUp(first, SUMMARY);
    const second = await harness.start({ projections, owner: 'B' });
    const elsewhere = await harness.start({ projections: [], known: projections, owner: 'reader' });
    const holders = async (handle: typeof first): Promise<string> => [...new Set((await statusOf(handle)).lanes.map(({ owner }) => owner ?? 'nobody'))].sort((left, right) => left.localeCompare(right)).join();
    for (const handle of [first, second, elsewhere]) await until(async () => (await holders(handle)) === 'A,B', 'each lane has a holder');
    for (let seed = 0; seed < 20; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(elsewhere, SUMMARY);
    await until(async () => (await statusOf(elsewhere)).outcomes.applied === 100, 'the applied events of both');
    for (const handle of [first, second, elsewhere]) {
      const { workers, state, lanes, position, eventsPerSecond, silentSeconds } = await statusOf(handle);
      expect([workers, state, lanes.length, position]).to.deep.equal([2, 'running', LANES, '100']);
      expect(eventsPerSecond).to.be.greaterThan(5);
      expect(silentSeconds).to.be.within(0, 3);
    }
    expect(elsewhere.workers()).to.deep.equal({});
    await Promise.all([first.stop(), second.stop()]);
    expect(await statusOf(elsewhere)).to.deep.include({ state: 'stopped', workers: 0, silentSeconds: null, position: '100', eventsPerSecond: 0 });
    expect((await statusOf(elsewhere)).lanes.map(({ owner }) => owner)).to.deep.equal(Array.from({ length: LANES }, () => null));
  });

  it('leave a silent worker on the board for a while, and no longer', async () => {
    const worker = await harness.start({ projections, owner: 'A' });
    await until(async () => (await harness.control(`SELECT FROM worker WHERE report->>'state' = 'running'`)).length === 1, 'it has told that it works');
    for (const [owner, seconds] of [['silent', 5], ['gone', 20]] as const) {
      const ago = `now() - interval '${seconds} s'`;
      await harness.control(`INSERT INTO worker (projection, owner, seen_at, told_at, report) SELECT projection, '${owner}', ${ago}, ${ago}, report FROM worker WHERE owner = 'A'`);
    }
    const { workers, silentSeconds, lanes, eventsPerSecond } = await statusOf(worker);
    expect([workers, new Set(lanes.map(({ owner }) => owner)), eventsPerSecond]).to.deep.equal([1, new Set(['A']), 0]);
    expect(silentSeconds).to.be.within(5, 15);
    await until(async () => (await harness.control(`SELECT FROM worker WHERE owner = 'gone'`)).length === 0, 'the worker that lives has taken it off');
    expect(await harness.control(`SELECT FROM worker WHERE owner = 'silent'`)).to.have.length(1);
  });

  /*
   * Three batches are held back one by one. While the first is held nothing moves: a fault. One let through is movement, and the two behind it are
   * as old as before: behind, and no fault. Held again, it is one again, until all are through.
   */
  it('call a worker stalled that lags and does not move, and not one that only lags', async () => {
    const worker = await harness.start({ projections, stalledSeconds: STALLED_SECONDS, hooks: { beforeCommit: () => gate.pass() } });
    await caughtUp(worker, SUMMARY);
    gate.isOpen = false;
    for (let seed = 0; seed < 300; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await until(async () => (await statusOf(worker)).stalled, 'stalled');
    expect(await checkOf(worker)).to.match(/^Error: invoice-summary lags and has not moved for [1-9]\d* s$/u);
    const { position } = await statusOf(worker);
    gate.one();
    await until(() => gate.held > 0 && worker.workers()[SUMMARY]?.position !== position, 'one batch went through, the next is held');
    const moved = await statusOf(worker);
    expect(moved.stalled).to.equal(false);
    expect(moved.secondsBehind).to.be.greaterThan(0);
    expect(moved.eventsBehind).to.be.greaterThan(0);
    expect(await checkOf(worker)).to.equal('well');
    await until(async () => (await statusOf(worker)).stalled, 'stalled again');
    gate.open();
    await caughtUp(worker, SUMMARY);
    expect([(await statusOf(worker)).stalled, await checkOf(worker)]).to.deep.equal([false, 'well']);
  });

  it('never call a quiet projection stalled, however long nothing has moved', async () => {
    const worker = await harness.start({ projections, stalledSeconds: STALLED_SECONDS });
    await harness.append(invoiceStream(1), lifeOf(1));
    await caughtUp(worker, SUMMARY);
    await until(() => (worker.workers()[SUMMARY]?.stillSeconds ?? 0) > STALLED_SECONDS, 'it stood for longer than the limit');
    expect([(await statusOf(worker)).stalled, await checkOf(worker)]).to.deep.equal([false, 'well']);
  });

  it('call a projection stalled that nobody works on, but no process is at fault for it', async () => {
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    await worker.stop();
    await harness.append(invoiceStream(1), lifeOf(1));
    const reader = await harness.start({ projections: [], known: projections, owner: 'reader', stalledSeconds: STALLED_SECONDS });
    await until(async () => (await statusOf(reader)).stalled, 'stalled');
    expect(await statusOf(reader)).to.deep.include({ state: 'stopped', workers: 0, eventsBehind: 5 });
    expect(await checkOf(reader)).to.equal('well');
  });

  it('count parked streams of the generation in use, and the age of the oldest', async () => {
    const worker = await harness.start({ projections });
    for (const seed of [1, 2]) await harness.append(invoiceStream(seed), [created(seed), started(), { type: 'fiscal.invoice.invented', data: {} }, archived(seed)]);
    await harness.append(invoiceStream(3), lifeOf(3));
    await caughtUp(worker, SUMMARY);
    await harness.sql(`UPDATE quarantine SET parked_at = now() - interval '1 hour' WHERE stream = '${invoiceStream(2)}'`);
    await harness.sql(`INSERT INTO quarantine SELECT projection, 99, stream, lane, revision, position, event_id, type, reason, now() - interval '1 year' FROM quarantine`);
    const status = await statusOf(worker);
    expect(status.parkedStreams).to.equal(2);
    expect(status.oldestParkedSeconds).to.be.within(3_600, 3_700);
    expect(status.outcomes.quarantined).to.equal(4);
    await harness.sql('DELETE FROM quarantine WHERE generation = 1');
    expect(await statusOf(worker)).to.deep.include({ parkedStreams: 0, oldestParkedSeconds: null });
  });

  it('tell of a rebuild to other processes while it runs, and no longer', async () => {
    const { store } = harness;
    let pages = 0;
    // The rebuild has its first page and waits for the second.
    harness.rebuildStore = {
      append: (...args) => store.append(...args), readStream: (...args) => store.readStream(...args), subscribe: (options) => store.subscribe(options), status: (...args) => store.status(...args),
      readAll: async (after) => {
        pages += 1;
        if (pages > 1) await gate.pass();
        return store.readAll(after, { limit: 10 });
      },
    };
    const worker = await harness.start({ projections });
    for (let seed = 0; seed < 20; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY);
    const reader = await harness.start({ projections: [], known: projections, owner: 'reader' });
    gate.isOpen = false;
    const rebuilding = worker.rebuild(SUMMARY);
    await until(async () => (await statusOf(reader)).rebuild !== null, 'the reader sees it');
    const { rebuild } = await statusOf(reader);
    expect(rebuild).to.deep.include({ generation: 2, stage: 'fold', eventsDone: 10 });
    expect((await statusOf(worker)).rebuild).to.deep.equal(rebuild);
    gate.open();
    await rebuilding;
    expect([(await statusOf(reader)).rebuild, (await statusOf(worker)).rebuild]).to.deep.equal([null, null]);
    expect((await statusOf(worker)).generation).to.equal(2);
  });
});

describe('metrics of projections', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => harness.close());
  const valueOf = (text: string, series: string): number | undefined => {
    const line = text.split('\n').find((one) => one.startsWith(`folio_${series} `));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
  };

  it('are read from one status a scrape, lanes from the workers of the process', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), [created(1), { type: 'fiscal.invoice.invented', data: {} }]);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    await harness.sql(`UPDATE quarantine SET parked_at = now() - interval '2 hours'`);
    let asked = 0;
    const metrics = createMetrics({ processMetrics: false });
    const rebuild = { generation: 2, stage: 'fold', eventsDone: 5, eventsTotal: 9, perSecond: 2, etaSeconds: 2 };
    let running = true;
    watchProjections(metrics, {
      workers: () => worker.workers(),
      status: async () => {
        asked += 1;
        return (await worker.status()).map((status) => ({ ...status, rebuild: running ? rebuild : null }));
      },
    });
    const text = await metrics.expose();
    expect(asked).to.equal(1);
    const of = (name: string): number | undefined => valueOf(text, `${name}{projection="${SUMMARY}"}`);
    expect(of('projection_oldest_parked_seconds')).to.be.within(7_200, 7_300);
    expect(['parked_streams', 'stalled', 'workers', 'events_behind', 'seconds_behind', 'rebuild_events_done', 'rebuild_events_total', 'rebuild_eta_seconds'].map((name) => of(`projection_${name}`))).to.deep.equal([1, 0, 1, 0, 0, 5, 9, 2]);
    for (const name of ['lane_seconds_behind', 'lane_events_per_second']) expect(text.match(new RegExp(`^folio_projection_${name}\\{`, 'gmu'))).to.have.length(LANES);
    running = false;
    expect(valueOf(await metrics.expose(), `projection_rebuild_events_done{projection="${SUMMARY}"}`), 'a rebuild that is over').to.equal(undefined);
  });

  it('are told without the projections when their status cannot be had', async () => {
    const metrics = createMetrics({ processMetrics: false });
    metrics.counter('other_total', 'Something else.').inc();
    watchProjections(metrics, { workers: () => ({}), status: () => Promise.reject(new Error('no answer')) });
    expect(valueOf(await metrics.expose(), 'other_total')).to.equal(1);
  });

  it('leave out the quarantine when a shard does not answer', async () => {
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    await harness.sql('ALTER TABLE quarantine RENAME TO gone');
    const metrics = createMetrics({ processMetrics: false });
    watchProjections(metrics, worker);
    const text = await metrics.expose();
    expect(valueOf(text, `projection_parked_streams{projection="${SUMMARY}"}`)).to.equal(undefined);
    expect(valueOf(text, `projection_oldest_parked_seconds{projection="${SUMMARY}"}`)).to.equal(undefined);
    expect(valueOf(text, `projection_events_behind{projection="${SUMMARY}"}`)).to.equal(0);
    await harness.sql('ALTER TABLE gone RENAME TO quarantine');
  });
});
