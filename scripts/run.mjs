// The one way in: makes a fresh clone runnable on any Node >= 20.19 and runs the asked task on the pinned Node 24.
//   node scripts/run.mjs node <built file> [args]   build, then run it
//   node scripts/run.mjs build | check | test       the named task
// No dependencies: this file runs before there are any.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const buildFolder = join(root, 'build');

const fail = (message) => {
  process.stderr.write(`folio: ${message}\n`);
  process.exit(1);
};

/** The environment for npm: it must not run on the binary it is about to replace, nor inherit an outer npm's settings. */
function npmEnvironment() {
  const env = {};
  for (const [key, value] of Object.entries(process.env)) {
    const name = key.toLowerCase();
    if (name.startsWith('npm_lifecycle') || name.startsWith('npm_config_allow_scripts') || name === 'node_env') continue;
    if (name.startsWith('npm_package_')) continue;
    env[key] = value;
  }
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  return { ...env, PATH: path.join(delimiter) };
}

function versionOf(binary) {
  const result = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : '';
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package.json')))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(modules, '.folio-install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node24)) return;
  process.stderr.write('folio: installing what is missing (npm ci), once per version\n');
  const flags = ['ci', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', flags, { cwd: root, env: npmEnvironment(), stdio: ['ignore', 2, 2] });
  if (result.error) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail('npm ci failed; the lines above say why');
  if (!versionOf(node24).startsWith('v24.')) {
    fail('the pinned Node 24 was not installed (are install scripts blocked?); expected node_modules/node/bin/node');
  }
  writeFileSync(stamp, wanted);
}

/** Plain tsc never removes what it once wrote: a deleted test would keep running. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      removeOrphans(path);
      continue;
    }
    if (!entry.name.endsWith('.js')) continue;
    const source = join(root, relative(buildFolder, path)).replace(/\.js$/u, '.ts');
    if (!existsSync(source)) for (const stale of [path, `${path}.map`, path.replace(/\.js$/u, '.d.ts')]) rmSync(stale, { force: true });
  }
}

/** Newest modification below the source folders; a build is skipped when nothing moved since the last one. */
function newestSource() {
  let newest = 0;
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'build' || entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.ts') || entry.name.endsWith('.json')) newest = Math.max(newest, statSync(path).mtimeMs);
    }
  };
  for (const name of readdirSync(root, { withFileTypes: true })) {
    if (name.isDirectory() && !['node_modules', 'build', 'data', 'docs'].includes(name.name) && !name.name.startsWith('.')) {
      visit(join(root, name.name));
    }
  }
  for (const name of ['tsconfig.json', 'package.json']) newest = Math.max(newest, statSync(join(root, name)).mtimeMs);
  return newest;
}

function build() {
  const stamp = join(buildFolder, '.built');
  const newest = String(newestSource());
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === newest) return;
  mkdirSync(buildFolder, { recursive: true });
  const result = spawnSync(node24, [join(modules, 'typescript', 'bin', 'tsc'), '-p', root], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) fail('the build failed; the lines above say where');
  removeOrphans(buildFolder);
  writeFileSync(stamp, newest);
}

/** Runs one command on Node 24, hands signals on, and ends as it ended. */
function run(args, onExit = (code) => process.exit(code)) {
  const path = [dirname(node24), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  // Two pools of the C library's memory instead of one per thread: what threads gave back is used by others (40 MB of an instance). As in the image.
  const child = spawn(node24, args, { cwd: process.cwd(), stdio: 'inherit', env: { MALLOC_ARENA_MAX: '2', ...process.env, PATH: path } });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => onExit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

const [task, ...rest] = process.argv.slice(2);
install();
build();
if (task === 'build') process.exit(0);
else if (task === 'node') {
  const [file, ...args] = rest;
  const script = file.startsWith('build' + sep) || file.startsWith('build/') ? join(root, file) : file;
  // V8 would give new objects 128 MB (two halves): a rebuild is 100 MB larger by it and no faster (ADR 15).
  run(['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning', '--max-semi-space-size=32', script, ...args]);
} else if (task === 'check' || task === 'test') run([join(root, 'scripts', 'tasks.mjs'), task, ...rest]);
else fail(`unknown task '${task ?? ''}': build, check, test or node FILE`);
