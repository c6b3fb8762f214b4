import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** Every value as the text that the engine sends. */
export const TEXT_TYPES: pg.CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => value };

/** A server that gives no connection within this time is away (ms). */
const CONNECT_MS = 3_000;
/** One that owes an answer for so much longer than a statement may take is gone without having closed its connections (ms). */
const GONE_MS = 5_000;

export interface PoolOptions {
  /** As the engine shows the connections. */
  readonly name: string;
  readonly connections: number;
  /** The engine itself ends a statement that takes longer (ms). */
  readonly statementMs: number;
  /** Who asked stops waiting after this time (ms; default: 5 s more than a statement may take). */
  readonly silentMs?: number | undefined;
  readonly types?: pg.CustomTypesConfig;
}

/** Connections to one database. Nothing that is asked through it waits for ever; connections that break while nobody uses them are replaced. */
export function openPool(settings: ConnectionSettings, { name, connections, statementMs, silentMs = statementMs + GONE_MS, types }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...settings, max: connections, connectionTimeoutMillis: CONNECT_MS, statement_timeout: statementMs, query_timeout: silentMs, application_name: name, ...(types && { types }) });
  pool.on('error', () => undefined);
  return pool;
}
