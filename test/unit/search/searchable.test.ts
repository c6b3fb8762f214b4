import { expect } from 'chai';
import type { Lane, Token } from '#contracts/kernel/lane.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { Searchable } from '../../../read-side/search/searchable.js';
import { until } from '../../support/until.js';

const LANE = 'v1/fiscal-invoice/0' as Lane;
const OTHER = 'v1/fiscal-invoice/1' as Lane;
const token = (position: string, lane = LANE): Token => ({ lane, position: toPosition(position) });

/** An index whose refreshes end when the test says so. */
function makeIndex(everyMs = 0) {
  const applied = new Map<Lane, Position>();
  const refreshes: { readonly startedAt: number; end(error?: Error): void }[] = [];
  const refresh = (): Promise<void> => new Promise((resolve, reject) => {
    refreshes.push({ startedAt: performance.now(), end: (error) => { if (error) reject(error); else resolve(); } });
  });
  return { applied, refreshes, searchable: new Searchable({ applied: (lane) => applied.get(lane) ?? ORIGIN, refresh, everyMs }) };
}

describe('what is searchable', () => {
  it('is what was applied before the refresh, not what came while it ran', async () => {
    const { applied, refreshes, searchable } = makeIndex();
    applied.set(LANE, toPosition('10'));
    const first = searchable.reach([token('10')]);
    await until(() => refreshes.length === 1);
    applied.set(LANE, toPosition('12'));
    refreshes[0]?.end();
    await first;
    expect(searchable.positionOf(LANE)).to.equal('10');
  });

  it('needs a refresh of its own when it was applied after the running one began, and shares that with all who come before it', async () => {
    const { applied, refreshes, searchable } = makeIndex();
    applied.set(LANE, toPosition('10'));
    const first = searchable.reach([token('10')]);
    await until(() => refreshes.length === 1);
    applied.set(LANE, toPosition('12'));
    const later = Array.from({ length: 50 }, () => searchable.reach([token('12')]));
    refreshes[0]?.end();
    await until(() => refreshes.length === 2);
    refreshes[1]?.end();
    await Promise.all([first, ...later]);
    expect([refreshes.length, searchable.positionOf(LANE)]).to.deep.equal([2, '12']);
  });

  it('needs no refresh when it was reached before, or when nothing is applied that could be found', async () => {
    const { applied, refreshes, searchable } = makeIndex();
    applied.set(LANE, toPosition('10'));
    const reached = searchable.reach([token('10')]);
    await until(() => refreshes.length === 1);
    refreshes[0]?.end();
    await reached;
    await searchable.reach([token('9'), token('10'), token('99')]);
    await searchable.reach([token('5', OTHER)]);
    expect(refreshes).to.have.length(1);
  });

  it('covers all lanes that somebody asked for', async () => {
    const { applied, refreshes, searchable } = makeIndex();
    applied.set(LANE, toPosition('10')).set(OTHER, toPosition('7'));
    const both = Promise.all([searchable.reach([token('10')]), searchable.reach([token('7', OTHER)])]);
    await until(() => refreshes.length === 1);
    refreshes[0]?.end();
    await both;
    expect([refreshes.length, searchable.positionOf(LANE), searchable.positionOf(OTHER)]).to.deep.equal([1, '10', '7']);
  });

  it('is not reached by a refresh that failed; who asks next tries again', async () => {
    const { applied, refreshes, searchable } = makeIndex();
    applied.set(LANE, toPosition('10'));
    const failing = searchable.reach([token('10')]).then(() => 'reached', (error: Error) => error.message);
    await until(() => refreshes.length === 1);
    refreshes[0]?.end(new Error('gone'));
    expect([await failing, searchable.positionOf(LANE)]).to.deep.equal(['gone', ORIGIN]);
    const again = searchable.reach([token('10')]);
    await until(() => refreshes.length === 2);
    refreshes[1]?.end();
    await again;
    expect(searchable.positionOf(LANE)).to.equal('10');
  });

  it('is refreshed at most once in its time', async () => {
    const { applied, refreshes, searchable } = makeIndex(30);
    for (const position of ['1', '2', '3']) {
      applied.set(LANE, toPosition(position));
      const reached = searchable.reach([token(position)]);
      await until(() => refreshes.length === Number(position));
      refreshes.at(-1)?.end();
      await reached;
    }
    const gaps = refreshes.slice(1).map(({ startedAt }, at) => startedAt - (refreshes[at]?.startedAt ?? 0));
    expect(Math.min(...gaps)).to.be.greaterThan(28);
  });
});
