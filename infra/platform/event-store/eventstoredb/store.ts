import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { Bell } from '../../wake.js';
import { matches } from '../filter.js';
import { EVENT_STORE_LIMITS, type AppendResult, type EventStore, type ExpectedRevision, type LogFilter, type LogPage, type LogStatus, type ReadStreamOptions, type SubscribeOptions } from '../port.js';
import { followLog } from '../subscribe.js';
import { EventStoreDbAppender } from './appender.js';
import { errorType, openClient, type LogClient } from './client.js';
import { separate } from './connection-string.js';
import { toEnvelope } from './decode.js';
import { logIdOf } from './identity.js';
import { LiveBell } from './live.js';

export interface EventStoreDbOptions {
  /** `esdb://user:password@host:2113?tls=…`; its keys are the client library's. */
  readonly connectionString: string;
  /** One try of an append (ms, default 2,000). */
  readonly appendDeadlineMs?: number;
  /** How long an append may look for its own outcome (ms, default 5,000). */
  readonly patienceMs?: number;
  /** A reading that gives no event for so long is given up (ms, default 5,000). */
  readonly readIdleMs?: number;
  /** `MaxAppendSize` of the server: bytes of a whole append (default 1 MiB, the server's own default up to 2025). */
  readonly maxAppendBytes?: number;
}

/** Events looked at for one page, whatever the filter lets through. */
const MAX_SCAN = 10_000;
const FILTERED_READ = 500;
const READ_TRIES = 3;

/**
 * The log in EventStoreDB or KurrentDB. Position: the commit position, a log offset. Appends have a client and a connection of their own.
 * `behind` is null: the server does not count. `recordedAt` is the clock of the leader, which decreases only if that clock does.
 */
export class EventStoreDbStore implements EventStore {
  readonly #clients: { writer?: Promise<LogClient>; reader?: Promise<LogClient> } = {};
  readonly #writer: () => Promise<LogClient>;
  readonly #reader: () => Promise<LogClient>;
  readonly #appender: EventStoreDbAppender;
  readonly #bell = new Bell();
  readonly #live: LiveBell;
  readonly #deadlineMs: number;
  readonly #idleMs: number;
  #seen = 0n;
  #logId: string | undefined;
  #closed = false;

  constructor({ connectionString, appendDeadlineMs = 2_000, patienceMs = 5_000, readIdleMs = 5_000, maxAppendBytes = 1024 * 1024 }: EventStoreDbOptions) {
    this.#deadlineMs = appendDeadlineMs;
    this.#idleMs = readIdleMs;
    this.#writer = () => (this.#clients.writer ??= openClient(connectionString));
    this.#reader = () => (this.#clients.reader ??= openClient(separate(connectionString)));
    this.#appender = new EventStoreDbAppender({ writer: this.#writer, reader: this.#reader, appendDeadlineMs, patienceMs, maxAppendBytes, seen: (commit) => this.#appended(commit) });
    this.#live = new LiveBell(this.#reader, this.#bell);
  }

  #see(commit = 0n): bigint {
    if (commit > this.#seen) this.#seen = commit;
    return this.#seen;
  }

  #appended(commit?: bigint): bigint {
    if (commit !== undefined) this.#bell.ring();
    return this.#see(commit);
  }

  append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.#appender.append(stream, expected, events);
  }

  async readStream(stream: StreamId, options: ReadStreamOptions = {}): Promise<readonly Envelope[]> {
    const { direction = 'forwards', from, limit = EVENT_STORE_LIMITS.defaultStreamPage } = options;
    return this.#reading(async (client) => {
      const events: Envelope[] = [];
      await client.read({ stream }, { backwards: direction === 'backwards', count: limit, idleMs: this.#idleMs, ...(from !== undefined && { from: BigInt(from) }) }, (recorded) => {
        this.#see(recorded.commit);
        const event = toEnvelope(recorded);
        if (event) events.push(event);
        return true;
      });
      return events;
    });
  }

  async readAll(after: Position, options: { filter?: LogFilter; limit?: number } = {}): Promise<LogPage> {
    const { filter, limit = EVENT_STORE_LIMITS.defaultPage } = options;
    return this.#reading((client) => this.#page(client, BigInt(after), limit, filter));
  }

  /** Reads until the page is full, the log ends or enough was looked at. The server's start is inclusive, ours is not. */
  async #page(client: LogClient, after: bigint, limit: number, filter: LogFilter | undefined): Promise<LogPage> {
    const events: Envelope[] = [];
    let scannedTo = after;
    const page = (atHead: boolean): LogPage => ({ events, scannedTo: toPosition(scannedTo.toString()), atHead });
    for (let scanned = 0; scanned < MAX_SCAN; ) {
      const count = Math.max(limit - events.length + 2, filter ? FILTERED_READ : 0);
      let got = 0;
      const end = await client.read('all', { count, idleMs: this.#idleMs, ...(scannedTo > 0n && { from: scannedTo }) }, (recorded) => {
        got += 1;
        if (recorded.commit <= scannedTo) return true;
        if (events.length === limit) return false;
        scannedTo = recorded.commit;
        const event = toEnvelope(recorded);
        if (event && matches(filter, event)) events.push(event);
        return true;
      });
      this.#see(scannedTo);
      if (end === 'enough') return page(false);
      if (got < count) return page(true);
      scanned += got;
    }
    return page(false);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<LogPage> {
    const { filter } = options;
    this.#live.start();
    return followLog((after, limit) => this.readAll(after, { ...(filter && { filter }), limit }), this.#bell, options);
  }

  async status(): Promise<LogStatus> {
    return this.#reading(async (client) => {
      this.#logId ??= await logIdOf(client, await this.#writer(), { deadlineMs: this.#deadlineMs, idleMs: this.#idleMs });
      let head = ORIGIN;
      await client.read('all', { backwards: true, count: 1, idleMs: this.#idleMs }, ({ commit }) => {
        this.#see(commit);
        head = toPosition(commit.toString());
        return false;
      });
      return { logId: this.#logId, head, behind: null };
    });
  }

  /** A reading is repeated when its connection was lost; its result is only of the try that came through. */
  async #reading<Result>(work: (client: LogClient) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      if (this.#closed) throw platformProblem('shutting-down');
      try {
        return await work(await this.#reader());
      } catch (cause) {
        if (tries === READ_TRIES || !['unavailable', 'cancelled', 'not-leader', 'unknown'].includes(errorType(cause))) throw platformProblem('store-unavailable', {}, { cause });
        await sleep(20 * tries);
      }
    }
  }

  /** Appends that were accepted are answered first. */
  async close(): Promise<void> {
    await this.#appender.close();
    this.#closed = true;
    await this.#live.close();
    for (const client of [this.#clients.writer, this.#clients.reader]) await client?.then((open) => open.close()).catch(() => undefined);
  }
}
