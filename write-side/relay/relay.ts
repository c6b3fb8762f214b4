import type { Kafka } from 'kafkajs';
import type { Lane } from '#contracts/kernel/lane.js';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { Leases, Lease } from '#platform/control/leases.js';
import { RENEW_MS } from '#platform/control/leases.js';
import type { RelayBoard, RelayReport, RelayState } from '#platform/control/relay-board.js';
import type { EventStore, LogPage } from '#platform/event-store/port.js';
import { pause } from '#platform/wake.js';
import type { Transaction } from './messages.js';
import { RELAY_LIMITS, RelaySession } from './session.js';

export interface RelayLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RelayOptions {
  /** Relays of one name take turns: one works, the others stand by. */
  readonly name: string;
  readonly kafka: Kafka;
  /** Put before the names of topics. */
  readonly prefix: string;
  readonly store: Pick<EventStore, 'subscribe' | 'status' | 'readStream'>;
  readonly leases: Leases;
  readonly board: RelayBoard;
  readonly log: RelayLog;
  /** After every transaction; must not throw. */
  readonly onPublished?: (events: number, seconds: number) => void;
  /** Between two looks whether the log is still the same one (ms, default a minute). */
  readonly checkLogMs?: number;
}

interface Prepared {
  readonly page: LogPage;
  readonly transactions: readonly Transaction[];
}

const LANE = 'v1/relay/0' as Lane;
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;
const CHECK_LOG_MS = 60_000;
/** A standby looks at the lease this often. */
const STANDBY_MS = 250;

/**
 * Event store → bus, in position order, each event once for readers of what is committed. One works at a time: the lease says which, the
 * bus's own fence makes sure. Any failure ends the session; the next one begins at the position that was committed with the events.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #stop = new AbortController();
  #sessionEnd = new AbortController();
  #lease: Lease | undefined;
  #state: RelayState = 'standby';
  #position: Position = ORIGIN;
  #oldestUnpublished: string | undefined;
  #done: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= Promise.all([this.#run(), this.#keepLease(), this.#report()]).then(() => undefined);
  }

  /** The transaction in hand is finished, the lease given back: a standby takes over at once. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#sessionEnd.abort();
    await this.#done;
    this.#state = 'stopped';
    if (!this.#lease) return;
    await this.#tell().catch(() => undefined);
    await this.#options.leases.release(this.#leaseName, [this.#lease]).catch(() => undefined);
  }

  get #leaseName(): string {
    return `relay-${this.#options.name}`;
  }

  status(): Omit<RelayReport, 'eventsBehind' | 'owner'> {
    const since = this.#oldestUnpublished;
    return { state: this.#state, position: this.#position, secondsBehind: since === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(since)) / 1_000) };
  }

  async #run(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    while (!this.#stop.signal.aborted && this.#state !== 'log-diverged') {
      this.#sessionEnd = new AbortController();
      try {
        if (await this.#runSession(this.#sessionEnd.signal)) backoff = FIRST_BACKOFF_MS;
      } catch (error) {
        this.#noteFault(error);
        await pause(backoff, this.#stop.signal);
        backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
      }
    }
  }

  #noteFault(error: unknown): void {
    this.#state = error instanceof Problem && error.code === 'log-diverged' ? 'log-diverged' : 'failing';
    this.#options.log.warn({ relay: this.#options.name, reason: error instanceof Error ? error.message : String(error) }, 'relay paused');
  }

  /** @returns whether it worked, and did not only stand by */
  async #runSession(signal: AbortSignal): Promise<boolean> {
    const { leases, kafka, prefix, name, store, board } = this.#options;
    [this.#lease] = await leases.take(this.#leaseName, [LANE]);
    if (!this.#lease) {
      this.#state = 'standby';
      await pause(STANDBY_MS, this.#stop.signal);
      return false;
    }
    const session = await RelaySession.open({ kafka, prefix, name, store, onParked: (parked) => board.park(name, parked) });
    try {
      this.#state = 'running';
      this.#position = session.position;
      await this.#publishAll(session, signal);
    } finally {
      await session.close();
    }
    return true;
  }

  /** While a transaction commits, the next page is read and its messages are made already; while nothing comes, quiet partitions are told how far the log is. */
  async #publishAll(session: RelaySession, signal: AbortSignal): Promise<void> {
    const pages = this.#options.store.subscribe({ after: session.position, batchSize: RELAY_LIMITS.maxEvents, signal })[Symbol.asyncIterator]();
    let checkAt = performance.now() + this.#checkEvery;
    const prepared = async (): Promise<Prepared | undefined> => {
      const result = await pages.next();
      return result.done === true ? undefined : { page: result.value, transactions: session.prepare(result.value.events, result.value.scannedTo) };
    };
    const read = (): Promise<Prepared | undefined> => {
      const reading = prepared();
      // It may fail while a transaction still commits, and then nobody listens yet; or belong to nobody, when the session has ended.
      reading.catch(() => undefined);
      return reading;
    };
    let next = read();
    try {
      while (!signal.aborted) {
        const result = await orIdle(next, RELAY_LIMITS.idleMs);
        if (performance.now() >= checkAt) {
          await session.checkLog();
          checkAt = performance.now() + this.#checkEvery;
        }
        if (result === 'idle') await session.tellIdle();
        else if (!result) return;
        else {
          next = read();
          await this.#publishPage(session, result);
        }
      }
    } finally {
      this.#sessionEnd.abort();
    }
  }

  get #checkEvery(): number {
    return this.#options.checkLogMs ?? CHECK_LOG_MS;
  }

  async #publishPage(session: RelaySession, { page, transactions }: Prepared): Promise<void> {
    const began = performance.now();
    const events = page.events.length;
    this.#oldestUnpublished = page.events[0]?.recordedAt;
    await session.publish(transactions);
    this.#position = session.position;
    if (page.atHead) this.#oldestUnpublished = undefined;
    if (events > 0) this.#options.onPublished?.(events, (performance.now() - began) / 1_000);
    await session.tellIdle();
    // What comes in the meantime shares the next transaction instead of each making its own.
    if (events < RELAY_LIMITS.maxEvents) await pause(RELAY_LIMITS.lingerMs - (performance.now() - began), this.#sessionEnd.signal);
  }

  /** A lease that could not be kept ends the session; the bus has shut this producer out by then or will with the next one's start. */
  async #keepLease(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await pause(RENEW_MS, this.#stop.signal);
      if (this.#stop.signal.aborted || !this.#lease) continue;
      const kept = await this.#options.leases.renew(this.#leaseName, [this.#lease]).catch(() => undefined);
      if (kept?.size === 0) this.#sessionEnd.abort();
    }
  }

  async #report(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#state !== 'standby') await this.#tell().catch(() => undefined);
      await pause(RENEW_MS, this.#stop.signal);
    }
  }

  async #tell(): Promise<void> {
    const { board, name, leases, store } = this.#options;
    const { behind } = await store.status(this.#position).catch(() => ({ behind: null }));
    await board.report(name, { ...this.status(), owner: leases.owner, eventsBehind: behind });
  }
}

function orIdle<Value>(work: Promise<Value>, ms: number): Promise<Value | 'idle'> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<'idle'>((resolve) => { timer = setTimeout(() => resolve('idle'), ms); });
  return Promise.race([work, idle]).finally(() => clearTimeout(timer));
}
