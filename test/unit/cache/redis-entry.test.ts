import { expect } from 'chai';
import fc from 'fast-check';
import { toRevision } from '#contracts/kernel/position.js';
import { decodeEntry, encodeEntry } from '#platform/cache/redis-entry.js';

const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const bodies = fc.option(fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => ({ text, length: Buffer.byteLength(text) })), { nil: undefined });

describe('a cache entry as one string', () => {
  it('comes back as it was, copied or not', () => {
    fc.assert(fc.property(fc.nat(), values, bodies, (revision, value, body) => {
      const entry = { revision: toRevision(revision), value, ...(body && { body }) };
      const back = decodeEntry('k', encodeEntry('k', entry));
      expect(back && { ...back }).to.deep.equal(entry);
    }));
  });

  it('is nothing when any character of it was changed, lost or added, or under another key', () => {
    const text = encodeEntry('k', { revision: toRevision(12), value: { total: '10.00' }, body: { text: '{"total":"10.00"}', length: 17 } });
    fc.assert(fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, other) => {
      if (text[at] !== other) expect(decodeEntry('k', text.slice(0, at) + other + text.slice(at + 1))).to.equal(undefined);
      expect(decodeEntry('k', text.slice(0, at))).to.equal(undefined);
    }));
    expect(decodeEntry('k', text.replace(/^(f1 12 \d+) 17\n/u, '$1 16\n'))).to.equal(undefined);
    expect(decodeEntry('k', `${text} `)).to.equal(undefined);
    expect(decodeEntry('other', text)).to.equal(undefined);
  });

  it('parses the value only when somebody looks at it, and once', () => {
    const parse = JSON.parse;
    let parses = 0;
    const entry = decodeEntry<{ a: number }>('k', encodeEntry('k', { revision: toRevision(1), value: { a: 1 }, body: { text: 'x', length: 1 } }));
    try {
      JSON.parse = (text: string) => { parses += 1; return parse(text) as unknown; };
      expect(entry?.body?.text).to.equal('x');
      expect(parses).to.equal(0);
      expect(entry?.value).to.equal(entry?.value);
      expect(parses).to.equal(1);
    } finally {
      JSON.parse = parse;
    }
  });
});
