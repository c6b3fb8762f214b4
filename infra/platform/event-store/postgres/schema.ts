import type { Migration } from '../../postgres/migrate.js';

/** Appends: reads and inserts events, moves the head. */
export const APPEND_ROLE = 'folio_append';
/** Reads only: feeds, queries, rebuilds. */
export const READ_ROLE = 'folio_log_reader';
export const LOG_CHANNEL = 'folio_log';
/** Everything that is the log; a backup has all of them. */
export const EVENT_STORE_TABLES = ['log_head', 'event'] as const;
/** Fails when one of the streams (first array) has not yet the revision (second array). */
export const CHECK_BASES = { name: 'check-bases', text: 'SELECT check_bases($1::text[], $2::bigint[])' };

/**
 * One row is the head: its lock serializes appends and is the counter of positions, so a rollback gives the numbers back.
 * Events are facts: a trigger refuses UPDATE, DELETE and TRUNCATE to everybody, the owner included.
 */
export const EVENT_STORE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'the log',
    sql: `
      CREATE TABLE log_head (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        position bigint NOT NULL,
        recorded_at timestamptz NOT NULL,
        log_id uuid NOT NULL DEFAULT gen_random_uuid()
      ) WITH (fillfactor = 10);
      INSERT INTO log_head (position, recorded_at) VALUES (0, '2000-01-01T00:00:00Z');

      CREATE TABLE event (
        position bigint PRIMARY KEY,
        stream text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        version int NOT NULL,
        recorded_at timestamptz NOT NULL,
        -- occurredAt, correlationId, causationId, traceparent, actor, scope, shardKey, month: together, because each column more costs every append
        meta json NOT NULL,
        data jsonb NOT NULL,
        UNIQUE (stream, revision)
      );
      ALTER TABLE event ALTER COLUMN data SET COMPRESSION pglz;

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = '0A000';
      END $$;
      CREATE TRIGGER event_is_a_fact BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER event_is_a_fact_whole BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      GRANT SELECT, INSERT ON event TO ${APPEND_ROLE};
      GRANT SELECT, UPDATE ON log_head TO ${APPEND_ROLE};
      GRANT SELECT ON event, log_head TO ${READ_ROLE};
    `,
  },
  {
    number: 2,
    name: 'proof of expected revisions in one statement',
    sql: `
      CREATE FUNCTION check_bases(streams text[], revisions bigint[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF cardinality(streams) > 0 AND (
          SELECT count(*) FROM unnest(streams, revisions) AS wanted(stream, revision) JOIN event USING (stream, revision)
        ) <> cardinality(streams) THEN
          RAISE EXCEPTION 'an expected revision does not exist' USING ERRCODE = 'FL002';
        END IF;
      END $$;
    `,
  },
  {
    number: 3,
    name: 'data as it was written, metadata without names',
    // Nobody asks the log for a part of the data: parsing it into jsonb on every append and printing it on every read would serve nothing.
    sql: `
      ALTER TABLE event ALTER COLUMN data TYPE json USING data::json, ALTER COLUMN meta TYPE json USING json_build_array(
        meta->>'occurredAt', meta->>'correlationId', meta->>'causationId', meta->'actor'->>'kind', meta->'actor'->>'id', meta->>'shardKey', meta->>'month',
        meta->>'traceparent', meta->>'scope'
      );
      COMMENT ON COLUMN event.meta IS '[occurredAt, correlationId, causationId, actor kind, actor id, shardKey, month, traceparent, scope]';
    `,
  },
  {
    number: 4,
    name: 'text that only its writer checks',
    // What is appended was made by JSON.stringify a moment before; that the server reads it through again costs every append a twentieth.
    sql: 'ALTER TABLE event ALTER COLUMN data TYPE text, ALTER COLUMN meta TYPE text;',
  },
];
