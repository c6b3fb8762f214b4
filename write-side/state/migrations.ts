import type { Migration } from '#platform/postgres/migrate.js';

/** Tables of these migrations that a backup has: all of them. */
export const WRITE_STATE_TABLES = ['credential', 'refresh_token', 'revocation', 'revocation_checkpoint', 'idempotency'] as const;

/** The write side's own database: secrets and requests, never facts. The log does not live here. */
export const WRITE_STATE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'credentials, refresh tokens and revocations',
    sql: `
      CREATE TABLE credential (
        id text PRIMARY KEY, user_id text NOT NULL, password_hash text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
      CREATE INDEX credential_user ON credential (user_id);

      CREATE TABLE refresh_token (
        hash text PRIMARY KEY, user_id text NOT NULL, family text NOT NULL, token_id text NOT NULL,
        state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'used', 'revoked')), expires_at_ms bigint NOT NULL);
      CREATE INDEX refresh_token_user ON refresh_token (user_id);
      CREATE INDEX refresh_token_family ON refresh_token (family);
      CREATE INDEX refresh_token_expiry ON refresh_token (expires_at_ms);

      CREATE TABLE revocation (subject text PRIMARY KEY, epoch bigint NOT NULL, expires_at_ms bigint NOT NULL);
      CREATE TABLE revocation_checkpoint (
        single boolean PRIMARY KEY DEFAULT true CHECK (single), log_id text NOT NULL, position numeric(20) NOT NULL);`,
  },
  {
    number: 2,
    name: 'idempotency keys',
    sql: `
      CREATE TABLE idempotency (
        principal text NOT NULL, route text NOT NULL, key text NOT NULL, body_hash text NOT NULL,
        lease text NOT NULL, leased_until_ms bigint NOT NULL, expires_at_ms bigint NOT NULL, answer json,
        PRIMARY KEY (principal, route, key));
      CREATE INDEX idempotency_expiry ON idempotency (expires_at_ms);`,
  },
];
