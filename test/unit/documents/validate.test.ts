import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateFiles } from '../../../cli/validate.js';
import { cfdi, replaced, ubl } from './given.js';

describe('folio validate', () => {
  let folder: string;
  let files: Record<'right' | 'wrong' | 'broken' | 'other' | 'missing', string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-validate-'));
    const path = (name: string): string => join(folder, name);
    files = { right: path('right.xml'), wrong: path('wrong.xml'), broken: path('broken.xml'), other: path('other.xml'), missing: path('missing.xml') };
    await writeFile(files.right, ubl());
    await writeFile(files.wrong, replaced(cfdi(), / Total="[^"]+"/u, ' Total="1.00"'));
    await writeFile(files.broken, cfdi().slice(0, 500));
    await writeFile(files.other, '<testSet/>');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(names: readonly string[], json = true): Promise<{ exit: number; lines: string[] }> {
    const lines: string[] = [];
    const exit = await validateFiles(names, (line) => lines.push(line), { json });
    return { exit, lines };
  }

  it('writes one JSON line per file, in order, whatever the file is', async () => {
    const order = [files.wrong, files.missing, files.right, files.broken, files.other, folder];
    const { exit, lines } = await run(order);
    const parsed = lines.map((line) => JSON.parse(line) as { file: string; verdict: string; format?: string; root?: string; reason?: string; findings: { code: string }[]; notChecked: unknown[] });
    expect(exit).to.equal(1);
    expect(parsed.map((line) => line.file)).to.deep.equal(order);
    expect(parsed.map((line) => line.verdict)).to.deep.equal(['invalid', 'unreadable', 'valid', 'unreadable', 'unsupported', 'unreadable']);
    expect(parsed[0]?.findings.map((finding) => finding.code)).to.deep.equal(['CFDI40119']);
    expect(parsed[1]?.reason).to.equal('the file cannot be read: ENOENT');
    expect(parsed[2]?.format).to.equal('ubl-2.1');
    expect(parsed[3]?.reason).to.match(/^malformed: /u);
    expect(parsed[4]?.root).to.equal('testSet');
    expect(parsed.every((line) => Array.isArray(line.notChecked))).to.equal(true);
  });

  it('exits with 0 when every file is valid', async () => expect((await run([files.right])).exit).to.equal(0));

  it('gives many files to the cores, and their lines in order all the same', async () => {
    const cycle = [files.right, files.broken, files.wrong, files.missing];
    const many = Array.from({ length: 260 }, (_, index) => cycle[index % cycle.length] ?? files.right);
    const { lines } = await run(many);
    const [few, verdicts] = [await run(cycle), lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict)];
    expect(lines.map((line) => (JSON.parse(line) as { file: string }).file)).to.deep.equal(many);
    expect(verdicts.slice(-4)).to.deep.equal(few.lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict));
  }).timeout(30_000);

  it('judges by some rules only, also what is no whole document; and says when there is no such rule', async () => {
    const lines: string[] = [];
    expect(await validateFiles([files.wrong], (line) => lines.push(line), { json: true, rules: ['CFDI40108'] })).to.equal(0);
    expect(await validateFiles([files.wrong], (line) => lines.push(line), { json: true, rules: ['CFDI40119', 'CFDI40108'] })).to.equal(1);
    expect(lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict)).to.deep.equal(['valid', 'invalid']);
    expect(await validateFiles([files.right], (line) => lines.push(line), { json: true, rules: ['CFDI4', 'BR-01'] })).to.equal(1);
    expect(lines[2]).to.match(/^There is no rule CFDI4;/u);
  });

  it('tells people one line per file and its findings below', async () => {
    const { lines } = await run([files.right, files.wrong], false);
    expect(lines[0]).to.match(/^valid +.*right\.xml \(ubl-2\.1\)$/u);
    expect(lines[1]).to.match(/^invalid +.*wrong\.xml \(cfdi-4\.0\)$/u);
    expect(lines[2]).to.match(/^ {2}error CFDI40119 \/Comprobante\/@Total: /u);
    expect(lines).to.have.length(3);
  });
});
