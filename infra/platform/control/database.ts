import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

export type Query = <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Connections of one process to the control database: leases, pointer, generations. Small and rarely used. */
const MAX_CONNECTIONS = 3;

export class ControlDatabase {
  readonly #pool: pg.Pool;

  constructor(settings: ConnectionSettings) {
    this.#pool = new pg.Pool({ ...settings, max: MAX_CONNECTIONS, connectionTimeoutMillis: 3_000, statement_timeout: 10_000, application_name: 'folio-control' });
    this.#pool.on('error', () => undefined);
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }

  /** All or nothing; the connection goes back to the pool either way. */
  async transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // A connection whose rollback fails as well is of no more use.
      const broken = await client.query('ROLLBACK').then(() => false, () => true);
      client.release(broken);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
