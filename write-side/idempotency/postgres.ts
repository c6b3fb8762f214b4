import type pg from 'pg';
import { available, inTransaction } from '../state/database.js';
import type { Answer, Attempt, Begun, IdempotencyKey, IdempotencyStore } from './port.js';

interface Row {
  readonly body_hash: string;
  readonly leased_until_ms: string;
  readonly expires_at_ms: string;
  readonly answer: Answer | null;
}

const WHERE = 'WHERE principal = $1 AND route = $2 AND key = $3';
const valuesOf = ({ principal, route, key }: IdempotencyKey): string[] => [principal, route, key];

/** In the write side's own database (`WRITE_STATE_MIGRATIONS`). */
export class PostgresIdempotencyStore implements IdempotencyStore {
  constructor(readonly pool: pg.Pool) {}

  begin(key: IdempotencyKey, attempt: Attempt, now: number): Promise<Begun> {
    return inTransaction(this.pool, async (database) => {
      const { bodyHash, lease, leasedUntil, expiresAt } = attempt;
      const values = [...valuesOf(key), bodyHash, lease, leasedUntil, expiresAt];
      const inserted = await database.query(
        `INSERT INTO idempotency (principal, route, key, body_hash, lease, leased_until_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        values,
      );
      if (inserted.rowCount === 1) return { outcome: 'begun' };
      const { rows: [row] } = await database.query<Row>(`SELECT body_hash, leased_until_ms, expires_at_ms, answer FROM idempotency ${WHERE} FOR UPDATE`, valuesOf(key));
      const refused = row && refusal(row, bodyHash, now);
      if (refused) return refused;
      // The row may have been abandoned between the two statements; then it is made again.
      await database.query(
        `INSERT INTO idempotency (principal, route, key, body_hash, lease, leased_until_ms, expires_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (principal, route, key) DO UPDATE SET body_hash = $4, lease = $5, leased_until_ms = $6, expires_at_ms = $7, answer = NULL`,
        values,
      );
      return { outcome: 'begun' };
    });
  }

  async complete(key: IdempotencyKey, lease: string, answer: Answer): Promise<void> {
    const sql = `UPDATE idempotency SET answer = $5 ${WHERE} AND lease = $4 AND answer IS NULL`;
    await available(() => this.pool.query(sql, [...valuesOf(key), lease, JSON.stringify(answer)]));
  }

  async abandon(key: IdempotencyKey, lease: string): Promise<void> {
    await available(() => this.pool.query(`DELETE FROM idempotency ${WHERE} AND lease = $4 AND answer IS NULL`, [...valuesOf(key), lease]));
  }

  async purge(now: number): Promise<number> {
    const { rowCount } = await available(() => this.pool.query('DELETE FROM idempotency WHERE expires_at_ms <= $1', [now]));
    return rowCount ?? 0;
  }
}

/** Why this attempt may not begin; undefined when the earlier one expired or died. */
function refusal(row: Row, bodyHash: string, now: number): Begun | undefined {
  if (Number(row.expires_at_ms) <= now) return undefined;
  if (row.body_hash !== bodyHash) return { outcome: 'mismatch' };
  if (row.answer) return { outcome: 'answered', answer: row.answer };
  const leasedUntil = Number(row.leased_until_ms);
  return leasedUntil > now ? { outcome: 'in-flight', leasedUntil } : undefined;
}
