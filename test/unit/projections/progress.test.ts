import { expect } from 'chai';
import type { Lane } from '#contracts/kernel/lane.js';
import { toPosition } from '#contracts/kernel/position.js';
import { ProgressHub } from '#platform/progress/hub.js';

const lane = (partition: number): Lane => `v1/fiscal-invoice/${partition}` as Lane;
const token = (position: string, partition = 0) => ({ position: toPosition(position), lane: lane(partition) });

describe('waiting for a projection', () => {
  it('ends as soon as every token has been reached, and not before', async () => {
    const hub = new ProgressHub();
    let ended = false;
    const waiting = hub.waitFor('p', 1, [token('5'), token('9', 1)], 5_000).then((waited) => ((ended = true), waited));
    hub.publish('p', 1, [[lane(0), toPosition('7')]]);
    await Promise.resolve();
    expect(ended).to.equal(false);
    hub.publish('p', 1, [[lane(1), toPosition('10')]]);
    expect(await waiting).to.deep.equal({ reached: true, position: '7' });
  });

  it('ends at its limit and tells how far the view is', async () => {
    const hub = new ProgressHub();
    hub.publish('p', 1, [[lane(0), toPosition('3')]]);
    expect(await hub.waitFor('p', 1, [token('5')], 5)).to.deep.equal({ reached: false, position: '3' });
  });

  it('does not take the progress of another generation or lane for its own, nor goes back', async () => {
    const hub = new ProgressHub();
    hub.publish('p', 2, [[lane(0), toPosition('100')]]);
    hub.publish('p', 1, [[lane(1), toPosition('100')], [lane(0), toPosition('9')]]);
    hub.publish('p', 1, [[lane(0), toPosition('2')]]);
    expect(await hub.waitFor('p', 1, [token('10')], 1)).to.deep.equal({ reached: false, position: '9' });
    expect((await hub.waitFor('p', 1, [token('9')], 0)).reached).to.equal(true);
  });
});
