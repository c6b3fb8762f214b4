import { after, describe, it } from 'mocha';
import { toMoney } from '#contracts/money.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { hotCache } from '../../../projections/hot-cache/project.js';
import { INVOICE_SEARCH } from '../../../projections/invoice-search/store.js';
import { invoiceSearch } from '../../../projections/invoice-search/project.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import {
  archived, at, authorityStatusReported, cancelled, copyReceived, created, duplicateSuspected, failed, invoice, processingStarted, projectionSuite, registered, reinstated, rejudged, resubmitted, retryScheduled, roleChanged, suspended, unchecked, user,
  userDeleted, validated, validationFailed,
} from '../../../projections/kit/testing/index.js';
import { USERS } from '../../../projections/users/store.js';
import { freshDatabase } from '../../support/postgres.js';

const describeProjection = projectionSuite({ describe, it, after }, { database: freshDatabase });

describeProjection(INVOICE_SUMMARY, ({ given }) => {
  it('shows where each invoice stands', () => given(
    invoice('A', created()), invoice('B', created(), processingStarted()), invoice('C', created(), processingStarted(), validated()),
    invoice('D', created(), processingStarted(), validated(), archived()), invoice('E', created(), processingStarted(), validated(), archived(), cancelled()),
  ).then([
    { id: 'A', status: 'pending', revision: 0, total: '1160.00' }, { id: 'B', status: 'processing' }, { id: 'C', status: 'validated', verdict: 'valid' },
    { id: 'D', status: 'archived', compressedSize: 900, retentionUntil: '2031-03-02' }, { id: 'E', status: 'cancelled', cancellation: { motive: '02', replacedBy: null } },
  ]));

  it('forgets the rejection with the next attempt, and counts copies', () => given(
    invoice('A', created(), processingStarted(), validationFailed(), copyReceived()), invoice('B', created(), processingStarted(), failed(), resubmitted(), processingStarted(2), retryScheduled({ attempt: 2 })),
  ).then([{ id: 'A', status: 'rejected', rejection: { code: 'CFDI40108', reason: 'wrong' }, copies: 1 }, { id: 'B', status: 'processing', attempt: 2, rejection: null }]));

  it('shows the verdict of newer rules beside what became of the old one', () => given(
    invoice('A', created(), processingStarted(), validated(), archived(), rejudged('CRP20202', 'CFDI40108')), invoice('B', created(), processingStarted(), validationFailed(), rejudged()),
  ).then([{ id: 'A', status: 'archived', verdict: 'invalid', findingCounts: { CFDI40108: 1, CRP20202: 1 } }, { id: 'B', status: 'rejected', verdict: 'valid', findingCounts: {}, rejection: { code: 'CFDI40108', reason: 'wrong' } }]));

  it('is found by the code of a suspected duplicate, whatever verdicts follow', () => given(
    invoice('A', created(), processingStarted(), validated(), duplicateSuspected(), archived(), rejudged('CFDI40108')), invoice('B', created(), processingStarted(), validationFailed(), duplicateSuspected(), resubmitted()),
  ).then([{ id: 'A', status: 'archived', findingCounts: { 'CFDI40108': 1, 'FOLIO-DUPLICATE-SUSPECTED': 1 } }, { id: 'B', status: 'pending', findingCounts: { 'FOLIO-DUPLICATE-SUSPECTED': 1 } }]));

  it('is found by the code of what the authority says of it now, whatever verdicts follow', () => given(
    invoice('A', created(), processingStarted(), validated(), archived(), authorityStatusReported('not-found'), authorityStatusReported('cancelled'), rejudged('CFDI40108')),
    invoice('B', created(), processingStarted(), validated(), duplicateSuspected(), archived(), authorityStatusReported('not-found'), authorityStatusReported('in-force')),
    invoice('C', created(), processingStarted(), validated(), archived(), authorityStatusReported('in-force'), authorityStatusReported('in-force', '100')),
  ).then([
    { id: 'A', status: 'archived', findingCounts: { 'CFDI40108': 1, 'FOLIO-AUTHORITY-CANCELLED': 1 } }, { id: 'B', status: 'archived', findingCounts: { 'FOLIO-DUPLICATE-SUSPECTED': 1 } },
    { id: 'C', status: 'archived', findingCounts: { 'FOLIO-AUTHORITY-LISTED': 1 } },
  ]));

  it('takes amounts and instants that no Postgres would print like that', () => given(
    invoice('A', at('2026-03-05T12:00:00Z', created()), at('2026-03-05T12:00:01.1234567Z', processingStarted()), at('2026-03-05T12:00:02.120Z', validated({ total: toMoney('-0.00'), subtotal: toMoney('007.10') }))),
  ).then([{ id: 'A', total: '0.00', subtotal: '7.10', receivedAt: '2026-03-05T12:00:00.000Z', startedAt: '2026-03-05T12:00:01.123456Z', validatedAt: '2026-03-05T12:00:02.120Z' }]));

  it('parks an invoice at an event that nobody knows; the others go on', () => given(
    invoice('A', created(), unchecked('fiscal.invoice.invented', {}), processingStarted(), validated()), invoice('B', created(), processingStarted(), validated(), archived()),
  ).parks('A', 1).then([{ id: 'A', status: 'pending', revision: 0 }, { id: 'B', status: 'archived' }]));

  it('keeps a text that no line of COPY would take as it stands', () => given(
    invoice({ key: 'A', shardKey: 'tab\tkey', month: '0001-01-01' }, created(), processingStarted(), failed({ reason: 'a\ttab, a \\ and a\nline' })),
  ).then([{ id: 'A', month: '0001-01-01', shardKey: 'tab\tkey', rejection: { code: 'fetch-failed', reason: 'a\ttab, a \\ and a\nline' } }]));
});

describeProjection(INVOICE_SEARCH, ({ given }) => {
  it('keeps the texts of the document, and the codes of its findings', () => given(
    invoice('A', created(), processingStarted(), validated({ descriptions: ['Café de olla', 'tab\there'] })), invoice('B', created(), processingStarted(), validationFailed(['CFDI40108', 'CFDI40102'])),
  ).then([{ id: 'A', descriptions: ['Café de olla', 'tab\there'], findingCodes: [] }, { id: 'B', status: 'rejected', findingCodes: ['CFDI40102', 'CFDI40108'] }]));
});

describeProjection(USERS, ({ given }) => {
  it('follows role and status', () => given(
    user('ana', registered(), roleChanged('analyst'), suspended(), reinstated()), user('bea', registered({ email: 'bea@example.org', name: 'Bea' }), userDeleted()),
  ).then([{ id: 'ana', role: 'analyst', status: 'active' }, { id: 'bea', status: 'deleted', email: 'bea@example.org' }]));

  it('parks a user whose first event is not the registration', () => given(user('ana', suspended(), reinstated()), user('bea', registered())).parks('ana', 0).then([{ id: 'bea' }]));
});

describeProjection(DAILY_REPORT, ({ given }) => {
  const life = [created(), processingStarted(), validated(), archived()];

  it('adds up what was archived on a day', () => given(invoice('A', ...life), invoice('B', ...life), invoice('C', created(), processingStarted(), validationFailed())).thenTallies([
    { kind: 'document', day: '2026-03-02', tax: '', count: 2, total: '2320' }, { kind: 'document', tax: '002|transferred|Tasa|0.160000', count: 2, taxAmount: '320' },
    { kind: 'archive', day: '2026-03-05', tax: '', count: 2, total: '2320' }, { kind: 'archive', tax: '002|transferred|Tasa|0.160000', count: 2, taxBase: '2000' },
  ]));

  it('keeps the invoice that was cancelled and takes its amounts back under another status', () => given(invoice('A', ...life, cancelled())).thenTallies(
    (['document', 'archive'] as const).flatMap((kind) => (['archived', 'cancelled'] as const).flatMap((status) => ['', '002|transferred|Tasa|0.160000'].map((tax) => ({ kind, status, tax, count: 1 })))),
  ));

  it('remembers of each invoice only what it counts by', () => given(invoice('A', ...life)).then([{ id: 'A', status: 'archived', documentDay: '2026-03-02', archiveDay: '2026-03-05', issuer: 'AAA010101AA0' }]));
});

describe('rows that are not in tables', () => {
  describeProjection(hotCache, ({ given }) => {
    it('are folded from what was stored, however the events come', () => given(invoice('A', created(), processingStarted(), validated(), archived()), invoice('B', created(), copyReceived()))
      .then([{ id: 'A', status: 'archived' }, { id: 'B', status: 'pending', copies: 1 }]));
  });

  describeProjection(invoiceSearch, ({ given }) => {
    it('park a stream as tables do', () => given(invoice('A', created(), unchecked('fiscal.invoice.invented', {}), processingStarted()), invoice('B', created(), processingStarted(), validated()))
      .parks('A', 1).then([{ id: 'A', revision: 0 }, { id: 'B', status: 'validated' }]));
  });
});
