import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { Containers, runArguments } from '../../support/containers.js';
import { ROOT } from '../../support/root.js';

/** Stands for Docker's command line: writes down what it was asked, and runs a server that answers PING where a container would listen. */
const FAKE = (log: string): string => `#!${process.execPath}
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
const [command, ...args] = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, JSON.stringify([command, ...args]) + '\\n');
const state = (id) => ${JSON.stringify(log)} + '.' + id;
const begin = (id, port) => {
  const server = "require('node:net').createServer((s) => s.on('error', () => {}).on('data', () => s.end('+PONG\\\\r\\\\n'))).listen(" + port + ", '127.0.0.1')";
  const child = spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore' });
  child.unref();
  const { pid } = child;
  writeFileSync(state(id), JSON.stringify({ pid, port }));
};
const lives = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const end = (id) => {
  const { pid } = JSON.parse(readFileSync(state(id), 'utf8'));
  process.kill(pid, 'SIGKILL');
  // As Docker does, it comes back when the process is gone.
  while (lives(pid)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
};
if (command === 'version') console.log('29.0.0');
if (command === 'run') { begin('c1', args[args.indexOf('--publish') + 1].split(':')[1]); console.log('c1'); }
if (command === 'kill' || command === 'stop') end(args[0]);
if (command === 'start') begin(args[0], JSON.parse(readFileSync(state(args[0]), 'utf8')).port);
if (command === 'rm') for (const id of args.filter((arg) => !arg.startsWith('-'))) end(id);
`;

const listens = (address: string): Promise<boolean> => new Promise((resolve) => {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname, () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
});

describe('engines from Docker', () => {
  let folder: string;
  let containers: Containers;
  const asked = async (): Promise<string[][]> => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as string[]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-docker-'));
    const program = join(folder, 'docker.mjs');
    await writeFile(program, FAKE(join(folder, 'log')));
    await chmod(program, 0o700);
    containers = new Containers(program);
  });

  afterEach(async () => {
    await containers.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are asked for only where a daemon answers', async () => {
    expect(await containers.answer()).to.equal(true);
    expect(await new Containers(join(folder, 'no-such-program')).answer()).to.equal(false);
    await writeFile(join(folder, 'docker.mjs'), `#!${process.execPath}\nprocess.exit(1)\n`);
    expect(await containers.answer(), 'a command without a daemon').to.equal(false);
  });

  it('start on a loopback port, with the image of docker-compose.yml, restart there, and are removed', async () => {
    const address = await containers.start('redis');
    expect([containers.has('redis'), containers.has('kafka'), await listens(address)]).to.deep.equal([true, false, true]);
    await containers.restart('redis', 'SIGKILL');
    expect(await listens(address)).to.equal(true);
    await containers.stop();
    expect([containers.has('redis'), await listens(address)]).to.deep.equal([false, false]);
    const { port } = new URL(address);
    const { services } = parse(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as { services: Record<string, { image: string }> };
    const [run = [], ...rest] = await asked();
    expect(run.slice(0, 6)).to.deep.equal(['run', '--detach', '--label', 'folio=test', '--publish', `127.0.0.1:${port}:${port}`]);
    expect(run.slice(6)).to.include.members([services['redis']?.image, '--port', port]);
    expect(rest).to.deep.equal([['kill', 'c1'], ['start', 'c1'], ['rm', '--force', '--volumes', 'c1']]);
  });

  it('tell each engine the one port that it has inside and outside', () => {
    const names = ['kafka', 'opensearch', 'redis', 's3', 'eventstore'].filter((name) => containers.canProvide(name));
    expect([names.length, containers.canProvide('clickhouse')]).to.deep.equal([5, false]);
    const settings = Object.fromEntries(names.map((name) => [name, runArguments(name, 4711).slice(6)]));
    expect(settings['kafka']).to.include.members(['KAFKA_LISTENERS=PLAINTEXT://:4711,CONTROLLER://:29093', 'KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:4711']);
    expect(settings['opensearch']).to.include('http.port=4711');
    expect(settings['redis']?.join(' ')).to.include('--port 4711');
    expect(settings['s3']?.join(' ')).to.include('--address :4711');
    expect(settings['eventstore']).to.include('KURRENTDB_NODE_PORT=4711');
  });
});
