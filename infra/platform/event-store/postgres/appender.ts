import pg from 'pg';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';
import { checkAppend, checkSize } from '../judge.js';
import type { AppendResult } from '../port.js';
import { commitBatch, commitStraight, isStraight, NotStraight, resolveUnknown, type BatchOutcome, type PendingAppend } from './batch.js';

/** Appends in one transaction, and characters of JSON in it. */
const MAX_BATCH = 512;
const MAX_BATCH_CHARACTERS = 8_000_000;
/** Appends that may wait; beyond it the store is not keeping up and says so. */
const MAX_QUEUE = 20_000;

/** A transaction that is not answered within this time (ms) has an unknown outcome; the connection is given up and the outcome looked up. */
const ANSWER_MS = 4_000;

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
  readonly onCommitted: (stored: readonly Envelope[], sizes: readonly number[]) => void;
}

/** The one serialized append path: whatever waits while a transaction runs goes together into the next. */
export class GroupCommitAppender {
  readonly #options: AppenderOptions;
  #queue: Waiting[] = [];
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  append(append: Omit<PendingAppend, 'json'>): Promise<AppendResult> {
    checkAppend(append.stream, append.events);
    const json = append.events.map((event) => JSON.stringify(event.data));
    for (const [index, event] of append.events.entries()) checkSize(Buffer.byteLength(json[index] ?? '') + metadataBytes(event));
    if (this.#closed) return Promise.reject(platformProblem('shutting-down'));
    if (this.#queue.length >= MAX_QUEUE) return Promise.reject(platformProblem('store-unavailable'));
    return new Promise((resolve, reject) => {
      const characters = json.reduce((sum, text) => sum + text.length, 0);
      this.#queue.push({ append: { ...append, json }, characters, deadline: Date.now() + this.#options.patienceMs, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Everything that was accepted is committed or refused before this resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#client?.end().catch(() => undefined);
  }

  async #drain(): Promise<void> {
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commit(this.#takeBatch());
    this.#running = undefined;
  }

  #takeBatch(): Waiting[] {
    let characters = 0;
    let count = 0;
    for (; count < this.#queue.length && count < MAX_BATCH; count += 1) {
      characters += this.#queue[count]?.characters ?? 0;
      if (count > 0 && characters > MAX_BATCH_CHARACTERS) break;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const client = await this.#connect(batch);
    if (!client) return;
    try {
      this.#answer(batch, await this.#write(client, batch.map((item) => item.append)));
    } catch (error) {
      if (isDataError(error)) await this.#halve(batch, error);
      else await this.#resolve(batch);
    }
  }

  /** The short way for what it can carry, otherwise (and when it did not come through) the careful one. */
  async #write(client: pg.Client, batch: readonly PendingAppend[]): Promise<BatchOutcome> {
    if (!isStraight(batch)) return commitBatch(client, batch);
    try {
      return await commitStraight(client, batch);
    } catch (error) {
      if (!(error instanceof NotStraight)) throw error;
      for (const item of batch) delete item.placedAt;
      return commitBatch(client, batch);
    }
  }

  #answer(batch: readonly Waiting[], { results, stored, sizes }: BatchOutcome): void {
    if (stored.length > 0) this.#options.onCommitted(stored, sizes);
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
    await this.#commit(batch.slice(0, middle));
    await this.#commit(batch.slice(middle));
  }

  /** The connection broke while the transaction was on its way: look before answering, repeat what did not take effect. */
  async #resolve(batch: readonly Waiting[]): Promise<void> {
    this.#dropClient();
    const client = await this.#connect(batch, 'outcome-unknown');
    if (!client) return;
    const results = await resolveUnknown(client, batch.map((item) => item.append)).catch(() => undefined);
    if (!results) {
      this.#dropClient();
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

  #dropClient(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
  }

  /** A connection, or undefined after everybody in the batch was told that the store cannot be reached. */
  async #connect(batch: readonly Waiting[], code: 'store-unavailable' | 'outcome-unknown' = 'store-unavailable'): Promise<pg.Client | undefined> {
    const deadline = Math.max(...batch.map((item) => item.deadline));
    let cause: unknown;
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      if (this.#client) return this.#client;
      try {
        this.#client = await this.#open();
      } catch (error) {
        cause = error;
        if (Date.now() + wait > deadline) break;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    for (const waiting of batch) waiting.reject(platformProblem(code, {}, { cause }));
    return undefined;
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options.connection, pipeline: true, connectionTimeoutMillis: 2_000, query_timeout: ANSWER_MS, application_name: 'folio-append', types: TEXT_TYPES } as pg.ClientConfig);
    const forget = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    return client;
  }
}

/** All columns arrive as text; the store parses what it needs itself. */
export const TEXT_TYPES: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

const metadataBytes = (event: { readonly type: string; readonly shardKey: string; readonly correlationId: string; readonly actor: { readonly id: string } }): number =>
  400 + event.type.length + event.shardKey.length + event.correlationId.length + event.actor.id.length;

/** Classes 22 (data), 23 (constraint) and 54 (limits) are somebody's data; everything else is the connection or the server. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(?:22|23|54)/u.test(code);
}
