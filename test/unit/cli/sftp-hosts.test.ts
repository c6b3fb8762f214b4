import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sftpHosts } from '../../../cli/instance/sftp-hosts.js';

describe('the file of SFTP servers', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-sftp-'));
    await writeFile(join(folder, 'key.pem'), 'a key');
  });
  after(() => rm(folder, { recursive: true }));

  const hostKey = `SHA256:${'A'.repeat(43)}`;
  const written = async (content: unknown): Promise<string> => {
    const file = join(folder, 'sftp.json');
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const read = async (content: unknown) => sftpHosts(await written(content));
  const reasonOfFile = (file: string): Promise<string> => sftpHosts(file).then(() => 'read', (error: unknown) => String((error as { detail: { reason: string } }).detail.reason));
  const reasonOf = async (content: unknown): Promise<string> => reasonOfFile(await written(content));

  it('gives the servers, keys from files beside it', async () => {
    expect(await sftpHosts(undefined)).to.deep.equal([]);
    expect(await read([{ host: 'a.example', user: 'u', password: 'p', hostKey }, { host: 'b.example', port: 2_222, user: 'u', keyFile: 'key.pem', hostKey, idleSeconds: 3 }])).to.deep.equal([
      { host: 'a.example', user: 'u', password: 'p', hostKey }, { host: 'b.example', port: 2_222, user: 'u', privateKey: 'a key', hostKey, idleSeconds: 3 },
    ]);
  });

  it('is refused with a reason that holds none of its secrets', async () => {
    const reasons = [await reasonOfFile(join(folder, 'none.json'))];
    for (const content of ['{', {}, [{ host: 'a', user: 'u', password: 'hush', hostKey: 'SHA256:short' }], [{ host: 'a', user: 'u', hostKey }], [{ host: 'a', user: 'u', password: 'hush', keyFile: 'key.pem', hostKey }], [{ host: 'a', user: 'u', keyFile: 'none.pem', hostKey }], [{ host: 'a', user: 'u', password: 'hush', hostKey, more: 1 }]]) {
      reasons.push(await reasonOf(content));
    }
    expect(reasons.every((reason) => reason !== 'read' && !reason.includes('hush')), reasons.join('; ')).to.equal(true);
  });
});
