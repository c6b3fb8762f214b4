import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { pack, type Header } from 'tar-stream';
import { Problem } from '#contracts/kernel/problem.js';
import { verifyBackup } from '#platform/backup/folder.js';
import { BACKUP_LIMITS, type Manifest } from '#platform/backup/manifest.js';
import { BackupBrokeOff, unpackBackup } from '#platform/backup/unpack.js';
import { BackupWriter } from '#platform/backup/writer.js';
import { editManifest, forgeListing, makeSmall, OBJECT_NAME, SMALL, SMALL_FACTS, smallStream } from '../../support/backup.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folio-backup-'));
  folder = join(root, 'backup');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const reasonOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'it is sound', (error: unknown) => (error instanceof Problem && error.code === 'backup-damaged' ? String(error.detail['reason']) : `not the right fault: ${String(error)}`));
const EVENTS = 'log/event/00000001.copy';
/** As a line that is renamed, or put somewhere else. */
const renamed = (from: string, to: string) => (lines: readonly string[]): string[] => lines.map((line) => line.replace(`"${from}"`, `"${to}"`));

describe('a backup in a folder', () => {
  it('is sound as it was written, with every file under its name', async () => {
    await makeSmall(folder);
    const manifest = await verifyBackup(folder);
    expect(manifest).to.deep.include({ format: 1, ...SMALL_FACTS, files: SMALL.length });
    for (const { name, bytes } of SMALL) expect(await readFile(join(folder, name))).to.deep.equal(bytes);
    expect((await readdir(folder)).sort()).to.deep.equal(['keys', 'listing', 'log', 'manifest.json', 'objects', 'write']);
  });

  it('has a listing for every so many files, and is proven through all of them', async () => {
    await makeSmall(folder, { listingFiles: 3 });
    expect((await verifyBackup(folder)).listings.map(({ name, files }) => [name, files])).to.deep.equal([['listing/00000001.jsonl', 3], ['listing/00000002.jsonl', 3], ['listing/00000003.jsonl', 1]]);
    await rm(join(folder, 'listing/00000003.jsonl'));
    expect(await reasonOf(verifyBackup(folder))).to.equal('listing/00000003.jsonl cannot be read (ENOENT)');
  });

  const damages: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['a byte that flipped', 'is not the file that was written', async () => { const path = join(folder, OBJECT_NAME); const bytes = await readFile(path); bytes[3] = (bytes[3] ?? 0) ^ 1; await writeFile(path, bytes); }],
    ['a byte of a table that flipped', 'is not the file that was written', async () => writeFile(join(folder, EVENTS), '1\tonf\n')],
    ['a file that was cut', 'fewer bytes', () => truncate(join(folder, OBJECT_NAME), 4)],
    ['a file that grew', 'more bytes', () => appendFile(join(folder, EVENTS), '3\tthree\n')],
    ['a file that is gone', 'cannot be read (ENOENT)', () => rm(join(folder, 'keys/server.secret'))],
    ['no manifest', 'manifest.json cannot be read (ENOENT)', () => rm(join(folder, 'manifest.json'))],
    ['a manifest that is none', 'its manifest is not one', () => writeFile(join(folder, 'manifest.json'), '{"format":1')],
    ['a manifest that is endless', 'larger than it can be', () => writeFile(join(folder, 'manifest.json'), Buffer.alloc(BACKUP_LIMITS.manifestBytes + 1, ' '))],
    ['a later format', 'its format is 2, this release of Folio reads 1', () => editManifest(folder, (manifest) => ({ ...manifest, format: 2, more: true }))],
    ['a listing that was changed', 'listing/00000001.jsonl is not the file', async () => { const path = join(folder, 'listing/00000001.jsonl'); await writeFile(path, (await readFile(path, 'utf8')).replace('server', 'servfr')); }],
    ['one more object', 'files instead of', async () => { await mkdir(join(folder, 'objects/00/00'), { recursive: true }); await writeFile(join(folder, 'objects/00/00', '0'.repeat(64)), ''); }],
    ['one more key', 'files instead of', () => writeFile(join(folder, 'keys/tokens/mine.json'), '{}')],
    ['a file that no backup has', 'notes.txt is nothing that a backup has', () => writeFile(join(folder, 'notes.txt'), '')],
    ['a link in place of a file', 'is nothing that a backup has', async () => { const path = join(folder, OBJECT_NAME); await rename(path, join(root, 'elsewhere')); await symlink(join(root, 'elsewhere'), path); }],
    ['a link in place of a folder', 'is nothing that a backup has', async () => { await rename(join(folder, 'keys'), join(root, 'keys')); await symlink(join(root, 'keys'), join(folder, 'keys')); }],
    ['a listing that leaves a file out', 'files instead of', () => forgeListing(folder, (lines) => lines.filter((line) => !line.includes('keys/server')))],
    ['a listing that leaves events out', 'log/event has 1 rows instead of 2', async () => { await forgeListing(folder, (lines) => lines.filter((line) => !line.includes('event/00000002'))); await rm(join(folder, 'log/event/00000002.copy')); }],
    ['a name that leads out of the folder', 'a name that no file of a backup has', async () => { await writeFile(join(root, 'outside'), '00'); await forgeListing(folder, renamed('keys/server.secret', '../outside')); }],
    ['a name that leads out of the folder of keys', 'a name that no file of a backup has', () => forgeListing(folder, renamed('keys/server.secret', 'keys/../manifest.json'))],
    ['the manifest as a file of its own', 'a name that no file of a backup has', () => forgeListing(folder, renamed('keys/server.secret', 'manifest.json'))],
    ['a file that is named twice', 'listed twice or out of order', () => forgeListing(folder, (lines) => lines.flatMap((line) => (line.includes('keys/server') ? [line, line] : [line])))],
    ['a folder that comes twice', 'log/event is listed in two places', () => forgeListing(folder, (lines) => [...lines, ...lines.filter((line) => line.includes('event/00000001'))])],
    ['rows of a table that nobody declared', 'write/extra is a table that its manifest does not name', async () => { await mkdir(join(folder, 'write/extra')); await rename(join(folder, 'write/credential/00000001.copy'), join(folder, 'write/extra/00000001.copy')); await forgeListing(folder, renamed('write/credential/00000001.copy', 'write/extra/00000001.copy')); await editManifest(folder, withoutCredential); }],
    ['a table that is empty by now', 'write/credential has 0 rows instead of 1', async () => { await rm(join(folder, 'write/credential/00000001.copy')); await forgeListing(folder, (lines) => lines.filter((line) => !line.includes('credential'))); }],
    ['another number of events', 'counts other events', () => editManifest(folder, (manifest) => ({ ...manifest, log: { ...manifest.log, events: 3 } }))],
    ['a table whose name is a statement', 'its manifest is not one', () => editManifest(folder, (manifest) => ({ ...manifest, databases: { ...manifest.databases, write: { migrations: [1], tables: [{ name: 'a; DROP TABLE b', columns: ['x'], rows: 0 }] } } }))],
    ['a member that this format has not', 'its manifest is not one', () => editManifest(folder, (manifest) => ({ ...manifest, extra: 1 }))],
  ];
  const withoutCredential = (manifest: Manifest): Manifest => ({ ...manifest, databases: { ...manifest.databases, write: { ...manifest.databases.write, tables: manifest.databases.write.tables.filter(({ name }) => name !== 'credential') } } });

  for (const [what, reason, damage] of damages) {
    it(`is refused with ${what}`, async () => {
      await makeSmall(folder);
      await damage();
      expect(await reasonOf(verifyBackup(folder))).to.include(reason);
    });
  }

  it('is none where there is nothing', async () => {
    expect(await reasonOf(verifyBackup(join(root, 'nothing')))).to.equal('manifest.json cannot be read (ENOENT)');
  });
});

describe('the stream of a backup', () => {
  const streamOf = (entries: readonly (Partial<Header> & { readonly name: string; readonly body?: string })[]): Readable => {
    const stream = pack();
    for (const { body = '', ...header } of entries) stream.entry(header, body);
    stream.finalize();
    return Readable.from(stream as unknown as AsyncIterable<Buffer>);
  };

  it('writes nothing outside its folder, whatever an entry is called, and makes no links', async () => {
    for (const entry of [{ name: '../outside' }, { name: '/tmp/outside' }, { name: 'keys/../../outside' }, { name: 'keys/outside.json', type: 'symlink', linkname: '/etc/passwd' } as const, { name: 'keys', type: 'directory' } as const, { name: 'x'.repeat(3_000) }]) {
      expect(await reasonOf(unpackBackup(streamOf([entry]), folder)), entry.name).to.include('the stream has an entry that no backup has');
      expect(await readdir(root), entry.name).to.deep.equal(['backup']);
      expect(await readdir(folder), entry.name).to.deep.equal([]);
    }
  });

  it('takes no file twice', async () => {
    const twice = await unpackBackup(streamOf([{ name: 'keys/a.json', body: '1' }, { name: 'keys/a.json', body: '2' }]), folder).catch((error: unknown) => error);
    expect(twice).to.have.property('code', 'EEXIST');
  });

  it('is told as broken when it ends in the middle of a file, of a header, or with a fault', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of smallStream()) chunks.push(chunk as Buffer);
    const whole = Buffer.concat(chunks);
    for (const end of [200, 512, 530, 1_500]) {
      await rm(folder, { recursive: true, force: true });
      const ended = await unpackBackup(Readable.from([whole.subarray(0, end)]), folder).then(() => verifyBackup(folder)).catch((error: unknown) => error);
      expect(ended, String(end)).to.be.instanceOf(Error);
    }
    await rm(folder, { recursive: true, force: true });
    const cut = Readable.from((function* () { yield whole.subarray(0, 700); throw new Error('cut'); })());
    expect(await unpackBackup(cut, folder).catch((error: unknown) => error)).to.have.property('message', 'cut');
  });

  it('tells why the server could not go on', async () => {
    const writer = new BackupWriter(new Date());
    const reading = unpackBackup(writer.stream as unknown as Readable, folder).catch((error: unknown) => error);
    await writer.add('keys/server.secret', Buffer.from('00'));
    await writer.fail({ type: '', title: '', status: 503, detail: 'gone', code: 'object-store-unavailable', retryable: true });
    const told = await reading;
    expect(told).to.be.instanceOf(BackupBrokeOff).with.nested.property('document.code', 'object-store-unavailable');
  });

  it('holds one file at a time for its reader, and lets go of it when the reader is gone', async () => {
    const writer = new BackupWriter(new Date());
    let taken = 0;
    const writing = (async () => {
      for (let number = 1; number <= 50; number += 1, taken += 1) await writer.add(`log/event/${String(number).padStart(8, '0')}.copy`, Buffer.alloc(1_000_000, 'x'), 0);
    })().catch((error: unknown) => error);
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(taken).to.equal(0);
    writer.abort(new Error('the reader is gone'));
    expect(await writing).to.have.property('message', 'the reader is gone');
  });

  it('takes no file under a name that is none', async () => {
    const writer = new BackupWriter(new Date());
    const refused = await writer.add('../x', Buffer.alloc(0)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error);
  });
});
