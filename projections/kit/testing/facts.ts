import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { UserFact } from '#contracts/events/auth.js';
import type { AuthorityState } from '#contracts/invoice/authority.js';
import type { Facts } from '#contracts/invoice/facts.js';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import { toInvoiceId, toSha256 } from '#contracts/kernel/ids.js';
import { toMoney } from '#contracts/money.js';

/*
 * Facts of the usual lives of invoices and users, each valid as it stands; a declaration changes only the fields that it is about.
 */

type InvoiceType = InvoiceFact['type'];
type InvoiceData<Type extends InvoiceType> = Extract<InvoiceFact, { type: Type }>['data'];
type InvoiceFactOf<Type extends InvoiceType> = { readonly type: Type; readonly data: InvoiceData<Type> };
type UserType = UserFact['type'];
type UserData<Type extends UserType> = Extract<UserFact, { type: Type }>['data'];
type UserFactOf<Type extends UserType> = { readonly type: Type; readonly data: UserData<Type> };

const invoiceFact = <Type extends InvoiceType>(type: Type, data: InvoiceData<Type>): InvoiceFactOf<Type> => ({ type, data });
const userFact = <Type extends UserType>(type: Type, data: UserData<Type>): UserFactOf<Type> => ({ type, data });

const SHA = toSha256('a'.repeat(64));
export const ISSUER = { id: 'AAA010101AA0', name: 'Compañía de Papelería SA' };
export const RECEIVER = { id: 'XAXX010101000', name: 'Público en General' };
const FILE = { kind: 'stored', sha256: SHA, size: 5_000, mediaType: 'application/xml' } as const;

/** What the sample document says. */
export const documentFacts = (changes: Partial<Facts> = {}): Facts => ({
  format: 'cfdi-4.0', documentType: 'I', series: 'A', number: '101', uuid: '6F1C0B52-3F0E-4C0A-9A56-0F2F7A1D4E10', issuer: ISSUER, receiver: RECEIVER,
  dates: { issued: '2026-03-02T10:00:00' }, issuanceDay: '2026-03-02', currency: 'MXN', subtotal: toMoney('1000.00'), discount: toMoney('0.00'), total: toMoney('1160.00'),
  taxes: [{ tax: '002', kind: 'transferred', factor: 'Tasa', rate: toMoney('0.160000'), base: toMoney('1000.00'), amount: toMoney('160.00') }],
  lineCount: 2, descriptions: ['Tornillos de acero', 'Servicio de instalación'], descriptionsTruncated: false, ...changes,
});

const findingOf = (code: string): Finding => ({ code, severity: 'error', path: '/Comprobante/@Total', term: 'Total', expected: '1', found: '2', message: { es: 'mal', en: 'wrong' }, source: 'the test kit' });

/** Invalid for these codes; valid without any. */
export const verdictOf = (...codes: readonly string[]): Verdict => ({
  verdict: codes.length === 0 ? 'valid' : 'invalid', findings: codes.map(findingOf), findingCounts: Object.fromEntries(codes.map((code) => [code, 1])),
  checked: ['totals'], notChecked: [], ruleSet: 'test@1', catalogueDate: 'none', durationUs: 10,
});

export const created = (changes: Partial<InvoiceData<'fiscal.invoice.created'>> = {}): InvoiceFactOf<'fiscal.invoice.created'> => invoiceFact('fiscal.invoice.created', {
  identity: 'test|1', claimed: true, channel: 'api', file: FILE, claim: { issuer: ISSUER, receiver: RECEIVER, taxes: [], amount: toMoney('1160.00'), currency: 'MXN' }, ...changes,
});
export const processingStarted = (attempt = 1): InvoiceFactOf<'fiscal.invoice.processing-started'> => invoiceFact('fiscal.invoice.processing-started', { attempt });
export const validated = (facts: Partial<Facts> = {}, attempt = 1): InvoiceFactOf<'fiscal.invoice.validated'> =>
  invoiceFact('fiscal.invoice.validated', { attempt, sha256: SHA, verdict: verdictOf(), facts: documentFacts(facts) });
/** Rejected by rules: at least one code. */
export const validationFailed = (codes: readonly [string, ...string[]] = ['CFDI40108'], attempt = 1): InvoiceFactOf<'fiscal.invoice.validation-failed'> =>
  invoiceFact('fiscal.invoice.validation-failed', { attempt, sha256: SHA, verdict: verdictOf(...codes), facts: documentFacts() });
export const failed = (changes: Partial<InvoiceData<'fiscal.invoice.failed'>> = {}): InvoiceFactOf<'fiscal.invoice.failed'> =>
  invoiceFact('fiscal.invoice.failed', { attempt: 1, code: 'fetch-failed', reason: 'gone', retriesExhausted: true, ...changes });
export const retryScheduled = (changes: Partial<InvoiceData<'fiscal.invoice.retry-scheduled'>> = {}): InvoiceFactOf<'fiscal.invoice.retry-scheduled'> =>
  invoiceFact('fiscal.invoice.retry-scheduled', { attempt: 1, retry: 1, cause: 'the store is away', code: 'object-store-unavailable', notBefore: '2026-03-05T13:00:00.000Z', ...changes });
export const copyReceived = (): InvoiceFactOf<'fiscal.invoice.copy-received'> =>
  invoiceFact('fiscal.invoice.copy-received', { sha256: SHA, size: 1, mediaType: 'application/xml', channel: 'copy' });
export const resubmitted = (attempt = 2): InvoiceFactOf<'fiscal.invoice.resubmitted'> =>
  invoiceFact('fiscal.invoice.resubmitted', { attempt, file: { ...FILE, size: 6_000 }, channel: 'upload' });
export const archived = (changes: Partial<InvoiceData<'fiscal.invoice.archived'>> = {}): InvoiceFactOf<'fiscal.invoice.archived'> => invoiceFact('fiscal.invoice.archived', {
  attempt: 1, issuer: ISSUER, receiver: RECEIVER, amount: toMoney('1160.00'), currency: 'MXN', issuanceDate: '2026-03-02T10:00:00', month: '2026-03-01', objectKey: `sha256/${SHA}`,
  sha256: SHA, originalSize: 5_000, compressedSize: 900, codec: 'gzip', retentionUntil: '2031-03-02', ...changes,
});
export const duplicateSuspected = (of = '00000000-0000-4000-8000-0000000000d0'): InvoiceFactOf<'fiscal.invoice.duplicate-suspected'> =>
  invoiceFact('fiscal.invoice.duplicate-suspected', { of: toInvoiceId(of), key: 'test' });
/** Judged again: valid without codes. */
export const rejudged = (...codes: readonly string[]): InvoiceFactOf<'fiscal.invoice.rejudged'> =>
  invoiceFact('fiscal.invoice.rejudged', { sha256: SHA, verdict: { ...verdictOf(...codes), ruleSet: 'test@2' }, before: { verdict: 'valid', ruleSet: 'test@1' } });
export const authorityStatusReported = (status: AuthorityState, taxpayerList = '200'): InvoiceFactOf<'fiscal.invoice.authority-status-reported'> =>
  invoiceFact('fiscal.invoice.authority-status-reported', { uuid: '6F1D5A2E-0B3C-4D5E-8F90-A1B2C3D4E5F6', answer: { status, code: 'S - Comprobante obtenido satisfactoriamente.', taxpayerList } });
export const cancelled = (motive: '01' | '02' | '03' | '04' = '02'): InvoiceFactOf<'fiscal.invoice.cancelled'> => invoiceFact('fiscal.invoice.cancelled', { motive });

export const registered = (changes: Partial<UserData<'auth.user.registered'>> = {}): UserFactOf<'auth.user.registered'> =>
  userFact('auth.user.registered', { email: 'ana@example.org', name: 'Ana', role: 'viewer', tier: 'free', credential: 'c1', ...changes });
export const roleChanged = (to: UserData<'auth.user.role-changed'>['to'], from: UserData<'auth.user.role-changed'>['from'] = 'viewer'): UserFactOf<'auth.user.role-changed'> =>
  userFact('auth.user.role-changed', { from, to });
export const suspended = (reason = 'test'): UserFactOf<'auth.user.suspended'> => userFact('auth.user.suspended', { reason });
export const reinstated = (reason = 'test'): UserFactOf<'auth.user.reinstated'> => userFact('auth.user.reinstated', { reason });
export const userDeleted = (reason = 'test'): UserFactOf<'auth.user.deleted'> => userFact('auth.user.deleted', { reason });
