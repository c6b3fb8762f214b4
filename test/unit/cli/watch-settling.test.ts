import { expect } from 'chai';
import { backoffMs } from '../../../cli/watch/backoff.js';
import { isArchive, isTaken, Settling } from '../../../cli/watch/settling.js';

describe('files that come to rest', () => {
  const look = (settling: Settling, now: number, files: Readonly<Record<string, { size: number; mtime: number }>>): string[] => {
    settling.begin();
    const settled = Object.entries(files).filter(([path, version]) => settling.see(path, version, now)).map(([path]) => path);
    settling.end();
    return settled;
  };
  const version = (size: number, mtime = 1): { size: number; mtime: number } => ({ size, mtime });

  it('are those with the same size and time at two looks in a row', () => {
    const settling = new Settling(100);
    expect(look(settling, 0, { a: version(1), b: version(1) })).to.deep.equal([]);
    expect(look(settling, 100, { a: version(1), b: version(2) })).to.deep.equal(['a']);
    expect(look(settling, 200, { b: version(2, 2) })).to.deep.equal([]);
    expect(look(settling, 300, { b: version(2, 2) })).to.deep.equal(['b']);
  });

  it('are not those of two looks that were too close together', () => {
    const settling = new Settling(100);
    expect([0, 40, 99].map((now) => look(settling, now, { a: version(1) }))).to.deep.equal([[], [], []]);
    expect(look(settling, 101, { a: version(1) })).to.deep.equal(['a']);
  });

  it('are new ones when they were gone at a look between', () => {
    const settling = new Settling(0);
    look(settling, 0, { a: version(1) });
    expect(settling.waiting).to.equal(1);
    look(settling, 1, {});
    expect(settling.waiting).to.equal(0);
    expect(look(settling, 2, { a: version(1) })).to.deep.equal([]);
  });

  it('are asked for no more when they are done', () => {
    const settling = new Settling(0);
    look(settling, 0, { a: version(1) });
    settling.done('a');
    expect(look(settling, 1, { a: version(1) })).to.deep.equal([]);
  });
});

describe('names of files', () => {
  it('are taken for documents and archives, and not while the file is written under another one', () => {
    const taken = ['a.xml', 'A.XML', 'b.zip', 'a.b.xml'];
    const left = ['.a.xml', 'a.xml.part', 'a.xml.tmp', 'a.xml.filepart', 'a.txt', 'xml', '.xml', 'a.xml~', ''];
    expect([...taken, ...left].filter(isTaken)).to.deep.equal(taken);
    expect(taken.filter(isArchive)).to.deep.equal(['b.zip']);
  });
});

describe('the wait behind failures', () => {
  it('doubles up to a minute, and is shorter by up to a half', () => {
    expect([0, 1, 2, 6, 7, 8, 1_000].map((failures) => backoffMs(failures, () => 0))).to.deep.equal([500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backoffMs(3, () => 1)).to.equal(2_000);
    const waits = Array.from({ length: 50 }, () => backoffMs(4));
    expect(Math.min(...waits)).to.be.at.least(4_000);
    expect(Math.max(...waits)).to.be.at.most(8_000);
    expect(new Set(waits).size).to.be.greaterThan(10);
  });
});
