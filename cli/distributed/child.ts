import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '#platform/wake.js';
import { runningInstance, type RunFile } from '../data-folder.js';

export interface ChildSpec {
  readonly name: string;
  /** Words after `folio start`. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** Left to itself, the runtime of a large machine lets garbage grow to several times what is in use, in every process of its own. */
const NODE_FLAGS = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning', '--max-semi-space-size=4', '--max-old-space-size=512'];
/** Of the C library: fewer arenas, each of which keeps what was freed in it, and what is large goes back to the system at once. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A process that lived so long had started well: the next pause is short again (ms). */
const LIVED_MS = 10_000;
const START_LIMIT_MS = 60_000;
const LOOK_MS = 25;
/** Longer than any role drains (ms). */
const STOP_LIMIT_MS = 60_000;
/** Deaths while it is waited for after which nobody waits any longer. */
const MAX_DEATHS = 2;

/** A role as a process that is started again when it dies. */
export class Child {
  readonly #spec: ChildSpec;
  readonly #folder: string;
  readonly #stop = new AbortController();
  #process: ChildProcess | undefined;
  #done: Promise<void> | undefined;
  /** How often it ended without being told to. */
  #deaths = 0;

  constructor(spec: ChildSpec, root: string) {
    this.#spec = spec;
    this.#folder = join(root, spec.name);
  }

  get name(): string {
    return this.#spec.name;
  }

  get log(): string {
    return join(this.#folder, 'role.log');
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    this.#done ??= this.#supervise();
  }

  async #supervise(): Promise<void> {
    let wait = FIRST_PAUSE_MS;
    while (!this.#stop.signal.aborted) {
      const began = Date.now();
      await this.#live();
      if (this.#stop.signal.aborted) return;
      this.#deaths += 1;
      wait = Date.now() - began > LIVED_MS ? FIRST_PAUSE_MS : Math.min(wait * 2, LONGEST_PAUSE_MS);
      await pause(wait, this.#stop.signal);
    }
  }

  /** One life, from the start to the end. */
  async #live(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await rm(join(this.#folder, 'run.json'), { force: true });
    const output = await open(this.log, 'a', 0o600);
    const args = [...NODE_FLAGS, MAIN, 'start', ...this.#spec.words, '--data', this.#folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', output.fd, output.fd], detached: true, env: { ...process.env, ...ALLOCATOR, ...this.#spec.env } });
    await output.close();
    this.#process = child;
    if (this.#stop.signal.aborted) child.kill('SIGTERM');
    // Rejects when the program cannot even be started, which is a death like any other.
    await once(child, 'exit').catch(() => undefined);
  }

  /** Ready and listening. @throws Error when it has not come up in time */
  async ready(): Promise<RunFile> {
    const deadline = Date.now() + START_LIMIT_MS;
    const deathsBefore = this.#deaths;
    for (;;) {
      const run = await runningInstance(this.#folder);
      if (run && run.pid === this.pid) return run;
      if (Date.now() > deadline || this.#deaths - deathsBefore > MAX_DEATHS || this.#stop.signal.aborted) throw new Error(`${this.name} did not start; see ${this.log}`);
      await pause(LOOK_MS, this.#stop.signal);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Told to end, and not started again; one that does not end in time is killed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#process?.kill('SIGTERM');
    const late = setTimeout(() => this.#process?.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#done;
    clearTimeout(late);
  }
}
