import type pg from 'pg';
import { toUserId, type UserId } from '#contracts/kernel/ids.js';
import { toPosition } from '#contracts/kernel/position.js';
import { available, inTransaction, type Database } from '../../state/database.js';
import type { Credential, CredentialStore } from './credential-store.js';
import type { RefreshToken, RefreshTokenStore, Rotation, TokenFamily, TokenSelector } from './refresh-token-store.js';
import type { Revocation, RevocationSnapshot, RevocationStore } from './revocation-store.js';

/** The stores in the write side's own database (`WRITE_STATE_MIGRATIONS`). */
export class PostgresCredentialStore implements CredentialStore {
  constructor(readonly pool: pg.Pool) {}

  async add({ id, user, passwordHash }: Credential): Promise<void> {
    const sql = 'INSERT INTO credential (id, user_id, password_hash) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING';
    await available(() => this.pool.query(sql, [id, user, passwordHash]));
  }

  async find(id: string): Promise<Credential | undefined> {
    const { rows } = await available(() => this.pool.query<{ user_id: string; password_hash: string }>('SELECT user_id, password_hash FROM credential WHERE id = $1', [id]));
    return rows[0] && { id, user: toUserId(rows[0].user_id), passwordHash: rows[0].password_hash };
  }

  async remove(id: string): Promise<void> {
    await available(() => this.pool.query('DELETE FROM credential WHERE id = $1', [id]));
  }

  async removeAll(user: UserId): Promise<void> {
    await available(() => this.pool.query('DELETE FROM credential WHERE user_id = $1', [user]));
  }
}

interface TokenRow {
  readonly hash: string;
  readonly user_id: string;
  readonly family: string;
  readonly token_id: string;
  readonly state: 'live' | 'used' | 'revoked';
  readonly expires_at_ms: string;
}

const tokenOf = (row: TokenRow): RefreshToken => ({
  hash: row.hash, user: toUserId(row.user_id), family: row.family, tokenId: row.token_id, expiresAt: Number(row.expires_at_ms),
});

const INSERT_TOKEN = 'INSERT INTO refresh_token (hash, user_id, family, token_id, expires_at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING';
const insertValues = ({ hash, user, family, tokenId, expiresAt }: RefreshToken): unknown[] => [hash, user, family, tokenId, expiresAt];

export class PostgresRefreshTokenStore implements RefreshTokenStore {
  constructor(readonly pool: pg.Pool) {}

  async add(token: RefreshToken): Promise<void> {
    await available(() => this.pool.query(INSERT_TOKEN, insertValues(token)));
  }

  rotate(hash: string, next: Pick<RefreshToken, 'hash' | 'tokenId' | 'expiresAt'>, now: number): Promise<Rotation> {
    return inTransaction(this.pool, async (database) => {
      // The row lock decides a race: the second rotation sees the token used.
      const { rows } = await database.query<TokenRow>('SELECT * FROM refresh_token WHERE hash = $1 FOR UPDATE', [hash]);
      const row = rows[0];
      if (!row) return { outcome: 'refused', why: 'unknown' };
      const previous = tokenOf(row);
      if (row.state === 'revoked') return { outcome: 'refused', why: 'revoked' };
      if (row.state === 'used') {
        await revokeSelected(database, { family: row.family });
        return { outcome: 'reused', previous };
      }
      if (previous.expiresAt <= now) return { outcome: 'refused', why: 'expired' };
      await database.query("UPDATE refresh_token SET state = 'used' WHERE hash = $1", [hash]);
      await database.query(INSERT_TOKEN, insertValues({ ...previous, ...next }));
      return { outcome: 'rotated', previous };
    });
  }

  revoke(selector: TokenSelector): Promise<readonly TokenFamily[]> {
    return available(() => revokeSelected(this.pool, selector));
  }

  async purge(before: number): Promise<number> {
    const { rowCount } = await available(() => this.pool.query('DELETE FROM refresh_token WHERE expires_at_ms < $1', [before]));
    return rowCount ?? 0;
  }
}

async function revokeSelected(database: Database, selector: TokenSelector): Promise<readonly TokenFamily[]> {
  const [column, value] = 'hash' in selector ? ['hash', selector.hash] : 'user' in selector ? ['user_id', selector.user] : ['family', selector.family];
  const { rows } = await database.query<{ user_id: string; family: string }>(
    `UPDATE refresh_token SET state = 'revoked' WHERE family IN (SELECT family FROM refresh_token WHERE ${column} = $1) RETURNING user_id, family`,
    [value],
  );
  const families = new Map(rows.map((row) => [row.family, { user: toUserId(row.user_id), family: row.family }]));
  return [...families.values()];
}

export class PostgresRevocationStore implements RevocationStore {
  constructor(readonly pool: pg.Pool) {}

  async load(now: number): Promise<RevocationSnapshot> {
    return inTransaction(this.pool, async (database) => {
      await database.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const { rows } = await database.query<{ subject: string; epoch: string; expires_at_ms: string }>('SELECT * FROM revocation WHERE expires_at_ms > $1', [now]);
      const { rows: [checkpoint] } = await database.query<{ log_id: string; position: string }>('SELECT log_id, position FROM revocation_checkpoint');
      return {
        revocations: rows.map((row) => ({ subject: row.subject, epoch: Number(row.epoch), expiresAt: Number(row.expires_at_ms) })),
        checkpoint: checkpoint && { logId: checkpoint.log_id, position: toPosition(checkpoint.position) },
      };
    });
  }

  save(revocations: readonly Revocation[], { logId, position }: NonNullable<RevocationSnapshot['checkpoint']>, now: number): Promise<void> {
    return inTransaction(this.pool, async (database) => {
      // One statement per subject in a fixed order: two processes that save the same page cannot deadlock.
      for (const { subject, epoch, expiresAt } of [...revocations].sort((left, right) => (left.subject < right.subject ? -1 : 1))) {
        await database.query(
          `INSERT INTO revocation VALUES ($1, $2, $3) ON CONFLICT (subject) DO UPDATE
           SET epoch = EXCLUDED.epoch, expires_at_ms = EXCLUDED.expires_at_ms WHERE revocation.epoch < EXCLUDED.epoch`,
          [subject, epoch, expiresAt],
        );
      }
      await database.query('DELETE FROM revocation WHERE subject IN (SELECT subject FROM revocation WHERE expires_at_ms <= $1 FOR UPDATE SKIP LOCKED)', [now]);
      await database.query(
        `INSERT INTO revocation_checkpoint (log_id, position) VALUES ($1, $2) ON CONFLICT (single) DO UPDATE SET log_id = EXCLUDED.log_id,
         position = CASE WHEN revocation_checkpoint.log_id = EXCLUDED.log_id THEN GREATEST(revocation_checkpoint.position, EXCLUDED.position) ELSE EXCLUDED.position END`,
        [logId, position],
      );
    });
  }
}
