import pg from 'pg';
import { pause } from '../wake.js';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { tryHold, type Hold } from '../postgres/advisory-lock.js';
import { openPool } from '../postgres/pool.js';
import { inTransaction } from '../postgres/transaction.js';

export type Query = <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Connections of one process to the control database: leases, pointer, generations. Small and rarely used. */
const MAX_CONNECTIONS = 3;
const LISTEN_AGAIN_MS = 1_000;
const STATEMENT_MS = 10_000;

export class ControlDatabase {
  readonly #pool: pg.Pool;

  constructor(readonly settings: ConnectionSettings) {
    this.#pool = openPool(settings, { name: 'folio-control', connections: MAX_CONNECTIONS, statementMs: STATEMENT_MS });
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }

  /** All or nothing. */
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return inTransaction(this.#pool, (client) => work(async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows));
  }

  /** Takes the names for this process, all or none; undefined while another one has one of them. */
  tryHold(...names: readonly string[]): Promise<Hold | undefined> {
    return tryHold(this.settings, ...names);
  }

  /**
   * Rings at every notification of the channel, until the signal; after a lost connection once more, for what may have been missed. It only ever
   * saves time: whoever listens asks now and then all the same.
   */
  async listen(channel: string, ring: () => void, signal: AbortSignal): Promise<void> {
    if (!/^[a-z_]{1,40}$/u.test(channel)) throw new RangeError('not a channel');
    while (!signal.aborted) {
      const client = new pg.Client({ ...this.settings, connectionTimeoutMillis: 3_000, keepAlive: true, application_name: 'folio-listen' });
      const ended = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ring);
      try {
        await client.connect();
        await client.query(`LISTEN ${channel}`);
        ring();
        await ended;
      } catch {
        // Tried again below.
      }
      await client.end().catch(() => undefined);
      await pause(LISTEN_AGAIN_MS, signal);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
