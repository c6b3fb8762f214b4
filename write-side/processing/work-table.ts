import type pg from 'pg';
import { toCorrelationId, toInvoiceId, toSha256, type CorrelationId, type InvoiceId, type Sha256 } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import { readCheckpoint } from './checkpoint.js';

/** What an attempt still has to do: `fetch` only for files that lie elsewhere. */
export type Step = 'fetch' | 'judge';

export interface WorkItem {
  readonly invoice: InvoiceId;
  readonly attempt: number;
  readonly step: Step;
  readonly dueAt: Date;
  readonly retries: number;
  readonly firstFailedAt: Date | null;
  /** Set once the file was fetched: it is not fetched twice in one attempt. */
  readonly fetched: Sha256 | null;
  readonly correlationId: CorrelationId;
  readonly traceparent: string | null;
}

export const workKey = ({ invoice, attempt }: Pick<WorkItem, 'invoice' | 'attempt'>): string => `${invoice}/${attempt}`;

const NAME = 'invoices';
const COLUMNS = 'invoice, attempt, step, due_at, retries, first_failed_at, fetched_sha256, correlation_id, traceparent';

interface Row {
  invoice: string;
  attempt: number;
  step: Step;
  due_at: Date;
  retries: number;
  first_failed_at: Date | null;
  fetched_sha256: string | null;
  correlation_id: string;
  traceparent: string | null;
}

const toItem = (row: Row): WorkItem => ({
  invoice: toInvoiceId(row.invoice), attempt: row.attempt, step: row.step, dueAt: row.due_at, retries: row.retries, firstFailedAt: row.first_failed_at,
  fetched: row.fetched_sha256 === null ? null : toSha256(row.fetched_sha256), correlationId: toCorrelationId(row.correlation_id), traceparent: row.traceparent,
});

/** The processor's work items and its place in the log, moved in one transaction: a slow host holds an item, never the checkpoint. */
export class WorkTable {
  constructor(private readonly pool: pg.Pool) {}

  /** Where the processor goes on. @throws Problem log-diverged when the checkpoint is of another log */
  checkpoint(logId: string): Promise<Position> {
    return readCheckpoint(this.pool, NAME, logId);
  }

  /** New items and the checkpoint together; an item that exists stays as it is. @returns keys of those that were new */
  async accept(items: readonly WorkItem[], logId: string, position: Position): Promise<ReadonlySet<string>> {
    const of = (pick: (item: WorkItem) => unknown): unknown[] => items.map(pick);
    const { rows } = await this.pool.query<{ invoice: string; attempt: number }>({
      name: 'accept-work',
      text: `WITH taken AS (
          INSERT INTO work_item (invoice, attempt, step, due_at, correlation_id, traceparent)
          SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[]) ON CONFLICT DO NOTHING RETURNING invoice, attempt
        ), moved AS (
          INSERT INTO processor_checkpoint (name, log_id, position) VALUES ($7, $8, $9) ON CONFLICT (name) DO UPDATE SET position = excluded.position
        )
        SELECT invoice, attempt FROM taken`,
      values: [
        of((item) => item.invoice), of((item) => item.attempt), of((item) => item.step), of((item) => item.dueAt), of((item) => item.correlationId), of((item) => item.traceparent),
        NAME, logId, position,
      ],
    });
    return new Set(rows.map(({ invoice, attempt }) => workKey({ invoice: toInvoiceId(invoice), attempt })));
  }

  /** The items that are due first, at most `limit`, leaving out those that are being worked on. */
  async due(limit: number, running: readonly string[]): Promise<readonly WorkItem[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'due-work',
      text: `SELECT ${COLUMNS} FROM work_item WHERE due_at <= now() AND NOT (invoice || '/' || attempt = ANY($2::text[])) ORDER BY due_at LIMIT $1`,
      values: [limit, running],
    });
    return rows.map(toItem);
  }

  /** When the next item that is not due yet will be; null when there is none. */
  async nextDue(): Promise<Date | null> {
    const { rows } = await this.pool.query<{ due: Date | null }>('SELECT min(due_at) AS due FROM work_item WHERE due_at > now()');
    return rows[0]?.due ?? null;
  }

  async fetched({ invoice, attempt }: WorkItem, sha256: Sha256): Promise<void> {
    await this.pool.query(`UPDATE work_item SET step = 'judge', fetched_sha256 = $3 WHERE invoice = $1 AND attempt = $2`, [invoice, attempt, sha256]);
  }

  async postpone({ invoice, attempt, retries, firstFailedAt }: WorkItem, dueAt: Date): Promise<void> {
    await this.pool.query('UPDATE work_item SET due_at = $3, retries = $4, first_failed_at = $5 WHERE invoice = $1 AND attempt = $2', [invoice, attempt, dueAt, retries + 1, firstFailedAt ?? new Date()]);
  }

  async finish(items: readonly WorkItem[]): Promise<void> {
    await this.pool.query({
      name: 'finish-work',
      text: 'DELETE FROM work_item USING unnest($1::uuid[], $2::int[]) AS done(invoice, attempt) WHERE work_item.invoice = done.invoice AND work_item.attempt = done.attempt',
      values: [items.map((item) => item.invoice), items.map((item) => item.attempt)],
    });
  }

  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>('SELECT count(*) FROM work_item');
    return Number(rows[0]?.count ?? 0);
  }
}
