import type { DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { LanedEvent } from '#platform/feed/port.js';
import type { Folder } from '../kit/fold.js';
import type { ProjectedRow } from '../kit/projection.js';

/** What became of events; every event a worker was given is counted in exactly one. */
export interface Outcomes {
  applied: number;
  duplicate: number;
  ignored: number;
  quarantined: number;
}

export const noOutcomes = (): Outcomes => ({ applied: 0, duplicate: 0, ignored: 0, quarantined: 0 });

export function addOutcomes(sum: Outcomes, more: Outcomes): void {
  sum.applied += more.applied;
  sum.duplicate += more.duplicate;
  sum.ignored += more.ignored;
  sum.quarantined += more.quarantined;
}

/** An event that a projection cannot take, and the reason; repeating it cannot help. */
export interface Fault {
  readonly event: Envelope;
  readonly lane: Lane;
  readonly reason: string;
}

/** Events of one stream of a batch, decoded as far as they could be. */
export interface StreamEvents {
  readonly stream: string;
  readonly id: string;
  readonly month: string;
  readonly lane: Lane;
  readonly events: DomainEvent[];
  /** The first event that could not be decoded, and those behind it. */
  fault?: Fault;
  readonly behindFault: Envelope[];
}

export const idOfStream = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

export const reasonOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 600);

/** Groups by stream, keeping each stream's order, and decodes; a stream ends at the first event that cannot be decoded. */
export function groupByStream(entries: readonly LanedEvent[], folder: Pick<Folder<ProjectedRow>, 'hasRow' | 'decode'>): { groups: StreamEvents[]; ignored: number } {
  const byStream = new Map<string, StreamEvents>();
  let ignored = 0;
  for (const { event, lane } of entries) {
    if (!folder.hasRow(event)) {
      ignored += 1;
      continue;
    }
    let group = byStream.get(event.stream);
    if (!group) {
      group = { stream: event.stream, id: idOfStream(event.stream), month: event.month, lane, events: [], behindFault: [] };
      byStream.set(event.stream, group);
    }
    addDecoded(group, event, folder);
  }
  return { groups: [...byStream.values()], ignored };
}

function addDecoded(group: StreamEvents, event: Envelope, folder: Pick<Folder<ProjectedRow>, 'decode'>): void {
  if (group.fault) {
    group.behindFault.push(event);
    return;
  }
  try {
    group.events.push(folder.decode(event));
  } catch (error) {
    group.fault = { event, lane: group.lane, reason: reasonOf(error) };
  }
}
