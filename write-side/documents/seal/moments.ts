import { writtenDay } from '../dates.js';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/u;
export const HOUR = 3_600_000;

/**
 * A written local time as milliseconds on one clock without zones, so that two of them can be subtracted.
 * @returns undefined where the text is no such time, or of a day that no calendar has
 */
export function localTime(text: string | undefined): number | undefined {
  const parts = text === undefined ? null : LOCAL.exec(text);
  if (!parts || !text || writtenDay(text).kind !== 'day') return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

/** Hours by which the clocks of Mexico are behind UTC: from Quintana Roo to Baja California, summer times of the past included. */
const LEAST_BEHIND = 5;
const MOST_BEHIND = 8;

/** The instants (UTC) that a local time of some place in Mexico may be, earliest and latest. */
export const instantsOf = (local: number): readonly [number, number] => [local + LEAST_BEHIND * HOUR, local + MOST_BEHIND * HOUR];
