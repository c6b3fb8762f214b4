import { z } from 'zod';
import { text } from '../scalars.js';
import { defineEvent, type EventOf, type EventTraits, type FactOf } from './define.js';

const projection: EventTraits = { category: 'projection', audience: ['admin'] };

/** An operator told a projection to leave one event out; it counts by event id wherever it lies in the log. */
export const eventSkipped = defineEvent(
  'projection.event.skipped',
  z.strictObject({ projection: text(60), stream: text(200), revision: z.int().min(0), eventId: text(36), actor: text(100), reason: text(400) }),
  projection,
);

/** The read side changed to other generations: which, by whom, why. */
export const generationSwitched = defineEvent(
  'projection.generation.switched',
  z.strictObject({
    set: text(60),
    generations: z.record(z.string().max(60), z.int().min(1)),
    reason: text(400),
    differencesAccepted: z.boolean(),
  }),
  projection,
);

export const PROJECTION_EVENTS = [eventSkipped, generationSwitched] as const;
export type ProjectionEvent = EventOf<(typeof PROJECTION_EVENTS)[number]>;
export type ProjectionFact = FactOf<(typeof PROJECTION_EVENTS)[number]>;
