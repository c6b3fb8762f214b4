import { expect } from 'chai';
import { laneOf } from '#contracts/topics.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness, until } from './harness.js';

const SUMMARY = 'invoice-summary';

/** The oracle: the fold of every stream of the log. */
async function foldOf(harness: Harness): Promise<InvoiceSummary[]> {
  const rows = new Map<string, InvoiceSummary>();
  for (const event of (await harness.store.readAll('0' as never, { limit: 1_000_000 })).events) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
  return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

describe('the live worker', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  it('makes each row the fold of its stream, on one shard and on three', async () => {
    for (const shards of [1, 3]) {
      harness = await Harness.open(shards);
      const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
      for (let seed = 0; seed < 30; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
      await caughtUp(worker, SUMMARY);
      expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
      await harness.close();
    }
  });

  it('goes on from its checkpoints after a restart', async () => {
    harness = await Harness.open();
    const first = await harness.start({ projections: [INVOICE_SUMMARY] });
    await harness.append(invoiceStream(1), lifeOf(1).slice(0, 2));
    await caughtUp(first, SUMMARY);
    await first.stop();
    await harness.append(invoiceStream(1), lifeOf(1).slice(2));
    const second = await harness.start({ projections: [INVOICE_SUMMARY], owner: 'another' });
    await caughtUp(second, SUMMARY);
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
    expect(second.workers()[SUMMARY]?.outcomes.applied).to.equal(3);
  });

  it('rebuilds beside itself and switches to equal rows', async () => {
    harness = await Harness.open(2);
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    for (let seed = 0; seed < 40; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY);
    expect(await worker.rebuild(SUMMARY)).to.equal(2);
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(2);
    expect(await harness.rows(SUMMARY, 2, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
  });
});

describe('two workers of one projection', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  it('share the lanes while both live, and one takes all of them when the other stops', async () => {
    harness = await Harness.open();
    const first = await harness.start({ projections: [INVOICE_SUMMARY], owner: 'A' });
    await caughtUp(first, SUMMARY);
    const second = await harness.start({ projections: [INVOICE_SUMMARY], owner: 'B' });
    const lanesOf = (handle: typeof first): number => handle.workers()[SUMMARY]?.lanes.length ?? 0;
    await until(() => lanesOf(first) === 6 && lanesOf(second) === 6, 'half of the lanes each');
    for (let seed = 0; seed < 30; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await first.stop();
    for (let seed = 30; seed < 60; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await until(() => lanesOf(second) === 12, 'all lanes');
    await caughtUp(second, SUMMARY);
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.deep.equal(await foldOf(harness));
  });

  it('wakes a reader that waits for its own write', async () => {
    harness = await Harness.open();
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    await caughtUp(worker, SUMMARY);
    const waiting = worker.hub.waitFor(SUMMARY, 1, [{ position: '5' as never, lane: laneOf('fiscal.invoice.created', invoiceStream(1)) }], 5_000);
    await harness.append(invoiceStream(1), lifeOf(1));
    expect((await waiting).reached).to.equal(true);
    expect(await harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.have.length(1);
  });
});
