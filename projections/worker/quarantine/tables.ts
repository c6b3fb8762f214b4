import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Statement } from '#platform/read-store/connection.js';
import type { Fault } from '../batch.js';

/** Parks a stream at its guilty event, in every generation the batch is written for. */
export const park = (projection: string, generations: readonly number[], { event, lane, reason }: Fault): Statement => ({
  text: `INSERT INTO quarantine (projection, generation, stream, lane, revision, position, event_id, type, reason)
    SELECT $1, generation, $3, $4, $5, $6, $7, $8, $9 FROM unnest($2::int[]) AS all_generations(generation) ON CONFLICT DO NOTHING`,
  values: [projection, generations, event.stream, lane, event.revision, event.position, event.id, event.type, reason],
});

/** Later events of parked streams wait in order. */
export const keepWaiting = (projection: string, generations: readonly number[], events: readonly Envelope[]): Statement => ({
  text: `INSERT INTO quarantine_event (projection, generation, stream, revision, position, event)
    SELECT $1, generation, waiting.* FROM unnest($2::int[]) AS all_generations(generation),
      unnest($3::text[], $4::bigint[], $5::bigint[], $6::json[]) AS waiting(stream, revision, position, event) ON CONFLICT DO NOTHING`,
  values: [
    projection, generations, events.map(({ stream }) => stream), events.map(({ revision }) => revision), events.map(({ position }) => position),
    events.map((event) => JSON.stringify(event)),
  ],
});

export const selectParked = (projection: string, generation: number): Statement => ({
  text: 'SELECT stream FROM quarantine WHERE projection = $1 AND generation = $2', values: [projection, generation],
});
