import { expect } from 'chai';
import fc from 'fast-check';
import { fnv1a32, murmur2 } from '#contracts/kernel/hash.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import { readToken, writeToken } from '#contracts/kernel/lane.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import { comparePositions, parsePosition, parseRevision, toPosition } from '#contracts/kernel/position.js';
import { identityKey } from '#contracts/invoice/identity.js';
import { addMoney, canonicalMoney, compareMoney, isMoney, negateMoney, roundMoney, scaleOf, subtractMoney, sumMoney, toMoney } from '#contracts/money.js';
import { toSha256 } from '#contracts/kernel/ids.js';
import { laneOf, lanesOf, partitionOf, PARTITIONS } from '#contracts/topics.js';
import { EVENT_DEFINITIONS } from '#contracts/events/index.js';
import { topicOf } from '#contracts/topics.js';

const position = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((value) => toPosition(value.toString()));
const amount = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 999_999 })).map(([whole, part]) => toMoney(`${whole}.${String(part).padStart(6, '0')}`));

describe('positions', () => {
  it('compare as the numbers they write', () => {
    fc.assert(fc.property(position, position, (left, right) => Math.sign(comparePositions(left, right)) === Number(BigInt(left) > BigInt(right)) - Number(BigInt(left) < BigInt(right))));
  });
  it('are refused in any other form', () => {
    for (const text of ['', '-1', '01', '1.0', ' 1', '1e3', '9'.repeat(21)]) expect(parsePosition(text), text).to.equal(undefined);
    for (const text of ['', '-1', '01', '9007199254740992']) expect(parseRevision(text), text).to.equal(undefined);
  });
});

describe('money', () => {
  it('adds exactly, in any order', () => {
    fc.assert(fc.property(amount, amount, amount, (a, b, c) => canonicalMoney(addMoney(addMoney(a, b), c)) === canonicalMoney(addMoney(a, addMoney(c, b)))));
  });
  it('adds, negates and writes amounts of every length and scale as integers of the smallest unit do', () => {
    const units = (text: string): bigint => BigInt(text.replace('.', '')) * 10n ** BigInt(12 - scaleOf(toMoney(text)));
    const written = (sum: bigint): string => {
      const digits = (sum < 0n ? -sum : sum).toString().padStart(13, '0');
      const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/u, '');
      return sum < 0n ? `-${text}` : text;
    };
    const short = fc.tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 6 }), fc.boolean()).map(([whole, scale, isPadded]) => {
      const digits = String(Math.abs(whole)).padStart(scale + 1, '0');
      return toMoney(`${whole < 0 ? '-' : ''}${isPadded ? '00' : ''}${digits.slice(0, digits.length - scale)}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`);
    });
    fc.assert(fc.property(fc.oneof(short, amount), fc.oneof(short, amount), (a, b) => {
      expect(addMoney(a, b)).to.equal(written(units(a) + units(b)));
      expect([canonicalMoney(a), negateMoney(a)]).to.deep.equal([written(units(a)), written(-units(a))]);
    }), { numRuns: 2_000 });
  });
  it('takes back what was added', () => {
    fc.assert(fc.property(amount, amount, (a, b) => compareMoney(subtractMoney(addMoney(a, b), b), a) === 0 && compareMoney(sumMoney([a, negateMoney(a)]), toMoney('0')) === 0));
  });
  it('rounds halves away from zero and keeps the scale', () => {
    expect(['1.005', '-1.005', '2.344', '7'].map((text) => roundMoney(toMoney(text), 2))).to.deep.equal(['1.01', '-1.01', '2.34', '7.00']);
    expect([roundMoney(toMoney('-0.001'), 2), roundMoney(toMoney('-0.1'), 0), negateMoney(toMoney('0')), addMoney(toMoney('-0.00'), toMoney('-0'))], 'nothing has no sign').to.deep.equal(['0.00', '0', '0', '0']);
    expect(scaleOf(toMoney('10.500'))).to.equal(3);
  });
  it('is no money with an exponent, a sign too many, 40 digits or nothing', () => {
    for (const text of ['', '1e3', '--1', '+1', '1.', '.5', '1,000.00', '1'.repeat(40), `0.${'1'.repeat(13)}`, 'NaN']) expect(isMoney(text), text).to.equal(false);
  });
});

describe('hashes that route', () => {
  it('fnv1a32 has its published values', () => {
    expect([fnv1a32(''), fnv1a32('a'), fnv1a32('foobar')]).to.deep.equal([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
  it('murmur2 has the values of the Java client', () => {
    // Values from Kafka's own UtilsTest, as signed 32-bit integers.
    const known: Record<string, number> = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536, 'a-little-bit-longer-string': -1486304829, 'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8': -58897971, abc: 479470107 };
    for (const [text, value] of Object.entries(known)) expect(murmur2(text) | 0, text).to.equal(value);
  });
  it('every stream has one lane, and every partition is used', () => {
    const used = new Set(Array.from({ length: 500 }, (_, index) => partitionOf(toStreamId(`invoice-${index}`))));
    expect(used.size).to.equal(PARTITIONS);
    expect(lanesOf(['fiscal-invoice'])).to.include(laneOf('fiscal.invoice.created', toStreamId('invoice-1')));
  });
  it('all event types of one stream category are in one topic', () => {
    const topics = new Map<string, Set<string>>();
    for (const { category, type } of EVENT_DEFINITIONS) topics.set(category, (topics.get(category) ?? new Set()).add(topicOf(type)));
    for (const [category, names] of topics) expect(names.size, category).to.equal(1);
  });
});

describe('tokens', () => {
  it('are read as they were written', () => {
    const tokens = [{ position: toPosition('42'), lane: laneOf('fiscal.invoice.created', toStreamId('invoice-1')) }, { position: toPosition('7'), lane: laneOf('auth.user.deleted', toStreamId('user-1')) }];
    expect(readToken(writeToken(tokens))).to.deep.equal(tokens);
  });
  it('are refused when any part is malformed or there are too many', () => {
    for (const text of ['', '42', '42.', '42.lane', '-1.v1/a/1', '1.v1/a/1,', Array(65).fill('1.v1/a/1').join(',')]) expect(readToken(text), text).to.equal(undefined);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, A: 0.1 })).to.equal('{"A":0.1,"b":[1,{"c":"x","d":null}]}');
  });
});

describe('identity of an invoice', () => {
  const sha = toSha256('a'.repeat(64));
  it('is the fiscal UUID whatever its case', () => {
    expect(identityKey({ format: 'cfdi-4.0', uuid: '6128396f-c09b-4ec6-8699-43c5f7e3b230' }, sha)).to.equal('cfdi|6128396F-C09B-4EC6-8699-43C5F7E3B230');
  });
  it('is seller, number, type and date for EN 16931', () => {
    expect(identityKey({ format: 'ubl-2.1', sellerId: 'DE1', number: '7', documentType: '380', issued: '2026-01-01' }, sha)).to.equal('en|DE1|7|380|2026-01-01');
  });
  it('is the hash when nothing else names it, and nothing without bytes', () => {
    expect(identityKey({ format: 'cfdi-4.0', uuid: 'not-one' }, sha)).to.equal(`sha256|${sha}`);
    expect(identityKey({ format: 'cii', number: '7' })).to.equal(undefined);
  });
});
