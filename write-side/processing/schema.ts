import type { Migration } from '#platform/postgres/migrate.js';

/** Tables of these migrations that a backup has: all of them. */
export const PROCESSING_TABLES = ['work_item', 'processor_checkpoint', 'business_key'] as const;

/** Tables of the processor in the write side's database; numbers from 100 belong to it. */
export const PROCESSING_MIGRATIONS: readonly Migration[] = [
  {
    number: 100,
    name: 'processor work items',
    sql: `
      CREATE TABLE work_item (
        invoice uuid NOT NULL,
        attempt int NOT NULL,
        step text NOT NULL,
        due_at timestamptz NOT NULL,
        retries int NOT NULL DEFAULT 0,
        first_failed_at timestamptz,
        fetched_sha256 text,
        correlation_id text NOT NULL,
        traceparent text,
        PRIMARY KEY (invoice, attempt)
      );
      CREATE INDEX work_item_due ON work_item (due_at);
      CREATE TABLE processor_checkpoint (
        name text PRIMARY KEY,
        log_id text NOT NULL,
        position bigint NOT NULL
      );
    `,
  },
  {
    number: 101,
    name: 'business keys of invoices',
    sql: 'CREATE TABLE business_key (key text PRIMARY KEY, invoice uuid NOT NULL)',
  },
];
