import type { Migration } from '../postgres/migrate.js';

/** Raised by `move_checkpoints` when a lane has another owner or another position: the transaction must not commit. */
export const FENCED = 'FL001';

/**
 * Every shard keeps its own checkpoints beside its rows and moves them in the transaction of the rows.
 * `move_checkpoints` is the fence: all lanes of all generations move, or nothing does.
 */
export const SHARD_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'checkpoints, quarantine, text search',
    sql: `
      CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
      CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

      CREATE TABLE checkpoint (
        projection text NOT NULL,
        generation int NOT NULL,
        lane text NOT NULL,
        position bigint NOT NULL,
        epoch bigint NOT NULL,
        log_id text NOT NULL,
        PRIMARY KEY (projection, generation, lane)
      ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

      CREATE TABLE quarantine (
        projection text NOT NULL,
        generation int NOT NULL,
        stream text COLLATE "C" NOT NULL,
        lane text NOT NULL,
        revision bigint NOT NULL,
        position bigint NOT NULL,
        event_id text NOT NULL,
        type text NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (projection, generation, stream)
      );
      CREATE TABLE quarantine_event (
        projection text NOT NULL,
        generation int NOT NULL,
        stream text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        position bigint NOT NULL,
        event json NOT NULL,
        PRIMARY KEY (projection, generation, stream, revision)
      );

      CREATE FUNCTION move_checkpoints(of_projection text, generations int[], lanes text[], old bigint[], new bigint[], epochs bigint[]) RETURNS void
      LANGUAGE plpgsql AS $$
      DECLARE moved bigint;
      BEGIN
        UPDATE checkpoint AS c SET position = n.new
        FROM unnest(lanes, old, new, epochs) AS n(lane, old, new, epoch)
        WHERE c.projection = of_projection AND c.generation = ANY(generations) AND c.lane = n.lane AND c.position = n.old AND c.epoch = n.epoch;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> cardinality(generations) * cardinality(lanes) THEN
          RAISE EXCEPTION 'fenced: % of % checkpoints were mine', moved, cardinality(generations) * cardinality(lanes) USING ERRCODE = '${FENCED}';
        END IF;
      END $$;
    `,
  },
  {
    number: 2,
    name: 'attempts of careful mode',
    sql: `
      CREATE TABLE attempt (
        projection text NOT NULL,
        event_id text NOT NULL,
        attempts int NOT NULL,
        PRIMARY KEY (projection, event_id)
      );
    `,
  },
  {
    number: 3,
    name: 'which shard of which deployment this is',
    sql: `
      CREATE TABLE shard_identity (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        control_id uuid NOT NULL,
        shard int NOT NULL
      );
    `,
  },
];
