import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { toSha256 } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { KeptObject, ObjectStore } from '#platform/object-store/port.js';

const hashOf = (bytes: Uint8Array) => toSha256(createHash('sha256').update(bytes).digest('hex'));
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', (error: unknown) => (error instanceof Problem ? error.code : String(error)));

const rank = (key: string): number => ['objects', 'archive'].indexOf(key.split('/')[0] ?? '');
async function allOf(store: ObjectStore): Promise<readonly KeptObject[]> {
  const all: KeptObject[] = [];
  for await (const one of store.all()) all.push(one);
  return all;
}

/** Every promise of the port, for every adapter. */
export function objectStoreSuite(name: string, open: () => Promise<ObjectStore>): void {
  describe(`object store: ${name}`, () => {
    let store: ObjectStore;
    before(async () => { store = await open(); });

    it('gives back the very bytes under their hash', async () => {
      const bytes = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf]);
      expect(await store.put(bytes)).to.deep.equal({ sha256: hashOf(bytes), size: 7 });
      expect(Buffer.from((await store.get(hashOf(bytes))) ?? [])).to.deep.equal(bytes);
      expect(await store.has(hashOf(bytes))).to.equal(true);
    });

    it('takes a stream without knowing its hash, and the same bytes again', async () => {
      const bytes = Buffer.alloc(300_000, 'abc');
      const parts = (): Readable => Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
      expect(await store.put(parts())).to.deep.equal({ sha256: hashOf(bytes), size: bytes.length });
      expect(await store.put(parts())).to.deep.equal({ sha256: hashOf(bytes), size: bytes.length });
    });

    it('takes the same bytes many times at once', async () => {
      const bytes = Buffer.from('at once');
      const put = await Promise.all(Array.from({ length: 8 }, (_, index) => store.put(index % 2 === 0 ? bytes : Readable.from([bytes]))));
      expect(put).to.deep.equal(put.map(() => ({ sha256: hashOf(bytes), size: 7 })));
      expect(Buffer.from((await store.get(hashOf(bytes))) ?? [])).to.deep.equal(bytes);
    });

    it('has nothing under a hash that was never put', async () => {
      expect(await store.get(hashOf(Buffer.from('never')))).to.equal(undefined);
      expect(await store.has(hashOf(Buffer.from('never')))).to.equal(false);
    });

    it('keeps nothing of bytes that are too many or not those declared', async () => {
      const [large, lying] = [Buffer.from('too large'), Buffer.from('lying')];
      expect(await codeOf(store.put(Readable.from([large]), { maxBytes: 3 }))).to.equal('body-too-large');
      expect(await codeOf(store.put(large, { maxBytes: 3 }))).to.equal('body-too-large');
      expect(await codeOf(store.put(lying, { expected: hashOf(large) }))).to.equal('checksum-mismatch');
      expect(await codeOf(store.put(Readable.from([lying]), { expected: hashOf(large) }))).to.equal('checksum-mismatch');
      expect([await store.has(hashOf(large)), await store.has(hashOf(lying))]).to.deep.equal([false, false]);
    });

    it('keeps nothing of a stream that breaks off', async () => {
      const part = Buffer.from('only a part');
      const broken = Readable.from((function* () { yield part; throw new Error('cut'); })());
      expect(await codeOf(store.put(broken))).to.equal('object-store-unavailable');
      expect(await store.has(hashOf(part))).to.equal(false);
    });

    it('archives nothing under a hash that it does not have', async () => {
      const never = hashOf(Buffer.from('never put'));
      expect(await codeOf(store.archive(never))).to.equal('object-store-unavailable');
      expect(await store.has(never)).to.equal(false);
    });

    it('tells all it has, each in the form it is kept in, plain ones first and in order', async () => {
      const texts = Array.from({ length: 6 }, (_, index) => Buffer.from(`one of all ${index}`));
      const hashes = await Promise.all(texts.map(async (bytes) => (await store.put(bytes)).sha256));
      const archived = hashes.slice(0, 3);
      for (const sha256 of archived) await store.archive(sha256);
      const told = await allOf(store);
      const keys = told.map(({ key }) => key);
      expect([...keys].sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1))).to.deep.equal(keys);
      expect(new Set(keys).size).to.equal(keys.length);
      for (const [index, sha256] of hashes.entries()) {
        const found = told.filter((one) => one.sha256 === sha256);
        expect(found.map(({ key }) => rank(key)), sha256).to.deep.equal([archived.includes(sha256) ? 1 : 0]);
        const bytes = (await found[0]?.read()) ?? Buffer.alloc(0);
        expect(archived.includes(sha256) ? gunzipSync(bytes) : Buffer.from(bytes)).to.deep.equal(texts[index]);
      }
    });

    it('loses nothing that is archived while it tells', async () => {
      const { sha256 } = await store.put(Buffer.from('archived in the middle'));
      const forms: string[] = [];
      for await (const one of store.all()) {
        if (one.sha256 !== sha256) continue;
        if (rank(one.key) === 0) await store.archive(sha256);
        forms.push(`${rank(one.key)} ${(await one.read()) === undefined ? 'gone' : 'there'}`);
      }
      expect(forms).to.deep.equal(['0 gone', '1 there']);
    });

    it('serves the same bytes after archiving, and archives twice with the same answer', async () => {
      const bytes = Buffer.from('<x/>'.repeat(1_000));
      const { sha256 } = await store.put(bytes);
      const archived = await store.archive(sha256);
      expect(archived).to.include({ originalSize: 4_000 });
      expect(archived.compressedSize).to.be.lessThan(200);
      expect(await store.archive(sha256)).to.deep.equal(archived);
      expect(Buffer.from((await store.get(sha256)) ?? [])).to.deep.equal(bytes);
      expect(await store.put(bytes)).to.deep.equal({ sha256, size: 4_000 });
    });
  });
}
