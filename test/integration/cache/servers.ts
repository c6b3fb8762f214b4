import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run } from '../../../cli/engines/provide.js';

const program = (): string | undefined => findProgram('redis-server');
const cli = (): string | undefined => findProgram('redis-cli');

/** Whether this machine can run servers of a test's own, beside the one engine of the whole run. */
export const hasServers = (): boolean => program() !== undefined && cli() !== undefined;

/** Below the ports that the system gives away, those of the cluster buses (port + 10,000) too. */
const FIRST_PORT = 22_000;
const PORTS = 700;
const BUS = 10_000;
const LOOK_MS = 10;
const START_LIMIT_MS = 20_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
}

let next = FIRST_PORT + Math.floor(Math.random() * PORTS);

/** Not the same one twice in a row of calls, so that servers which start together do not meet. */
async function freePort(): Promise<number> {
  for (;;) {
    next = next + 1 < FIRST_PORT + PORTS ? next + 1 : FIRST_PORT;
    const port = next;
    if ((await isFree(port)) && (await isFree(port + BUS))) return port;
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });

/** A Redis of a test's own that it may stop, freeze and start again empty on the same port. */
export class OwnRedis {
  #child: ChildProcess | undefined;

  private constructor(readonly port: number, private readonly folder: string, private readonly args: readonly string[]) {}

  static async start(...args: string[]): Promise<OwnRedis> {
    const port = await freePort();
    const server = new OwnRedis(port, await mkdtemp(join(tmpdir(), 'folio-redis-')), args.map((arg) => arg.replaceAll('PORT', String(port))));
    await server.begin().catch(async (error: unknown) => {
      await server.dispose();
      throw error;
    });
    return server;
  }

  async begin(): Promise<void> {
    this.#child = spawn(program() ?? 'redis-server', ['--bind', '127.0.0.1', '--port', String(this.port), '--save', '', '--appendonly', 'no', '--dir', this.folder, ...this.args], { stdio: 'ignore' });
    const child = this.#child;
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await listens(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`redis-server does not start on port ${this.port} (it ended with ${child.exitCode ?? 'nothing'})`);
      await pause();
    }
  }

  /** SIGSTOP: the connections stay, no answer comes. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Three primaries without replicas that share all slots. @param started takes each server as soon as it runs, so that it is stopped whatever follows */
export async function startCluster(started: OwnRedis[]): Promise<void> {
  const tool = cli() ?? 'redis-cli';
  for (let index = 0; index < 3; index += 1) started.push(await OwnRedis.start('--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '2000'));
  await run(tool, ['--cluster', 'create', ...started.map(({ port }) => `127.0.0.1:${port}`), '--cluster-replicas', '0', '--cluster-yes']);
  while (!(await Promise.all(started.map(({ port }) => run(tool, ['-p', String(port), 'CLUSTER', 'INFO'])))).every((info) => info.includes('cluster_state:ok'))) await pause();
}

/** A server that answers every line the same way: something that only resembles a Redis. */
export async function startPretender(answer: (line: string) => string): Promise<{ readonly port: number; readonly server: Server }> {
  const port = await freePort();
  const server = createServer((socket) => { socket.on('error', () => undefined).on('data', (data) => socket.write(answer(data.toString()))); });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
}
