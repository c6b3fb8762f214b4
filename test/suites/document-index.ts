import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import type { DocumentIndex, IndexedDocument } from '#platform/search/port.js';
import { codeOf } from '../support/until.js';

const document = (id: string, revision: number, source: Readonly<Record<string, unknown>> = { text: `r${revision}` }): IndexedDocument => ({ id, revision: toRevision(revision), source });

export interface DocumentIndexUnderTest {
  /** Its mapping: `text` (text) and `number` (integer), and no other field. */
  readonly index: DocumentIndex;
  /** As a program before had it: its mapping lacks `number`. */
  readonly earlier: DocumentIndex;
  /** A name that is free. */
  freshName(): string;
  /** Makes an index of that name without `index`, as another program would. */
  makeForeign(name: string): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** Ids of what a search finds. */
  found(name: string): Promise<readonly string[]>;
}

/** What every document index must do. */
export function documentIndexSuite(open: () => Promise<DocumentIndexUnderTest>): void {
  let under: DocumentIndexUnderTest;
  let index: DocumentIndex;
  let name: string;
  before(async () => {
    under = await open();
    index = under.index;
  });
  beforeEach(async () => {
    name = under.freshName();
    await index.create(name);
  });
  afterEach(() => index.drop(name));

  it('takes documents in any order and never goes back to an older revision', async () => {
    expect(await index.write(name, [document('a', 3), document('b', 0)])).to.deep.equal(['written', 'written']);
    expect(await index.write(name, [document('a', 2), document('b', 1)])).to.deep.equal(['older', 'written']);
    const loaded = await index.load(name, ['a', 'b']);
    expect([loaded.get('a'), loaded.get('b')]).to.deep.equal([document('a', 3), document('b', 1)]);
  });

  it('writes an equal revision again', async () => {
    await index.write(name, [document('a', 3)]);
    expect(await index.write(name, [document('a', 3, { text: 'again' })])).to.deep.equal(['written']);
    expect((await index.load(name, ['a'])).get('a')?.source).to.deep.equal({ text: 'again' });
  });

  it('takes two revisions of one document in one call, and keeps the later', async () => {
    expect(await index.write(name, [document('a', 0), document('a', 2), document('a', 1)])).to.deep.equal(['written', 'written', 'older']);
    expect((await index.load(name, ['a'])).get('a')?.revision).to.equal(2);
  });

  it('refuses the documents that can never be taken, each by itself, and writes the others', async () => {
    const outcomes = await index.write(name, [document('a', 0), document('b', 0, { number: 'no number' }), document('c', 0, { unknown: 1 }), document('d', 0)]);
    expect([outcomes[0], outcomes[3]]).to.deep.equal(['written', 'written']);
    for (const outcome of [outcomes[1], outcomes[2]]) expect(outcome).to.have.property('refused').that.is.a('string').with.length.greaterThan(5);
    expect([...(await index.load(name, ['a', 'b', 'c', 'd'])).keys()]).to.deep.equal(['a', 'd']);
  });

  it('loads what was written before it can be found, and nothing for what is not there', async () => {
    await index.write(name, [document('a', 7)]);
    expect([...(await index.load(name, ['a', 'missing', 'a/../b']))].map(([id]) => id)).to.deep.equal(['a']);
    expect(await index.load(name, [])).to.have.property('size', 0);
  });

  it('finds after a refresh everything that was written before it', async () => {
    await index.write(name, [document('a', 0), document('b', 0)]);
    await index.refresh(name);
    expect(await under.found(name)).to.have.members(['a', 'b']);
  });

  it('writes more than one bulk holds, in order', async () => {
    const many = Array.from({ length: 2_500 }, (_, at) => document(`d${at}`, at % 3, { text: 'x'.repeat(at % 100), number: at }));
    expect(new Set(await index.write(name, many))).to.deep.equal(new Set(['written']));
    const loaded = await index.load(name, many.map(({ id }) => id));
    expect([loaded.size, loaded.get('d2499')]).to.deep.equal([2_500, many[2_499]]);
    expect(await index.write(name, [])).to.deep.equal([]);
  });

  it('keeps texts as they are: other scripts, control characters, what looks like markup', async () => {
    const texts = ['аврора 発票 \u202E', '<script>&amp;"\'\\', '\u0000\u0001\n\r\u2028', '🧾'.repeat(20), `{"index":{"_index":"x"}}\n{"a":1}`];
    const written = texts.map((text, at) => document(`t${at}`, 0, { text }));
    expect(new Set(await index.write(name, written))).to.deep.equal(new Set(['written']));
    expect([...(await index.load(name, written.map(({ id }) => id))).values()]).to.deep.equal(written);
  });

  it('leaves an index with the same mapping alone, whoever makes it again', async () => {
    await index.write(name, [document('a', 0)]);
    await Promise.all([index.create(name), index.create(name)]);
    expect((await index.load(name, ['a'])).size).to.equal(1);
  });

  it('never writes to an index that it has not made, and does not drop it', async () => {
    const foreign = under.freshName();
    await under.makeForeign(foreign);
    expect(await codeOf(index.create(foreign))).to.equal('search-mapping-foreign');
    expect(await codeOf(index.write(foreign, [document('a', 0)]))).to.equal('search-unavailable');
    expect(await codeOf(index.drop(foreign))).to.equal('search-mapping-foreign');
    expect([await under.exists(foreign), await under.found(foreign)]).to.deep.equal([true, []]);
  });

  it('makes no index by writing to one that is not there', async () => {
    const missing = under.freshName();
    expect(await codeOf(index.write(missing, [document('a', 0)]))).to.equal('search-unavailable');
    expect(await under.exists(missing)).to.equal(false);
    expect(await codeOf(index.load(missing, ['a']))).to.equal('search-unavailable');
  });

  const scanned = async (of: string): Promise<IndexedDocument[]> => {
    const all: IndexedDocument[] = [];
    for await (const page of index.scan(of)) all.push(...page);
    return all;
  };
  const byId = (all: readonly IndexedDocument[]): IndexedDocument[] => all.toSorted((left, right) => (left.id < right.id ? -1 : 1));

  it('shows every document once, over many pages, refreshed or not', async () => {
    const many = Array.from({ length: 1_750 }, (_, at) => document(`d${at}`, at % 3, { number: at }));
    await index.write(name, many);
    expect(byId(await scanned(name))).to.deep.equal(byId(many));
    await index.write(name, [document('d0', 5), document('d3', 5)]);
    expect(byId(await scanned(name))).to.deep.equal(byId([...many.filter(({ id }) => id !== 'd0' && id !== 'd3'), document('d0', 5), document('d3', 5)]));
  });

  it('shows them as of one moment, though they are written meanwhile', async () => {
    const many = Array.from({ length: 1_300 }, (_, at) => document(`d${at}`, 1, { number: at }));
    await index.write(name, many);
    const seen: IndexedDocument[] = [];
    for await (const page of index.scan(name)) {
      seen.push(...page);
      await index.write(name, many.map(({ id }) => document(id, 2)));
    }
    expect(byId(seen)).to.deep.equal(byId(many));
  });

  it('shows nothing of an empty index, and says when it is not there', async () => {
    expect(await scanned(name)).to.deep.equal([]);
    expect(await codeOf(scanned(under.freshName()))).to.equal('search-unavailable');
  });

  it('gives an index of an earlier mapping the fields that it lacks, and writes to it whoever made it', async () => {
    const { earlier } = under;
    const old = under.freshName();
    await earlier.create(old);
    await earlier.write(old, [document('a', 0)]);
    expect(await index.write(old, [document('b', 0, { number: 7 })]), 'by writing').to.deep.equal(['written']);
    await index.create(old);
    expect(byId(await scanned(old))).to.deep.equal([document('a', 0), document('b', 0, { number: 7 })]);
    expect(await codeOf(earlier.create(old)), 'the program before').to.equal('search-mapping-foreign');
    await index.drop(old);
    const older = under.freshName();
    await earlier.create(older);
    await index.create(older);
    expect(await index.write(older, [document('b', 0, { number: 7 })]), 'by making it').to.deep.equal(['written']);
    await index.drop(older);
  });

  it('drops, also what is not there', async () => {
    await index.drop(name);
    expect(await under.exists(name)).to.equal(false);
    await index.drop(name);
  });
}
