import type { Migration } from '#platform/postgres/migrate.js';

/** Tables of these migrations that a backup has: all of them. */
export const AUTHORITY_TABLES = ['authority_check'] as const;

/** Tables of the questions to authorities, in the write side's database; numbers from 200 belong to them. */
export const AUTHORITY_MIGRATIONS: readonly Migration[] = [
  {
    number: 200,
    name: 'questions to authorities',
    sql: `
      CREATE TABLE authority_check (
        invoice uuid PRIMARY KEY,
        sha256 text NOT NULL,
        archived_at timestamptz NOT NULL,
        due_at timestamptz,
        wanted boolean NOT NULL DEFAULT false,
        settled int NOT NULL DEFAULT 0,
        missing int NOT NULL DEFAULT 0,
        failures int NOT NULL DEFAULT 0,
        failed_since timestamptz
      );
      CREATE INDEX authority_check_due ON authority_check (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX authority_check_wanted ON authority_check (due_at) WHERE wanted;
    `,
  },
];
