import type { Migration } from '../postgres/migrate.js';
import { DIGEST_MODULUS } from './row-hash.js';

/** Raised by `advance_lanes` when a lane has another owner or another position: the transaction must not commit. */
export const FENCED = 'FL001';

/**
 * Every shard keeps its own checkpoints beside its rows and moves them in the transaction of the rows.
 * `advance_lanes` is the fence: all lanes of all generations move, or nothing does.
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
  {
    number: 4,
    name: 'digests of lanes, edits beside the live worker',
    // Rows of before have no hash and their lanes no digest (null stays null): the next rebuild makes both. A worker of before fails at the
    // function that is gone, rather than leaving digests behind that are not true.
    sql: `
      ALTER TABLE checkpoint ADD COLUMN row_count bigint, ADD COLUMN digest numeric(39), ADD COLUMN edits bigint NOT NULL DEFAULT 0;
      DO $$
      DECLARE t record;
      BEGIN
        FOR t IN SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'position'
          WHERE c.relkind IN ('p', 'r') AND NOT c.relispartition AND n.nspname ~ '_g[0-9]+$' LOOP
          EXECUTE format('ALTER TABLE %I.%I ADD COLUMN row_hash uuid', t.nspname, t.relname);
        END LOOP;
      END $$;
      DROP FUNCTION move_checkpoints;
      CREATE FUNCTION advance_lanes(of_projection text, generations int[], lanes text[], old bigint[], new bigint[], epochs bigint[], known_edits bigint[], more_rows bigint[], more_digest numeric[])
      RETURNS void LANGUAGE plpgsql AS $$
      DECLARE moved bigint;
      BEGIN
        UPDATE checkpoint AS c SET position = n.new, row_count = c.row_count + n.more_rows, digest = mod(c.digest + n.more_digest, ${DIGEST_MODULUS})
        FROM unnest(generations, lanes, old, new, epochs, known_edits, more_rows, more_digest) AS n(generation, lane, old, new, epoch, edits, more_rows, more_digest)
        WHERE c.projection = of_projection AND c.generation = n.generation AND c.lane = n.lane AND c.position = n.old AND c.epoch = n.epoch AND c.edits = n.edits;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> cardinality(lanes) THEN
          RAISE EXCEPTION 'fenced: % of % checkpoints were mine', moved, cardinality(lanes) USING ERRCODE = '${FENCED}';
        END IF;
      END $$;
    `,
  },
];
