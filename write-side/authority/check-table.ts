import type pg from 'pg';
import { toInvoiceId, toSha256, type InvoiceId, type Sha256 } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import { readCheckpoint } from '../processing/checkpoint.js';
import type { CheckState } from './schedule.js';

/** An archived document that an authority can be asked about. */
export interface Askable {
  readonly invoice: InvoiceId;
  /** Of the original. */
  readonly sha256: Sha256;
  readonly archivedAt: Date;
}

export interface Check extends Askable, CheckState {
  /** How often a question about it was settled, in vain or not. */
  readonly settled: number;
}

interface Row {
  invoice: string;
  sha256: string;
  archived_at: Date;
  due_at: Date | null;
  settled: number;
  missing: number;
  failures: number;
  failed_since: Date | null;
}

const toCheck = ({ invoice, sha256, archived_at: archivedAt, due_at: dueAt, settled, missing, failures, failed_since: failedSince }: Row): Check =>
  ({ invoice: toInvoiceId(invoice), sha256: toSha256(sha256), archivedAt, dueAt, settled, missing, failures, failedSince });

const NAME = 'authority';
const COLUMNS = 'invoice, sha256, archived_at, due_at, wanted, settled, missing, failures, failed_since';
const DUE = `SELECT ${COLUMNS} FROM authority_check WHERE due_at <= $1 AND NOT (invoice = ANY($3::uuid[]))`;

/** Later than the moment that it was asked for, by more than what is lost between the clocks of Postgres and JavaScript. */
const WANTED_MEANWHILE = `coalesce(due_at > $2::timestamptz + interval '1 millisecond', due_at IS NULL)`;

/** Every question that is still to be asked, and how far the log has been looked at, in the write side's database. */
export class AuthorityChecks {
  constructor(private readonly pool: pg.Pool) {}

  /** @throws Problem log-diverged when the checkpoint is of another log */
  checkpoint(logId: string): Promise<Position> {
    return readCheckpoint(this.pool, NAME, logId);
  }

  /** New ones and the checkpoint together; one that is there stays as it is. */
  async note(askable: readonly Askable[], firstMs: number, logId: string, position: Position): Promise<void> {
    await this.pool.query(
      `WITH noted AS (
          INSERT INTO authority_check (invoice, sha256, archived_at, due_at) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) ON CONFLICT DO NOTHING
        )
        INSERT INTO processor_checkpoint (name, log_id, position) VALUES ($5, $6, $7) ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
      [
        askable.map(({ invoice }) => invoice), askable.map(({ sha256 }) => sha256), askable.map(({ archivedAt }) => archivedAt), askable.map(({ archivedAt }) => new Date(archivedAt.getTime() + firstMs)),
        NAME, logId, position,
      ],
    );
  }

  /** Those that are due, at most `limit`, leaving out those that are being asked: first what a person waits for, then by their time. */
  async due(now: Date, limit: number, running: readonly InvoiceId[]): Promise<readonly Check[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'due-authority-checks',
      text: `SELECT * FROM ((${DUE} AND wanted ORDER BY due_at LIMIT $2) UNION ALL (${DUE} AND NOT wanted ORDER BY due_at LIMIT $2)) AS one ORDER BY wanted DESC, due_at LIMIT $2`,
      values: [now, limit, running],
    });
    return rows.map(toCheck);
  }

  /** A question was settled. Where it was wanted again meanwhile it stays due, and wanted. */
  async settle({ invoice, dueAt: asked }: Check, { dueAt, missing, failures, failedSince }: CheckState): Promise<void> {
    await this.pool.query(
      `UPDATE authority_check SET due_at = CASE WHEN ${WANTED_MEANWHILE} THEN due_at ELSE $3 END, wanted = wanted AND ${WANTED_MEANWHILE},
        settled = settled + 1, missing = $4, failures = $5, failed_since = $6 WHERE invoice = $1`,
      [invoice, asked, dueAt, missing, failures, failedSince],
    );
  }

  /** A person wants it asked at once. */
  async want({ invoice, sha256, archivedAt }: Askable, now: Date): Promise<void> {
    await this.pool.query(
      'INSERT INTO authority_check (invoice, sha256, archived_at, due_at, wanted) VALUES ($1, $2, $3, $4, true) ON CONFLICT (invoice) DO UPDATE SET due_at = excluded.due_at, wanted = true',
      [invoice, sha256, archivedAt, now],
    );
  }

  /** When the oldest question that is still to be asked is, or was, due. */
  async oldestDue(): Promise<Date | undefined> {
    const { rows } = await this.pool.query<{ due: Date | null }>('SELECT min(due_at) AS due FROM authority_check WHERE due_at IS NOT NULL');
    return rows[0]?.due ?? undefined;
  }
}
