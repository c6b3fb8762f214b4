import { expect } from 'chai';
import fc from 'fast-check';
import { toRevision } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { SplitForm } from '#platform/cache/port.js';
import { decodeEntry, encodeEntry } from '#platform/cache/redis-entry.js';
import { CACHED_INVOICE, publicInvoice } from '../../../read-side/json.js';

const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const bodies = fc.option(fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => ({ text, length: Buffer.byteLength(text) })), { nil: undefined });

describe('a cache entry as one string', () => {
  it('comes back as it was', () => {
    fc.assert(fc.property(fc.nat(), values, bodies, (revision, value, body) => {
      const back = decodeEntry('k', encodeEntry('k', { revision: toRevision(revision), value, ...(body && { body }) }));
      expect([back?.revision, back?.value, back?.body]).to.deep.equal([revision, value, body]);
    }));
  });

  it('holds each field once where the body has most of them, and is whole again', () => {
    const form: SplitForm<Record<string, unknown>> = {
      body: ({ inside: _inside, ...row }) => JSON.stringify(row), rest: ({ inside }) => inside, whole: (body, rest) => ({ ...(JSON.parse(body) as object), inside: rest }),
    };
    const value = { total: '10.00', inside: [1, 'ñ'] };
    const text = encodeEntry('k', { revision: toRevision(3), value }, form);
    expect(text.split('10.00')).to.have.length(2);
    const back = decodeEntry('k', text, form);
    expect([back?.body?.text, back?.value]).to.deep.equal(['{"total":"10.00"}', value]);
    expect(decodeEntry('k', encodeEntry('k', { revision: toRevision(3), value }), form), 'an entry without a body').to.equal(undefined);
  });

  it('is the same invoice row, whether or not it was cached', () => {
    const row = { id: 'i', month: '2026-01-01', shardKey: 's', revision: 3, position: '7', total: null } as unknown as InvoiceSummary;
    const back = decodeEntry('k', encodeEntry('k', { revision: toRevision(3), value: row }, CACHED_INVOICE), CACHED_INVOICE);
    expect([back?.value, JSON.parse(back?.body?.text ?? '')]).to.deep.equal([row, publicInvoice(row)]);
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
