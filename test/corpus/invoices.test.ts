import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

/** What inputs to a stamping service write in the place of the moment of stamping. */
const PLACEHOLDER = '%fecha-timbrado%';
const two = (value: number): string => String(value).padStart(2, '0');

/** Ten minutes ago, local time without zone. */
function recentLocalTime(): string {
  const moment = new Date(Date.now() - 600_000);
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  return `${day}T${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':')}`;
}

/** The file itself, or where it has the placeholder a copy with a recent time. */
async function readable(path: string, folder: string, index: number): Promise<string> {
  const text = await readFile(path, 'latin1');
  if (!text.includes(PLACEHOLDER)) return path;
  const copy = join(folder, `${index}.xml`);
  await writeFile(copy, text.replaceAll(PLACEHOLDER, recentLocalTime()), 'latin1');
  return copy;
}

async function judgeFolder(folder: string, copies: string): Promise<Judged[]> {
  const expected = await expectations(folder);
  const lines: ValidationLine[] = [];
  const paths = await Promise.all(expected.map(({ file }, index) => readable(join(CORPUS, folder, file), copies, index)));
  await validateFiles(paths, (line) => lines.push(JSON.parse(line) as ValidationLine), { json: true });
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

/** Rules of EN 16931 itself, as its official artefacts have them; those of Peppol and XRechnung are none. */
const OFFICIAL = /^(?:BR-(?!DE-|DEX|TMP)|UBL-|CII-)/u;
const severities = new Map(listRules().map((rule) => [rule.code, rule.severity]));
/** BR-51 is a warning in UBL, and the measurements name fatal rules only. */
const isFatal = (code: string): boolean => severities.get(code) === 'error' && code !== 'BR-51';

const isGood = (line: ValidationLine): boolean => line.verdict === 'valid' || line.verdict === 'valid-with-warnings';
const measuredGood = (measured: string): boolean => /\bpass\b|sello ok|xsd valid/u.test(measured);
/** Some sources publish documents before they are sealed and say so; that they have no seal is then found, and is no false refusal. */
const UNSEALED = new Set(['CFDI40102', 'CFDI40106', 'CFDI33102', 'CFDI33105']);
const isGoodBeforeSealing = ({ declared, line }: Judged): boolean =>
  /before sealing|input to stamping/u.test(declared) && Object.keys(line.findingCounts ?? {}).every((code) => UNSEALED.has(code));
const describeRow = ({ folder, file, line }: Judged): string => `${folder}/${file}: ${line.verdict} ${line.reason ?? Object.keys(line.findingCounts ?? {}).join(' ')}`;

/** What cannot be found, and why: docs/rules/known-differences.md. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'cfdi-ntlink/cfdi-error/CFDI40136.xml: CFDI40136': 'its year, 2025, was in the future when the file was made; with a recent date it is the year before, which is allowed',
  'cfdi-ntlink/pagos-error/CRP20245.xml: CRP20245': 'the code 04 that it calls unknown came into c_ObjetoImp in 2022-10; CRP20247 is found instead',
};

describe('the corpus of real and test invoices', function corpus() {
  let judged: Judged[] = [];

  before(async function load() {
    if (!existsSync(CORPUS)) {
      console.log('      skipped: the shared corpus is not here (../shared/data/invoices, or FOLIO_SHARED)');
      this.skip();
    }
    const folders = (await readdir(CORPUS)).toSorted();
    const copies = await mkdtemp(join(tmpdir(), 'folio-corpus-'));
    try {
      for (const folder of folders) judged.push(...(await judgeFolder(folder, copies)));
    } finally {
      await rm(copies, { recursive: true, force: true });
    }
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
    const refused = judged.filter((row) => row.declared.startsWith('valid') && measuredGood(row.measured) && !isGood(row.line) && !isGoodBeforeSealing(row));
    expect(refused.map(describeRow)).to.deep.equal([]);
  });

  it('finds in official documents no rule that the official artefacts do not find', () => {
    const official = judged.filter((row) => row.measured.startsWith('en16931-1.3.16'));
    expect(official.length).to.be.greaterThan(200);
    const extra = official.flatMap((row) => Object.keys(row.line.findingCounts ?? {})
      .filter((code) => OFFICIAL.test(code) && isFatal(code) && !row.measuredRules.includes(code)).map((code) => `${row.folder}/${row.file}: ${code}`));
    expect(extra).to.deep.equal([]);
  });

  it('finds in official documents every rule that the official artefacts find', () => {
    const official = judged.filter((row) => row.measured.startsWith('en16931-1.3.16'));
    const named = official.flatMap((row) => row.measuredRules.filter((code) => OFFICIAL.test(code)).map((code) => ({ row, code })));
    expect(named.length).to.be.greaterThan(30);
    expect(named.filter(({ row, code }) => !(code in (row.line.findingCounts ?? {}))).map(({ row, code }) => `${row.folder}/${row.file}: ${code}`)).to.deep.equal([]);
  });

  it('finds the declared rule in every rejection input whose rule this set has', () => {
    const known = new Set(listRules().map((rule) => rule.code));
    const rows = judged.filter((row) => row.declared === 'invalid' && row.line.verdict !== 'unsupported');
    const missed = rows.flatMap((row) => row.rules.filter((code) => known.has(code) && !(code in (row.line.findingCounts ?? {}))).map((code) => `${row.folder}/${row.file}: ${code}`));
    const found = rows.flatMap((row) => row.rules.filter((code) => code in (row.line.findingCounts ?? {})));
    expect(missed.filter((miss) => !Object.hasOwn(EXPLAINED, miss))).to.deep.equal([]);
    expect(found.length).to.be.greaterThan(20);
  });
});
