import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../cli/client.js';
import { runningInstance } from '../../cli/data-folder.js';
import { stopProcess } from '#platform/embedded-postgres/server-process.js';
import { ROOT } from './root.js';

/** Of this repository, or of another copy of it. */
const mainOf = (root: string): string => join(root, 'build/cli/main.js');

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const environmentOf = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({ ...process.env, FOLIO_LOG_LEVEL: 'warn', FOLIO_ADMIN_PASSWORD: 'a test password of length', ...env });

/** Runs one `folio` command to its end. */
export async function folio(args: readonly string[], options: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string; readonly root?: string } = {}): Promise<CliResult> {
  const { root = ROOT } = options;
  const child = spawn(process.execPath, [mainOf(root), ...args], { cwd: root, env: environmentOf(options.env ?? {}) });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1)));
  return { code, stdout, stderr };
}

/** A running `folio start` as a process of its own, on a temporary data folder. */
export class FolioProcess {
  output = '';
  private constructor(readonly data: string, private readonly child: ChildProcess, readonly exited: Promise<number | string>) {}

  static async folder(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'folio-e2e-'));
  }

  /** Starts and waits until it answers. */
  static async start(data: string, options: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[]; readonly root?: string } = {}): Promise<FolioProcess> {
    const { root = ROOT } = options;
    const args = [mainOf(root), 'start', '--data', data, '--port', '0', ...(options.args ?? ['--no-demo'])];
    const child = spawn(process.execPath, args, { cwd: root, env: environmentOf(options.env ?? {}), stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise<number | string>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
    const started = new FolioProcess(data, child, exited);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { started.output += chunk.toString(); });
    await started.#ready();
    return started;
  }

  async #ready(): Promise<void> {
    for (;;) {
      const run = await runningInstance(this.data);
      if (run && run.pid === this.child.pid) return;
      const ended = await Promise.race([this.exited, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20))]);
      if (ended !== undefined) throw new Error(`folio ended with ${ended} before it was ready:\n${this.output}`);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async client(): Promise<Client> {
    const run = await runningInstance(this.data);
    if (!run) throw new Error('the instance is not running');
    return new Client(run);
  }

  async postgresPid(): Promise<number> {
    return Number((await readFile(join(this.data, 'postgres/cluster/postmaster.pid'), 'utf8')).split('\n')[0]);
  }

  /** @returns exit code, or the name of the signal that ended it */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.exited;
  }
}

/** Ends the instance, stops a Postgres that was left behind, removes the folder. */
export async function cleanUp(data: string, ...processes: (FolioProcess | undefined)[]): Promise<void> {
  for (const running of processes) await running?.end('SIGTERM');
  const pid = Number((await readFile(join(data, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => '0')).split('\n')[0]);
  if (pid > 0) await stopProcess(pid, join(data, 'postgres/cluster'));
  await rm(data, { recursive: true, force: true });
}
