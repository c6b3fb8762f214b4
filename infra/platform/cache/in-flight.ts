/** A piece of work, between those that began before and after it. */
interface Waiting {
  readonly since: number;
  readonly fail: (error: unknown) => void;
  before: Waiting | undefined;
  after: Waiting | undefined;
  over: boolean;
}

const same = (error: unknown): unknown => error;

/**
 * Work of which each piece ends within the same time, or has failed for who asked. One timer serves all of it, because the pieces run out in the
 * order in which they began: a timer for each costs as much as the command that it guards. They are a linked list, taken apart as they end: the
 * members of a set that come and go at this rate stay alive until the next full collection.
 */
export class InFlight {
  readonly #ms: number;
  readonly #late: () => Error;
  #oldest: Waiting | undefined;
  #newest: Waiting | undefined;
  #isArmed = false;

  /** @param late what the caller of a piece gets that has no answer after `ms` */
  constructor(ms: number, late: () => Error) {
    this.#ms = ms;
    this.#late = late;
  }

  /** Resolves and rejects with the work, or rejects when its time is over. @param onFailure gives what is rejected with instead */
  bound<Result>(work: Promise<Result>, onFailure: (error: unknown) => unknown = same): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { since: performance.now(), fail: (error) => reject(onFailure(error)), before: this.#newest, after: undefined, over: false };
      if (this.#newest) this.#newest.after = waiting;
      else this.#oldest = waiting;
      this.#newest = waiting;
      if (!this.#isArmed) this.#arm(this.#ms);
      work.then((result) => {
        this.#remove(waiting);
        resolve(result);
      }, (error: unknown) => {
        if (this.#remove(waiting)) waiting.fail(error);
      });
    });
  }

  /** @returns false for one that was removed before */
  #remove(waiting: Waiting): boolean {
    if (waiting.over) return false;
    const { before, after } = waiting;
    if (before) before.after = after;
    else this.#oldest = after;
    if (after) after.before = before;
    else this.#newest = before;
    waiting.before = waiting.after = undefined;
    waiting.over = true;
    return true;
  }

  /** The timer alone does not decide: answers that came while this process was busy are read first, in the turn of the event loop that follows. */
  #arm(ms: number): void {
    this.#isArmed = true;
    setTimeout(() => setImmediate(() => this.#expire()), ms);
  }

  #expire(): void {
    const now = performance.now();
    for (let waiting = this.#oldest; waiting; waiting = this.#oldest) {
      const left = waiting.since + this.#ms - now;
      if (left > 0) {
        this.#arm(Math.ceil(left));
        return;
      }
      this.#remove(waiting);
      waiting.fail(this.#late());
    }
    this.#isArmed = false;
  }
}
