import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { ROOT } from '../support/root.js';
import { untilSeen } from '../support/until.js';

const GUIDE = readFileSync(join(ROOT, 'docs/guides/add-a-projection.md'), 'utf8');
/** What a clone needs to be built and started; the last build too, so that the compiler looks only at what is new. */
const PARTS = ['contracts', 'infra', 'write-side', 'projections', 'read-side', 'gateway', 'cli', 'console', 'build', 'package.json', 'tsconfig.json', '.oxlintrc.json'];
const SLOW_MS = 60_000;

interface Block {
  /** Named in the line above: a file that is written, or that a diff changes. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = [...GUIDE.matchAll(/(?:^`([^`\n]+)`\n)?^```(\w*)\n([\s\S]*?)^```$/gmu)].map(([, file, language = '', text = '']) => ({ file, language, text }));
const COMMANDS = BLOCKS.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));

const fileOf = (name: string): Block | undefined => BLOCKS.find(({ file }) => file?.endsWith(name));
/** The guide's own test with the other runner that it names. */
const NODE_TEST = 'test/integration/projections/rejections-node.test.ts';

/** Each removed line must be there, once; the added ones that follow take its place. */
function changed(source: string, diff: string): string {
  let result = source;
  for (const [, removed = '', added = ''] of diff.matchAll(/^-(.*)\n((?:\+.*\n)+)/gmu)) {
    expect(result.split('\n').filter((line) => line === removed), `the guide changes a line that is not there: ${removed}`).to.have.length(1);
    result = result.replace(removed, () => added.replaceAll(/^\+/gmu, '').trimEnd());
  }
  return result;
}

/*
 * The guide is followed from its first block to its last: in a copy of the repository, with its compiler, its linter and its command line.
 */
describe('the guide "Add a projection in ten minutes"', function () {
  this.timeout(SLOW_MS);
  let clone: string;
  let instance: FolioProcess | undefined;

  before(() => {
    clone = mkdtempSync(join(tmpdir(), 'folio-guide-'));
    for (const part of PARTS) cpSync(join(ROOT, part), join(clone, part), { recursive: true, preserveTimestamps: true });
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  });
  after(async () => {
    if (instance) await cleanUp(instance.data, instance);
    rmSync(clone, { recursive: true, force: true });
  });

  /** A program of the clone, to its end. */
  async function run(...args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, args, { cwd: clone, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => { output += part.toString(); });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(code, `${args.join(' ')}\n${output}`).to.equal(0);
    return output;
  }

  it('names the file of every block that is one', () => {
    expect(BLOCKS.map(({ language, file }) => (file === undefined ? language : file))).to.deep.equal([
      'projections/rejections/table.ts', 'projections/rejections/project.ts', 'projections/rejections/store.ts', 'projections/rejections/README.md', 'projections/role.ts',
      'test/integration/projections/rejections.test.ts', 'sh', 'sh', 'sh', '', 'rows.mjs', 'sh', 'sh',
    ]);
  });

  it('gives files that the compiler and the linter take', async () => {
    for (const { file, language, text } of BLOCKS) {
      if (file === undefined) continue;
      const path = join(clone, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, language === 'diff' ? changed(readFileSync(path, 'utf8'), text) : text);
    }
    writeFileSync(join(clone, NODE_TEST), (fileOf('rejections.test.ts')?.text ?? '').replace("from 'mocha'", "from 'node:test'"));
    await run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', clone);
    await run(join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--quiet', 'projections', 'test', 'rows.mjs');
  });

  it('gives a test that passes', async () => {
    const test = COMMANDS[0]?.replace('npm test -- ', '') ?? '';
    const output = await run(join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--timeout', String(SLOW_MS), '--exit', test);
    expect(output).to.match(/^ +5 passing /mu);
  });

  it('gives a test that passes with node:test as well', async () => {
    const output = await run('--test', '--test-reporter=tap', join('build', NODE_TEST.replace(/\.ts$/u, '.js')));
    expect(output).to.match(/^# pass 5$/mu).and.to.match(/^# fail 0$/mu);
  });

  it('gives a projection that an instance runs, and rows that can be seen', async () => {
    expect(COMMANDS.slice(1, 3)).to.deep.equal(['npm start', 'npx folio projections']);
    // With the documents of the demonstration, of which some are broken on purpose.
    instance = await FolioProcess.start(await FolioProcess.folder(), { root: clone, args: [] });
    const { stdout } = await folio(['projections', '--data', instance.data], { root: clone });
    const shown = BLOCKS.find(({ language, file }) => language === '' && file === undefined)?.text.trim() ?? '';
    expect(stdout.replaceAll(/ +/gu, ' ')).to.include(shown.replaceAll(/ +/gu, ' ').replace('…', ''));
    expect(COMMANDS[3]).to.equal('node rows.mjs');
    let rows = '';
    await untilSeen(async () => (rows = await run('rows.mjs', instance?.data ?? '')) !== '');
    expect(rows).to.match(/^[A-Z][\w-]+ {2}\d+ invoices, at most 1 attempts$/mu);
  });

  it('gives commands that verify, rebuild and roll back what it made', async () => {
    const commands = COMMANDS.slice(4);
    expect(commands).to.deep.equal(['npx folio verify rejections', 'npx folio rebuild rejections', 'npx folio rollback rejections']);
    for (const command of commands) {
      const { code, stdout, stderr } = await folio([...command.split(' ').slice(2), '--data', instance?.data ?? ''], { root: clone });
      expect(code, `${command}\n${stdout}${stderr}`).to.equal(0);
    }
  });
});
