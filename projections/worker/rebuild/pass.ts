import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';

/** Events of one page of the log; two pages are in memory at a time (one folded, one on its way). */
const PAGE_EVENTS = 1_000;

/** The log from its beginning (or after a position) to its head, page by page; the next one is read while this one is folded. */
export async function* readLog(store: Pick<EventStore, 'readAll'>, filter: LogFilter, signal: AbortSignal, from: Position = ORIGIN): AsyncIterable<LogPage> {
  const read = (after: Position): Promise<LogPage> => {
    const page = store.readAll(after, { filter, limit: PAGE_EVENTS });
    // Awaited in the next round; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };
  for (let next: Promise<LogPage> | undefined = read(from); next;) {
    const page: LogPage = await next;
    signal.throwIfAborted();
    next = page.atHead ? undefined : read(page.scannedTo);
    yield page;
  }
}
