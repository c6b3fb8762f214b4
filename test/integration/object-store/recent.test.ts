import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Sha256 } from '#contracts/kernel/ids.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { RecentObjects } from '#platform/object-store/recent.js';
import { objectStoreSuite } from '../../suites/object-store.js';
import { codeOf } from '../../support/until.js';

const folders: string[] = [];
const freshFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'folio-recent-'));
  folders.push(folder);
  return folder;
};
after(async () => { for (const folder of folders) await rm(folder, { recursive: true, force: true }); });

objectStoreSuite('folder, with what was put a moment ago in memory', async () => new RecentObjects(new FolderObjectStore(await freshFolder())));

describe('what was put a moment ago', () => {
  const LIMITS = { bytes: 100, objectBytes: 40 };
  let root: string;
  let asked: Sha256[];
  let kept: FolderObjectStore;
  let store: RecentObjects;
  beforeEach(async () => {
    root = await freshFolder();
    asked = [];
    kept = new FolderObjectStore(root);
    store = new RecentObjects(new Proxy(kept, { get: (target, name) => (name === 'get' ? (sha256: Sha256) => { asked.push(sha256); return target.get(sha256); } : (Reflect.get(target, name) as () => unknown).bind(target)) }), LIMITS);
  });
  const textOf = async (sha256: Sha256): Promise<string> => Buffer.from((await store.get(sha256)) ?? []).toString();

  it('is not read back until it is archived, and is durable all the same', async () => {
    const given = Buffer.from('a document');
    const { sha256 } = await store.put(given);
    given.fill(0);
    expect([await textOf(sha256), await textOf(sha256), asked.length]).to.deep.equal(['a document', 'a document', 0]);
    expect(Buffer.from((await new FolderObjectStore(root).get(sha256)) ?? []).toString()).to.equal('a document');
    expect((await store.archive(sha256)).originalSize).to.equal(10);
    expect([await textOf(sha256), asked]).to.deep.equal(['a document', [sha256]]);
  });

  it('is archived as it was given, whatever became of the file', async () => {
    const { sha256 } = await store.put(Buffer.from('genuine'));
    await writeFile(join(root, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 'forged!');
    await store.archive(sha256);
    expect(await textOf(sha256)).to.equal('genuine');
  });

  it('is forgotten when there is more, when it is large, when it came as a stream, and never known when it could not be kept', async () => {
    const { sha256: first } = await store.put(Buffer.from('first of many'));
    for (let index = 0; index < 10; index += 1) await store.put(Buffer.from(`one of many, the one of number ${index}`));
    const { sha256: large } = await store.put(Buffer.alloc(41, 'x'));
    const { sha256: streamed } = await store.put(Readable.from([Buffer.from('streamed')]));
    for (const sha256 of [first, large, streamed]) expect((await textOf(sha256)).length).to.be.greaterThan(0);
    expect(asked).to.deep.equal([first, large, streamed]);
    expect(await codeOf(store.put(Buffer.from('too large'), { maxBytes: 3 }))).to.equal('body-too-large');
    expect(await codeOf(store.put(Buffer.from('lying'), { expected: first }))).to.equal('checksum-mismatch');
  });
});
