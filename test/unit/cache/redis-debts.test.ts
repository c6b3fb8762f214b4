import { expect } from 'chai';
import { Debts } from '#platform/cache/redis-debts.js';
import { until } from '../../support/until.js';

function debts(maxKeys = 3) {
  const removed: string[] = [];
  const state = { gone: true, emptied: 0 };
  const act = async (done: () => void): Promise<void> => {
    if (state.gone) throw new Error('gone');
    done();
  };
  return { state, removed, owed: new Debts({ maxKeys, retryMs: 1, remove: (key) => act(() => removed.push(key)), removeAll: () => act(() => { state.emptied += 1; }) }) };
}

describe('what a cache owes while Redis does not answer', () => {
  it('is remembered by key, and removed by itself once it answers', async () => {
    const { state, removed, owed } = debts();
    owed.add('a');
    owed.add('b');
    await owed.settle();
    expect([owed.covers('a'), owed.covers('c'), owed.none]).to.deep.equal([true, false, false]);
    state.gone = false;
    await until(() => owed.none);
    expect(removed.toSorted()).to.deep.equal(['a', 'b']);
    expect(state.emptied).to.equal(0);
  });

  it('becomes everything when it is too many keys', async () => {
    const { state, owed } = debts();
    for (const key of ['a', 'b', 'c', 'd']) owed.add(key);
    expect(owed.covers('never seen')).to.equal(true);
    await owed.settle();
    expect(owed.covers('never seen')).to.equal(true);
    state.gone = false;
    await until(() => owed.none);
    expect(state.emptied).to.be.greaterThan(0);
  });

  it('is settled once when settling itself is what finds the cache up, and asks again', async () => {
    let removals = 0;
    const owed: Debts = new Debts({ maxKeys: 3, retryMs: 60_000, removeAll: async () => undefined, remove: async () => { removals += 1; void owed.settle(); await Promise.resolve(); expect(owed.covers('a')).to.equal(true); } });
    owed.add('a');
    await owed.settle();
    owed.stop();
    expect([owed.none, removals]).to.deep.equal([true, 1]);
  });

  it('does not forget what is owed anew while it settles', async () => {
    const gate = Promise.withResolvers<void>();
    let removals = 0;
    const owed = new Debts({ maxKeys: 3, retryMs: 60_000, removeAll: () => gate.promise, remove: async () => { removals += 1; await gate.promise; } });
    owed.add('a');
    const settling = owed.settle();
    await until(() => removals === 1);
    owed.add('a');
    gate.resolve();
    await settling;
    expect(owed.covers('a')).to.equal(true);
    await owed.settle();
    expect([owed.none, removals]).to.deep.equal([true, 2]);
    owed.stop();
  });
});
