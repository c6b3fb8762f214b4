import { expect } from 'chai';
import fc from 'fast-check';
import type { Position, Revision } from '#contracts/kernel/position.js';
import { column } from '#contracts/read-models/tables/table.js';
import { rowLine } from '#platform/read-store/table.js';
import type { ProjectedRow, Tallies } from '../../../projections/kit/projection.js';
import { TallyDelta } from '../../../projections/worker/tallies.js';

interface Count {
  readonly day: string;
  readonly issuer: string;
  readonly tax: string;
  readonly count: number;
}

interface Counted extends ProjectedRow {
  readonly counts: readonly Count[];
}

const counted = (...counts: readonly Count[]): Counted => ({ id: 'id', month: '2026-01-01', shardKey: '', revision: 0 as Revision, position: '1' as Position, counts });

const talliesBy = (sharedKeyColumns?: number): Tallies<ProjectedRow, Count> => ({
  table: {
    name: 'count', columns: [column('day', 'text', ({ day }) => day), column('issuer', 'text', ({ issuer }) => issuer), column('tax', 'text', ({ tax }) => tax), column('count', 'bigint', ({ count }) => String(count))],
    derived: [], key: ['day', 'issuer', 'tax'], before: [], generated: [], indexes: [],
    parse: ([day, issuer, tax, count]) => ({ day: day ?? '', issuer: issuer ?? '', tax: tax ?? '', count: Number(count) }),
  },
  ...(sharedKeyColumns !== undefined && { sharedKeyColumns }),
  contributions: (row) => (row as Counted).counts,
  add: (left, right) => ({ ...left, count: left.count + right.count }),
  negate: (tally) => ({ ...tally, count: -tally.count }),
  isEmpty: ({ count }) => count === 0,
});

const summed = (rows: readonly Counted[], sharedKeyColumns?: number): TallyDelta<Count> => {
  const delta = new TallyDelta(talliesBy(sharedKeyColumns));
  for (const row of rows) delta.add(undefined, row);
  return delta;
};

/** By what no separator can be mistaken in. */
const keyOf = ({ day, issuer, tax }: Count): string => JSON.stringify([day, issuer, tax]);

function byHand(rows: readonly Counted[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const one of rows.flatMap(({ counts }) => counts)) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + one.count);
  return Object.fromEntries([...sums].filter(([, count]) => count !== 0));
}

// Few values, so that keys meet; with what ends a column or a line of COPY.
const text = fc.constantFrom('', 'a', 'b', 'a\tb', '\t', '\\', '\\t', 'a\nb', '\u001f', 'ñ');
const count = fc.record({ day: text, issuer: text, tax: text, count: fc.integer({ min: -2, max: 2 }) });
const rows = fc.array(fc.array(count, { maxLength: 6 }).map((counts) => counted(...counts)), { maxLength: 20 });
const shared = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });

describe('sums of what rows contribute', () => {
  it('are by key, whatever its characters and however many columns of it are thought to be shared', () => {
    fc.assert(fc.property(rows, shared, (some, columns) => {
      const taken = summed(some, columns).take();
      expect(taken.map(keyOf)).to.have.lengthOf(new Set(taken.map(keyOf)).size);
      expect(Object.fromEntries(taken.map((one) => [keyOf(one), one.count]))).to.deep.equal(byHand(some));
    }));
  });

  it('come in the same order from whatever order of the rows: two workers lock them one after the other', () => {
    fc.assert(fc.property(rows, shared, (some, columns) => {
      const [there, back] = [some, some.toReversed()].map((each) => summed(each, columns).take());
      expect(back).to.deep.equal(there);
    }));
  });

  it('are the same as lines of COPY', () => {
    fc.assert(fc.property(rows, shared, (some, columns) => {
      const line = rowLine(talliesBy().table.columns);
      expect([...summed(some, columns).takeLines()]).to.deep.equal(summed(some, columns).take().map((one) => `${line(one)}\n`));
    }));
  });

  it('are taken once, counted as long as they are there', () => {
    const one = { day: '2026-01-05', issuer: 'one', tax: '', count: 1 };
    const delta = summed([counted(one, { ...one, tax: 'iva' }), counted({ ...one, issuer: 'two' }), counted(one)], 2);
    expect(delta.size).to.equal(3);
    expect(delta.take().map(({ count: sum }) => sum)).to.deep.equal([2, 1, 1]);
    expect(delta.size).to.equal(0);
    delta.add(undefined, counted(one));
    expect(delta.take()).to.deep.equal([one]);
  });

  it('lose what a row contributed before', () => {
    const one = { day: '2026-01-05', issuer: 'one', tax: '', count: 1 };
    const delta = new TallyDelta(talliesBy(1));
    delta.add(counted(one, { ...one, issuer: 'two' }), counted({ ...one, count: 3 }));
    expect(delta.take()).to.deep.equal([{ ...one, count: 2 }, { ...one, issuer: 'two', count: -1 }]);
  });
});
