import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { toSha256 } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { ObjectStore } from '#platform/object-store/port.js';

const hashOf = (bytes: Uint8Array) => toSha256(createHash('sha256').update(bytes).digest('hex'));
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', (error: unknown) => (error instanceof Problem ? error.code : String(error)));

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
