import { expect } from 'chai';
import { ORIGIN, toPosition } from '#contracts/kernel/position.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { lanesOf } from '#contracts/topics.js';
import { LaneBuffers } from '#platform/feed/kafka/lane-buffers.js';
import { history, invoiceStream, lifeOf } from '../projections/events.js';

const [FIRST, SECOND] = lanesOf(['fiscal-invoice']) as [ReturnType<typeof lanesOf>[number], ReturnType<typeof lanesOf>[number]];
const events = (after: number): readonly Envelope[] => history(invoiceStream(1), lifeOf(1), after);
const event = (one: Envelope) => ({ kind: 'event', event: one }) as const;
const watermark = (position: number) => ({ kind: 'watermark', position: toPosition(String(position)) }) as const;
const fresh = (): LaneBuffers => new LaneBuffers(new Map([[FIRST, ORIGIN], [SECOND, ORIGIN]]));

describe('what was fetched from the bus', () => {
  it('leaves in position order over the lanes, each lane complete up to the furthest of its own', () => {
    const buffers = fresh();
    for (const one of events(10)) buffers.push(FIRST, event(one));
    for (const one of events(8)) buffers.push(SECOND, event(one));
    const { batch, used } = buffers.take(100);
    expect(batch.entries.map((entry) => Number(entry.event.position))).to.deep.equal([9, 10, 11, 11, 12, 12, 13, 13, 14, 15]);
    expect([...(batch.reached ?? [])]).to.deep.equal([[FIRST, '15'], [SECOND, '13']]);
    expect([used, batch.scannedTo, batch.atHead]).to.deep.equal([10, '15', true]);
  });

  it('is complete up to a watermark also when an older message was delivered again behind it', () => {
    const buffers = fresh();
    const [one] = events(0);
    if (one) for (const item of [event(one), watermark(40), event(one)]) buffers.push(FIRST, item);
    expect(buffers.take(100).batch.reached?.get(FIRST)).to.equal('40');
  });

  it('drops what a lane has had already', () => {
    const buffers = new LaneBuffers(new Map([[FIRST, toPosition('3')]]));
    for (const one of events(0)) buffers.push(FIRST, event(one));
    expect(buffers.take(100).batch.entries.map((entry) => entry.event.position)).to.deep.equal(['4', '5']);
  });

  it('takes all of a lane, then of the next, keeps the rest, and goes on with the one that waits longest', () => {
    const buffers = fresh();
    const [late, early] = [events(8), events(0)];
    for (const one of early) buffers.push(FIRST, event(one));
    for (const one of late) buffers.push(SECOND, event(one));
    const { batch, used } = buffers.take(3);
    expect([batch.entries.length, used, batch.atHead]).to.deep.equal([3, 3, false]);
    expect([...(batch.reached ?? [])].map(([lane, reached]) => [lane, Number(reached)])).to.deep.equal([[FIRST, 3], [SECOND, 0]]);
    // The first lane is still behind, but it had its turn.
    expect([...(buffers.take(5).batch.reached?.values() ?? [])].map(Number)).to.deep.equal([3, 13]);
    expect([buffers.take(100).batch.entries.length, buffers.isEmpty]).to.deep.equal([2, true]);
  });
});
