import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { fileSource } from '../../../write-side/processing/sources/file.js';

describe('files of this machine as a source', () => {
  let root: string;
  let allowed: string;
  const url = (...parts: string[]): string => pathToFileURL(join(...parts)).href;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'folio-file-source-'));
    allowed = join(root, 'allowed');
    await mkdir(join(allowed, 'folder'), { recursive: true });
    await mkdir(join(root, 'allowed-not'));
    await writeFile(join(allowed, 'good.xml'), '<good/>');
    await writeFile(join(root, 'secret.xml'), '<secret/>');
    await writeFile(join(root, 'allowed-not', 'near.xml'), '<near/>');
    await symlink(join(root, 'secret.xml'), join(allowed, 'out.xml'));
    await symlink(join(allowed, 'good.xml'), join(allowed, 'in.xml'));
    await symlink(allowed, join(root, 'by-another-name'));
    execFileSync('mkfifo', [join(allowed, 'pipe.xml')]);
  });
  after(() => rm(root, { recursive: true, force: true }));

  const read = async (address: string, folders: readonly string[] = [allowed]): Promise<string> => {
    const chunks: Buffer[] = [];
    await fileSource(folders).fetch(address, async (body) => {
      for await (const chunk of body) chunks.push(chunk as Buffer);
      return { sha256: '' as never, size: 0 };
    }, new AbortController().signal);
    return Buffer.concat(chunks).toString();
  };
  const refusal = async (address: string, folders?: readonly string[]): Promise<unknown> =>
    read(address, folders).then((text) => text, (error: unknown) => (error instanceof Problem ? [error.code, error.detail['final'] ?? false] : error));

  it('gives what lies below an allowed folder, also through a link that stays inside or an allowed link', async () => {
    expect(await read(url(allowed, 'good.xml'))).to.equal('<good/>');
    expect(await read(url(allowed, 'in.xml'))).to.equal('<good/>');
    expect(await read(url(root, 'by-another-name', 'good.xml'), [join(root, 'by-another-name')])).to.equal('<good/>');
  });

  it('gives nothing else, whatever the way out, and does not tell whether it is there', async () => {
    const ways = [url(root, 'secret.xml'), `${url(allowed)}/../secret.xml`, `${url(allowed)}/%2e%2e/secret.xml`, url(allowed, 'out.xml'), url(root, 'allowed-not', 'near.xml'), url(root, 'no-such.xml'), 'file:///etc/passwd', 'file://elsewhere/good.xml', url(allowed)];
    for (const way of ways) expect(await refusal(way), way).to.deep.equal(['url-not-allowed', false]);
    expect(await refusal(url(allowed, 'good.xml'), [])).to.deep.equal(['url-not-allowed', false]);
  });

  it('says for good what is missing, a folder, or a pipe that would never end', async () => {
    for (const name of ['missing.xml', 'folder', 'pipe.xml']) expect(await refusal(url(allowed, name)), name).to.deep.equal(['fetch-failed', true]);
  });

  it('keeps nothing of a file over the limit', async () => {
    const objects = new FolderObjectStore(join(root, 'objects'));
    const refused = await fileSource([allowed]).fetch(url(allowed, 'good.xml'), (body) => objects.put(body, { maxBytes: 3 }), new AbortController().signal).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).with.property('code', 'body-too-large');
  });
});
