import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { objectProblem } from '#platform/object-store/errors.js';
import { objectStoreSuite } from '../../suites/object-store.js';
import { codeOf } from '../../support/until.js';

const folders: string[] = [];
const freshFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'folio-objects-'));
  folders.push(folder);
  return folder;
};
after(async () => { for (const folder of folders) await rm(folder, { recursive: true, force: true }); });

objectStoreSuite('folder', async () => new FolderObjectStore(await freshFolder()));

describe('object store: folder, beyond the suite', () => {
  it('refuses to serve bytes that somebody changed on disk', async () => {
    const root = await freshFolder();
    const store = new FolderObjectStore(root);
    const { sha256 } = await store.put(Buffer.from('genuine'));
    const path = join(root, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    await chmod(path, 0o600);
    await writeFile(path, 'forged!');
    const refused = await store.get(sha256).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'original-corrupt');
    for await (const one of store.all()) expect(await codeOf(one.read()), one.key).to.equal('original-corrupt');
  });

  it('tells nothing of files that are not its own', async () => {
    const root = await freshFolder();
    const store = new FolderObjectStore(root);
    const { sha256 } = await store.put(Buffer.from('mine'));
    await mkdir(join(root, 'objects', 'aa', 'bb'), { recursive: true });
    for (const name of ['objects/notes.txt', 'objects/aa/notes.txt', `objects/aa/bb/${sha256}`, 'objects/aa/bb/short']) await writeFile(join(root, name), 'not mine');
    const told: string[] = [];
    for await (const { key } of store.all()) told.push(key);
    expect(told).to.deep.equal([`objects/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`]);
  });

  it('says so when its folder cannot be written, and leaves nothing half written', async () => {
    const root = await freshFolder();
    await writeFile(join(root, 'incoming'), 'a file where the folder should be');
    const refused = await new FolderObjectStore(root).put(Buffer.from('x')).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'object-store-unavailable');
    expect(await readdir(root)).to.deep.equal(['incoming']);
  });

  it('calls a full disk by its name', () => {
    expect(objectProblem(Object.assign(new Error('no space'), { code: 'ENOSPC' })).code).to.equal('object-store-full');
  });
});
