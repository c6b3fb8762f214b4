import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importTrust, trustFiles } from '../../../cli/trust.js';
import { validateFiles, type ValidationLine } from '../../../cli/validate.js';
import { FOLIO_AUTHORITY, OTHER_AUTHORITY } from '../../support/csd/throwaway.js';
import { JudgingPool } from '../../../write-side/judging/pool.js';
import { cfdi } from '../documents/given.js';

describe('folio trust import', () => {
  let folder: string;
  let trust: string;
  const file = (name: string): string => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-trust-'));
    trust = file('trust');
    await writeFile(file('ours.pem'), FOLIO_AUTHORITY);
    await writeFile(file('other.pem'), OTHER_AUTHORITY);
    await writeFile(file('broken.cer'), 'no certificate');
    await writeFile(file('invoice.xml'), cfdi());
  });
  afterEach(() => rm(folder, { recursive: true }));
  const refused = (work: Promise<unknown>): Promise<string> => work.then(() => 'taken', (error: unknown) => (error as { code: string }).code);
  const judged = async (names: readonly string[]): Promise<ValidationLine> => {
    const lines: ValidationLine[] = [];
    if (names.length > 0) await importTrust(trust, names.map(file));
    await validateFiles([file('invoice.xml')], (line) => lines.push(JSON.parse(line) as ValidationLine), { json: true, trust: await trustFiles(trust) });
    if (!lines[0]) throw new Error('no line');
    return lines[0];
  };

  it('takes each certificate once, and none when one of the files holds none', async () => {
    expect(await importTrust(trust, [file('ours.pem'), file('other.pem'), file('ours.pem')])).to.equal(2);
    expect(await importTrust(trust, [file('ours.pem')])).to.equal(0);
    expect((await trustFiles(trust)).length).to.equal(2);
    await rm(trust, { recursive: true });
    expect(await refused(importTrust(trust, [file('ours.pem'), file('broken.cer')]))).to.equal('setting-wrong');
    expect(await refused(importTrust(trust, [file('none.pem')]))).to.equal('setting-wrong');
    expect(await readdir(trust).catch(() => 'no folder')).to.equal('no folder');
  });

  it('says at the start which file of the folder is none', async () => {
    expect(await trustFiles(trust)).to.deep.equal([]);
    expect(await refused(trustFiles(folder))).to.equal('setting-wrong');
  });

  it('makes chains checked: the authority that issued the certificate, and another one', async () => {
    const isChecked = ({ notChecked }: ValidationLine): boolean => !notChecked.some(({ what }) => /chain/u.test(what));
    const without = await judged([]);
    expect([without.verdict.startsWith('valid'), isChecked(without)]).to.deep.equal([true, false]);
    const withOurs = await judged(['ours.pem']);
    expect([withOurs.verdict.startsWith('valid'), isChecked(withOurs)]).to.deep.equal([true, true]);
    await rm(trust, { recursive: true });
    expect(Object.keys((await judged(['other.pem'])).findingCounts ?? {})).to.include('CFDI308');
  });

  it('reaches the threads of the pool', async () => {
    await importTrust(trust, [file('other.pem')]);
    const pool = new JudgingPool({ trust: await trustFiles(trust), threads: 1, hereBytes: 0 });
    try {
      expect(Object.keys((await pool.judge(Buffer.from(cfdi()), undefined)).verdict.findingCounts)).to.include('CFDI308');
    } finally {
      await pool.close();
    }
  });
});
