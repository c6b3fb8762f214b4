import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { judgeBytes } from '../../../write-side/judging/judge-bytes.js';
import { JudgingPool, type JudgingPoolOptions } from '../../../write-side/judging/pool.js';
import type { JudgedDocument } from '../../../write-side/intake/documents.js';
import { until } from '../../support/until.js';

const ODD = new URL('./odd-thread.js', import.meta.url).href;
const document = (index: number): Uint8Array => generatedCfdi({ index, lines: 1 + (index % 30) });
/** All but the time that it took. */
const told = ({ verdict: { durationUs: _time, ...verdict }, ...rest }: JudgedDocument): unknown => ({ ...rest, verdict });
const codesOf = ({ verdict }: JudgedDocument): string[] => Object.keys(verdict.findingCounts);

describe('documents judged in threads', () => {
  let pool: JudgingPool;
  const open = (options: JudgingPoolOptions): void => { pool = new JudgingPool({ hereBytes: 0, ...options }); };
  const judged = (text: string): Promise<JudgedDocument> => pool.judge(Buffer.from(text), undefined);
  afterEach(() => pool.close());

  it('get the verdicts that they get without, each caller its own', async () => {
    open({ threads: 2 });
    const documents = Array.from({ length: 60 }, (_, index) => (index % 7 === 0 ? Buffer.from(`broken ${index}`) : document(index)));
    const apart = await Promise.all(documents.map((bytes) => pool.judge(bytes, undefined)));
    expect(apart.map(told)).to.deep.equal(documents.map((bytes) => told(judgeBytes({ bytes, expected: undefined }))));
    expect(pool.threads).to.be.within(1, 2);
  });

  it('cost nothing while there are none: no thread is there before the first', async () => {
    open({ threads: 2 });
    expect(pool.threads).to.equal(0);
    await judged('nothing');
    expect(pool.threads).to.equal(1);
  });

  it('that end their thread every time get a finding; the others their verdicts', async () => {
    open({ threads: 2, thread: ODD });
    const [dead, ...others] = await Promise.all([judged('die'), ...[1, 2, 3, 4].map((index) => pool.judge(document(index), undefined))]);
    expect([codesOf(dead), dead.verdict.verdict, dead.read.kind]).to.deep.equal([['FOLIO-JUDGE-ENDED'], 'unreadable', 'unreadable']);
    expect(others.map(({ read }) => read.kind)).to.deep.equal(Array(4).fill('document'));
  });

  it('are tried again when their thread ends once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-judging-'));
    open({ threads: 1, thread: ODD });
    try {
      expect(codesOf(await judged(`die once ${join(folder, 'marker')}`))).to.deep.equal(['FOLIO-XML-MALFORMED']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that never come back get a finding, and whoever waits behind them is not taken for stuck', async () => {
    // The thread of the second begins anew, which takes a while on a busy machine and is part of its time.
    open({ threads: 1, thread: ODD, patienceMs: 3_000 });
    const [stuck, behind] = await Promise.all([judged('stick'), judged('behind')]);
    expect(codesOf(stuck)).to.deep.equal(['FOLIO-JUDGE-STUCK']);
    expect(codesOf(behind)).to.deep.equal(['FOLIO-XML-MALFORMED']);
  });

  it('are read here when they are small, and in a thread when they are large', async () => {
    open({ threads: 1 });
    expect((await pool.read(document(3))).kind).to.equal('document');
    expect([(await pool.read(Buffer.from('<a'))).kind, pool.threads]).to.deep.equal(['unreadable', 0]);
    const large = generatedCfdi({ index: 1, lines: 1_000 });
    const read = await pool.read(large);
    expect([read, pool.threads]).to.deep.equal([judgeBytes({ bytes: large, expected: undefined }).read, 1]);
  });

  it('are judged here up to a size, to the same verdicts', async () => {
    open({ threads: 1, hereBytes: 50_000, thread: ODD });
    expect(told(await pool.judge(document(3), undefined))).to.deep.equal(told(judgeBytes({ bytes: document(3), expected: undefined })));
    expect(pool.threads).to.equal(0);
    await pool.judge(generatedCfdi({ index: 1, lines: 400 }), undefined);
    expect(pool.threads).to.equal(1);
  });

  it('are refused when too many wait, and those that wait are judged', async () => {
    open({ threads: 1, waiting: 2 });
    const outcomes = await Promise.all([1, 2, 3, 4].map((index) => pool.judge(document(index), undefined).then(({ read }) => read.kind, (error: unknown) => (error as { code: string }).code)));
    expect(outcomes).to.deep.equal(['document', 'document', 'document', 'judging-busy']);
  });

  it('let their thread go when there are no more', async () => {
    open({ threads: 1, idleMs: 50 });
    await judged('nothing');
    await until(() => pool.threads === 0);
  });
});
