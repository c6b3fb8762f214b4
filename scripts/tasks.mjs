// check: types (the build before), lint, architecture and unit tests. test: everything, with one closing line.
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const title = (text) => process.stdout.write(`\n── ${text}\n`);

function step(name, command, args) {
  title(name);
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (result.error) process.stderr.write(`${result.error.message}\n`);
  return result.status ?? 1;
}

const mocha = (...specs) => [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...specs];
/** Most processes of a test run live for seconds: compiled modules are kept between them, and engines on the JVM do without the compiler that pays off in minutes. */
const SHORT_LIVED = { NODE_COMPILE_CACHE: join(tmpdir(), 'folio-test-modules'), JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1' };
const UNIT = ['build/test/unit/**/*.test.js', 'build/test/architecture/**/*.test.js', 'build/test/properties/**/*.test.js'];
const ALL = 'build/test/**/*.test.js';

const under = (...folders) => folders.map((folder) => `build/test/${folder}/**/*.test.js`);
const files = (...names) => names.map((name) => `build/test/${name}.test.js`);
/** Suites on engines (brokers, search, Redis), which one process starts once for all of them. */
const ENGINES = [...under('integration/bus', 'integration/cache', 'integration/event-store', 'integration/object-store', 'integration/search', 'flow', 'chaos'), ...files('e2e/engines', 'e2e/settings')];
/** Suites on instances of their own, which mostly wait for these. */
const INSTANCES = [...under('integration/imports', 'integration/authority', 'integration/outbound', 'integration/backup', 'integration/read-side'), ...files(...['backup', 'guide', 'watch', 'catalogs', 'import', 'reshard', 'divergence', 'kit-package', 'lifecycle', 'cli', 'flow'].map((name) => `e2e/${name}`))];

/** Runs all at once, for they wait more than they work: the output of the first is seen as it comes, that of the others behind it, then what failed and what the linter found, and the sum. @returns the exit code */
async function sideBySide(groups, linting) {
  title('all tests');
  const children = groups.map((args) => spawn(process.execPath, mocha(...args), { cwd: root, env: { ...process.env, ...SHORT_LIVED }, stdio: ['ignore', 'pipe', 'inherit'] }));
  const forward = (signal) => children.forEach((child) => child.kill(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const outputs = children.map(() => []);
  children.forEach((child, place) => child.stdout.on('data', (chunk) => {
    outputs[place].push(chunk);
    if (place === 0) process.stdout.write(chunk);
  }));
  const codes = await Promise.all(children.map((child) => new Promise((resolve) => { child.on('close', (code) => resolve(code ?? 1)); })));
  for (const output of outputs.slice(1)) process.stdout.write(Buffer.concat(output));
  // What failed stands far above the end by now: told again where people look.
  for (const output of outputs) process.stdout.write(/\n {2}\d+ failing\n[\s\S]*?(?=\n\d+ passed, )/u.exec(Buffer.concat(output).toString('utf8'))?.[0] ?? '');
  const lint = await linting;
  title('lint');
  process.stdout.write(lint.output);
  const counts = outputs.map((chunks) => /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/u.exec(Buffer.concat(chunks).toString('utf8'))?.slice(1).map(Number));
  // A run that was cut off has counted nothing: that is a failure, whatever the other one says.
  const whole = [...counts.map((count) => count ?? [0, 1, 0]), [0, lint.code === 0 ? 0 : 1, 0]];
  process.stdout.write(`\n${[0, 1, 2].map((place) => whole.reduce((sum, count) => sum + count[place], 0)).map((count, place) => `${count} ${['passed', 'failed', 'skipped'][place]}`).join(', ')}\n`);
  return counts.includes(undefined) ? 1 : Math.max(lint.code, ...codes);
}

const LINT = ['--type-aware', '--quiet'];
const linted = () => step('lint', bin('oxlint'), LINT);

/** The linter beside the tests, many of which wait: what it finds is told before their sum. */
function lintBeside() {
  const child = spawn(bin('oxlint'), LINT, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => { child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`))).on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString('utf8') })); });
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'check') process.exit(linted() || step('unit and architecture', process.execPath, mocha(...UNIT, ...rest)));
if (rest.length > 0) process.exit(linted() || step('tests', process.execPath, mocha(...rest)));
process.exit(await sideBySide([[ALL, ...[...ENGINES, ...INSTANCES].flatMap((spec) => ['--ignore', spec])], ENGINES, INSTANCES], lintBeside()));
