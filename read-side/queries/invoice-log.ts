import { decodeTrusted } from '#contracts/events/decode.js';
import { mayBeSeenBy, publishedForm } from '#contracts/events/index.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { fromCodeRanges } from '#contracts/invoice/code-ranges.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { toStreamId, type Sha256 } from '#contracts/kernel/ids.js';
import { nextRevision, type Revision } from '#contracts/kernel/position.js';
import type { Role } from '#contracts/roles.js';
import type { EventStore } from '#platform/event-store/port.js';
import { includes, type Moment } from '../moment.js';

/** The history of one invoice comes from the log itself: it is what the rows are made of. */
export async function invoiceEvents(log: EventStore, id: string): Promise<readonly InvoiceEvent[]> {
  const events = await log.readStream(toStreamId(`invoice-${id}`));
  return events.map((event) => decodeTrusted(event) as InvoiceEvent);
}

/** Events of one reading: most invoices have five. */
const PAGE_EVENTS = 200;

/** The events of one invoice that had happened by then, in order. Later ones are not even decoded. @throws UndecodableEvent */
export async function invoiceEventsUntil(log: EventStore, id: string, moment: Moment): Promise<readonly InvoiceEvent[]> {
  const events: InvoiceEvent[] = [];
  for (let from: Revision = nextRevision(undefined); ; from = nextRevision(events.at(-1)?.revision)) {
    const page = await log.readStream(toStreamId(`invoice-${id}`), { from, limit: PAGE_EVENTS });
    for (const event of page) {
      if (!includes(moment, event)) return events;
      events.push(decodeTrusted(event) as InvoiceEvent);
    }
    if (page.length < PAGE_EVENTS) return events;
  }
}

/** The published form of what the role may see; nothing else leaves. */
export const publishedEvents = (events: readonly InvoiceEvent[], role: Role): readonly unknown[] =>
  events.filter((event) => mayBeSeenBy(event.type, role)).map((event) => publishedForm(event));

export interface Findings {
  readonly revision: Revision;
  readonly verdict: Verdict;
}

/** The verdict of the last attempt that had one, or the one that came after it by newer rules. */
export function lastVerdict(events: readonly InvoiceEvent[]): Findings | undefined {
  for (const event of [...events].reverse()) {
    if (event.type === 'fiscal.invoice.validated' || event.type === 'fiscal.invoice.validation-failed' || event.type === 'fiscal.invoice.rejudged') {
      const { verdict } = event.data;
      return { revision: event.revision, verdict: { ...verdict, checked: fromCodeRanges(verdict.checked) } };
    }
  }
  return undefined;
}

export interface OriginalFile {
  readonly sha256: Sha256;
  readonly mediaType: string;
  readonly name: string;
}

/** The file that is in force: that of the last `created` or `resubmitted`. A remote one has its declared hash, which fetching proves. */
export function currentFile(events: readonly InvoiceEvent[]): OriginalFile | undefined {
  for (const event of [...events].reverse()) {
    if (event.type !== 'fiscal.invoice.created' && event.type !== 'fiscal.invoice.resubmitted') continue;
    const { file } = event.data;
    const fallback = `${event.stream.slice('invoice-'.length)}.xml`;
    return file.kind === 'stored' ? { sha256: file.sha256, mediaType: file.mediaType, name: file.name ?? fallback } : { sha256: file.sha256, mediaType: 'application/xml', name: fallback };
  }
  return undefined;
}
