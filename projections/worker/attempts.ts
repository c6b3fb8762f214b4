import type { EventId } from '#contracts/kernel/ids.js';
import type { Statement } from '#platform/read-store/connection.js';

/** Handling an event has ended the worker this often: its stream is parked instead. */
export const MAX_ATTEMPTS = 3;
export const KILLS = `handling it ended the worker ${MAX_ATTEMPTS} times`;

/** On record before the event is handled, so that a death counts. Answers how many were on record before. */
export const noteAttempt = (projection: string, event: EventId): Statement => ({
  text: `INSERT INTO attempt AS known (projection, event_id, attempts) VALUES ($1, $2, 1)
    ON CONFLICT (projection, event_id) DO UPDATE SET attempts = known.attempts + 1 RETURNING attempts - 1`,
  values: [projection, event],
});

/** It failed, and the worker is there to tell: that was no death. */
export const takeBackAttempt = (projection: string, event: EventId): Statement => ({ text: 'UPDATE attempt SET attempts = attempts - 1 WHERE projection = $1 AND event_id = $2', values: [projection, event] });

/** The dead owner's events are behind us. */
export const forgetAttempts = (projection: string): Statement => ({ text: 'DELETE FROM attempt WHERE projection = $1', values: [projection] });
