import pg from 'pg';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';
import { pause, type Bell } from '../../wake.js';
import { LOG_CHANNEL } from './schema.js';

/**
 * Rings the bell on every NOTIFY of the log but this process's own, which rings by itself; connects again by itself. Losing it costs the poll
 * interval, never an event.
 */
export class LogListener {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #isOwn: (backend: number) => boolean;

  /** @param isOwn whether the server process is that of this process's appender */
  constructor(connection: ConnectionSettings, bell: Bell, isOwn: (backend: number) => boolean) {
    this.#isOwn = isOwn;
    this.#done = this.#run(connection, bell);
  }

  async #run(connection: ConnectionSettings, bell: Bell): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#listen(connection, bell, signal).catch(() => undefined);
      await pause(200, signal);
    }
  }

  async #listen(connection: ConnectionSettings, bell: Bell, signal: AbortSignal): Promise<void> {
    const client = new pg.Client({ ...connection, application_name: 'folio-listen', connectionTimeoutMillis: 2_000, keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ processId }) => {
      if (!this.#isOwn(processId)) bell.ring();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${LOG_CHANNEL}`);
      bell.ring();
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
