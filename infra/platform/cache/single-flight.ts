/**
 * One load at a time per key in this process: callers that miss while it runs wait for the same answer, or the same error. Nothing is kept
 * afterwards. Across processes each loads at most once at a time, so a cold key costs the primary one read per process; no marker in the shared
 * cache is needed for that, and none can be left behind by a process that dies.
 *
 * A caller that joins gets what was read *before* it asked: where it needs a newer state (a token), it checks the answer and loads itself.
 */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>();

  run(key: string, load: () => Promise<Result>): Promise<Result> {
    const running = this.#flights.get(key);
    if (running) return running;
    // Started in a microtask: a load that throws at once is a rejected flight, not an exception that leaves the map behind.
    const flight = Promise.resolve().then(load).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Loads that run now. */
  get size(): number {
    return this.#flights.size;
  }
}
