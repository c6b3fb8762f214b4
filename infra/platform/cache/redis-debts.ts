/** Keys of one round of removals that go out together. */
const ROUND = 256;

export interface DebtsOptions {
  /** Keys remembered one by one; more than these become "everything". */
  readonly maxKeys: number;
  readonly retryMs: number;
  /** Both reject when it did not happen. */
  readonly remove: (key: string) => Promise<unknown>;
  readonly removeAll: () => Promise<unknown>;
}

interface Owed {
  readonly keys: ReadonlySet<string>;
  readonly everything: boolean;
}

const NOTHING: Owed = { keys: new Set(), everything: false };

/**
 * Keys whose last word did not reach the cache: they may hold something old there. They count as absent in this process at once, and are
 * removed there as soon as it answers again; too many of them, and everything is. So an outage never leaves a row behind that stays old: only
 * a process that dies before it could settle leaves some, for the time that entries live at most.
 */
export class Debts {
  readonly #options: DebtsOptions;
  #keys = new Set<string>();
  #everything = false;
  #settling: Owed = NOTHING;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DebtsOptions) {
    this.#options = options;
  }

  covers(key: string): boolean {
    return this.#everything || this.#settling.everything || this.#keys.has(key) || this.#settling.keys.has(key);
  }

  get none(): boolean {
    return !this.#everything && !this.#settling.everything && this.#keys.size === 0 && this.#settling.keys.size === 0;
  }

  add(key: string): void {
    if (this.#keys.size < this.#options.maxKeys) this.#keys.add(key);
    else this.#everything = true;
    this.#later();
  }

  addEverything(): void {
    this.#everything = true;
    this.#later();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.settle();
    }, this.#options.retryMs).unref();
  }

  /** Settles now what is owed now; what fails is tried again later. Never rejects. */
  settle(): Promise<void> {
    if (this.none) return Promise.resolve();
    // Begun in a microtask: the first removal may itself be what finds the cache up again, and ask to settle.
    return (this.#running ??= Promise.resolve().then(() => this.#settle()).finally(() => { this.#running = undefined; }));
  }

  async #settle(): Promise<void> {
    // Taken out first: what is added from here on is owed anew.
    const owed: Owed = { keys: this.#keys, everything: this.#everything };
    this.#settling = owed;
    this.#keys = new Set();
    this.#everything = false;
    try {
      if (owed.everything) await this.#options.removeAll();
      else await this.#removeEach([...owed.keys]);
    } catch {
      if (owed.everything) this.addEverything();
      for (const key of owed.keys) this.add(key);
    } finally {
      this.#settling = NOTHING;
    }
  }

  async #removeEach(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += ROUND) await Promise.all(keys.slice(start, start + ROUND).map((key) => this.#options.remove(key)));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
