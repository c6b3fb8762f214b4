import { expect } from 'chai';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import type { EventStore, LogPage } from '#platform/event-store/port.js';
import { readLog } from '../../../projections/worker/rebuild/pass.js';

/** A log of 1,000 positions without events; how it is asked is kept. */
class Asked implements Pick<EventStore, 'readAll'> {
  readonly asked: { readonly after: Position; readonly limit: number }[] = [];

  async readAll(after: Position, { limit = 0 }: { readonly limit?: number } = {}): Promise<LogPage> {
    this.asked.push({ after, limit });
    const last = Math.min(1_000, Number(after) + limit);
    return { events: [], scannedTo: toPosition(String(last)), atHead: last === 1_000 };
  }
}

describe('a pass over the log', () => {
  const { signal } = new AbortController();

  it('reads the next page while this one is folded', async () => {
    const log = new Asked();
    const ahead: number[] = [];
    for await (const page of readLog(log, { filter: {}, signal, pageEvents: 400 })) ahead.push(log.asked.length - (Number(page.scannedTo) === 1_000 ? 3 : Number(page.scannedTo) / 400));
    expect(ahead).to.deep.equal([1, 1, 0]);
  });

  it('lets the question for the next page go out before this one is folded, which keeps the event loop from turning', async () => {
    const log = new Asked();
    let sent = 0;
    // As a driver does: what is asked is written a turn later.
    const store: Pick<EventStore, 'readAll'> = { readAll: (after, options) => { process.nextTick(() => { sent += 1; }); return log.readAll(after, options); } };
    const counts: number[] = [];
    for await (const _page of readLog(store, { filter: {}, signal, pageEvents: 400 })) counts.push(sent);
    expect(counts).to.deep.equal([2, 3, 3]);
  });

  it('reads short pages and none ahead while readers are busy, as soon as they are, and long ones again afterwards', async () => {
    const log = new Asked();
    const governor = { isBusy: true };
    let pages = 0;
    for await (const page of readLog(log, { filter: {}, signal, pageEvents: 400, governor })) {
      pages += 1;
      if (governor.isBusy) expect(log.asked.length, 'what is asked for lies behind').to.equal(pages);
      governor.isBusy = Number(page.scannedTo) < 200;
    }
    const limits = log.asked.map(({ limit }) => limit);
    expect(limits.slice(0, 3).every((limit) => limit < 100)).to.equal(true);
    expect(limits.slice(-2)).to.deep.equal([400, 400]);
    expect(log.asked.map(({ after }) => after).slice(0, 2), 'nothing is left out').to.deep.equal([ORIGIN, toPosition(String(limits[0]))]);
  });
});
