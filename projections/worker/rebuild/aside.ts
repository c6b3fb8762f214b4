import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { ended } from '#platform/read-store/connection.js';
import { schemaOf } from '#platform/read-store/table.js';

/** Characters held before they go to the table. */
const BUFFER_CHARACTERS = 256_000;

/**
 * Events of streams whose row is written already: kept in a table of the new generation, on the first shard, in position order, for the live batch
 * path. A rebuild that was interrupted finds them again.
 */
export class Aside {
  readonly #table: string;
  readonly #settings: ConnectionSettings;
  #connected: Promise<pg.Client> | undefined;
  #created: Promise<unknown> | undefined;
  #buffer = '';
  count = 0;

  constructor(projection: string, generation: number, settings: ConnectionSettings) {
    this.#table = `${schemaOf(projection, generation)}.set_aside`;
    this.#settings = settings;
  }

  /** Of most rebuilds nothing is set aside: connected, and the table made, when something is. */
  async #client(): Promise<pg.Client> {
    const client = await (this.#connected ??= this.#connect());
    await (this.#created ??= client.query(`CREATE TABLE IF NOT EXISTS ${this.#table} (position bigint NOT NULL, event text NOT NULL)`));
    return client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#settings, application_name: 'folio-rebuild', options: '-c synchronous_commit=off -c jit=off' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Takes it up as it was at a position. Events may have been added already: they are written with the next flush. */
  async resume(from: Position): Promise<void> {
    const client = await this.#client();
    await client.query(`DELETE FROM ${this.#table} WHERE position > $1`, [from]);
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${this.#table}`);
    this.count += Number(rows[0]?.count ?? 0);
  }

  get needsFlush(): boolean {
    return this.#buffer.length >= BUFFER_CHARACTERS;
  }

  add(event: Envelope): void {
    this.#buffer += `${event.position}\t${JSON.stringify(event).replaceAll('\\', '\\\\')}\n`;
    this.count += 1;
  }

  async flush(): Promise<void> {
    if (this.#buffer === '') return;
    const client = await this.#client();
    const stream = client.query(copyFrom(`COPY ${this.#table} FROM STDIN`));
    stream.end(Buffer.from(this.#buffer));
    this.#buffer = '';
    await once(stream, 'finish');
  }

  async *batches(size: number): AsyncIterable<readonly Envelope[]> {
    await this.flush();
    const client = await this.#client();
    await client.query(`BEGIN; DECLARE set_aside CURSOR FOR SELECT event FROM ${this.#table} ORDER BY position`);
    for (let more = true; more;) {
      const { rows } = await client.query<{ event: string }>(`FETCH ${size} FROM set_aside`);
      more = rows.length === size;
      if (rows.length > 0) yield rows.map(({ event }) => JSON.parse(event) as Envelope);
    }
    await client.query('COMMIT');
  }

  /** Everything of it was applied. */
  async drop(): Promise<void> {
    if (this.#created) await (await this.#client()).query(`DROP TABLE ${this.#table}`);
  }

  async close(): Promise<void> {
    const client = await this.#connected?.catch(() => undefined);
    if (client) await ended(client);
  }
}
