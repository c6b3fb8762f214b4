import { Bell, pause } from '#platform/wake.js';
import { backoffMs } from './backoff.js';
import type { Reach } from './instance.js';
import type { Ledger } from './ledger.js';
import { isSameVersion, Settling } from './settling.js';
import type { ListedFile, Listing, Source } from './source.js';
import type { Fate, Job, Taking } from './take.js';

export interface WatcherOptions {
  readonly source: Source;
  readonly ledger: Ledger;
  readonly taking: Taking;
  readonly reach: Reach;
  /** Pause between two looks (ms). */
  readonly everyMs: number;
  /** One line about the watch itself, for people. */
  readonly tell: (line: string) => void;
  /** What could not be taken in for now; it will be tried again. */
  readonly onFailure: (file: string, reason: string, againMs: number | undefined) => void;
}

/** Files that are handed in and not processed yet, at most. */
const MAX_SETTLING = 512;
/** Bytes of files that are read and not handed in yet; one file may have more. */
const MAX_BYTES = 256 * 1024 * 1024;
const TICK_MS = 500;
/** A timer may be early by less than this. */
const TIMER_MS = 10;
const HOUR_MS = 3_600_000;
/** A file that is gone is remembered for a day: a share that was not there for an hour brings nothing back to be sent again. */
const KEEP_GONE_MS = 24 * HOUR_MS;
const MAX_REMEMBERED = 1_000_000;

interface Resting {
  readonly job: Job;
  readonly notBefore: number;
}

/** Watches one directory: looks at it again and again, and hands in what has come to rest, in the order in which it did. */
export class Watcher {
  readonly #settling: Settling;
  /** Whose turn has come again; they were first before. */
  readonly #again = new Map<string, Job>();
  readonly #fresh = new Map<string, Job>();
  readonly #resting = new Map<string, Resting>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #bell = new Bell();
  #reading = 0;
  #bytes = 0;
  /** A file could not be read: nothing more is read before the directory was seen again. */
  #isAway = false;
  #wasCut = false;
  #hasFailed = false;
  /** Whether what could not be taken in is tried again. */
  #repeats = false;
  #forgotAt = Number.NEGATIVE_INFINITY;
  #told = new Set<string>();

  constructor(private readonly options: WatcherOptions) {
    this.#settling = new Settling(Math.max(options.everyMs, options.source.leastRestMs));
  }

  /** Looks and works until the signal; then waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    this.#repeats = true;
    await Promise.all([this.#lookAgainAndAgain(signal), this.#work(signal, () => false)]);
  }

  /** One pass: two looks where files are too young to be told from such that are still written, then everything once. @returns whether all was looked at and nothing has failed */
  async once(signal: AbortSignal): Promise<boolean> {
    const { everyMs, source, tell } = this.options;
    try {
      await this.#look(signal, source.hasOwnClock);
      if (this.#settling.waiting > 0) {
        await pause(Math.max(everyMs, source.leastRestMs) + TIMER_MS, signal);
        await this.#look(signal, source.hasOwnClock);
      }
    } catch (error) {
      tell(`${source.name} cannot be looked at: ${(error as Error).message}`);
      return false;
    }
    await this.#work(signal, () => this.#running.size === 0 && (this.#isAway || this.#fresh.size === 0));
    return !this.#hasFailed && !this.#wasCut && this.#told.size === 0;
  }

  async #lookAgainAndAgain(signal: AbortSignal): Promise<void> {
    const { source, everyMs, tell } = this.options;
    for (let failures = 0; !signal.aborted;) {
      const began = performance.now();
      let wait: number;
      try {
        await this.#look(signal, false);
        if (failures > 0) tell(`${source.name} can be looked at again`);
        failures = 0;
        // A directory that takes long to be looked at is left in peace for as long.
        wait = Math.max(everyMs, performance.now() - began);
      } catch (error) {
        if (signal.aborted) return;
        wait = Math.max(everyMs, backoffMs(failures));
        if (failures === 0) tell(`${source.name} cannot be looked at: ${(error as Error).message}; it is tried again until it can`);
        failures += 1;
      }
      await pause(wait, signal);
    }
  }

  /** @param trustsAge whether a file that was not changed for the time between two looks is at rest at the first one */
  async #look(signal: AbortSignal, trustsAge: boolean): Promise<void> {
    const { source, ledger, everyMs } = this.options;
    const listing = await source.list(signal);
    const now = performance.now();
    this.#settling.begin();
    const settled = listing.files.filter((file) => {
      if (!this.#concerns(file)) return false;
      const isOld = trustsAge && Date.now() - file.mtime > everyMs;
      return this.#settling.see(file.path, file, now) || isOld;
    });
    this.#settling.end();
    // In the order in which they were written.
    for (const file of settled.toSorted((left, right) => left.mtime - right.mtime || (left.path < right.path ? -1 : 1))) {
      this.#settling.done(file.path);
      this.#fresh.set(file.path, { file, entries: new Map(), failures: 0 });
    }
    this.#tellParts(listing);
    if (!listing.isCut && listing.unreadable.length === 0) await this.#forgetGone(new Set(listing.files.map(({ path }) => path)), ledger);
    this.#isAway = false;
    this.#bell.ring();
  }

  /** Whether something is to be done about this version that is not under way already. */
  #concerns(file: ListedFile): boolean {
    const { path } = file;
    const known = this.options.ledger.get(path);
    if (this.#running.has(path) || (known && isSameVersion(known, file))) return false;
    for (const jobs of [this.#again, this.#fresh]) {
      const job = jobs.get(path);
      if (job && isSameVersion(job.file, file)) return false;
      jobs.delete(path);
    }
    const resting = this.#resting.get(path);
    if (resting && isSameVersion(resting.job.file, file)) return false;
    this.#resting.delete(path);
    return true;
  }

  #tellParts({ isCut, unreadable }: Listing): void {
    const { source, tell } = this.options;
    if (isCut && !this.#wasCut) tell(`${source.name} has more entries than are looked at; move away what was taken in`);
    this.#wasCut = isCut;
    for (const part of unreadable) if (!this.#told.has(part)) tell(`${part}: it is left out`);
    this.#told = new Set(unreadable);
  }

  async #forgetGone(there: ReadonlySet<string>, ledger: Ledger): Promise<void> {
    for (const jobs of [this.#again, this.#fresh, this.#resting]) for (const path of jobs.keys()) if (!there.has(path)) jobs.delete(path);
    if (performance.now() - this.#forgotAt < HOUR_MS) return;
    this.#forgotAt = performance.now();
    const before = new Date(Date.now() - KEEP_GONE_MS).toISOString();
    const isFull = ledger.size > MAX_REMEMBERED;
    await ledger.forget([...ledger.entries()].filter(({ path, at }) => this.options.source.owns(path) && !there.has(path) && (isFull || at < before)).map(({ path }) => path));
  }

  async #work(signal: AbortSignal, isDone: () => boolean): Promise<void> {
    while (!signal.aborted && !isDone()) {
      const { rings } = this.#bell;
      this.#wakeResting();
      if (this.#mayBegin()) {
        await this.options.reach.whenReady(signal);
        // Only now: between the queue and its work a file is never out of sight of a look.
        const job = signal.aborted ? undefined : this.#next();
        if (job) this.#begin(job, signal);
      } else await this.#bell.wait(rings, TICK_MS, signal);
    }
    await Promise.all(this.#running.values());
  }

  #mayBegin(): boolean {
    const next = this.#next();
    return next !== undefined && !this.#isAway && this.#reading < this.options.source.places && this.#running.size < MAX_SETTLING && (this.#bytes === 0 || this.#bytes + next.file.size <= MAX_BYTES);
  }

  #next(): Job | undefined {
    for (const jobs of [this.#again, this.#fresh]) for (const job of jobs.values()) return job;
    return undefined;
  }

  #wakeResting(): void {
    const now = performance.now();
    for (const [path, { job, notBefore }] of this.#resting) {
      if (notBefore > now) continue;
      this.#resting.delete(path);
      this.#again.set(path, job);
    }
  }

  #begin(job: Job, signal: AbortSignal): void {
    const { source, taking } = this.options;
    const { path, size } = job.file;
    this.#again.delete(path);
    this.#fresh.delete(path);
    this.#reading += 1;
    this.#bytes += size;
    let isHanded = false;
    const handed = (): void => {
      if (isHanded) return;
      isHanded = true;
      this.#reading -= 1;
      this.#bytes -= size;
      this.#bell.ring();
    };
    const work = taking.take(source, job, signal, handed).catch((error: unknown): Fate => ({ kind: 'again', reason: (error as Error).message })).then((fate) => {
      this.#running.delete(path);
      if (!signal.aborted) this.#settle(job, fate);
      handed();
      this.#bell.ring();
    });
    this.#running.set(path, work);
  }

  #settle(job: Job, fate: Fate): void {
    if (!('reason' in fate)) return;
    this.#hasFailed = true;
    if (fate.kind === 'away') this.#isAway = true;
    if (!this.#repeats) {
      this.options.onFailure(job.file.path, fate.reason, undefined);
      return;
    }
    const againMs = backoffMs(job.failures);
    job.failures += 1;
    this.#resting.set(job.file.path, { job, notBefore: performance.now() + againMs });
    this.options.onFailure(job.file.path, fate.reason, againMs);
  }
}
