// check: types (the build before), lint, architecture and unit tests. test: everything, with one closing line.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);

function step(title, command, args) {
  process.stdout.write(`\n── ${title}\n`);
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (result.error) process.stderr.write(`${result.error.message}\n`);
  return result.status ?? 1;
}

const mocha = (...specs) => [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...specs];
const UNIT = ['build/test/unit/**/*.test.js', 'build/test/architecture/**/*.test.js', 'build/test/properties/**/*.test.js'];

const [task, ...rest] = process.argv.slice(2);
const lint = step('lint', bin('oxlint'), ['--type-aware', '--quiet']);
if (lint !== 0) process.exit(lint);
if (task === 'check') process.exit(step('unit and architecture', process.execPath, mocha(...UNIT, ...rest)));
process.exit(step('all tests', process.execPath, mocha(...(rest.length > 0 ? rest : ['build/test/**/*.test.js']))));
