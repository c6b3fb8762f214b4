import { expect } from 'chai';
import fc from 'fast-check';
import { SLOTS } from '#contracts/routing.js';
import { checkShardCount, shardAdvice } from '#platform/read-store/identity.js';
import { evenSlots, isSameTable, shardsIn, slotCounts, spreadSlots, withSlot, type SlotTable } from '#platform/read-store/slot-tables.js';

const tables = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: SLOTS, maxLength: SLOTS });
const movedBetween = (left: SlotTable, right: SlotTable): number => left.filter((shard, slot) => shard !== right[slot]).length;

describe('a slot table', () => {
  it('is spread evenly over any number of shards, with as few slots moved as that takes, and the same for the same question', () => {
    fc.assert(fc.property(tables, fc.integer({ min: 1, max: 64 }), (current, shards) => {
      const slots = spreadSlots(current, shards);
      const counts = slotCounts(slots);
      expect(counts).to.have.length(shards);
      expect(Math.max(...counts) - Math.min(...counts)).to.be.at.most(1);
      const before = slotCounts(current);
      // Whoever has more than its share must give the rest away, nobody else anything; the larger shares go to those who have most.
      const shares = [...counts].sort((left, right) => right - left);
      const had = Array.from({ length: shards }, (_, shard) => before[shard] ?? 0).sort((left, right) => right - left);
      const keepable = had.reduce((sum, count, place) => sum + Math.min(count, shares[place] ?? 0), 0);
      expect(movedBetween(current, slots)).to.equal(SLOTS - keepable);
      expect(spreadSlots(current, shards)).to.deep.equal(slots);
    }), { numRuns: 60 });
  });

  it('goes from one shard to three and back by moving what it must', () => {
    const [one, three] = [evenSlots(SLOTS, 1), spreadSlots(evenSlots(SLOTS, 1), 3)];
    expect(slotCounts(three)).to.deep.equal([342, 341, 341]);
    expect(movedBetween(one, three)).to.equal(682);
    expect(isSameTable(spreadSlots(three, 3), three)).to.equal(true);
    expect(isSameTable(spreadSlots(three, 1), one)).to.equal(true);
  });

  it('names as many shards as its last one, also where one between has nothing', () => {
    expect([shardsIn([]), shardsIn([0, 0]), shardsIn(withSlot([0, 0], 1, 2))]).to.deep.equal([0, 1, 3]);
    expect(slotCounts([0, 2, 2])).to.deep.equal([1, 0, 2]);
  });
});

describe('the lists of shards in the settings', () => {
  const said = (named: number, further: number, most: number, needed: number): string => {
    try {
      checkShardCount({ named, further, most }, evenSlots(SLOTS, needed));
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('must cover the slot table; before any re-shard FOLIO_SHARDS must fit it exactly', () => {
    expect(said(2, 0, 2, 2)).to.equal('taken');
    expect(said(3, 0, 2, 2)).to.equal('FOLIO_SHARDS is wrong: it has 3 addresses, the slot table names 2.');
    expect(said(1, 0, 2, 2)).to.equal('FOLIO_SHARDS is wrong: it has 1 address, the slot table names 2.');
    expect(said(1, 1, 3, 3)).to.equal('FOLIO_SHARDS is wrong: it has 1 address, with FOLIO_NEW_SHARDS 2, the slot table names 3.');
  });

  it('may name further shards before a re-shard, and leave them where they are behind it', () => {
    for (const lists of [[1, 2, 1, 1], [1, 2, 3, 3], [3, 0, 3, 3], [2, 1, 3, 3], [3, 0, 3, 1], [1, 0, 3, 1]]) expect(said(...(lists as [number, number, number, number])), lists.join()).to.equal('taken');
  });

  it('are told what may be tidied up', () => {
    expect(shardAdvice({ named: 1, further: 2 }, 1)).to.equal(undefined);
    expect(shardAdvice({ named: 1, further: 2 }, 3)).to.match(/first 2 addresses of FOLIO_NEW_SHARDS: they may be moved to the end of FOLIO_SHARDS/u);
    expect(shardAdvice({ named: 3, further: 0 }, 1)).to.match(/no more than the first 1 address of FOLIO_SHARDS/u);
    expect(shardAdvice({ named: 3, further: 0 }, 3)).to.equal(undefined);
  });
});
