import { platformProblem } from '#contracts/kernel/errors.js';
import { Bell } from '#platform/wake.js';

/** Who is given way to: requests per second that readers make of this process. */
export interface Traffic {
  perSecond(): number;
}

/** A page of the console or a command that watches asks less often. */
const BUSY_PER_SECOND = 20;
/** While readers are busy: work of so long at a time, then a rest of so many times that (ms). */
const SLICE_MS = 1;
const REST = 2;
/** A pause is looked at again so often (ms): somebody may have given the work up. */
const LOOK_MS = 1_000;

/** Keeps a rebuild from hurting those who read meanwhile: it can be paused, held to a rate, and gives way by itself. */
export class Governor {
  readonly #bell = new Bell();
  readonly #traffic: Traffic | undefined;
  readonly #eventsPerSecond: number | undefined;
  #paused = false;
  #began = performance.now();
  #events = 0;
  #sliceBegan = performance.now();

  constructor({ traffic, eventsPerSecond }: { readonly traffic?: Traffic | undefined; readonly eventsPerSecond?: number | undefined } = {}) {
    if (eventsPerSecond !== undefined && !(eventsPerSecond >= 1)) throw platformProblem('rebuild-selection-invalid', { reason: 'the rate must be at least one event per second' });
    this.#traffic = traffic;
    this.#eventsPerSecond = eventsPerSecond;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Readers want this process and its databases now. */
  get isBusy(): boolean {
    return (this.#traffic?.perSecond() ?? 0) > BUSY_PER_SECOND;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#began = performance.now();
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
    const early = this.#eventsPerSecond === undefined ? 0 : (this.#events / this.#eventsPerSecond) * 1_000 - (performance.now() - this.#began);
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
  }

  /** Inside long loops, often: nothing while nobody reads; otherwise a rest now and then, in which requests are answered. */
  breathe(): Promise<void> | undefined {
    const worked = performance.now() - this.#sliceBegan;
    if (worked < SLICE_MS) return undefined;
    if (!this.isBusy) {
      this.#sliceBegan = performance.now();
      return undefined;
    }
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#sliceBegan = performance.now();
        resolve();
      }, Math.ceil(worked * REST));
    });
  }
}
