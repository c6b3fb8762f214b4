import { Socket } from 'node:net';
import pg from 'pg';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';
import { TEXT_TYPES } from '../../postgres/pool.js';

/** A transaction that is not answered within this time (ms) has an unknown outcome; the connection is given up and the outcome looked up. */
const ANSWER_MS = 4_000;

/** The appender's one connection, in pipeline mode: opened when it is needed, forgotten when it ends. */
export class AppendConnection {
  readonly #settings: ConnectionSettings;
  #client: pg.Client | undefined;
  #socket: Socket | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** Undefined: there is none now. */
  get client(): pg.Client | undefined {
    return this.#client;
  }

  /** Process id of the server's end. */
  get backend(): number | undefined {
    return (this.#client as { processID?: number } | undefined)?.processID;
  }

  /** The connection, opened again and again until the deadline (ms since the epoch). @throws the last cause */
  async open(deadline: number): Promise<pg.Client> {
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      if (this.#client) return this.#client;
      try {
        this.#client = await this.#connect();
      } catch (error) {
        if (Date.now() + wait > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /**
   * What is not answered in time never will be: the connection is cut, and everything on it fails. The driver's own limit would hang a
   * closure on every query, and the collector copies those (and the batches they hold) again and again.
   */
  async inTime<Result>(work: Promise<Result>): Promise<Result> {
    const socket = this.#socket;
    const timer = setTimeout(() => socket?.destroy(), ANSWER_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it; the next `open` makes a new one. */
  async drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const socket = new Socket();
    const client = new pg.Client({ ...this.#settings, stream: () => socket, pipeline: true, connectionTimeoutMillis: 2_000, application_name: 'folio-append', types: TEXT_TYPES, options: '-c plan_cache_mode=force_generic_plan' } as pg.ClientConfig);
    const forget = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    this.#socket = socket;
    return client;
  }
}
