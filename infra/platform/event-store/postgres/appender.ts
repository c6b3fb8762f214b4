import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';
import { checkAppend, checkSize, checkText } from '../judge.js';
import type { AppendResult } from '../port.js';
import { AppendConnection } from './append-connection.js';
import { Announcer } from './announcer.js';
import { commitBatch, NOTIFY, resolveUnknown, type BatchOutcome, type LogHead, type PendingAppend } from './batch.js';
import { RowWriter } from './copy.js';
import { written, type PlacedEvent } from './rows.js';
import { commitStraight, isStraight, NotStraight, planStraight } from './straight.js';

/** Appends in one transaction, and characters of JSON in it. */
const MAX_BATCH = 128;
const MAX_BATCH_CHARACTERS = 8_000_000;
/** Transactions on their way at the same time. */
const MAX_TRANSACTIONS = 2;
/** Fewer appends than this are not worth two transactions. */
const MIN_SHARE = 16;
/** After the head was found moved by somebody else. */
const SHARED_BATCHES = 32;
/** Appends that may wait; beyond it the store is not keeping up and says so. */
const MAX_QUEUE = 20_000;

interface Waiting {
  readonly append: PendingAppend;
  readonly characters: number;
  readonly deadline: number;
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

export interface AppenderOptions {
  readonly connection: ConnectionSettings;
  /** How long an append may wait for an unreachable store before it is refused (ms). */
  readonly patienceMs: number;
  /** Called after each commit with what was stored. */
  readonly onCommitted: (places: readonly PlacedEvent[], recordedAt: string) => void;
}

/** A batch that did not come through at the first try. */
interface Failed {
  readonly batch: readonly Waiting[];
  readonly error: unknown;
}

/**
 * The one serialized append path. Whatever waits goes together into one transaction; two transactions may be on their way, so that one is
 * prepared while the server writes the other. The server runs them in the order in which they were sent. What does not come through at the
 * first try waits until nothing is on its way and is then looked at alone.
 */
export class GroupCommitAppender {
  readonly #options: AppenderOptions;
  #queue: Waiting[] = [];
  readonly #failed: Failed[] = [];
  /** Appends on their way, and in how many transactions. */
  #sent = 0;
  #transactions = 0;
  /** Memory of transactions that are not on their way. */
  readonly #writers: RowWriter[] = [];
  readonly #connection: AppendConnection;
  /** Where the log will be after everything that is on its way; unknown until a batch has looked. */
  #head: LogHead | undefined;
  /** Batches to come that do not assume to know the head: somebody else appends to this log too. */
  #shared = 0;
  #scheduled = false;
  /** Somebody works with the connection alone. */
  #alone = false;
  #idle: (() => void)[] = [];
  #closed = false;
  readonly #announcer = new Announcer(() => void this.#connection.client?.query(NOTIFY).catch(() => undefined));

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#connection = new AppendConnection(options.connection);
  }

  append({ stream, expected, events }: Omit<PendingAppend, 'written'>): Promise<AppendResult> {
    checkAppend(stream, events);
    const asWritten = events.map(written);
    let characters = 0;
    for (const { event, meta, data } of asWritten) {
      checkSize(Buffer.byteLength(data) + Buffer.byteLength(meta) + event.type.length);
      checkText(data);
      checkText(meta);
      characters += data.length + meta.length;
    }
    if (this.#closed) return Promise.reject(platformProblem('shutting-down'));
    if (this.#queue.length >= MAX_QUEUE) return Promise.reject(platformProblem('store-unavailable'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ append: { stream, expected, events, written: asWritten }, characters, deadline: Date.now() + this.#options.patienceMs, resolve, reject });
      this.#schedule();
    });
  }

  /** Everything that was accepted is committed or refused before this resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#busy()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    const { client } = this.#connection;
    if (this.#announcer.stop() && client) await this.#connection.inTime(client.query(NOTIFY)).catch(() => undefined);
    await this.#connection.drop();
  }

  /** Process id of the server's end of the connection: its notifications are this appender's own. */
  get backend(): number | undefined {
    return this.#connection.backend;
  }

  #busy(): boolean {
    return this.#scheduled || this.#alone || this.#transactions > 0 || this.#queue.length > 0 || this.#failed.length > 0;
  }

  /** After everything that is ready to run now, so that callers answered together append together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
      if (!this.#busy()) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }

  /** Sends what can be sent. Called after every append and every answer. */
  #pump(): void {
    if (this.#alone) return;
    const failed = this.#failed[0];
    if (failed) {
      if (this.#transactions === 0) this.#work(async () => this.#recover(this.#failed.shift() ?? failed));
      return;
    }
    while (this.#queue.length > 0 && this.#transactions < (this.#queue.length < MIN_SHARE ? 1 : MAX_TRANSACTIONS)) {
      const [client, head] = [this.#connection.client, this.#head];
      if (!client || !head || this.#shared > 0 || !isStraight(this.#peekBatch())) {
        if (this.#transactions === 0) this.#work(async () => this.#careful(this.#takeBatch()));
        return;
      }
      void this.#send(client, head, this.#takeBatch());
    }
  }

  #work(alone: () => Promise<void>): void {
    this.#alone = true;
    void alone().finally(() => {
      this.#alone = false;
      this.#schedule();
    });
  }

  async #send(client: pg.Client, from: LogHead, batch: readonly Waiting[]): Promise<void> {
    this.#sent += batch.length;
    this.#transactions += 1;
    const writer = this.#writers.pop() ?? new RowWriter();
    const plan = planStraight(batch.map((item) => item.append), from);
    this.#head = plan.head;
    try {
      await this.#connection.inTime(commitStraight(client, plan, { writer, announce: this.#announcer.due() }));
      this.#writers.push(writer);
      this.#answer(batch, plan);
    } catch (error) {
      this.#head = undefined;
      if (error instanceof NotStraight && error.headMoved) this.#shared = SHARED_BATCHES;
      this.#failed.push({ batch, error });
    } finally {
      this.#sent -= batch.length;
      this.#transactions -= 1;
      this.#schedule();
    }
  }

  /** Half of what waits and is on its way, so that both transactions carry about the same. */
  #peekBatch(): PendingAppend[] {
    return this.#queue.slice(0, this.#batchLength()).map((item) => item.append);
  }

  #batchLength(): number {
    const most = Math.min(MAX_BATCH, Math.max(MIN_SHARE, Math.ceil((this.#queue.length + this.#sent) / MAX_TRANSACTIONS)));
    let characters = 0;
    let count = 0;
    for (; count < this.#queue.length && count < most; count += 1) {
      characters += this.#queue[count]?.characters ?? 0;
      if (count > 0 && characters > MAX_BATCH_CHARACTERS) break;
    }
    return count;
  }

  #takeBatch(): Waiting[] {
    return this.#queue.splice(0, this.#batchLength());
  }

  async #recover({ batch, error }: Failed): Promise<void> {
    if (isDataError(error)) await this.#halve(batch, error);
    else if (error instanceof NotStraight) await this.#careful(batch);
    else await this.#resolve(batch);
  }

  /** Judges every append against what is stored. */
  async #careful(batch: readonly Waiting[]): Promise<void> {
    const client = await this.#connect(batch);
    if (!client) return;
    for (const { append } of batch) delete append.placedAt;
    this.#shared = Math.max(0, this.#shared - 1);
    this.#head = undefined;
    try {
      const outcome = await this.#connection.inTime(commitBatch(client, batch.map((item) => item.append)));
      this.#head = outcome.head;
      this.#answer(batch, outcome);
    } catch (error) {
      await this.#recover({ batch, error });
    }
  }

  #answer(batch: readonly Waiting[], { results, places, recordedAt }: BatchOutcome): void {
    if (places.length > 0) this.#options.onCommitted(places, recordedAt);
    for (const [index, waiting] of batch.entries()) {
      const result = results[index];
      if (result) waiting.resolve(result);
    }
  }

  /** The store refused data of somebody: only the guilty caller may see it. */
  async #halve(batch: readonly Waiting[], error: unknown): Promise<void> {
    const [only] = batch;
    if (only && batch.length === 1) {
      only.reject(platformProblem('event-refused', { reason: (error as Error).message }, { cause: error }));
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.#careful(batch.slice(0, middle));
    await this.#careful(batch.slice(middle));
  }

  /** The connection broke while the transaction was on its way: look before answering, repeat what did not take effect. */
  async #resolve(batch: readonly Waiting[]): Promise<void> {
    this.#dropConnection();
    const client = await this.#connect(batch, 'outcome-unknown');
    if (!client) return;
    const results = await this.#connection.inTime(resolveUnknown(client, batch.map((item) => item.append))).catch(() => undefined);
    if (!results) {
      this.#dropConnection();
      for (const waiting of batch) waiting.reject(platformProblem('outcome-unknown'));
      return;
    }
    const again: Waiting[] = [];
    for (const [index, waiting] of batch.entries()) {
      const result = results[index];
      if (result) waiting.resolve(result);
      else again.push(waiting);
    }
    this.#queue = [...again, ...this.#queue];
  }

  /** A connection, or undefined after everybody in the batch was told that the store cannot be reached. */
  async #connect(batch: readonly Waiting[], code: 'store-unavailable' | 'outcome-unknown' = 'store-unavailable'): Promise<pg.Client | undefined> {
    try {
      return await this.#connection.open(Math.max(...batch.map((item) => item.deadline)));
    } catch (cause) {
      for (const waiting of batch) waiting.reject(platformProblem(code, {}, { cause }));
      return undefined;
    }
  }

  /** Whatever is on its way has an unknown outcome. */
  #dropConnection(): void {
    this.#head = undefined;
    void this.#connection.drop();
  }
}

/** Classes 22 (data), 23 (constraint) and 54 (limits) are somebody's data; everything else is the connection or the server. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(?:22|23|54)/u.test(code);
}
