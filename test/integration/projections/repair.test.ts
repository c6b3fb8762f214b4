import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { cancelled, invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = 'invoice-summary';

describe('a rebuild of some streams in place', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  beforeEach(async () => {
    harness = await Harness.open(2);
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT] });
    for (let seed = 0; seed < 20; seed += 1) await harness.append(invoiceStream(seed), seed % 4 === 0 ? lifeOf(seed).slice(0, 3) : lifeOf(seed), { shardKey: `AAA01010${seed % 5}AAA` });
    await caughtUp(worker, SUMMARY, DAILY_REPORT.name);
  });
  afterEach(() => harness.close());

  async function foldOf(): Promise<InvoiceSummary[]> {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of (await harness.store.readAll(ORIGIN, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  const summaries = (generation = 1): Promise<InvoiceSummary[]> => harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE);
  const damage = (...seeds: number[]): Promise<unknown> => harness.sql(`UPDATE invoice_summary_g1.invoice SET total = 0.01 WHERE id IN (${seeds.map((seed) => `'${invoiceId(seed)}'`).join(', ')})`);
  const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'not refused', (error: unknown) => (error instanceof Problem ? error.code : String(error)));

  it('replaces what somebody changed by hand, by stream, and leaves all others as they are', async () => {
    await damage(1, 2);
    await worker.rebuild(SUMMARY, { select: { streams: [invoiceStream(1)] } });
    expect(worker.lastRebuild(SUMMARY)).to.deep.include({ outcome: 'repaired', generation: 1, repaired: { streams: 1, changed: 1, left: [] } });
    expect((await worker.verify(SUMMARY)).shown.map(({ key }) => key)).to.deep.equal([`${invoiceId(2)} 2026-03-01`]);
    await worker.rebuild(SUMMARY, { select: { streams: [invoiceStream(2)] } });
    expect(await summaries()).to.deep.equal(await foldOf());
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
    expect(worker.pointer.generationOf(SUMMARY), 'no switch').to.equal(1);
  });

  it('selects by type, by issuer, by position and by instant, all conditions on one event', async () => {
    const selected = async (select: object): Promise<number | undefined> => {
      await worker.rebuild(SUMMARY, { select });
      return worker.lastRebuild(SUMMARY)?.repaired?.streams;
    };
    const { events } = await harness.store.readAll(ORIGIN, { limit: 1_000 });
    const late = events.at(-8);
    expect(await selected({ type: 'fiscal.invoice.archived' })).to.equal(15);
    expect(await selected({ issuer: 'AAA010102AAA' })).to.equal(4);
    expect(await selected({ issuer: 'AAA010102AAA', type: 'fiscal.invoice.archived' })).to.equal(3);
    expect(await selected({ since: late?.position })).to.equal(new Set(events.slice(-7).map(({ stream }) => stream)).size);
    expect(await selected({ since: events[0]?.recordedAt })).to.equal(20);
    expect(await summaries()).to.deep.equal(await foldOf());
  });

  it('repairs every generation that is kept current', async () => {
    await worker.rebuild(SUMMARY);
    await damage(5);
    await harness.sql(`UPDATE invoice_summary_g2.invoice SET status = 'pending' WHERE id = '${invoiceId(5)}'`);
    await worker.rebuild(SUMMARY, { select: { streams: [invoiceStream(5)] } });
    for (const generation of [1, 2]) expect(await summaries(generation), `generation ${generation}`).to.deep.equal(await foldOf());
  });

  it('is right while the worker writes the same rows all the time', async () => {
    let appending = true;
    const appender = (async (): Promise<void> => {
      for (let seed = 100; appending && seed < 400; seed += 1) {
        await harness.append(invoiceStream(seed), lifeOf(seed));
        if (seed % 4 === 0 && seed < 180) await harness.append(invoiceStream((seed - 100) / 4), [cancelled()], { shardKey: `AAA01010${((seed - 100) / 4) % 5}AAA` });
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let round = 0; round < 6; round += 1) {
      await damage(round, round + 6);
      await worker.rebuild(SUMMARY, { select: { type: 'fiscal.invoice.created' } });
    }
    appending = false;
    await appender;
    await caughtUp(worker, SUMMARY);
    expect(await summaries()).to.deep.equal(await foldOf());
    expect(await worker.verify(SUMMARY)).to.deep.include({ digestHolds: true, damaged: 0 });
  });

  it('refuses what it cannot do with a word that says what to do', async () => {
    expect(await refusal(worker.rebuild(DAILY_REPORT.name, { select: { streams: [invoiceStream(1)] } }))).to.equal('needs-full-rebuild');
    for (const select of [{}, { streams: [] }, { type: 'auth.user.deleted' }, { since: 'yesterday' }, { since: '2999-01-01T00:00:00Z' }, { streams: [invoiceStream(4_000)] }]) {
      expect(await refusal(worker.rebuild(SUMMARY, { select })), JSON.stringify(select)).to.equal('rebuild-selection-invalid');
    }
  });
});
