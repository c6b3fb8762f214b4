import { expect } from 'chai';
import { toPosition } from '#contracts/kernel/position.js';
import { ProgressMeter, type RebuildProgress } from '../../../projections/worker/rebuild/progress.js';

describe('the progress of a rebuild', () => {
  const meter = (): ProgressMeter => new ProgressMeter('p', 2, () => undefined);
  const done = ({ eventsDone, eventsTotal }: RebuildProgress): readonly number[] => [eventsDone, eventsTotal];

  it('estimates what is left by how much of the log is behind', () => {
    const one = meter();
    one.expect(toPosition('1000'));
    expect(done(one.current()), 'nothing is known yet').to.deep.equal([0, 0]);
    one.add(50, toPosition('100'));
    expect(done(one.current()), 'half of the events are of other topics').to.deep.equal([50, 500]);
    one.add(450, toPosition('1000'));
    expect(done(one.current())).to.deep.equal([500, 500]);
    expect(one.current().etaSeconds).to.equal(0);
  });

  it('counts from the mark on that it goes on from', () => {
    const one = meter();
    one.expect(toPosition('1000'));
    one.begin(toPosition('600'));
    one.add(100, toPosition('800'));
    expect(done(one.current())).to.deep.equal([100, 200]);
  });

  it('says nothing of what is left where nobody said how long the log is, or it has grown meanwhile', () => {
    const one = meter();
    one.add(7);
    expect(done(one.current())).to.deep.equal([7, 7]);
    one.expect(toPosition('10'));
    one.add(13, toPosition('20'));
    expect(done(one.current())).to.deep.equal([20, 20]);
  });
});
