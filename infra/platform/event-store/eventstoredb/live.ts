import { pause, type Bell } from '../../wake.js';
import type { LogClient } from './client.js';

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;

/**
 * Rings the bell of every subscriber when the server has a new event: one subscription without content for the whole process. It
 * subscribes again by itself after whatever ended it. Nothing depends on it but time: what it misses the next page of the log has.
 */
export class LiveBell {
  readonly #open: () => Promise<LogClient>;
  readonly #bell: Bell;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(open: () => Promise<LogClient>, bell: Bell) {
    this.#open = open;
    this.#bell = bell;
  }

  /** From the first call on until it is closed. */
  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    const onActivity = (): void => {
      backoff = FIRST_BACKOFF_MS;
      this.#bell.ring();
    };
    while (!signal.aborted) {
      await this.#open().then((client) => client.listen(onActivity, signal)).catch(() => undefined);
      await pause(backoff, signal);
      backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
    }
  }
}
