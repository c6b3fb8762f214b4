import { setTimeout } from 'node:timers/promises';
import { pause } from '#platform/wake.js';
import { ApiProblem, Client } from '../client.js';
import type { Endings } from '../commands/take-in.js';
import { runningInstance } from '../data-folder.js';
import { backoffMs } from './backoff.js';

/** The instance that files are handed to. */
export interface Reach {
  readonly client: Client;
  /** Resolves when it may be asked, or at the end. */
  whenReady(signal: AbortSignal): Promise<void>;
  /** It did not take something: it is looked at before the next. */
  suspect(): void;
}

/** `run.json` is read again behind so much time: another start has another port and another key. */
const FRESH_MS = 1_000;
const FOLLOW_PAUSE_MS = 500;
const BAD_REQUEST = 400;

const reasonOf = (error: unknown): string => (error instanceof ApiProblem ? error.document.code : ((error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message));

/** The instance on a data folder, which may end and start again at any time. */
export class RunningInstance implements Reach {
  readonly #at = { url: '', token: '' };
  readonly client = new Client(this.#at);
  #isSuspect = true;
  #readAt = Number.NEGATIVE_INFINITY;
  #probing: Promise<void> | undefined;

  /** @param tell is called when it is found away, and when it is back */
  constructor(private readonly folder: string, private readonly tell: (line: string) => void) {}

  suspect(): void {
    this.#isSuspect = true;
  }

  async whenReady(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#readAt > FRESH_MS && !(await this.#find())) this.#isSuspect = true;
    if (!this.#isSuspect) return;
    this.#probing ??= this.#probe().finally(() => { this.#probing = undefined; });
    await Promise.race([this.#probing, aborted(signal)]);
  }

  async #find(): Promise<boolean> {
    const run = await runningInstance(this.folder);
    if (!run) return false;
    Object.assign(this.#at, { url: run.url, token: run.token });
    this.#readAt = performance.now();
    return true;
  }

  /** Goes on until it is answered, or nobody needs the process any more. */
  async #probe(): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        if (!(await this.#find())) throw new Error(`no instance runs on ${this.folder}`);
        await this.client.get('/api/v1/log');
        this.#isSuspect = false;
        if (failures > 0) this.tell('the instance answers');
        return;
      } catch (error) {
        if (failures === 0) this.tell(`the instance does not answer (${reasonOf(error)}); it is asked again until it does`);
        await setTimeout(backoffMs(failures));
      }
    }
  }
}

/** Resolves when the signal aborts, at once if it has. */
export const aborted = (signal: AbortSignal): Promise<void> => (signal.aborted ? Promise.resolve() : new Promise((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }); }));

/** Follows the endings from before the first file is handed in until the signal, whatever becomes of the instance meanwhile. */
export class Following {
  #hasBegun: (() => void) | undefined;
  /** Endings are heard of from here on. */
  readonly begun = new Promise<void>((resolve) => { this.#hasBegun = resolve; });

  constructor(private readonly reach: Reach, private readonly endings: Endings) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.reach.whenReady(signal);
      try {
        const { done } = await this.endings.follow(this.reach.client, signal);
        this.#hasBegun?.();
        await done;
      } catch (error) {
        // A place that the log does not know is no place of this log.
        if (error instanceof ApiProblem && error.document.status === BAD_REQUEST) this.endings.forgetPlace();
        this.reach.suspect();
        await pause(FOLLOW_PAUSE_MS, signal);
      }
    }
    this.#hasBegun?.();
  }
}
