import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { tryHold } from '#platform/postgres/advisory-lock.js';
import { pause } from '#platform/wake.js';
import { ImportRun, type ImportRunDependencies } from './import-run.js';

export interface ImportRunnerOptions extends ImportRunDependencies {
  /** Where an import is held, so that one process works on it at a time. */
  readonly database: ConnectionSettings;
  /** Between two looks for imports (ms, default 1 s). */
  readonly lookMs?: number;
}

const LOOK_MS = 1_000;
const OUTAGE_MS = 500;
/** An import that could not go on stands behind the others for so long. */
const AGAIN_MS = 5_000;

/** Works imports off, one at a time, the oldest first; other processes take others. */
export class ImportRunner {
  readonly #stop = new AbortController();
  /** When imports that could not go on are tried again (ms since 1970). */
  readonly #later = new Map<string, number>();
  #loop: Promise<void> | undefined;

  constructor(private readonly options: ImportRunnerOptions) {}

  start(): void {
    this.#loop = this.#run();
  }

  /** What it works on is gone on with by whoever looks next. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { lookMs = LOOK_MS, onError } = this.options;
    while (!signal.aborted) {
      try {
        if (!(await this.#next())) await pause(lookMs, signal);
      } catch (error) {
        if (!signal.aborted) onError?.(error);
        await pause(OUTAGE_MS, signal);
      }
    }
  }

  /** @returns whether there was one */
  async #next(): Promise<boolean> {
    const { table, database } = this.options;
    const open = await table.open();
    for (const id of this.#later.keys()) if (!open.includes(id)) this.#later.delete(id);
    for (const id of open.filter((one) => (this.#later.get(one) ?? 0) < Date.now())) {
      const hold = await tryHold(database, `folio import ${id}`);
      if (!hold) continue;
      try {
        const job = await table.start(id);
        if (job) await new ImportRun(this.options, job, AbortSignal.any([this.#stop.signal, hold.lost])).run();
        return true;
      } catch (error) {
        this.#later.set(id, Date.now() + AGAIN_MS);
        throw error;
      } finally {
        await hold.release();
      }
    }
    return false;
  }
}
