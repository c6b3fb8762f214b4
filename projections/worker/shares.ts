import type { Envelope } from '#contracts/kernel/envelope.js';
import type { LanedEvent } from '#platform/feed/port.js';
import type { Folder } from '../kit/fold.js';
import type { ProjectedRow } from '../kit/projection.js';
import { groupByStream, type StreamEvents } from './batch.js';

/** Generations of one layout, as a shard sees them. */
export interface WriterPart {
  readonly generations: readonly number[];
  /** Whether rows of this key are on the shard in this layout. */
  readonly isHere: (shardKey: string) => boolean;
}

/** Generations that take the same events of a batch on a shard, and what they take. */
export interface Share {
  readonly generations: readonly number[];
  readonly groups: readonly StreamEvents[];
  /** Events of streams that are in quarantine in these generations. */
  readonly waiting: readonly Envelope[];
  readonly ignored: number;
}

/** Streams in quarantine of each generation. */
export type Parked = ReadonlyMap<number, ReadonlySet<string>>;

/**
 * Divides a batch among the generations of a shard. Those of one layout and with the same of its streams in quarantine share groups: usually that is
 * all of them. Parts and generations stay in their order.
 */
export function sharesOf(batch: readonly LanedEvent[], parts: readonly WriterPart[], parked: Parked, folder: Folder<ProjectedRow>): readonly Share[] {
  return parts.flatMap((part) => sharesOfPart(parts.length === 1 ? batch : batch.filter(({ event }) => part.isHere(event.shardKey)), part, parked, folder));
}

function sharesOfPart(entries: readonly LanedEvent[], { generations }: WriterPart, parked: Parked, folder: Folder<ProjectedRow>): readonly Share[] {
  const alike = new Map<string, { readonly generations: number[]; readonly isParked: (stream: string) => boolean }>();
  for (const generation of generations) {
    const streams = parked.get(generation);
    const isParked = (stream: string): boolean => streams?.has(stream) === true;
    const key = streams === undefined || streams.size === 0 ? '' : entries.flatMap(({ event }) => (isParked(event.stream) ? [event.stream] : [])).join(' ');
    const known = alike.get(key);
    if (known) known.generations.push(generation);
    else alike.set(key, { generations: [generation], isParked });
  }
  return [...alike].map(([key, { generations: these, isParked }]) => {
    const waiting = key === '' ? [] : entries.flatMap(({ event }) => (isParked(event.stream) ? [event] : []));
    return { generations: these, waiting, ...groupByStream(key === '' ? entries : entries.filter(({ event }) => !isParked(event.stream)), folder) };
  });
}
