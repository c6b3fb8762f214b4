import { mkdir, mkdtemp, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FolderSource } from '../../../cli/watch/folder.js';
import type { ListedFile } from '../../../cli/watch/source.js';

const never = new AbortController().signal;

describe('a watched folder', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'folio-folder-'));
    folder = join(base, 'in');
    await mkdir(join(folder, 'below'), { recursive: true });
    await writeFile(join(folder, 'a.xml'), '<a/>');
    await writeFile(join(base, 'secret.xml'), '<b/>');
  });
  afterEach(() => rm(base, { recursive: true }));

  const list = async (source = new FolderSource(folder)): Promise<readonly ListedFile[]> => (await source.list(never)).files;
  const only = async (): Promise<ListedFile> => {
    const [file] = await list();
    if (!file) throw new Error('nothing is listed');
    return file;
  };
  const nameOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'read', (error: unknown) => (error as Error).name);

  it('has documents and archives with everything below, no link and no hidden folder', async () => {
    await mkdir(join(folder, '.snapshot'));
    for (const name of ['below/b.ZIP', '.snapshot/c.xml', '.d.xml', 'e.xml.part']) await writeFile(join(folder, name), 'x');
    await mkdir(join(folder, 'folder.xml'));
    await symlink(join(base, 'secret.xml'), join(folder, 'link.xml'));
    await symlink(base, join(folder, 'up'));
    expect((await list()).map(({ path, name, size }) => [path, name, size])).to.have.deep.members([[join(folder, 'a.xml'), 'a.xml', 4], [join(folder, 'below', 'b.ZIP'), 'b.ZIP', 1]]);
  });

  it('may be a link itself: its files are known by the name that it was given', async () => {
    const named = join(base, 'named');
    await symlink(folder, named);
    const source = new FolderSource(named);
    const [file] = await list(source);
    expect([file?.path, file && (await source.read(file)).toString(), source.owns(file?.path ?? ''), source.owns(`${named}-other/a.xml`)]).to.deep.equal([join(named, 'a.xml'), '<a/>', true, false]);
  });

  it('ends at its limit and says so', async () => {
    for (let index = 0; index < 5; index += 1) await writeFile(join(folder, `${index}.xml`), 'x');
    const { files, isCut } = await new FolderSource(folder, 4).list(never);
    expect([files.length < 5, isCut]).to.deep.equal([true, true]);
  });

  it('gives the bytes of the version that was listed and of no other', async () => {
    const file = await only();
    const source = new FolderSource(folder);
    await utimes(file.path, 1, 1);
    expect(await nameOf(source.read(file))).to.equal('FileChanged');
    await writeFile(file.path, '<aa/>');
    expect(await nameOf(source.read(file))).to.equal('FileChanged');
    expect((await source.read(await only())).toString()).to.equal('<aa/>');
    await rm(file.path);
    expect(await nameOf(source.read(file))).to.equal('FileChanged');
  });

  it('follows no link that was put in the way of a file, nor in that of its folder, since it was listed', async () => {
    const file = await only();
    const source = new FolderSource(folder);
    await rm(file.path);
    await symlink(join(base, 'secret.xml'), file.path);
    expect(await nameOf(source.read({ ...file, mtime: (await stat(file.path)).mtimeMs }))).to.equal('FileChanged');
    await rename(join(folder, 'below'), join(base, 'elsewhere'));
    await writeFile(join(base, 'elsewhere', 'c.xml'), '<c/>');
    await symlink(join(base, 'elsewhere'), join(folder, 'below'));
    const path = join(folder, 'below', 'c.xml');
    expect(await nameOf(source.read({ path, name: 'c.xml', size: 4, mtime: (await stat(path)).mtimeMs }))).to.equal('FileChanged');
  });

  it('refuses what no document may be, without reading it', async () => {
    const file = await only();
    await truncate(file.path, 257 * 1024 * 1024);
    expect(await nameOf(new FolderSource(folder).read(await only()))).to.equal('TooLarge');
  });

  it('is told when it is not there', async () => {
    expect(await nameOf(new FolderSource(join(base, 'none')).list(never))).to.equal('Error');
  });
});
