import { expect } from 'chai';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toPosition } from '#contracts/kernel/position.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { Fill } from '../../../projections/worker/rebuild/fill.js';
import { Governor } from '../../../projections/worker/rebuild/governor.js';
import { created, history, invoiceStream } from './events.js';

/** The first event of so many invoices, one behind the other. */
const beginnings = (invoices: number): Envelope[] => Array.from({ length: invoices }, (_, seed) => history(invoiceStream(seed), [created(seed)], seed)).flat();

describe('filling a generation', () => {
  it('folds before there is a place to write to, and writes nothing before that', async () => {
    const written: number[] = [];
    const copier = { write: async (rows: readonly unknown[]) => void written.push(rows.length), finish: async () => undefined };
    const aside = { needsFlush: false, add: () => undefined, flush: async () => undefined };
    const fill = new Fill({ projection: INVOICE_SUMMARY, skipped: new Set(), shardOf: () => 0, copiers: [copier], aside, windowBytes: 8_000, governor: new Governor(), onPage: () => undefined });
    let makeReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => { makeReady = resolve; });
    const page = (events: readonly Envelope[]) => ({ events, scannedTo: toPosition('99'), atHead: false });
    await fill.take(page(beginnings(1)), ready);
    const taking = fill.take(page(beginnings(40).slice(1)), ready);
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(written, 'there is no place yet').to.deep.equal([]);
    makeReady();
    await taking;
    await fill.flush(true);
    expect(written.length).to.be.greaterThan(1);
    expect(written.reduce((sum, rows) => sum + rows, 0)).to.equal(40);
  });
});
