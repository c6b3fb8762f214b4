import { calendarDay } from '#contracts/calendar.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { isAfter, parsePosition, type Position } from '#contracts/kernel/position.js';

/** A place in the history: after an event of the log, or at an instant (ms since 1970). */
export type Moment = { readonly kind: 'position'; readonly position: Position } | { readonly kind: 'instant'; readonly at: number };

/** ISO 8601 with its zone; the `+` of an offset arrives as a space where an address did not encode it. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+ -](?:0\d|1[0-4]):[0-5]\d)$/u;

/** Reads the wire form; undefined when it is neither a position nor an instant with its zone. */
export function readMoment(text: string): Moment | undefined {
  const position = parsePosition(text);
  if (position !== undefined) return { kind: 'position', position };
  const [, local, zone] = INSTANT.exec(text) ?? [];
  if (local === undefined || zone === undefined || calendarDay(local) === undefined) return undefined;
  return { kind: 'instant', at: Date.parse(local + zone.replace(' ', '+')) };
}

/** Whether the event had happened by then. The log tells instants by the millisecond, so that what a moment says beyond them changes nothing. */
export const includes = (moment: Moment, { position, recordedAt }: Pick<Envelope, 'position' | 'recordedAt'>): boolean =>
  moment.kind === 'position' ? !isAfter(position, moment.position) : Date.parse(recordedAt) <= moment.at;
