import { expect } from 'chai';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { randomUuid } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { freshLog } from '../../support/event-store.js';
import { archived, created, invoiceId, invoiceStream, lifeOf, started, toNew, validated } from '../../unit/projections/events.js';
import { caughtUp, Harness, until } from './harness.js';
import { runMortal, type Mortal } from './mortal-worker.js';

const SUMMARY = 'invoice-summary';
const projections = [INVOICE_SUMMARY];

describe('faults of the live worker', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => harness.close());

  /*
   * Worker A folds a batch and is stopped just before its commit (a long pause of the process). Its leases run out, B takes the lanes and
   * applies the same events. A wakes up and commits: nothing of it may be written.
   */
  it('commits nothing of a worker that lost its lanes while it slept', async () => {
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let reached = (): void => undefined;
    const beforeCommit = new Promise<void>((resolve) => (reached = resolve));
    const errors: unknown[] = [];
    const sleeper = await harness.start({
      owner: 'A', projections,
      hooks: { beforeCommit: () => (reached(), asleep), onFault: ({ error }) => void errors.push(error) },
    });
    await harness.append(invoiceStream(1), lifeOf(1));
    await beforeCommit;
    await harness.control(`UPDATE lease SET owner = 'gone', released = true`);
    const successor = await harness.start({ owner: 'B', projections });
    const { head } = await harness.store.status();
    await until(() => (successor.workers()[SUMMARY]?.lanes ?? []).some(({ position }) => position === head), 'the successor has moved its lanes');
    const rows = await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE);
    wake();
    await until(() => errors.length > 0, 'the sleeper was fenced');
    expect(String(errors[0])).to.include('fenced');
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.deep.equal(rows);
    expect(sleeper.workers()[SUMMARY]?.outcomes.applied).to.equal(0);
  });

  it('parks a stream at an event it cannot decode, keeps its later events in order, and goes on with the others', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), [created(1), started()]);
    await harness.append(invoiceStream(1), [{ type: 'fiscal.invoice.invented', data: {} }, validated(1)]);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    await harness.append(invoiceStream(1), [archived(1)]);
    await caughtUp(worker, SUMMARY);
    const rows = await harness.rows<{ id: string; revision: number }>(SUMMARY, 1, INVOICE_SUMMARY_TABLE as never);
    expect(rows.map(({ id, revision }) => [id, revision])).to.have.deep.members([[invoiceId(1), 1], [invoiceId(2), 4]]);
    expect(await harness.sql('SELECT stream, revision FROM quarantine')).to.deep.equal([{ stream: invoiceStream(1), revision: '2' }]);
    expect(await harness.sql('SELECT revision FROM quarantine_event ORDER BY revision')).to.deep.equal([{ revision: '3' }, { revision: '4' }]);
    expect(worker.workers()[SUMMARY]?.outcomes).to.deep.equal({ applied: 7, duplicate: 0, ignored: 0, quarantined: 3 });
  });

  /*
   * An event that takes the whole process with it leaves no error behind. The first death is not counted: a batch may have died of anything.
   * After it the lanes are found unreleased; one event at a time, each attempt on record, shows which one it is.
   */
  it('finds the event that kills the process, parks its stream after three more deaths, and loses nothing else', async () => {
    const log = await freshLog();
    const writer = new PostgresEventStore({ append: log.append, read: log.read });
    for (let seed = 0; seed < 6; seed += 1) await writer.append(invoiceStream(seed), 'none', lifeOf(seed).map((fact, revision) => toNew(invoiceStream(seed), revision, fact)));
    await writer.close();
    const [shard] = harness.shardSettings;
    if (!shard) throw new Error('no shard');
    const mortal: Mortal = { log: log.read, control: harness.controlSettings, shard, deadly: invoiceId(3) };
    const endings = [];
    for (let life = 0; life < 5; life += 1) endings.push(await runMortal(mortal));
    expect(endings.map(({ signal }) => signal)).to.deep.equal(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL', undefined]);
    expect(await harness.sql('SELECT stream, revision, reason FROM quarantine')).to.deep.equal([{ stream: invoiceStream(3), revision: '2', reason: 'handling it ended the worker 3 times' }]);
    expect((await harness.sql<{ revision: string }>('SELECT revision FROM quarantine_event ORDER BY revision')).map(({ revision }) => revision)).to.deep.equal(['3', '4']);
    const rows = await harness.rows<{ id: string; revision: number }>(SUMMARY, 1, INVOICE_SUMMARY_TABLE as never);
    expect(rows.map(({ id, revision }) => [id, revision])).to.have.deep.members([0, 1, 2, 3, 4, 5].map((seed) => [invoiceId(seed), seed === 3 ? 1 : 4]));
    expect(await harness.sql('SELECT event_id FROM attempt')).to.deep.equal([]);
    expect((await runMortal(mortal)).signal, 'and it stays alive').to.equal(undefined);
  });

  it('holds nothing against an event whose commits were fenced while it was handled alone', async () => {
    const first = await harness.start({ projections });
    await caughtUp(first, SUMMARY);
    await first.stop();
    await harness.control('UPDATE lease SET released = false');
    await harness.append(invoiceStream(1), lifeOf(1));
    // Rows are edited beside the worker each time that it is about to commit, as a rebuild of all streams in place does.
    let edits = 0;
    const beforeCommit = async (): Promise<void> => {
      if ((edits += 1) <= 8) await harness.sql('UPDATE checkpoint SET edits = edits + 1');
    };
    const afterDeath = await harness.start({ projections, hooks: { beforeCommit } });
    await caughtUp(afterDeath, SUMMARY);
    expect(edits).to.be.greaterThan(8);
    expect(await harness.sql('SELECT stream, reason FROM quarantine')).to.deep.equal([]);
    expect((await harness.rows<{ revision: number }>(SUMMARY, 1, INVOICE_SUMMARY_TABLE as never)).map(({ revision }) => revision)).to.deep.equal([4]);
  });

  it('handles one event at a time only after an end that was none, and only what the dead owner may have had in hand', async () => {
    const commits: string[] = [];
    const hooks = { beforeCommit: () => Promise.resolve(void commits.push('')) };
    const first = await harness.start({ projections });
    await caughtUp(first, SUMMARY);
    await first.stop();
    await harness.append(invoiceStream(1), lifeOf(1));
    const afterRelease = await harness.start({ projections, hooks });
    await caughtUp(afterRelease, SUMMARY);
    expect(commits.length, 'batches').to.be.below(5);
    await afterRelease.stop();
    await harness.control('UPDATE lease SET released = false');
    await harness.append(invoiceStream(2), lifeOf(2));
    commits.length = 0;
    const afterDeath = await harness.start({ projections, hooks });
    await caughtUp(afterDeath, SUMMARY);
    expect(commits.length, 'single events').to.be.at.least(5);
    commits.length = 0;
    await harness.append(invoiceStream(3), lifeOf(3));
    await caughtUp(afterDeath, SUMMARY);
    expect(commits.length, 'batches again').to.be.below(5);
  });

  it('halves a batch that the database refuses until one event is found, and parks its stream', async () => {
    for (let seed = 0; seed < 9; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    const refusing: RowProjection = {
      ...INVOICE_SUMMARY,
      evolve: (row, event) => {
        const after = evolveInvoice(row as never, event as InvoiceEvent);
        return after.id === invoiceId(4) && event.type === 'fiscal.invoice.validated' ? { ...after, total: 'no amount' } : after;
      },
    };
    const worker = await harness.start({ projections: [refusing] });
    await caughtUp(worker, SUMMARY);
    expect(await harness.sql('SELECT stream, revision FROM quarantine')).to.deep.equal([{ stream: invoiceStream(4), revision: '2' }]);
    const rows = await harness.rows<{ id: string; revision: number }>(SUMMARY, 1, INVOICE_SUMMARY_TABLE as never);
    expect(rows.filter(({ revision }) => revision === 4)).to.have.length(8);
    expect(rows.find(({ id }) => id === invoiceId(4))?.revision).to.equal(1);
  });

  it('survives connections that the server ends, counting no event twice', async () => {
    const worker = await harness.start({ projections });
    for (let seed = 0; seed < 12; seed += 1) {
      await harness.append(invoiceStream(seed), lifeOf(seed));
      if (seed % 4 === 0) await harness.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'folio-${SUMMARY}'`);
    }
    await caughtUp(worker, SUMMARY);
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.have.length(12);
    expect(await harness.sql('SELECT 1 FROM quarantine')).to.deep.equal([]);
  });

  it('refuses to go on with another log', async () => {
    const first = await harness.start({ projections });
    await harness.append(invoiceStream(1), lifeOf(1));
    await caughtUp(first, SUMMARY);
    await first.stop();
    await harness.sql(`UPDATE checkpoint SET log_id = 'another'`);
    const second = await harness.start({ projections, owner: 'B' });
    await until(() => second.workers()[SUMMARY]?.state === 'log-diverged', 'the divergence was seen');
  });

  it('refuses to go on with a log that ends before its checkpoints, as after a restored backup', async () => {
    const first = await harness.start({ projections });
    await harness.append(invoiceStream(1), lifeOf(1));
    await caughtUp(first, SUMMARY);
    await first.stop();
    await harness.sql('UPDATE checkpoint SET position = position + 100');
    const second = await harness.start({ projections, owner: 'B' });
    await until(() => second.workers()[SUMMARY]?.state === 'log-diverged', 'the shorter log was seen');
  });

  for (const [what, restored] of [
    ['has become shorter', { status: () => ({ head: ORIGIN }) }],
    ['has another id', { status: () => ({ logId: 'another' }) }],
    ['has another event where the last one was', { readStream: (events: readonly Envelope[]) => events.map((event) => ({ ...event, id: randomUuid() })) }],
  ] as const) {
    it(`notices within its interval that the log ${what}`, async () => {
      const { store } = harness;
      let changed = false;
      const alters: { status?: () => object; readStream?: (events: readonly Envelope[]) => readonly object[] } = restored;
      harness.liveStore = {
        append: (...args) => store.append(...args), readAll: (...args) => store.readAll(...args), subscribe: (options) => store.subscribe(options),
        status: async (...args) => ({ ...(await store.status(...args)), ...(changed && alters.status?.()) }),
        readStream: async (...args) => {
          const events = await store.readStream(...args);
          return changed && alters.readStream ? (alters.readStream(events) as readonly Envelope[]) : events;
        },
      };
      const worker = await harness.start({ projections, checkLogMs: 10 });
      await harness.append(invoiceStream(1), lifeOf(1));
      await caughtUp(worker, SUMMARY);
      expect(worker.workers()[SUMMARY]?.state).to.equal('running');
      changed = true;
      await until(() => worker.workers()[SUMMARY]?.state === 'log-diverged', 'the other log was seen');
    });
  }

  it('puts rows of hostile dates into the default partition', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), lifeOf(1), { month: '9999-12-01' });
    await harness.append(invoiceStream(2), lifeOf(2), { month: '0001-01-01' });
    await harness.append(invoiceStream(3), lifeOf(3), { month: '2026-99-01' });
    await harness.append(invoiceStream(4), lifeOf(4), { month: `${new Date().getUTCFullYear()}-01-01` });
    await caughtUp(worker, SUMMARY);
    expect(await harness.sql('SELECT count(*)::int AS count FROM invoice_summary_g1.invoice_rest')).to.deep.equal([{ count: 3 }]);
    expect(await harness.sql('SELECT count(*)::int AS count FROM invoice_summary_g1.invoice')).to.deep.equal([{ count: 4 }]);
    expect(await harness.sql(`SELECT count(*)::int AS count FROM pg_inherits WHERE inhparent = 'invoice_summary_g1.invoice'::regclass`)).to.deep.equal([{ count: 2 }]);
  });
});
