import { z } from 'zod';
import { authorityAnswer } from '../invoice/authority.js';
import { facts, format, party, taxLine } from '../invoice/facts.js';
import { verdict, VERDICTS } from '../invoice/verdict.js';
import { bytes, day, instant, invoiceId, money, month, sha256, text } from '../scalars.js';
import { defineEvent, type EventOf, type EventTraits, type FactOf } from './define.js';

const invoice: EventTraits = { category: 'invoice', audience: ['admin', 'analyst'] };

export const CHANNELS = ['api', 'upload', 'import', 'demo', 'copy'] as const;

/** Where the bytes are: already in the object store, or still to be fetched. */
export const fileReference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stored'), sha256, size: bytes, mediaType: text(100), name: text(255).exactOptional() }),
  z.strictObject({ kind: z.literal('remote'), url: text(2_048), sha256 }),
]);
export type FileReference = z.infer<typeof fileReference>;

/** What the command claimed of the document; the facts of the document itself come with the verdict. */
export const claim = z.strictObject({
  format: format.exactOptional(),
  documentType: text(16).exactOptional(),
  series: text(64).exactOptional(),
  number: text(128).exactOptional(),
  uuid: text(36).exactOptional(),
  issuer: party,
  receiver: party,
  subtotal: money.exactOptional(),
  taxes: z.array(taxLine).max(64),
  amount: money.exactOptional(),
  currency: text(8).exactOptional(),
  /** As written: local, no zone. */
  issuanceDate: text(40).exactOptional(),
  issuanceDay: day.exactOptional(),
});
export type Claim = z.infer<typeof claim>;

/** `claimed` says that the caller typed these values (JSON command), so the document is checked against them. */
export const created = defineEvent(
  'fiscal.invoice.created',
  z.strictObject({ identity: text(600), claim, claimed: z.boolean(), file: fileReference, channel: z.enum(CHANNELS) }),
  invoice,
);

export const processingStarted = defineEvent('fiscal.invoice.processing-started', z.strictObject({ attempt: z.int().min(1) }), invoice);

export const validated = defineEvent(
  'fiscal.invoice.validated',
  z.strictObject({ attempt: z.int().min(1), sha256, verdict, facts }),
  invoice,
);

/** Technical end of an attempt. `retriesExhausted` tells it from a final cause such as a checksum mismatch. */
export const failed = defineEvent(
  'fiscal.invoice.failed',
  z.strictObject({
    attempt: z.int().min(1),
    code: text(60),
    reason: text(600),
    retriesExhausted: z.boolean(),
    found: text(200).exactOptional(),
    declared: text(200).exactOptional(),
  }),
  invoice,
);

export const validationFailed = defineEvent(
  'fiscal.invoice.validation-failed',
  z.strictObject({ attempt: z.int().min(1), sha256, verdict, facts: facts.exactOptional() }),
  invoice,
);

export const retryScheduled = defineEvent(
  'fiscal.invoice.retry-scheduled',
  z.strictObject({ attempt: z.int().min(1), retry: z.int().min(1), cause: text(600), code: text(60), notBefore: instant }),
  invoice,
);

export const copyReceived = defineEvent(
  'fiscal.invoice.copy-received',
  z.strictObject({ sha256, size: bytes, mediaType: text(100), channel: z.enum(CHANNELS), name: text(255).exactOptional() }),
  invoice,
);
/** Copies with other bytes remembered per stream; further ones are refused without an event. */
export const MAX_COPIES = 10;

/** `attempt` is the number that the processing of the new file (or of the same one, by `process`) will carry. */
export const resubmitted = defineEvent(
  'fiscal.invoice.resubmitted',
  z.strictObject({ attempt: z.int().min(2), file: fileReference, claim: claim.exactOptional(), channel: z.enum(CHANNELS) }),
  invoice,
);

export const duplicateSuspected = defineEvent(
  'fiscal.invoice.duplicate-suspected',
  z.strictObject({ of: invoiceId, key: text(600) }),
  invoice,
);

export const archived = defineEvent(
  'fiscal.invoice.archived',
  z.strictObject({
    attempt: z.int().min(1),
    uuid: text(36).exactOptional(),
    issuer: party,
    receiver: party,
    amount: money.exactOptional(),
    currency: text(8).exactOptional(),
    issuanceDate: text(40).exactOptional(),
    month,
    objectKey: text(200),
    sha256,
    originalSize: bytes,
    compressedSize: bytes,
    codec: z.enum(['gzip']),
    retentionUntil: day,
  }),
  { ...invoice, version: 2 },
);

/** The kept file judged again, by other rules than before, with another verdict. What was decided on the verdict of then stays as it is. */
export const rejudged = defineEvent(
  'fiscal.invoice.rejudged',
  z.strictObject({ sha256, verdict, before: z.strictObject({ verdict: z.enum(VERDICTS), ruleSet: text(80) }) }),
  invoice,
);

/** What the authority said of the document when it was asked: told the first time, and whenever it says something else. Never part of a verdict. */
export const authorityStatusReported = defineEvent(
  'fiscal.invoice.authority-status-reported',
  z.strictObject({ uuid: text(36), answer: authorityAnswer }),
  invoice,
);

export const cancelled = defineEvent(
  'fiscal.invoice.cancelled',
  z.strictObject({ motive: text(200), replacedBy: text(36).exactOptional() }),
  invoice,
);

export const INVOICE_EVENTS = [
  created, processingStarted, validated, failed, validationFailed, retryScheduled, copyReceived, resubmitted, duplicateSuspected, archived, rejudged, authorityStatusReported, cancelled,
] as const;

export type InvoiceEvent = EventOf<(typeof INVOICE_EVENTS)[number]>;
export type InvoiceFact = FactOf<(typeof INVOICE_EVENTS)[number]>;
