import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { TEXT_TYPES } from './shards.js';

export interface Statement {
  /** Prepared once per connection under this name; absent: sent as it is. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

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

  constructor(settings: ConnectionSettings, name: string) {
    this.#settings = settings;
    this.#name = name;
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
      ...this.#settings, pipeline: true, connectionTimeoutMillis: 3_000, statement_timeout: 60_000, application_name: this.#name, types: TEXT_TYPES, options,
    });
    const forget = (): void => void (this.#client = undefined);
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    return client;
  }

  async rows(statement: Statement): Promise<TextRow[]> {
    return this.#send(await this.#connected(), statement);
  }

  async #send(client: pg.Client, { name, text, values = [] }: Statement): Promise<TextRow[]> {
    const result = await client.query<TextRow>({ ...(name !== undefined && { name }), text, values: [...values], rowMode: 'array' });
    return result.rows;
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
    await client?.end().catch(() => undefined);
  }
}

/** SQLSTATE of an error of the engine; undefined for a lost connection and for anything else. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/u.test(code) ? code : undefined;
}

/** The data itself is at fault: data exceptions (22) and broken constraints (23). Repeating it cannot help. */
export const isDataFault = (error: unknown): boolean => /^2[23]/u.test(sqlState(error) ?? '');
