import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run } from '../../../cli/engines/provide.js';
import { until } from '../../support/until.js';

const program = (): string | undefined => findProgram('redis-server');
const cli = (): string | undefined => findProgram('redis-cli');

/** Whether this machine can run servers of a test's own, beside the one engine of the whole run. */
export const hasServers = (): boolean => program() !== undefined && cli() !== undefined;

const FIRST_PORT = 22_000;
const PORTS = 900;

/** A free port whose cluster bus (port + 10,000) stays below 33,000. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
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
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    this.#child = spawn(program() ?? 'redis-server', ['--bind', '127.0.0.1', '--port', String(this.port), '--save', '', '--appendonly', 'no', '--dir', this.folder, ...this.args], { stdio: 'ignore' });
    const port = Number(/--tls-port (\d+)/u.exec(this.args.join(' '))?.[1] ?? this.port);
    await until(() => listens(port));
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

/** Three primaries without replicas that share all slots. */
export async function startCluster(): Promise<readonly OwnRedis[]> {
  const servers = await Promise.all([1, 2, 3].map(() => OwnRedis.start('--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '2000')));
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`);
  await run(cli() ?? 'redis-cli', ['--cluster', 'create', ...hosts, '--cluster-replicas', '0', '--cluster-yes']);
  await until(async () => (await Promise.all(servers.map(({ port }) => run(cli() ?? 'redis-cli', ['-p', String(port), 'CLUSTER', 'INFO'])))).every((info) => info.includes('cluster_state:ok')));
  return servers;
}

/** A server that answers every line the same way: something that only resembles a Redis. */
export async function startPretender(answer: (line: string) => string): Promise<{ readonly port: number; readonly server: Server }> {
  const port = await freePort();
  const server = createServer((socket) => { socket.on('error', () => undefined).on('data', (data) => socket.write(answer(data.toString()))); });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
}
