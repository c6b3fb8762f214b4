import { expect } from 'chai';
import fc from 'fast-check';
import { toStreamId } from '#contracts/kernel/ids.js';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { laneOf, lanesOf, TOPICS, topicOf, type Topic } from '#contracts/topics.js';
import { EVENT_DEFINITIONS } from '#contracts/events/index.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';

/** Never connected to: a pool opens nothing before it is asked. */
const nowhere = (shards: number): { host: string; port: number; user: string; password: string; database: string }[] =>
  Array.from({ length: shards }, (_, shard) => ({ host: 'nowhere.invalid', port: 1, user: 'u', password: 'p', database: `d${shard}` }));

const keys = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.stringMatching(/^[A-Z&Ñ]{3,4}\d{6}[A-Z0-9]{3}$/u));
/** Any owner of each slot, whatever a re-sharding has left behind: shards may have none, or slots anywhere. */
const tables = fc.integer({ min: 1, max: 16 }).chain((shards) => fc.record({ shards: fc.constant(shards), slots: fc.array(fc.nat({ max: shards - 1 }), { minLength: SLOTS, maxLength: SLOTS }) }));

describe('slots partition the keys', () => {
  it('gives every shard key exactly one slot, always the same', () => {
    fc.assert(fc.property(keys, (key) => {
      const slot = slotOf(key);
      expect(Number.isInteger(slot) && slot >= 0 && slot < SLOTS, key).to.equal(true);
      expect(slotOf(`${key}`)).to.equal(slot);
    }));
  });

  it('uses all of the slots, none of them for much more than its share', () => {
    const counts = new Map<number, number>();
    for (let number = 0; number < 64 * SLOTS; number += 1) counts.set(slotOf(`AAA${number}`), (counts.get(slotOf(`AAA${number}`)) ?? 0) + 1);
    expect(counts.size).to.equal(SLOTS);
    expect(Math.max(...counts.values())).to.be.lessThan(4 * 64);
  });

  it('spreads them evenly, in order, over any number of shards', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: SLOTS }), (shards) => {
      const slots = evenSlots(SLOTS, shards);
      const counts = Array.from({ length: shards }, (_, shard) => slots.filter((owner) => owner === shard).length);
      expect(slots).to.have.length(SLOTS);
      expect(slots.every((owner, slot) => owner >= (slots[slot - 1] ?? 0))).to.equal(true);
      expect(Math.max(...counts) - Math.min(...counts)).to.be.lessThan(2);
    }), { numRuns: 30 });
  });

  it('puts every key on exactly one shard of any table: no two shards share one, and all together have all', () => {
    fc.assert(fc.property(tables, fc.uniqueArray(keys, { minLength: 1, maxLength: 60 }), ({ shards, slots }, all) => {
      const opened = new Shards({ shards: nowhere(shards), slots, slotOf, readers: 1 });
      const parts = Array.from({ length: shards }, (_, shard) => all.filter((key) => opened.shardOf(key) === shard));
      expect(parts.flat()).to.have.members(all).and.to.have.length(all.length);
      for (const key of all) expect(opened.shardOf(key)).to.equal(slots[slotOf(key)]);
    }), { numRuns: 40 });
  });

  it('moves no key but those of the slots that a table gives to another shard', () => {
    fc.assert(fc.property(tables, fc.nat({ max: SLOTS - 1 }), fc.array(keys, { minLength: 1, maxLength: 60 }), ({ shards, slots }, slot, all) => {
      const before = new Shards({ shards: nowhere(shards), slots, slotOf, readers: 1 });
      const after = new Shards({ shards: nowhere(shards), slots: slots.with(slot, ((slots[slot] ?? 0) + 1) % shards), slotOf, readers: 1 });
      for (const key of all) if (slotOf(key) !== slot) expect(after.shardOf(key)).to.equal(before.shardOf(key));
    }), { numRuns: 30 });
  });

  it('refuses a table that names a shard that is not there', () => {
    fc.assert(fc.property(tables, fc.nat({ max: SLOTS - 1 }), fc.constantFrom(-1, 16, 99), ({ shards, slots }, slot, wrong) => {
      expect(() => new Shards({ shards: nowhere(shards), slots: slots.with(slot, wrong), slotOf })).to.throw(RangeError);
    }), { numRuns: 20 });
  });
});

describe('lanes partition the streams', () => {
  it('gives every event of a stream the same one lane, of its topic', () => {
    fc.assert(fc.property(fc.constantFrom(...EVENT_DEFINITIONS), fc.uuid(), ({ type, category }, id) => {
      const stream = toStreamId(`${category}-${id}`);
      const topic = topicOf(type);
      const lanes = (Object.keys(TOPICS) as Topic[]).flatMap((name) => lanesOf([name]).filter((lane) => lane === laneOf(type, stream)).map(() => name));
      expect(lanes).to.deep.equal([topic]);
      for (const other of EVENT_DEFINITIONS) if (other.category === category) expect(laneOf(other.type, stream)).to.equal(laneOf(type, stream));
    }));
  });
});
