import { decodeTrusted } from '#contracts/events/decode.js';
import type { DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';

/** Events of one page of the log; two pages are in memory at a time (one folded, one on its way). */
const PAGE_EVENTS = 1_000;

/** An event of a page, decoded once by the first projection that folds it. */
export class PassEvent {
  #decoded: DomainEvent | undefined;

  constructor(readonly stored: Envelope) {}

  /** @throws Error what the event cannot be decoded for */
  decoded(): DomainEvent {
    return (this.#decoded ??= decodeTrusted(this.stored));
  }
}

export interface PassPage {
  readonly events: readonly PassEvent[];
  readonly scannedTo: Position;
}

/** The log from its beginning to its head, page by page; the next one is read while this one is folded. */
export async function* readLog(store: Pick<EventStore, 'readAll'>, filter: LogFilter, signal: AbortSignal): AsyncIterable<PassPage> {
  const read = (after: Position): Promise<LogPage> => {
    const page = store.readAll(after, { filter, limit: PAGE_EVENTS });
    // Awaited in the next round; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };
  for (let next: Promise<LogPage> | undefined = read(ORIGIN); next;) {
    const { events, scannedTo, atHead }: LogPage = await next;
    signal.throwIfAborted();
    next = atHead ? undefined : read(scannedTo);
    yield { events: events.map((event) => new PassEvent(event)), scannedTo };
  }
}
