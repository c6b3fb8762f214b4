import type pg from 'pg';
import { toInvoiceId, type InvoiceId } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import { readCheckpoint } from './checkpoint.js';

/** An invoice and the business key that its validated document has. */
export interface Keyed {
  readonly key: string;
  readonly invoice: InvoiceId;
}

const NAME = 'duplicates';
/** The first invoice of each business key, in the write side's database, and how far the log has been looked at. */
export class BusinessKeys {
  constructor(private readonly pool: pg.Pool) {}

  /** @throws Problem log-diverged when the checkpoint is of another log */
  checkpoint(logId: string): Promise<Position> {
    return readCheckpoint(this.pool, NAME, logId);
  }

  /** Those without an invoice before them become the first of their key. @param keyed in the order of the log @returns those that have another one before them, with it */
  async take(keyed: readonly Keyed[]): Promise<readonly (Keyed & { readonly of: InvoiceId })[]> {
    if (keyed.length === 0) return [];
    const { rows } = await this.pool.query<{ key: string; invoice: string }>(
      `WITH asked AS (SELECT DISTINCT ON (key) key, invoice FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS one(key, invoice, place) ORDER BY key, place),
        taken AS (INSERT INTO business_key SELECT key, invoice FROM asked ON CONFLICT DO NOTHING RETURNING key, invoice)
        SELECT key, invoice FROM taken UNION ALL SELECT key, invoice FROM business_key WHERE key = ANY($1::text[])`,
      [keyed.map(({ key }) => key), keyed.map(({ invoice }) => invoice)],
    );
    const first = new Map(rows.map(({ key, invoice }) => [key, toInvoiceId(invoice)]));
    return keyed.flatMap((one) => {
      const of = first.get(one.key);
      return of === undefined || of === one.invoice ? [] : [{ ...one, of }];
    });
  }

  async save(logId: string, position: Position): Promise<void> {
    await this.pool.query('INSERT INTO processor_checkpoint (name, log_id, position) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET position = excluded.position, log_id = excluded.log_id', [NAME, logId, position]);
  }
}
