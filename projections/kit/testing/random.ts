import type { LanedEvent } from '#platform/feed/port.js';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** What a worker is given at once, and whether it is a new one that knows only what is stored. */
export interface Delivery {
  readonly entries: readonly LanedEvent[];
  readonly restarted: boolean;
}

/** How often what happens. */
const [DOUBLED, BEGUN_AGAIN, WHOLE_AGAIN, RESTARTED] = [0.1, 0.5, 0.2, 0.5];

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/**
 * Any cut of the log into batches, with what a feed that delivers at least once may do besides: begin again some events earlier, give a
 * whole batch twice, give single events twice in a row.
 * @param once ids of events that are never given twice in one batch: the guilty event of a parked stream would be counted as waiting behind itself
 */
export function deliveriesOf(entries: readonly LanedEvent[], random: Random, once: ReadonlySet<string> = new Set()): readonly Delivery[] {
  const largest = 1 + below(random, Math.max(1, entries.length));
  const deliveries: Delivery[] = [];
  for (let at = 0; at < entries.length;) {
    const end = Math.min(entries.length, at + 1 + below(random, largest));
    const again = random() < BEGUN_AGAIN ? below(random, at + 1) : 0;
    const batch = entries.slice(at - again, end).flatMap((entry) => (random() < DOUBLED && !once.has(entry.event.id) ? [entry, entry] : [entry]));
    deliveries.push({ entries: batch, restarted: random() < RESTARTED });
    if (random() < WHOLE_AGAIN) deliveries.push({ entries: batch, restarted: random() < RESTARTED });
    at = end;
  }
  return deliveries;
}

/** In words, for a failure: `2 events, 5 events by a new worker`. */
export const inWords = (deliveries: readonly Delivery[]): string =>
  deliveries.map(({ entries, restarted }) => `${entries[0]?.event.position ?? '-'}…${entries.at(-1)?.event.position ?? '-'}${restarted ? ' by a new worker' : ''}`).join(', ');
