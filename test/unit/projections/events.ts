import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { DomainEvent } from '#contracts/events/index.js';
import { definitionOf } from '#contracts/events/index.js';
import { decodeStrict } from '#contracts/events/decode.js';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { UserFact } from '#contracts/events/auth.js';
import { derivedUuid, toCorrelationId, toStreamId, type EventId, type Sha256, type StreamId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { toMoney } from '#contracts/money.js';

export const SHA = 'a'.repeat(64) as Sha256;

/** Everything below is generated; `seed` names one invoice. */
export const invoiceId = (seed: number): string => derivedUuid('test-invoice', String(seed));
export const invoiceStream = (seed: number): StreamId => toStreamId(`invoice-${invoiceId(seed)}`);
export const userStream = (seed: number): StreamId => toStreamId(`user-${derivedUuid('test-user', String(seed))}`);

const issuerOf = (seed: number): { id: string; name: string } => ({ id: `AAA0101${String(seed % 7).padStart(2, '0')}AA${seed % 3}`, name: `Compañía de Papelería ${seed % 7} SA` });
const RECEIVER = { id: 'XAXX010101000', name: 'Público en General' };
const totalOf = (seed: number): string => `${1_000 + seed}.50`;

export const created = (seed = 1): InvoiceFact => ({
  type: 'fiscal.invoice.created',
  data: {
    identity: `test|${seed}`, claimed: true, channel: 'api', file: { kind: 'stored', sha256: SHA, size: 5_000, mediaType: 'application/xml' },
    claim: { issuer: issuerOf(seed), receiver: RECEIVER, taxes: [], amount: toMoney(totalOf(seed)), currency: 'MXN' },
  },
});
export const started = (attempt = 1): InvoiceFact => ({ type: 'fiscal.invoice.processing-started', data: { attempt } });

const verdictOf = (codes: readonly string[]) => ({
  verdict: codes.length === 0 ? ('valid' as const) : ('invalid' as const), findingCounts: Object.fromEntries(codes.map((code) => [code, 1])),
  findings: codes.map((code) => ({ code, severity: 'error' as const, path: '/x', term: 'Total', expected: '1', found: '2', message: { es: 'mal', en: 'wrong' }, source: 'test' })),
  checked: ['totals'], notChecked: [], ruleSet: 'test@1', catalogueDate: 'none', durationUs: 10,
});

export const factsOf = (seed: number) => ({
  format: 'cfdi-4.0' as const, documentType: 'I', series: 'A', number: String(100 + seed), uuid: invoiceId(seed).toUpperCase(), issuer: issuerOf(seed), receiver: RECEIVER,
  dates: { issued: '2026-03-02T10:00:00' }, issuanceDay: '2026-03-02', currency: 'MXN', subtotal: toMoney('1000.00'), discount: toMoney('0.00'), total: toMoney(totalOf(seed)),
  taxes: [{ tax: '002', kind: 'transferred' as const, factor: 'Tasa', rate: toMoney('0.160000'), base: toMoney('1000.00'), amount: toMoney('160.00') }],
  lineCount: 2, descriptions: ['Tornillos de acero', 'Servicio de instalación'], descriptionsTruncated: false,
});

export const validated = (seed = 1, attempt = 1): InvoiceFact => ({ type: 'fiscal.invoice.validated', data: { attempt, sha256: SHA, verdict: verdictOf([]), facts: factsOf(seed) } });
export const validationFailed = (seed = 1, attempt = 1): InvoiceFact => ({
  type: 'fiscal.invoice.validation-failed', data: { attempt, sha256: SHA, verdict: verdictOf(['CFDI40108']), facts: factsOf(seed) },
});
export const failed = (attempt = 1): InvoiceFact => ({ type: 'fiscal.invoice.failed', data: { attempt, code: 'fetch-failed', reason: 'gone', retriesExhausted: true } });
export const copyReceived = (): InvoiceFact => ({ type: 'fiscal.invoice.copy-received', data: { sha256: SHA, size: 1, mediaType: 'application/xml', channel: 'copy' } });
export const resubmitted = (attempt = 2): InvoiceFact => ({
  type: 'fiscal.invoice.resubmitted', data: { attempt, file: { kind: 'stored', sha256: SHA, size: 6_000, mediaType: 'application/xml' }, channel: 'upload' },
});
export const archived = (seed = 1, attempt = 1): InvoiceFact => ({
  type: 'fiscal.invoice.archived',
  data: {
    attempt, issuer: issuerOf(seed), receiver: RECEIVER, amount: toMoney(totalOf(seed)), currency: 'MXN', issuanceDate: '2026-03-02T10:00:00', month: '2026-03-01', objectKey: `sha256/${SHA}`,
    sha256: SHA, originalSize: 5_000, compressedSize: 900, codec: 'gzip', retentionUntil: '2031-03-02',
  },
});
export const cancelled = (): InvoiceFact => ({ type: 'fiscal.invoice.cancelled', data: { motive: '02' } });

export const lifeOf = (seed: number): InvoiceFact[] => [created(seed), started(), validated(seed), archived(seed), ...(seed % 5 === 0 ? [cancelled()] : [copyReceived()])];

export interface Routed { readonly shardKey?: string; readonly month?: string }

/** As a command would append it; ids derive from stream and index. */
export function toNew(stream: string, index: number, fact: InvoiceFact | UserFact | { type: string; data: unknown }, { shardKey = `issuer-${stream.charCodeAt(9) % 5}`, month = '2026-03-01' }: Routed = {}): NewEvent {
  return {
    id: derivedUuid('test-event', stream, String(index)) as EventId, type: fact.type, version: definitionOf(fact.type)?.version ?? 1,
    occurredAt: `2026-03-05T12:00:${String(index % 60).padStart(2, '0')}.250Z`, correlationId: toCorrelationId('test'), causationId: derivedUuid('test-cause', stream, String(index)),
    actor: { kind: 'system', id: 'test' }, shardKey, month, data: fact.data,
  };
}

/** Stored events of one stream from revision 0, strictly decoded; positions begin after `after`. */
export function history(stream: string, facts: readonly (InvoiceFact | UserFact)[], after = 0): DomainEvent[] {
  return facts.map((fact, index) => {
    const stored: Envelope = { ...toNew(stream, index, fact), stream: toStreamId(stream), revision: toRevision(index), position: toPosition(String(after + index + 1)), recordedAt: '2026-03-05T12:00:00.000Z' };
    return decodeStrict(stored);
  });
}
