/** Over so long requests are counted (ms). */
const WINDOW_MS = 1_000;
/** A page of the console or a command that watches asks less often. */
const BUSY_PER_SECOND = 20;

/** How many requests this process is asked, for work that gives way to them. */
export class Activity {
  #began = 0;
  #count = 0;
  #before = 0;

  note(): void {
    this.#turn();
    this.#count += 1;
  }

  /** In the last one to two seconds, per second. */
  perSecond(): number {
    this.#turn();
    return Math.max(this.#before, this.#count);
  }

  /** Somebody reads, and would be hurt by work that does not give way. */
  isBusy(): boolean {
    return this.perSecond() > BUSY_PER_SECOND;
  }

  #turn(): void {
    const now = performance.now();
    if (now - this.#began < WINDOW_MS) return;
    this.#before = now - this.#began < 2 * WINDOW_MS ? this.#count : 0;
    this.#count = 0;
    this.#began = now;
  }
}
