import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { migrate, type Migration } from '../postgres/migrate.js';

/** One row per set of read models says which generation readers use; generations and leases of lanes beside it. */
export const CONTROL_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'pointer, generations, leases',
    sql: `
      CREATE TABLE pointer (
        set_name text PRIMARY KEY,
        generations jsonb NOT NULL,
        slots jsonb NOT NULL,
        epoch bigint NOT NULL
      );
      CREATE TABLE generation (
        projection text NOT NULL,
        generation int NOT NULL,
        state text NOT NULL CHECK (state IN ('building', 'adopting', 'live', 'previous', 'dropped')),
        log_id text NOT NULL,
        owner text NOT NULL DEFAULT '',
        progress jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (projection, generation)
      );
      CREATE UNIQUE INDEX generation_one_live ON generation (projection) WHERE state = 'live';
      CREATE TABLE lease (
        projection text NOT NULL,
        lane text NOT NULL,
        owner text NOT NULL,
        epoch bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        released boolean NOT NULL,
        PRIMARY KEY (projection, lane)
      ) WITH (fillfactor = 20);
    `,
  },
  {
    number: 2,
    name: 'relay board',
    sql: `
      CREATE TABLE relay_status (
        name text PRIMARY KEY,
        status jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE relay_parked (
        name text NOT NULL,
        event_id text NOT NULL,
        stream text NOT NULL,
        revision bigint NOT NULL,
        position bigint NOT NULL,
        type text NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (name, event_id)
      );
    `,
  },
  {
    number: 3,
    name: 'identity of the deployment',
    sql: `
      CREATE TABLE control_identity (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        id uuid NOT NULL DEFAULT gen_random_uuid()
      );
      INSERT INTO control_identity DEFAULT VALUES;
    `,
  },
  {
    number: 4,
    name: 'workers that share lanes',
    sql: `
      CREATE TABLE worker (
        projection text NOT NULL,
        owner text NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (projection, owner)
      ) WITH (fillfactor = 20);
    `,
  },
  {
    number: 5,
    name: 'what workers and rebuilds tell of themselves',
    sql: `
      ALTER TABLE worker ADD COLUMN told_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN report jsonb;
      CREATE TABLE rebuild_note (
        projection text PRIMARY KEY,
        owner text NOT NULL,
        progress jsonb NOT NULL,
        told_at timestamptz NOT NULL DEFAULT now()
      ) WITH (fillfactor = 20);
    `,
  },
  {
    number: 6,
    name: 'generations that were refused',
    sql: `
      ALTER TABLE generation DROP CONSTRAINT generation_state_check;
      ALTER TABLE generation ADD CONSTRAINT generation_state_check CHECK (state IN ('building', 'adopting', 'refused', 'live', 'previous', 'dropped'));
    `,
  },
  {
    number: 7,
    name: 'which pointer readers use, what is dropped whole',
    sql: `
      CREATE TABLE pointer_reader (
        set_name text NOT NULL,
        reader text NOT NULL,
        epoch bigint NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (set_name, reader, epoch)
      ) WITH (fillfactor = 20);
      ALTER TABLE generation ADD COLUMN left_epoch bigint, ADD COLUMN gone boolean NOT NULL DEFAULT false;
      UPDATE generation SET gone = true WHERE state = 'dropped';
      ALTER TABLE generation DROP CONSTRAINT generation_state_check;
      ALTER TABLE generation ADD CONSTRAINT generation_state_check CHECK (state IN ('building', 'adopting', 'refused', 'live', 'previous', 'audit', 'dropped'));
      ALTER TABLE pointer ADD COLUMN views jsonb NOT NULL DEFAULT '{}';
    `,
  },
  {
    number: 9,
    name: 'what generations were built by',
    sql: 'ALTER TABLE generation ADD COLUMN fingerprint jsonb;',
  },
];

export const migrateControl = (settings: ConnectionSettings): Promise<number> => migrate(settings, CONTROL_MIGRATIONS);
