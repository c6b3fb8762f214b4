import { sqlState, type WriterConnection } from './connection.js';
import type { TableSpec } from './table.js';

const YEARS_BACK = 10;
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])-01$/u;

/** Months at most this far from today have a partition of their own; every other date goes to the DEFAULT one. */
export function hasOwnPartition(month: string, today: Date): boolean {
  const at = (months: number): string => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
  return MONTH.test(month) && month >= at(-12 * YEARS_BACK) && month <= at(1);
}

function nextMonth(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/**
 * Makes partitions on demand, before the write that needs them. A partition is filled from nothing or attached to nothing: where the
 * DEFAULT partition has rows of the month already (it lay in the future then), the month stays there.
 */
export class Partitions {
  readonly #known = new Set<string>();
  readonly #connection: WriterConnection;

  constructor(connection: WriterConnection) {
    this.#connection = connection;
  }

  async ensure<Row>(schema: string, spec: TableSpec<Row>, months: Iterable<string>, today = new Date()): Promise<void> {
    if (spec.partitionBy === undefined) return;
    for (const month of months) {
      const partition = `${schema}.${spec.name}_${month.slice(0, 4)}${month.slice(5, 7)}`;
      if (this.#known.has(partition) || !hasOwnPartition(month, today)) continue;
      await this.#make(partition, `${schema}.${spec.name}`, month);
      this.#known.add(partition);
    }
  }

  async #make(partition: string, table: string, month: string): Promise<void> {
    // The lock of the name makes two workers wait for each other instead of one failing.
    const lock = { text: 'SELECT pg_advisory_xact_lock(hashtext($1))', values: [partition] };
    const create = { text: `CREATE TABLE IF NOT EXISTS ${partition} PARTITION OF ${table} FOR VALUES FROM ('${month}') TO ('${nextMonth(month)}')` };
    await this.#connection.transaction([{ text: "SET LOCAL lock_timeout = '5s'" }, lock, create]).catch((error: unknown) => {
      const rowsInDefault = sqlState(error) === '23514';
      if (!rowsInDefault) throw error;
    });
  }
}
