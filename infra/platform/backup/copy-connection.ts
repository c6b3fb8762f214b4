import { Socket } from 'node:net';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { BACKUP_LIMITS } from './manifest.js';
import { newlinesIn } from './folder.js';

const CONNECT_MS = 5_000;
/** Text that reads the same everywhere, whatever the server or its database prefers; how long a reader may take is the business of its own limits. */
export const PLAIN_TEXT = "SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'hex'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
const NEWLINE = 0x0a;

export interface TableForm {
  readonly name: string;
  /** In the order of the table. */
  readonly columns: readonly string[];
}

/** Whole rows in the text form of COPY. */
export interface RowsPart {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** A page of rows in the order of a key that only grows, as its text. */
export interface Page {
  readonly key: string;
  /** Exclusive; undefined: from the first row. */
  readonly after: string | undefined;
  /** Inclusive. */
  readonly upTo: string;
  readonly limit: number;
}

/** A connection that rows are copied from. Unlike a client's own `end`, `destroy` works in the middle of a COPY that nobody reads. */
export class CopyConnection {
  private constructor(readonly client: pg.Client, private readonly socket: Socket) {}

  static async open(settings: ConnectionSettings, name: string): Promise<CopyConnection> {
    const socket = new Socket();
    const client = new pg.Client({ ...settings, stream: () => socket, connectionTimeoutMillis: CONNECT_MS, application_name: name });
    // A connection that is lost fails the query in hand; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    await client.query(PLAIN_TEXT);
    return new CopyConnection(client, socket);
  }

  /** From its first question on it sees the database as it was then, until `end`. @returns the numbers of the migrations that made it */
  async snapshot(): Promise<readonly number[]> {
    await this.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return this.migrations();
  }

  end(): Promise<unknown> {
    return this.client.query('COMMIT');
  }

  async migrations(): Promise<readonly number[]> {
    const { rows } = await this.client.query<{ number: number }>('SELECT number FROM schema_migration ORDER BY number');
    return rows.map(({ number }) => number);
  }

  /** The columns that hold data, of the tables of these names that exist. */
  async forms(names: readonly string[]): Promise<readonly TableForm[]> {
    const { rows } = await this.client.query<{ name: string; columns: string[] }>(
      `SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY($1::text[])
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        GROUP BY 1`,
      [[...names]],
    );
    return names.flatMap((name) => rows.filter((row) => row.name === name));
  }

  /** All rows of a table, cut into parts. */
  rows({ name, columns }: TableForm): AsyncIterable<RowsPart> {
    return this.#parts(`SELECT ${list(columns)} FROM ${pg.escapeIdentifier(name)}`);
  }

  /** Some rows of a table; the key is the first column of the form. */
  page({ name, columns }: TableForm, { key, after, upTo, limit }: Page): AsyncIterable<RowsPart> {
    const column = pg.escapeIdentifier(key);
    const from = after === undefined ? '' : `${column} > ${pg.escapeLiteral(after)} AND `;
    return this.#parts(`SELECT ${list(columns)} FROM ${pg.escapeIdentifier(name)} WHERE ${from}${column} <= ${pg.escapeLiteral(upTo)} ORDER BY ${column} LIMIT ${limit}`);
  }

  /** A newline ends a row and is in none: in this form a newline of a value is written as two characters. */
  async *#parts(select: string): AsyncIterable<RowsPart> {
    const copying = this.client.query(copyTo(`COPY (${select}) TO STDOUT`));
    // When the connection is cut while nobody reads, there is nobody left to tell.
    copying.on('error', () => undefined);
    let held: Buffer[] = [];
    let size = 0;
    for await (const chunk of copying as AsyncIterable<Buffer>) {
      held.push(chunk);
      size += chunk.length;
      if (size > BACKUP_LIMITS.rowBytes) throw new Error(`a row is larger than ${BACKUP_LIMITS.rowBytes} bytes`);
      if (size < BACKUP_LIMITS.partBytes || !chunk.includes(NEWLINE)) continue;
      const bytes = Buffer.concat(held);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      yield partOf(bytes.subarray(0, end));
      held = end === bytes.length ? [] : [Buffer.from(bytes.subarray(end))];
      size = bytes.length - end;
    }
    if (size > 0) yield partOf(Buffer.concat(held));
  }

  /** Cuts the connection: the server rolls back whatever it was doing. */
  destroy(): void {
    this.socket.destroy();
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

const partOf = (bytes: Buffer): RowsPart => ({ bytes, rows: newlinesIn(bytes) });

const list = (columns: readonly string[]): string => columns.map((column) => pg.escapeIdentifier(column)).join(', ');

/** The first column of the last row, as text. */
export function lastKey({ bytes }: RowsPart): string {
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  return bytes.toString('utf8', start, bytes.indexOf(0x09, start));
}
