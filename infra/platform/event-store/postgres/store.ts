import type pg from 'pg';
import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';
import { openPool, TEXT_TYPES } from '../../postgres/pool.js';
import { Bell } from '../../wake.js';
import { EVENT_STORE_LIMITS, type AppendResult, type EventStore, type ExpectedRevision, type LogFilter, type LogPage, type LogStatus, type ReadStreamOptions, type SubscribeOptions } from '../port.js';
import { followLog } from '../subscribe.js';
import { GroupCommitAppender } from './appender.js';
import { LogListener } from './listener.js';
import { COLUMNS, toEnvelope, toStored, type EventRow, type PlacedEvent } from './rows.js';
import { LogTail } from './tail.js';

/** A page of the log, or of a stream, takes milliseconds. */
const STATEMENT_MS = 15_000;

export interface PostgresEventStoreOptions {
  /** As `folio_append`; absent: a store that can only read (rebuilds, queries). */
  readonly append?: ConnectionSettings;
  /** As `folio_log_reader`. */
  readonly read: ConnectionSettings;
  /** Connections for reading (default 6). */
  readonly readers?: number;
  /** How long an append waits for an unreachable database (ms, default 3,000). */
  readonly patienceMs?: number;
}

/** The log in Postgres: one serialized group-commit path in, keyset pages out, NOTIFY plus poll for what is new. */
export class PostgresEventStore implements EventStore {
  readonly #pool: pg.Pool;
  readonly #appender: GroupCommitAppender | undefined;
  readonly #bell = new Bell();
  readonly #listener: LogListener;
  readonly #tail = new LogTail();
  /** As it was read last. */
  #head = ORIGIN;

  constructor({ append, read, readers = 6, patienceMs = 3_000 }: PostgresEventStoreOptions) {
    this.#pool = openPool(read, { name: 'folio-log-read', connections: readers, statementMs: STATEMENT_MS, types: TEXT_TYPES });
    this.#appender = append && new GroupCommitAppender({ connection: append, patienceMs, onCommitted: (places, recordedAt) => this.#committed(places, recordedAt) });
    this.#listener = new LogListener(read, this.#bell, (backend) => backend === this.#appender?.backend);
  }

  #committed(places: readonly PlacedEvent[], recordedAt: string): void {
    this.#tail.add(() => ({ events: places.map((place) => toStored(place, recordedAt)), sizes: places.map((place) => place.data.length) }));
    this.#bell.ring();
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    if (!this.#appender) throw platformProblem('event-refused', { reason: 'this store was opened for reading only' });
    return this.#appender.append({ stream, expected, events });
  }

  async readStream(stream: StreamId, options: ReadStreamOptions = {}): Promise<readonly Envelope[]> {
    const { direction = 'forwards', from, limit = EVENT_STORE_LIMITS.defaultStreamPage } = options;
    const forwards = direction === 'forwards';
    const rows = await this.#rows({
      name: `stream-${direction}`,
      text: `SELECT ${COLUMNS} FROM event WHERE stream = $1 AND revision ${forwards ? '>=' : '<='} $2 ORDER BY revision ${forwards ? 'ASC' : 'DESC'} LIMIT $3`,
      values: [stream, from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER), limit],
    });
    return rows.map(toEnvelope);
  }

  async readAll(after: Position, options: { filter?: LogFilter; limit?: number } = {}): Promise<LogPage> {
    const { filter, limit = EVENT_STORE_LIMITS.defaultPage } = options;
    return this.#tail.page(after, filter, limit) ?? this.#readPage(after, filter, limit);
  }

  /**
   * Bounded by a head that was read before: everything at or before it is committed and visible. While whole pages lie before the head that is known
   * from earlier nothing else is asked (positions are dense); otherwise the log may have grown, or gone back to an older backup, and its head is asked for.
   */
  async #readPage(after: Position, filter: LogFilter | undefined, limit: number): Promise<LogPage> {
    const known = this.#head;
    if (BigInt(known) - BigInt(after) < limit) return this.#readUpTo(await this.#askHead(), after, filter, limit);
    const page = await this.#readUpTo(known, after, filter, limit);
    if (!page.atHead) return page;
    const head = await this.#askHead();
    return head === known ? page : this.#readUpTo(head, after, filter, limit);
  }

  async #askHead(): Promise<Position> {
    const [row] = await this.#rows({ name: 'head', text: 'SELECT position FROM log_head', values: [] });
    return (this.#head = toPosition(row?.[0] ?? '0'));
  }

  async #readUpTo(head: Position, after: Position, filter: LogFilter | undefined, limit: number): Promise<LogPage> {
    if (!isAfter(head, after)) return { events: [], scannedTo: after, atHead: true };
    const { key, where, values } = conditions(filter, 4);
    const rows = await this.#rows({
      name: `page-${key}`,
      text: `SELECT ${COLUMNS} FROM event WHERE position > $1 AND position <= $2${where} ORDER BY position LIMIT $3`,
      values: [after, head, limit, ...values],
    });
    const events = rows.map(toEnvelope);
    const last = events.at(-1);
    const full = events.length === limit && last !== undefined;
    return { events, scannedTo: full ? last.position : head, atHead: !full };
  }

  subscribe(options: SubscribeOptions): AsyncIterable<LogPage> {
    const { filter } = options;
    return followLog((after, limit) => this.readAll(after, { ...(filter && { filter }), limit }), this.#bell, options);
  }

  async status(after?: Position, filter?: LogFilter): Promise<LogStatus> {
    if (after === undefined) {
      const [row] = await this.#rows({ name: 'log-head', text: 'SELECT log_id, position FROM log_head', values: [] });
      return { logId: row?.[0] ?? '', head: toPosition(row?.[1] ?? '0'), behind: null };
    }
    const { key, where, values } = conditions(filter, 3);
    const [row] = await this.#rows({
      name: `status-${key}`,
      text: `SELECT log_id, position, (SELECT count(*) FROM (SELECT 1 FROM event WHERE position > $1${where} LIMIT $2) AS counted) FROM log_head`,
      values: [after, EVENT_STORE_LIMITS.behindCountLimit, ...values],
    });
    return { logId: row?.[0] ?? '', head: toPosition(row?.[1] ?? '0'), behind: Number(row?.[2] ?? 0) };
  }

  async #rows(query: { name: string; text: string; values: unknown[] }): Promise<EventRow[]> {
    try {
      const result = await this.#pool.query<(string | null)[]>({ ...query, rowMode: 'array' });
      return result.rows;
    } catch (error) {
      throw platformProblem('store-unavailable', {}, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#appender?.close();
    await this.#listener.close();
    await this.#pool.end();
  }
}

/** The filter as SQL, its parameters numbered from `next`. Each prefix is a parameter of its own: a list of them would be opened anew for every event. */
function conditions({ types, typePrefixes, streamPrefixes }: LogFilter = {}, next: number): { key: string; where: string; values: unknown[] } {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${next + values.push(value) - 1}`;
  const beginsWith = (column: string, prefixes: readonly string[]): string => `(${['false', ...prefixes.map((prefix) => `starts_with(${column}, ${parameter(prefix)})`)].join(' OR ')})`;
  const parts = [
    ...(types ? [`type = ANY(${parameter([...types])}::text[])`] : []),
    ...(typePrefixes ? [beginsWith('type', typePrefixes)] : []),
    ...(streamPrefixes ? [beginsWith('stream', streamPrefixes)] : []),
  ];
  return { key: [types ? 't' : '', typePrefixes?.length ?? '', streamPrefixes?.length ?? ''].join('-'), where: parts.map((part) => ` AND ${part}`).join(''), values };
}
