import { setImmediate } from 'node:timers/promises';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';
import type { Governor } from './governor.js';

/** Events of one page of the log; two pages are in memory at a time (one folded, one on its way). */
const PAGE_EVENTS = 1_000;
/** While readers are busy: what the engine works on at a time is what they wait for. */
const BUSY_PAGE_EVENTS = 64;

/** The last event that goes in: by its position, or the last that was recorded until an instant (milliseconds since 1970; the log's instants never decrease). */
export type Until = { readonly position: Position } | { readonly recordedUntil: number };

const isWithin = (until: Until, event: Envelope): boolean => ('position' in until ? !isAfter(event.position, until.position) : Date.parse(event.recordedAt) <= until.recordedUntil);

export interface PassOptions {
  readonly filter: LogFilter;
  readonly signal: AbortSignal;
  /** Exclusive; default the beginning. */
  readonly from?: Position;
  /** Default: the head, when the pass comes to it. */
  readonly until?: Until | undefined;
  readonly pageEvents?: number;
  /** While it is busy, pages are short and none is read ahead: engine and fold use one core between them. */
  readonly governor?: Pick<Governor, 'isBusy'>;
}

/** The log page by page, in order; the next one is read while this one is folded, unless readers are busy. */
export async function* readLog(store: Pick<EventStore, 'readAll'>, { filter, signal, from = ORIGIN, until, pageEvents = PAGE_EVENTS, governor }: PassOptions): AsyncIterable<LogPage> {
  const read = (after: Position): Promise<LogPage> => {
    const page = store.readAll(after, { filter, limit: governor?.isBusy === true ? BUSY_PAGE_EVENTS : pageEvents });
    // Awaited in the next round; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };
  let last = from;
  for (let next: Promise<LogPage> | undefined = read(from), more = true; more;) {
    const page: LogPage = await (next ?? read(last));
    signal.throwIfAborted();
    const end = until && lastPage(page, until, last);
    more = !end && !page.atHead;
    next = more && governor?.isBusy !== true ? read(page.scannedTo) : undefined;
    // A question goes out when the event loop turns: the engine works on it while this page is folded, which does not let the loop turn.
    if (next) await setImmediate();
    last = page.scannedTo;
    yield end ?? page;
  }
}

/** The page cut off where it ends; undefined when it goes on behind this page. */
function lastPage({ events, scannedTo }: LogPage, until: Until, before: Position): LogPage | undefined {
  const within = events.filter((event) => isWithin(until, event));
  const endsHere = within.length < events.length || ('position' in until && !isAfter(until.position, scannedTo));
  if (!endsHere) return undefined;
  return { events: within, scannedTo: 'position' in until ? until.position : (within.at(-1)?.position ?? before), atHead: true };
}
