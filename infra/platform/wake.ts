/** A bell: waiters sleep until it rings, a time passes or their signal aborts. Rings between two waits are not lost. */
export class Bell {
  #rings = 0;
  readonly #waiters = new Set<() => void>();

  ring(): void {
    this.#rings += 1;
    for (const wake of this.#waiters) wake();
  }

  /** How often it rang; give it to `wait` so that a ring before the call counts. */
  get rings(): number {
    return this.#rings;
  }

  wait(seen: number, maxMs: number, signal: AbortSignal): Promise<void> {
    if (this.#rings !== seen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, maxMs);
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** An abortable pause: resolves, never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => (ms > 0 ? new Bell().wait(0, ms, signal) : Promise.resolve());
