import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { whileLogStands } from '../event-store/postgres/freeze.js';
import { EVENT_STORE_TABLES } from '../event-store/postgres/schema.js';
import { CopyConnection, lastKey, type RowsPart, type TableForm } from './copy-connection.js';
import { BACKUP_LIMITS, type DatabaseFacts, type Manifest, type TableFacts } from './manifest.js';
import { rowsName } from './names.js';
import type { BackupWriter } from './writer.js';

export interface SnapshotSources {
  /** The log in Postgres: its owner reads all of it, the appender's lock makes it stand. */
  readonly log: { readonly owner: ConnectionSettings; readonly append: ConnectionSettings };
  /** A database that follows the log, and its tables. */
  readonly write: { readonly settings: ConnectionSettings; readonly tables: readonly string[] };
}

/** What a snapshot wrote, for the manifest. */
export type SnapshotFacts = Pick<Manifest, 'takenAt' | 'log' | 'databases'>;

/** The table of events: facts that never change once they are there. */
const EVENT = 'event';
const EVENT_KEY = 'position';
const NAME = 'folio-backup';

interface Taken {
  readonly form: TableForm;
  readonly parts: readonly RowsPart[];
}

interface Instant {
  readonly takenAt: string;
  readonly log: Pick<Manifest['log'], 'id' | 'head'>;
  readonly logMigrations: readonly number[];
  readonly writeMigrations: readonly number[];
  /** Of the log, all but the events: a row or so. */
  readonly small: readonly Taken[];
}

/**
 * Log and write side as they were at one instant, while both go on. The instant is one at which the log stands: were the write side seen later, it would
 * miss a credential that the log still names, and its processor would have passed events that the restored log never had.
 *
 * Only the write side is held as it was, in one transaction that ends with its last row. Events up to the head never change, so they are read in pages of
 * short transactions: a snapshot held for an hour would keep every version of the log's head row alive, and appends would wade through them.
 */
export class Snapshot {
  private constructor(
    private readonly sources: SnapshotSources, private readonly log: CopyConnection, private readonly write: CopyConnection, private readonly instant: Instant,
  ) {}

  /** @throws Problem store-unavailable */
  static async open(sources: SnapshotSources): Promise<Snapshot> {
    const opened: CopyConnection[] = [];
    const open = async (settings: ConnectionSettings): Promise<CopyConnection> => {
      const connection = await available(() => CopyConnection.open(settings, NAME));
      opened.push(connection);
      return connection;
    };
    try {
      const [log, write] = [await open(sources.log.owner), await open(sources.write.settings)];
      const instant = await available(async () => {
        const [logMigrations, writeMigrations] = await whileLogStands(sources.log.append, () => Promise.all([log.snapshot(), write.snapshot()]));
        const takenAt = new Date().toISOString();
        const small = await takeSmall(log);
        const { rows: [head] } = await log.client.query<{ log_id: string; position: string }>('SELECT log_id, position FROM log_head');
        await log.end();
        if (!head) throw new Error('the log has no head');
        return { takenAt, log: { id: head.log_id, head: head.position }, logMigrations, writeMigrations, small };
      });
      return new Snapshot(sources, log, write, instant);
    } catch (error) {
      for (const connection of opened) connection.destroy();
      throw error;
    }
  }

  get head(): string {
    return this.instant.log.head;
  }

  /**
   * Writes every row of both databases; once.
   * @param inTime runs what may not take longer than the snapshot may be held
   * @throws Problem store-unavailable; whatever the writer was aborted with
   */
  async writeTo(writer: BackupWriter, inTime: <Result>(work: Promise<Result>) => Promise<Result>): Promise<SnapshotFacts> {
    const { takenAt, log, small, logMigrations, writeMigrations } = this.instant;
    const logTables: TableFacts[] = [];
    for (const { form, parts } of small) logTables.push(await writeTable(writer, 'log', form, parts));
    const writeTables = await inTime(this.#writeSide(writer));
    const [form] = await available(() => this.log.forms([EVENT]));
    if (!form) throw new Error('the log has no table of events');
    const keyFirst = { name: form.name, columns: [EVENT_KEY, ...form.columns.filter((column) => column !== EVENT_KEY)] };
    const events = await writeTable(writer, 'log', keyFirst, this.#events(keyFirst));
    // A release that migrates the log while it is read would change the form of rows in the middle.
    if (String(await available(() => this.log.migrations())) !== String(logMigrations)) throw platformProblem('backup-impossible', { reason: 'the log was migrated to another release meanwhile; take it again' });
    // The objects may take hours: the servers have done their part.
    await Promise.all([this.log.close(), this.write.close()]);
    return {
      takenAt, log: { ...log, events: events.rows },
      databases: { log: { migrations: [...logMigrations], tables: [...logTables, events] }, write: { migrations: [...writeMigrations], tables: writeTables } },
    };
  }

  async #writeSide(writer: BackupWriter): Promise<DatabaseFacts['tables']> {
    const tables: TableFacts[] = [];
    for (const form of await available(() => this.write.forms(this.sources.write.tables))) tables.push(await writeTable(writer, 'write', form, this.write.rows(form)));
    await available(() => this.write.end());
    return tables;
  }

  async *#events(form: TableForm): AsyncIterable<RowsPart> {
    const { head } = this.instant.log;
    for (let after: string | undefined, rows = Number.POSITIVE_INFINITY; rows >= BACKUP_LIMITS.pageRows;) {
      rows = 0;
      for await (const part of this.log.page(form, { key: EVENT_KEY, after, upTo: head, limit: BACKUP_LIMITS.pageRows })) {
        after = lastKey(part);
        rows += part.rows;
        yield part;
      }
    }
  }

  /** Cuts both connections: nothing of the snapshot stays open on the servers. */
  destroy(): void {
    this.log.destroy();
    this.write.destroy();
  }
}

async function takeSmall(log: CopyConnection): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  for (const form of await log.forms(EVENT_STORE_TABLES.filter((name) => name !== EVENT))) {
    const parts: RowsPart[] = [];
    for await (const part of log.rows(form)) parts.push(part);
    taken.push({ form, parts });
  }
  return taken;
}

async function writeTable(writer: BackupWriter, database: string, { name, columns }: TableForm, parts: Iterable<RowsPart> | AsyncIterable<RowsPart>): Promise<TableFacts> {
  let [number, rows] = [0, 0];
  for await (const part of reading(parts)) {
    number += 1;
    rows += part.rows;
    await writer.add(rowsName(database, name, number), part.bytes, part.rows);
  }
  return { name, columns: [...columns], rows };
}

/** A database that fails while rows are read is told as that; what the writer throws inside the loop passes by. */
async function* reading(parts: Iterable<RowsPart> | AsyncIterable<RowsPart>): AsyncIterable<RowsPart> {
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  try {
    for (;;) {
      const next = await available(async () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Without waiting: a COPY that is left in the middle ends when its connection is cut.
    void iterator.return?.();
  }
}

async function available<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? error : platformProblem('store-unavailable', {}, { cause: error });
  }
}
