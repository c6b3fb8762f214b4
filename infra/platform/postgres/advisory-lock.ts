import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** Names that are held by this process alone, for as long as their connection lives. */
export interface Hold {
  /** Aborts when the connection is lost, and the names with it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes the names for this process, all or none; undefined while another one has one of them. A process that dies gives them back with its connection. */
export async function tryHold(settings: ConnectionSettings, ...names: readonly string[]): Promise<Hold | undefined> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 3_000, keepAlive: true, application_name: 'folio-hold' });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>('SELECT coalesce(bool_and(pg_try_advisory_lock(hashtextextended(name, 0))), true) AS held FROM unnest($1::text[]) AS wanted(name)', [names]);
    if (rows[0]?.held) return { lost: lost.signal, release: () => client.end() };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return undefined;
}
