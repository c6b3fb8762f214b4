import type { DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Folder } from '../kit/fold.js';
import type { ProjectedRow } from '../kit/projection.js';
import { noOutcomes, reasonOf, type Fault, type Outcomes, type StreamEvents } from './batch.js';

/** One stream of a batch after its fold. */
export interface Folded {
  readonly lane: Lane;
  readonly before: ProjectedRow | undefined;
  readonly after: ProjectedRow | undefined;
  readonly outcomes: Outcomes;
  readonly fault?: Fault;
  /** Events behind the fault, in order; they wait until the stream is taken up again. */
  readonly waiting: readonly Envelope[];
}

export type ReadStream = Pick<EventStore, 'readStream'>['readStream'];

/** Raised when the store itself lacks events that must be there; a fault of the environment, so the batch is tried again. */
export class GapNotHealed extends Error {
  override readonly name = 'GapNotHealed';
}

/** Folds one stream from its row: repetitions are dropped by revision, a gap is healed from the store before going on. */
export async function foldGroup(folder: Folder<ProjectedRow>, before: ProjectedRow | undefined, group: StreamEvents, readStream: ReadStream): Promise<Folded> {
  const outcomes = noOutcomes();
  let after = before;
  let last: number = before?.revision ?? -1;
  for (const [index, event] of group.events.entries()) {
    if (event.revision <= last) {
      outcomes.duplicate += 1;
      continue;
    }
    const missing = event.revision > last + 1 ? await readMissing(folder, group.stream, last + 1, event, readStream) : [];
    for (const next of [...missing, event]) {
      const folded = tryFold(folder, after, next);
      if ('reason' in folded) return parkedAt(next, folded.reason, group, index, { lane: group.lane, before, after, outcomes });
      after = folded.row;
    }
    last = event.revision;
    outcomes.applied += 1;
  }
  return withDecodeFault(group, { lane: group.lane, before, after, outcomes });
}

function tryFold(folder: Folder<ProjectedRow>, row: ProjectedRow | undefined, event: DomainEvent): { row: ProjectedRow | undefined } | { reason: string } {
  try {
    return { row: folder.fold(row, event) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

type Partial = Pick<Folded, 'lane' | 'before' | 'after' | 'outcomes'>;

function parkedAt(guilty: Envelope, reason: string, group: StreamEvents, index: number, folded: Partial): Folded {
  const left: readonly Envelope[] = [...group.events.slice(index), ...(group.fault ? [group.fault.event] : []), ...group.behindFault];
  // A batch may have the guilty event twice: it does not wait behind itself.
  const waiting = left.filter(({ revision }) => revision > guilty.revision);
  folded.outcomes.quarantined += waiting.length + 1;
  folded.outcomes.duplicate += Math.max(0, left.length - waiting.length - 1);
  return { ...folded, fault: { event: guilty, lane: group.lane, reason }, waiting };
}

function withDecodeFault(group: StreamEvents, folded: Partial): Folded {
  const { fault } = group;
  if (!fault) return { ...folded, waiting: [] };
  const waiting = group.behindFault.filter(({ revision }) => revision > fault.event.revision);
  folded.outcomes.quarantined += waiting.length + 1;
  folded.outcomes.duplicate += group.behindFault.length - waiting.length;
  return { ...folded, fault, waiting };
}

async function readMissing(folder: Folder<ProjectedRow>, stream: string, from: number, until: DomainEvent, readStream: ReadStream): Promise<DomainEvent[]> {
  const found = (await readStream(stream as StreamId, { from: toRevision(from), limit: until.revision - from })).filter(({ revision }) => revision < until.revision);
  if (found.length !== until.revision - from) throw new GapNotHealed(`revisions ${from} to ${until.revision - 1} of ${stream} are not in the store`);
  return found.map((event) => folder.decode(event));
}
