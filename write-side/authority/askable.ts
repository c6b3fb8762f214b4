import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toInvoiceId } from '#contracts/kernel/ids.js';
import type { Askable } from './check-table.js';

export const ARCHIVED = 'fiscal.invoice.archived';

/** The archived documents that an authority has stamped: only the facts of a CFDI have a fiscal UUID, and it is the stamp's. */
export const askableOf = (events: readonly Envelope[]): readonly Askable[] => events.flatMap((envelope) => {
  if (envelope.type !== ARCHIVED) return [];
  const event = decodeTrusted(envelope) as InvoiceEvent;
  if (event.type !== ARCHIVED || event.data.uuid === undefined) return [];
  return [{ invoice: toInvoiceId(event.stream.slice('invoice-'.length)), sha256: event.data.sha256, archivedAt: new Date(event.recordedAt) }];
});
