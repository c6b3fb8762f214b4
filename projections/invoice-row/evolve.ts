import type { Claim, FileReference, InvoiceEvent } from '#contracts/events/invoice.js';
import { AUTHORITY_CODES, authorityCodes, type AuthorityAnswer } from '#contracts/invoice/authority.js';
import { DUPLICATE_SUSPECTED } from '#contracts/invoice/duplicates.js';
import type { Facts } from '#contracts/invoice/facts.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { toInvoiceId } from '#contracts/kernel/ids.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { elapsedMs, plainAmount, plainInstant } from './canonical.js';

type Changes = Partial<InvoiceSummary>;

/** What the changes that an event makes may depend on. */
export type SoFar = Pick<InvoiceSummary, 'status' | 'startedAt' | 'copies' | 'duplicateOf' | 'findingCounts'>;

/** `invoice-{id}` */
const idOf = (event: InvoiceEvent): InvoiceSummary['id'] => toInvoiceId(event.stream.slice('invoice-'.length));

/** The row of an invoice after one more of its events: the only fold of invoices, shared by summary, search and cache. Pure. */
export function evolveInvoice(row: InvoiceSummary | undefined, event: InvoiceEvent): InvoiceSummary {
  const before = row ?? blank(event);
  return { ...before, ...changesOf(before, event), revision: event.revision, position: event.position, updatedAt: plainInstant(event.occurredAt) };
}

/** Only what changes; a member that is there is never undefined. */
export function changesOf(row: SoFar, event: InvoiceEvent): Changes {
  switch (event.type) {
    case 'fiscal.invoice.created':
      return { channel: event.data.channel, ...ofClaim(event.data.claim), ...ofFile(event.data.file) };
    case 'fiscal.invoice.processing-started':
      return { status: 'processing', attempt: event.data.attempt, startedAt: plainInstant(event.occurredAt), processingMs: null, rejection: null };
    case 'fiscal.invoice.validated':
      return { status: 'validated', sha256: event.data.sha256, validatedAt: plainInstant(event.occurredAt), ...ofVerdict(event.data.verdict, row), ...ofFacts(event.data.facts) };
    case 'fiscal.invoice.failed':
      return { status: 'rejected', rejection: { code: event.data.code, reason: event.data.reason }, processingMs: elapsedMs(row.startedAt, event.occurredAt) };
    case 'fiscal.invoice.validation-failed':
      return {
        status: 'rejected', sha256: event.data.sha256, rejection: firstFatal(event.data.verdict), processingMs: elapsedMs(row.startedAt, event.occurredAt),
        ...ofVerdict(event.data.verdict, row), ...(event.data.facts && ofFacts(event.data.facts)),
      };
    case 'fiscal.invoice.retry-scheduled':
      return row.status === 'validated' ? {} : { status: 'processing' };
    case 'fiscal.invoice.copy-received':
      return { copies: row.copies + 1 };
    case 'fiscal.invoice.resubmitted':
      return { ...NEW_ATTEMPT, findingCounts: remarksOf(row), attempt: event.data.attempt, channel: event.data.channel, ...(event.data.claim && ofClaim(event.data.claim)), ...ofFile(event.data.file) };
    case 'fiscal.invoice.duplicate-suspected':
      return { duplicateOf: [...row.duplicateOf, event.data.of], findingCounts: inOrder({ ...row.findingCounts, [DUPLICATE_SUSPECTED]: (row.findingCounts[DUPLICATE_SUSPECTED] ?? 0) + 1 }) };
    case 'fiscal.invoice.archived':
      return {
        status: 'archived', sha256: event.data.sha256, originalSize: event.data.originalSize, compressedSize: event.data.compressedSize, retentionUntil: event.data.retentionUntil,
        archivedAt: plainInstant(event.occurredAt), processingMs: elapsedMs(row.startedAt, event.occurredAt),
      };
    case 'fiscal.invoice.rejudged':
      return ofVerdict(event.data.verdict, row);
    case 'fiscal.invoice.authority-status-reported':
      return { findingCounts: withAuthority(row.findingCounts, event.data.answer) };
    case 'fiscal.invoice.cancelled':
      return { status: 'cancelled', cancelledAt: plainInstant(event.occurredAt), cancellation: { motive: event.data.motive, replacedBy: event.data.replacedBy ?? null } };
  }
}

const NEW_ATTEMPT: Changes = {
  status: 'pending', rejection: null, verdict: null, findingCounts: {}, startedAt: null, validatedAt: null, processingMs: null, originalSize: null, compressedSize: null,
};

const blank = (event: InvoiceEvent): InvoiceSummary => ({
  id: idOf(event), month: event.month, shardKey: event.shardKey, revision: event.revision, position: event.position, status: 'pending', attempt: 1, channel: '',
  format: null, documentType: null, series: null, number: null, uuid: null, issuer: {}, receiver: {}, currency: null, subtotal: null, discount: null, total: null, taxes: [],
  issuanceDate: null, issuanceDay: null, lineCount: null, sha256: null, originalSize: null, compressedSize: null, verdict: null, findingCounts: {}, rejection: null, copies: 0,
  duplicateOf: [], cancellation: null, receivedAt: plainInstant(event.occurredAt), startedAt: null, validatedAt: null, archivedAt: null, cancelledAt: null,
  updatedAt: plainInstant(event.occurredAt), processingMs: null, retentionUntil: null,
});

const ofClaim = (claim: Claim): Changes => ({
  format: claim.format ?? null, documentType: claim.documentType ?? null, series: claim.series ?? null, number: claim.number ?? null, uuid: claim.uuid?.toUpperCase() ?? null,
  issuer: claim.issuer, receiver: claim.receiver, currency: claim.currency ?? null, subtotal: plainAmount(claim.subtotal), total: plainAmount(claim.amount), taxes: claim.taxes,
  issuanceDate: claim.issuanceDate ?? null, issuanceDay: claim.issuanceDay ?? null,
});

const ofFile = (file: FileReference): Changes => ({ sha256: file.sha256, originalSize: file.kind === 'stored' ? file.size : null });

const ofFacts = (facts: Facts): Changes => ({
  format: facts.format, documentType: facts.documentType ?? null, series: facts.series ?? null, number: facts.number ?? null, uuid: facts.uuid ?? null,
  issuer: facts.issuer, receiver: facts.receiver, currency: facts.currency ?? null, subtotal: plainAmount(facts.subtotal), discount: plainAmount(facts.discount),
  total: plainAmount(facts.total), taxes: facts.taxes, issuanceDate: facts.dates.issued ?? null, issuanceDay: facts.issuanceDay ?? null, lineCount: facts.lineCount,
});

const inOrder = (counts: InvoiceSummary['findingCounts']): InvoiceSummary['findingCounts'] => Object.fromEntries(Object.entries(counts).sort(([left], [right]) => (left < right ? -1 : 1)));

const REMARKS: ReadonlySet<string> = new Set([DUPLICATE_SUSPECTED, ...Object.values(AUTHORITY_CODES)]);

/** That it is suspected as a duplicate, or what the authority says of it, is no finding of its verdict, and outlives all of them; it is counted among the codes, so that lists and search find it by that. */
const remarksOf = ({ findingCounts }: SoFar): InvoiceSummary['findingCounts'] => Object.fromEntries(Object.entries(findingCounts).filter(([code]) => REMARKS.has(code)));

/** The codes of what the authority says now, instead of those of what it said before. */
function withAuthority(counts: InvoiceSummary['findingCounts'], answer: AuthorityAnswer): InvoiceSummary['findingCounts'] {
  const codes: readonly string[] = Object.values(AUTHORITY_CODES);
  const others = Object.fromEntries(Object.entries(counts).filter(([code]) => !codes.includes(code)));
  return inOrder({ ...others, ...Object.fromEntries(authorityCodes(answer).map((code) => [code, 1])) });
}

const ofVerdict = (verdict: Verdict, row: SoFar): Changes => ({
  verdict: verdict.verdict,
  findingCounts: inOrder({ ...verdict.findingCounts, ...remarksOf(row) }),
});

function firstFatal(verdict: Verdict): InvoiceSummary['rejection'] {
  const finding = verdict.findings.find(({ severity }) => severity === 'error') ?? verdict.findings[0];
  return finding ? { code: finding.code, reason: finding.message.en } : { code: 'FOLIO-UNREADABLE', reason: `The document is ${verdict.verdict}.` };
}
