import { platformProblem } from '#contracts/kernel/errors.js';
import { Bell } from '#platform/wake.js';

/** Who is given way to: readers, who ask so much of this process now that they would be hurt. */
export interface Traffic {
  isBusy(): boolean;
}

export interface GovernorOptions {
  readonly traffic?: Traffic | undefined;
  readonly eventsPerSecond?: number | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** While readers are busy: work of so long at a time, then a rest of so many times that (ms). */
const SLICE_MS = 1;
const REST = 6;
/** What lies between two breaths counts as work up to so much: the rest of it was waiting, or somebody else's (ms). */
const WORKED_MS = 20;
/** A pause is looked at again so often (ms): somebody may have given the work up. */
const LOOK_MS = 1_000;

/** Keeps a rebuild from hurting those who read meanwhile: it can be paused, held to a rate, and gives way by itself. */
export class Governor {
  readonly #bell = new Bell();
  readonly #traffic: Traffic | undefined;
  readonly eventsPerSecond: number | undefined;
  #paused = false;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<void>;
  #began: number;
  #events = 0;
  #sliceBegan: number;
  #resting: Promise<void> | undefined;

  constructor({ traffic, eventsPerSecond, now = () => performance.now(), sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }) }: GovernorOptions = {}) {
    if (eventsPerSecond !== undefined && !(eventsPerSecond >= 1)) throw platformProblem('rebuild-selection-invalid', { reason: 'the rate must be at least one event per second' });
    this.#traffic = traffic;
    this.eventsPerSecond = eventsPerSecond;
    this.#now = now;
    this.#sleep = sleep;
    this.#began = now();
    this.#sliceBegan = now();
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Readers want this process and its databases now. */
  get isBusy(): boolean {
    return this.#traffic?.isBusy() ?? false;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#began = this.#now();
    this.#events = 0;
    this.#bell.ring();
  }

  /** Between pages of the log: waits while paused, and as long as the rate asks. */
  async page(events: number, signal: AbortSignal, onPaused: (isPaused: boolean) => void): Promise<void> {
    if (this.#paused) {
      onPaused(true);
      while (this.#paused && !signal.aborted) await this.#bell.wait(this.#bell.rings, LOOK_MS, signal);
      onPaused(false);
    }
    signal.throwIfAborted();
    this.#events += events;
    const early = this.eventsPerSecond === undefined ? 0 : (this.#events / this.eventsPerSecond) * 1_000 - (this.#now() - this.#began);
    if (early > 1) await this.#sleep(early);
  }

  /** Inside long loops, often: nothing while nobody reads; otherwise a rest now and then, in which requests are answered. All that work for it rest together. */
  breathe(): Promise<void> | undefined {
    if (this.#resting) return this.#resting;
    const worked = this.#now() - this.#sliceBegan;
    if (worked < SLICE_MS) return undefined;
    if (this.isBusy) this.#resting = this.#rest(Math.ceil(Math.min(worked, WORKED_MS) * REST));
    else this.#sliceBegan = this.#now();
    return this.#resting;
  }

  async #rest(ms: number): Promise<void> {
    await this.#sleep(ms);
    this.#resting = undefined;
    this.#sliceBegan = this.#now();
  }
}
