import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Sha256 } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { ObjectStore } from '#platform/object-store/port.js';

const PAGE_EVENTS = 500;
/** Hashes that were looked for a moment ago: the events of one invoice name the same file several times. */
const REMEMBERED = 10_000;
const NAMED_MISSING = 20;

export interface OriginalsFound {
  readonly named: number;
  /** The first of them. */
  readonly missing: readonly Sha256[];
  readonly missingCount: number;
}

/** Looks for every object that an event of the log names, page by page. */
export async function findOriginals(log: EventStore, objects: Pick<ObjectStore, 'has'>): Promise<OriginalsFound> {
  const seen = new Set<Sha256>();
  const missing: Sha256[] = [];
  let [named, missingCount] = [0, 0];
  for (let after = ORIGIN, atHead = false; !atHead;) {
    const page = await log.readAll(after, { filter: { typePrefixes: ['fiscal.invoice.'] }, limit: PAGE_EVENTS });
    for (const sha256 of page.events.flatMap(objectsNamedBy)) {
      if (seen.has(sha256)) continue;
      if (seen.size >= REMEMBERED) seen.clear();
      seen.add(sha256);
      named += 1;
      if (await objects.has(sha256)) continue;
      missingCount += 1;
      if (missing.length < NAMED_MISSING) missing.push(sha256);
    }
    ({ scannedTo: after, atHead } = page);
  }
  return { named, missing, missingCount };
}

/** Objects that were durable before the event was written. A file that is still to be fetched is none of them. */
export function objectsNamedBy(stored: Envelope): readonly Sha256[] {
  const event = decodeTrusted(stored) as InvoiceEvent;
  switch (event.type) {
    case 'fiscal.invoice.created':
    case 'fiscal.invoice.resubmitted':
      return event.data.file.kind === 'stored' ? [event.data.file.sha256] : [];
    case 'fiscal.invoice.copy-received':
    case 'fiscal.invoice.archived':
      return [event.data.sha256];
    case 'fiscal.invoice.validated':
    case 'fiscal.invoice.validation-failed':
    case 'fiscal.invoice.rejudged': {
      const { sha256, verdict: { fullVerdict } } = event.data;
      return fullVerdict === undefined ? [sha256] : [sha256, fullVerdict];
    }
    case 'fiscal.invoice.processing-started':
    case 'fiscal.invoice.failed':
    case 'fiscal.invoice.retry-scheduled':
    case 'fiscal.invoice.duplicate-suspected':
    case 'fiscal.invoice.authority-status-reported':
    case 'fiscal.invoice.cancelled':
      return [];
  }
}
