/**
 * Shortest time between two batches that are not full (ms): under load many events share a transaction instead of each making its own,
 * which costs the database more than the events do. A single event after a quiet time is not delayed.
 */
const GATHER_MS = 10;
/** From this rate on (events/s) the time grows, up to its end: the busier the log, the larger the batches. */
const BUSY_PER_SECOND = 500;
const LONGEST_GATHER_MS = 40;

export const gatherMs = (events: number): number => Math.min(LONGEST_GATHER_MS, Math.max(GATHER_MS, (events * 1_000) / BUSY_PER_SECOND));
