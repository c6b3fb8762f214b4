import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, readDocument } from '../../write-side/documents/index.js';
import { EngineUnavailable } from '../../cli/engines/engine.js';
import { phive, type Phive } from '../support/phive.js';
import { ROOT } from '../support/root.js';
import { mutants, type Mutant } from '../unit/documents/en/mutants.js';

const OFFICIAL = /^(?:BR-(?!DE-|DEX|TMP)|UBL-|CII-)/u;
const FIVE_MINUTES = 300_000;

/** What we find and the engine does not, or the other way round, by syntax, kind and code; each is written down in docs/rules/known-differences.md. */
const EXPLAINED: ReadonlySet<string> = new Set([
  ...['ubl', 'cii'].flatMap((syntax) => [`${syntax} missed BR-CO-25`, ...['BR-12', 'BR-13', 'BR-14', 'BR-15', 'BR-CO-26'].map((code) => `${syntax} extra ${code}`)]),
  ...['BR-DEC-19', 'BR-DEC-20', 'BR-45', 'BR-46', 'BR-48', 'BR-CO-17', 'BR-AF-08', 'BR-AG-08', 'BR-O-01', 'CII-SR-467'].map((code) => `cii extra ${code}`),
  ...['BR-DEC-13', 'BR-DEC-15'].map((code) => `ubl extra ${code}`),
  ...['BR-29', 'BR-30', 'BR-CO-14', 'CII-SR-090', 'CII-SR-119', 'CII-SR-449'].map((code) => `cii missed ${code}`),
]);

function run(java: string, parameters: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(java, parameters, { input, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, timeout: FIVE_MINUTES });
  if (status !== 0) throw new Error(stderr.slice(0, 500));
  return stdout;
}

/** Compiled by the launcher itself: Java runs a source file. */
async function ask(folder: string, engine: Phive, all: readonly Mutant[]): Promise<string[]> {
  const files = all.map((_, index) => join(folder, `${index}.xml`));
  for (const [index, { text }] of all.entries()) await writeFile(files[index] ?? '', text);
  const sheets = (['ubl', 'cii'] as const).flatMap((syntax) => [syntax, engine.sheet(syntax)]);
  const answer = run(engine.java, ['-Xmx1g', '-cp', engine.classPath, join(ROOT, 'test/corpus/java/Oracle.java'), ...sheets], `${all.map(({ syntax }, index) => `${syntax}\t${files[index]}`).join('\n')}\n`);
  return answer.trimEnd().split('\n').map((line) => line.split('\t')[1] ?? '');
}

function differences({ syntax, text }: Mutant, answer: string): string[] {
  const read = readDocument(Buffer.from(text));
  if (read.kind !== 'document') return [`${syntax} unread`];
  const ours = new Set(judge(read, { now: () => 0 }).allFindings.map(({ code }) => code).filter((code) => OFFICIAL.test(code)));
  const theirs = new Set(answer.split(' ').filter(Boolean).map((entry) => entry.split(':')[0] ?? ''));
  return [...[...ours].filter((code) => !theirs.has(code)).map((code) => `${syntax} extra ${code}`), ...[...theirs].filter((code) => !ours.has(code)).map((code) => `${syntax} missed ${code}`)];
}

describe('the rules of EN 16931 beside the official engine', function differential() {
  this.timeout(FIVE_MINUTES);
  let folder: string | undefined;
  let engine: Phive;

  before(async function prepare() {
    try {
      if (process.env['FOLIO_PEERS'] !== 'bring') throw new EngineUnavailable('npm run test:corpus asks it');
      engine = await phive();
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      console.log(`      skipped: ${error.message}`);
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'folio-differential-'));
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('find the same in thousands of documents with one thing changed, or differ for a known reason', async () => {
    const all = [...mutants()];
    const answers = await ask(folder ?? '', engine, all);
    expect(answers.length).to.equal(all.length);
    const judged = all.map((mutant, index) => ({ mutant, answer: answers[index] ?? '' })).filter(({ answer }) => !answer.startsWith('ENGINE'));
    const found = judged.flatMap(({ mutant, answer }) => differences(mutant, answer).map((difference) => ({ difference, change: mutant.change })));
    console.log(`      ${all.length} documents, ${all.length - judged.length} that stop the engine, ${found.length} known differences`);
    expect(judged.length).to.be.greaterThan(5_000);
    expect(found.filter(({ difference }) => !EXPLAINED.has(difference)).map(({ difference, change }) => `${difference}: ${change}`)).to.deep.equal([]);
  });
});
