/** Between two announcements (ms). A notification is a cluster-wide lock to the end of its commit and wakes every listening backend. */
const EVERY_MS = 10;

/**
 * When to tell other processes that there is something new: with the first batch after a quiet moment, then at most once per interval, and
 * once more after the last batch that went untold. This process's own readers are rung directly and do not depend on it.
 */
export class Announcer {
  readonly #tell: () => void;
  #last = 0;
  #owed: NodeJS.Timeout | undefined;

  /** @param tell announces outside of a batch */
  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** Asked for each batch. @returns whether it announces itself */
  due(): boolean {
    const now = Date.now();
    if (now - this.#last >= EVERY_MS) {
      this.#told(now);
      return true;
    }
    this.#owed ??= setTimeout(() => {
      this.#told(Date.now());
      this.#tell();
    }, EVERY_MS);
    return false;
  }

  #told(now: number): void {
    clearTimeout(this.#owed);
    this.#owed = undefined;
    this.#last = now;
  }

  /** @returns whether something is still untold */
  stop(): boolean {
    const owed = this.#owed !== undefined;
    clearTimeout(this.#owed);
    this.#owed = undefined;
    return owed;
  }
}
