import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { TEXT_TYPES } from '../postgres/pool.js';

export interface Statement {
  /** Prepared once per connection under this name; absent: sent as it is. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The engine itself ends a statement that takes longer (ms). */
const STATEMENT_MS = 60_000;
/** An engine that owes an answer for so long is gone without having closed its connections (ms). */
const SILENT_MS = STATEMENT_MS + 5_000;
const LOOK_MS = 500;

export type TextRow = (string | null)[];

/**
 * One connection of a writer: statements are pipelined, so that a whole transaction is one round trip.
 *
 * It commits with `synchronous_commit = off`: rows and checkpoint are one transaction, so what a crash takes back is taken back
 * together and read again from the log. Nothing else may be written through it.
 */
export class WriterConnection {
  readonly #settings: ConnectionSettings;
  readonly #name: string;
  #client: Promise<pg.Client> | undefined;
  /** Inside `holding`: another connection would know nothing of the transaction. */
  #holding = false;
  readonly #silentMs: number;
  #owed = 0;
  #owedSince = 0;

  constructor(settings: ConnectionSettings, name: string, { silentMs = SILENT_MS }: { readonly silentMs?: number | undefined } = {}) {
    this.#settings = settings;
    this.#name = name;
    this.#silentMs = silentMs;
  }

  async #connected(): Promise<pg.Client> {
    if (this.#holding && !this.#client) throw new Error('the connection was lost inside a transaction');
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const options = '-c synchronous_commit=off -c jit=off';
    const client = new pg.Client({
      ...this.#settings, pipeline: true, connectionTimeoutMillis: 3_000, statement_timeout: STATEMENT_MS, application_name: this.#name, types: TEXT_TYPES, options,
    });
    const forget = (): void => void (this.#client = undefined);
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    const watch = setInterval(() => {
      if (this.#owed > 0 && performance.now() - this.#owedSince > this.#silentMs) cut(client);
    }, LOOK_MS);
    watch.unref();
    client.on('end', () => clearInterval(watch));
    return client;
  }

  async rows(statement: Statement): Promise<TextRow[]> {
    return this.#send(await this.#connected(), statement);
  }

  async #send(client: pg.Client, { name, text, values = [] }: Statement): Promise<TextRow[]> {
    if (this.#owed === 0) this.#owedSince = performance.now();
    this.#owed += 1;
    try {
      const result = await client.query<TextRow>({ ...(name !== undefined && { name }), text, values: [...values], rowMode: 'array' });
      return result.rows;
    } finally {
      this.#owed -= 1;
      this.#owedSince = performance.now();
    }
  }

  /** All or nothing, in one round trip. The first error is thrown; the end of the transaction then was a rollback. */
  async transaction(statements: readonly Statement[]): Promise<TextRow[][]> {
    const client = await this.#connected();
    const all = [{ text: 'BEGIN' }, ...statements, { text: 'COMMIT' }].map((statement) => this.#send(client, statement));
    const settled = await Promise.allSettled(all);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return settled.slice(1, -1).map((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  /** A transaction that reads before it knows what to write: all of it, or nothing when `work` fails or the connection is lost. */
  async holding<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.rows({ text: 'BEGIN' });
    this.#holding = true;
    try {
      const result = await work();
      await this.rows({ text: 'COMMIT' });
      return result;
    } catch (error) {
      await this.rows({ text: 'ROLLBACK' }).catch(() => undefined);
      throw error;
    } finally {
      this.#holding = false;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    if (client) await ended(client);
  }
}

/** Whoever waits for an answer is told that the connection is lost. */
const cut = (client: pg.Client): void => void (client as pg.Client & { readonly connection: pg.Connection }).connection.stream.destroy();

const GOODBYE_MS = 2_000;

/** Says goodbye; an engine that does not hear it any more is not waited for. */
export async function ended(client: pg.Client): Promise<void> {
  const late = setTimeout(() => cut(client), GOODBYE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(late);
}

/** SQLSTATE of an error of the engine; undefined for a lost connection and for anything else. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/u.test(code) ? code : undefined;
}

export const isDiskFull = (error: unknown): boolean => sqlState(error) === '53100';

/** The data itself is at fault: data exceptions (22) and broken constraints (23). Repeating it cannot help. */
export const isDataFault = (error: unknown): boolean => /^2[23]/u.test(sqlState(error) ?? '');
