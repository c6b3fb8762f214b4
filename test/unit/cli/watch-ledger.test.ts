import { appendFile, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Ledger, type LedgerLine } from '../../../cli/watch/ledger.js';
import { codeOf } from '../../support/until.js';

describe('the ledger of folio watch', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-ledger-'));
    file = join(folder, 'below', 'ledger.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const line = (path: string, over: Partial<LedgerLine> = {}): LedgerLine => ({ path, size: 1, mtime: 1.5, sha256: 'a'.repeat(64), category: 'archived', id: 'an-id', at: '2026-11-21T12:00:00.000Z', ...over });
  const written = async (...lines: LedgerLine[]): Promise<void> => {
    const ledger = await Ledger.open(file);
    await Promise.all(lines.map((one) => ledger.record(one)));
    await ledger.close();
  };
  const paths = async (): Promise<string[]> => {
    const ledger = await Ledger.open(file);
    const found = [...ledger.entries()].map(({ path }) => path);
    await ledger.close();
    return found;
  };
  const lineCount = async (): Promise<number> => (await readFile(file, 'utf8')).trimEnd().split('\n').length;

  it('remembers what was recorded, the last version of each file', async () => {
    await written(line('/a'), line('/b'), line('/a', { size: 2, mtime: 3 }));
    const ledger = await Ledger.open(file);
    expect(ledger.get('/a')).to.deep.equal(line('/a', { size: 2, mtime: 3 }));
    expect([ledger.size, ledger.unreadable, ledger.get('/c')]).to.deep.equal([2, 0, undefined]);
    await ledger.close();
  });

  it('has a line on disk before it says so, whoever reads the file', async () => {
    const ledger = await Ledger.open(file);
    await ledger.record(line('/a'));
    expect(await readFile(file, 'utf8')).to.include('"/a"').and.to.match(/\n$/u);
    await ledger.close();
    expect(await codeOf(ledger.record(line('/b')))).not.to.equal('no error');
  });

  it('leaves out a line that was cut off at any place, and keeps those before it', async () => {
    await written(line('/a'), line('/b'));
    const whole = await readFile(file);
    const start = whole.indexOf('{"path":"/b"');
    for (let length = start; length < whole.length; length += 1) {
      await writeFile(file, whole);
      await truncate(file, length);
      // Without its end of line it is whole all the same.
      expect(await paths(), String(length)).to.deep.equal(length === whole.length - 1 ? ['/a', '/b'] : ['/a']);
    }
    await truncate(file, start);
    await written(line('/c'));
    expect(await paths()).to.deep.equal(['/a', '/c']);
  });

  it('counts lines that say nothing, of any form and length, and goes on', async () => {
    await written(line('/a'));
    await appendFile(file, ['{', '[]', '\0\0\0', JSON.stringify({ ...line('/x'), sha256: 'no hash' }), JSON.stringify({ ...line('/x'), more: 1 }), 'x'.repeat(200_000), JSON.stringify(line('/b'))].join('\n'));
    const ledger = await Ledger.open(file);
    expect([ledger.size, ledger.unreadable]).to.deep.equal([2, 6]);
    await ledger.close();
  });

  it('is written anew when it is opened, and when most of its lines say nothing any more', async () => {
    await written(line('/a'), line('/a'), line('/a'), line('/b'));
    expect(await lineCount()).to.equal(5);
    const ledger = await Ledger.open(file);
    expect(await lineCount()).to.equal(3);
    for (let round = 0; round < 11; round += 1) await Promise.all(Array.from({ length: 1_000 }, (_, index) => ledger.record(line(`/many/${index}`, { size: round }))));
    const forgetting = ledger.forget(Array.from({ length: 999 }, (_, index) => `/many/${index}`));
    await Promise.all([forgetting, ledger.record(line('/meanwhile'))]);
    expect(await lineCount()).to.be.below(10);
    await ledger.record(line('/later'));
    await ledger.close();
    expect((await paths()).toSorted()).to.deep.equal(['/a', '/b', '/later', '/many/999', '/meanwhile']);
    expect(await readdir(join(folder, 'below'))).to.deep.equal(['ledger.jsonl']);
  });

  it('belongs to one watch at a time, by whatever name, and to the next when the process is gone', async () => {
    const ledger = await Ledger.open(file);
    await symlink(file, join(folder, 'other-name'));
    expect(await codeOf(Ledger.open(file))).to.equal('setting-wrong');
    expect(await codeOf(Ledger.open(join(folder, 'other-name')))).to.equal('setting-wrong');
    await ledger.close();
    await writeFile(`${file}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    await (await Ledger.open(file)).close();
  });

  it('overwrites no file that is no ledger, and leaves no lock behind', async () => {
    const other = join(folder, 'invoice.xml');
    await writeFile(other, '<a/>');
    expect(await codeOf(Ledger.open(other))).to.equal('setting-wrong');
    expect(await readFile(other, 'utf8')).to.equal('<a/>');
    expect(await codeOf(Ledger.open(folder))).to.equal('setting-wrong');
    expect(await readdir(folder)).to.deep.equal(['invoice.xml']);
  });
});
