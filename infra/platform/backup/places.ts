/** So much work at once. The first fault is thrown to whoever brings the next work, or waits for the end. */
export class Places {
  readonly #taken = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  constructor(private readonly places: number) {}

  /** Begins the work once there is a place for it. @throws the fault of earlier work */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.#taken.size >= this.places) await Promise.race(this.#taken);
    this.#check();
    const done: Promise<void> = work().catch((error: unknown) => { this.#failed ??= { error }; }).finally(() => this.#taken.delete(done));
    this.#taken.add(done);
  }

  /** Resolves when all of it is done. @throws the first fault */
  async end(): Promise<void> {
    await this.settle();
    this.#check();
  }

  /** Waits for what is on its way, whatever becomes of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#taken);
  }

  #check(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
