import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** A name that is held by this process alone, for as long as its connection lives. */
export interface Hold {
  /** Aborts when the connection is lost, and the name with it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes the name for this process; undefined while another one has it. A process that dies gives it back with its connection. */
export async function tryHold(settings: ConnectionSettings, name: string): Promise<Hold | undefined> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 3_000, keepAlive: true, application_name: 'folio-hold' });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [name]);
    if (rows[0]?.held) return { lost: lost.signal, release: () => client.end() };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return undefined;
}
