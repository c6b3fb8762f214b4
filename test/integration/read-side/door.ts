/** A door that a projection's worker stands before at every commit. */
export class Door {
  #open: (() => void) | undefined;
  #closed = Promise.resolve();

  close(): void {
    this.#closed = new Promise((resolve) => { this.#open = resolve; });
  }

  open(): void {
    this.#open?.();
  }

  pass = async (): Promise<void> => this.#closed;
}
