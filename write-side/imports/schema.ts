import type { Migration } from '#platform/postgres/migrate.js';

/** Tables of these migrations that a backup has: all of them. */
export const IMPORT_TABLES = ['import_job', 'import_part', 'import_chunk', 'import_file'] as const;

/** Imports in the write side's database; numbers from 150 belong to them. What was received lies in chunks until it is worked off. */
export const IMPORT_MIGRATIONS: readonly Migration[] = [
  {
    number: 150,
    name: 'imports',
    sql: `
      CREATE TABLE import_job (
        id uuid PRIMARY KEY,
        state text NOT NULL CHECK (state IN ('receiving', 'waiting', 'running', 'done', 'cancelled')),
        actor text NOT NULL,
        correlation_id text NOT NULL,
        bytes bigint NOT NULL DEFAULT 0,
        files int,
        cancelling boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        touched_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        ended_at timestamptz
      );
      CREATE INDEX import_job_open ON import_job (created_at) WHERE state IN ('waiting', 'running');

      CREATE TABLE import_part (job uuid NOT NULL, part int NOT NULL, name text NOT NULL, bytes bigint NOT NULL DEFAULT 0, PRIMARY KEY (job, part));
      CREATE TABLE import_chunk (job uuid NOT NULL, part int NOT NULL, chunk int NOT NULL, content bytea NOT NULL, PRIMARY KEY (job, part, chunk));
      ALTER TABLE import_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

      CREATE TABLE import_file (
        job uuid NOT NULL, place int NOT NULL, name text NOT NULL, category text, detail text NOT NULL DEFAULT '', invoice uuid, attempt int,
        PRIMARY KEY (job, place)
      );
      CREATE INDEX import_file_open ON import_file (job) WHERE category IS NULL;
    `,
  },
];
