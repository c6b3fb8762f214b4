import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { validateFiles, type ValidationLine } from '../../cli/validate.js';
import { listRules } from '../../write-side/documents/index.js';

const SHARED = resolve(process.env['FOLIO_SHARED'] ?? '../shared');
const CORPUS = join(SHARED, 'data', 'invoices');

interface Expected {
  readonly folder: string;
  readonly file: string;
  readonly declared: string;
  readonly rules: readonly string[];
  readonly measured: string;
  readonly measuredRules: readonly string[];
}

async function expectations(folder: string): Promise<Expected[]> {
  const table = await readFile(join(CORPUS, folder, 'EXPECTED.tsv'), 'utf8');
  return table.split('\n').slice(1).filter((row) => row.trim() !== '').map((row) => {
    const [file = '', declared = '', rule = '', , measured = '', detail = ''] = row.split('\t');
    return { folder, file, declared, rules: rule.split(' ').filter(Boolean), measured, measuredRules: detail.split(' ').filter(Boolean) };
  });
}

interface Judged extends Expected {
  readonly line: ValidationLine;
}

async function judgeFolder(folder: string): Promise<Judged[]> {
  const expected = await expectations(folder);
  const lines: ValidationLine[] = [];
  await validateFiles(expected.map(({ file }) => join(CORPUS, folder, file)), (line) => lines.push(JSON.parse(line) as ValidationLine), { json: true });
  return expected.map((row, index) => {
    const line = lines[index];
    if (!line) throw new Error(`no line for ${row.file}`);
    return { ...row, line };
  });
}

const KINDS = ['valid', 'valid-with-warnings', 'invalid', 'unsupported', 'unreadable'] as const;

function printTable(judged: readonly Judged[]): void {
  const row = (cells: readonly (string | number)[]): string => cells.map((cell, index) => String(cell)[index === 0 ? 'padEnd' : 'padStart'](index === 0 ? 24 : 21)).join('');
  console.log(`      ${row(['folder', ...KINDS, 'files'])}`);
  for (const folder of [...new Set(judged.map((entry) => entry.folder)), 'all']) {
    const here = judged.filter((entry) => folder === 'all' || entry.folder === folder);
    console.log(`      ${row([folder, ...KINDS.map((kind) => here.filter((entry) => entry.line.verdict === kind).length), here.length])}`);
  }
}

const isGood = (line: ValidationLine): boolean => line.verdict === 'valid' || line.verdict === 'valid-with-warnings';
const measuredGood = (measured: string): boolean => /\bpass\b|sello ok|xsd valid/u.test(measured);
const describeRow = ({ folder, file, line }: Judged): string => `${folder}/${file}: ${line.verdict} ${line.reason ?? Object.keys(line.findingCounts ?? {}).join(' ')}`;

describe('the corpus of real and test invoices', function corpus() {
  let judged: Judged[] = [];

  before(async function load() {
    if (!existsSync(CORPUS)) {
      console.log('      skipped: the shared corpus is not here (../shared/data/invoices, or FOLIO_SHARED)');
      this.skip();
    }
    const folders = (await readdir(CORPUS)).toSorted();
    for (const folder of folders) judged.push(...(await judgeFolder(folder)));
  });
  after(() => {
    judged = [];
  });

  it('gives every file a result', () => {
    printTable(judged);
    expect(judged.length).to.be.greaterThan(590);
    for (const { line } of judged) expect(KINDS).to.include(line.verdict);
  });

  it('accepts every document that is declared and measured valid', () => {
    const refused = judged.filter((row) => row.declared.startsWith('valid') && measuredGood(row.measured) && !isGood(row.line));
    expect(refused.map(describeRow)).to.deep.equal([]);
  });

  it('finds in official documents no rule that the official artefacts do not find', () => {
    const official = judged.filter((row) => row.measured.startsWith('en16931-1.3.16'));
    expect(official.length).to.be.greaterThan(200);
    const extra = official.flatMap((row) => Object.keys(row.line.findingCounts ?? {})
      .filter((code) => code.startsWith('BR-') && !row.measuredRules.includes(code)).map((code) => `${row.folder}/${row.file}: ${code}`));
    expect(extra).to.deep.equal([]);
  });

  it('finds the declared rule in every rejection input whose rule this set has', () => {
    const known = new Set(listRules().map((rule) => rule.code));
    const rows = judged.filter((row) => row.declared === 'invalid' && row.line.verdict !== 'unsupported');
    const missed = rows.flatMap((row) => row.rules.filter((code) => known.has(code) && !(code in (row.line.findingCounts ?? {}))).map((code) => `${row.folder}/${row.file}: ${code}`));
    const found = rows.flatMap((row) => row.rules.filter((code) => code in (row.line.findingCounts ?? {})));
    expect(missed).to.deep.equal([]);
    expect(found.length).to.be.greaterThan(10);
  });
});
