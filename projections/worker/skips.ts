import type { ProjectionEvent } from '#contracts/events/projection.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Skipped } from '../kit/fold.js';
import type { ProjectedRow, Projection } from '../kit/projection.js';

/** Events of one page of the stream. */
const PAGE = 1_000;

/**
 * Ids of the events that a projection leaves out, from its stream `projection-{name}`: read whole before the first event of any start or rebuild, so
 * that it does not matter where in the log the skip lies. A cache leaves out what the projection does whose rows it has.
 */
export async function readSkips(readStream: EventStore['readStream'], { name, rowsOf }: Pick<Projection<ProjectedRow>, 'name' | 'rowsOf'>): Promise<Skipped> {
  const names = new Set([name, rowsOf ?? name]);
  const skipped = new Set<string>();
  for (const projection of names) {
    for (let from = 0, more = true; more;) {
      const events = await readStream(toStreamId(`projection-${projection}`), { from: toRevision(from), limit: PAGE });
      for (const stored of events) {
        const event = decodeTrusted(stored) as ProjectionEvent;
        if (event.type === 'projection.event.skipped' && event.data.projection === projection) skipped.add(event.data.eventId);
      }
      from += events.length;
      more = events.length === PAGE;
    }
  }
  return skipped;
}
