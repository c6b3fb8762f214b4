import { expect } from 'chai';
import type { Lane, Token } from '#contracts/kernel/lane.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { ProgressHub } from '#platform/progress/hub.js';
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

  it('costs one refresh in its time however many wait: a thousand searches at once, each finding its own write', async () => {
    const [searches, lanes, everyMs] = [1_000, 12, 50];
    const laneOf = (index: number): Lane => `v1/fiscal-invoice/${index % lanes}` as Lane;
    const hub = new ProgressHub();
    const findable = new Map<Lane, Position>();
    const startedAt: number[] = [];
    // As an engine does it: what is written when the refresh begins can be found when it ends.
    const refresh = async (): Promise<void> => {
      startedAt.push(performance.now());
      const written = Array.from({ length: lanes }, (_, index) => index).map((lane) => [laneOf(lane), hub.positionOf('s', 1, laneOf(lane))] as const);
      await new Promise((resolve) => setImmediate(resolve));
      for (const [lane, position] of written) findable.set(lane, position);
    };
    const searchable = new Searchable({ applied: (lane) => hub.positionOf('s', 1, lane), refresh, everyMs });
    const search = async (index: number): Promise<boolean> => {
      const asked = [token(String(index + 1), laneOf(index))];
      await hub.waitFor('s', 1, asked, 60_000);
      await searchable.reach(asked);
      return Number(findable.get(laneOf(index)) ?? 0) > index;
    };
    const began = performance.now();
    const waiting = Array.from({ length: searches }, (_, index) => search(index));
    // The writes become applied one after the other, a few in each turn of the event loop, over several refreshes.
    for (let index = 0; index < searches; index += 1) {
      hub.publish('s', 1, [[laneOf(index), toPosition(String(index + 1))]]);
      if (index % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (index % 250 === 0) await until(() => startedAt.length > index / 250);
    }
    expect((await Promise.all(waiting)).every((found) => found)).to.equal(true);
    expect(startedAt.length).to.be.within(4, 1 + Math.ceil((performance.now() - began) / everyMs));
    expect(Math.min(...startedAt.slice(1).map((started, at) => started - (startedAt[at] ?? 0)))).to.be.greaterThan(everyMs - 10);
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
