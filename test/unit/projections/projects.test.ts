import { expect } from 'chai';
import { EVENT_DEFINITIONS, type DomainEvent } from '#contracts/events/index.js';
import { topicOf } from '#contracts/topics.js';
import type { ProjectedRow, Projection } from '../../../projections/kit/projection.js';
import { folderOf } from '../../../projections/kit/fold.js';
import { TOPIC_RULES, typePrefixOf } from '../../../projections/kit/topics.js';
import { dailyReport } from '../../../projections/daily-report/project.js';
import { contributions, dailyTallies } from '../../../projections/daily-report/tallies.js';
import { hotCache } from '../../../projections/hot-cache/project.js';
import { invoiceSearch } from '../../../projections/invoice-search/project.js';
import { invoiceSummary } from '../../../projections/invoice-summary/project.js';
import { plainAmount, plainInstant } from '../../../projections/invoice-row/canonical.js';
import { users } from '../../../projections/users/project.js';
import { toInvoiceId } from '#contracts/kernel/ids.js';
import { toMoney } from '#contracts/money.js';
import { archived, cancelled, copyReceived, created, failed, history, invoiceStream, resubmitted, started, userStream, validated, validationFailed } from './events.js';

const ALL: readonly Projection<ProjectedRow>[] = [invoiceSummary, invoiceSearch, users, dailyReport, hotCache];

/** given(events).rows: the row after each event. */
const given = <Row extends ProjectedRow>(projection: Projection<Row>, events: readonly DomainEvent[]): Row | undefined => {
  const folder = folderOf(projection);
  return events.reduce<Row | undefined>((row, event) => folder.fold(row, event), undefined);
};
const invoice = (...facts: Parameters<typeof history>[1]): DomainEvent[] => history(invoiceStream(1), facts);

describe('the projections', () => {
  for (const { name, topics, handles, ignores } of ALL) {
    it(`${name} handles or ignores every event type of its topics exactly once, and no other`, () => {
      const ofTopics = EVENT_DEFINITIONS.map(({ type }) => type).filter((type) => topics.some((topic) => topic === topicOf(type)));
      expect([...handles, ...ignores].sort()).to.deep.equal(ofTopics.sort());
    });
  }

  it('find every event type again by the prefix of its topic', () => {
    for (const { type } of EVENT_DEFINITIONS) expect(type.startsWith(typePrefixOf(topicOf(type))), type).to.equal(true);
    expect(TOPIC_RULES.laneOf({ type: 'auth.user.suspended', stream: userStream(1) })).to.match(/^v1\/auth-events\/\d+$/u);
  });
});

describe('the summary of an invoice', () => {
  it('is pending with the claim when only that is known', () => {
    const row = given(invoiceSummary, invoice(created()));
    expect(row).to.include({ status: 'pending', revision: 0, currency: 'MXN', total: '1001.50', format: null, originalSize: 5_000, verdict: null });
  });

  it('shows the facts of the document, and the time of processing, once it is archived', () => {
    const row = given(invoiceSummary, invoice(created(), started(), validated(), archived()));
    expect(row).to.include({ status: 'archived', format: 'cfdi-4.0', number: '101', compressedSize: 900, processingMs: 2_000, verdict: 'valid', retentionUntil: '2031-03-02' });
  });

  it('names the first fatal finding of a rejected one, and forgets it with the next attempt', () => {
    const rejected = invoice(created(), started(), validationFailed());
    expect(given(invoiceSummary, rejected)).to.deep.include({ status: 'rejected', rejection: { code: 'CFDI40108', reason: 'wrong' }, findingCounts: { CFDI40108: 1 } });
    const again = given(invoiceSummary, invoice(created(), started(), validationFailed(), resubmitted()));
    expect(again).to.deep.include({ status: 'pending', attempt: 2, rejection: null, verdict: null, findingCounts: {}, originalSize: 6_000 });
  });

  it('tells a technical end from a rule', () => {
    expect(given(invoiceSummary, invoice(created(), started(), failed()))).to.deep.include({ status: 'rejected', rejection: { code: 'fetch-failed', reason: 'gone' } });
  });

  it('counts copies without changing the status', () => {
    expect(given(invoiceSummary, invoice(created(), copyReceived(), copyReceived()))).to.include({ status: 'pending', copies: 2, revision: 2 });
  });
});

describe('the search row of an invoice', () => {
  it('has the descriptions of the document and advances with events that it ignores', () => {
    const row = given(invoiceSearch, invoice(created(), started(), validated(), copyReceived()));
    expect(row).to.deep.include({ revision: 3, position: '4', status: 'validated', descriptions: ['Tornillos de acero', 'Servicio de instalación'], findingCodes: [] });
  });

  it('carries the codes of its findings', () => {
    expect(given(invoiceSearch, invoice(created(), started(), validationFailed()))?.findingCodes).to.deep.equal(['CFDI40108']);
  });
});

describe('the row of a user', () => {
  it('follows role and status', () => {
    const events = history(userStream(1), [
      { type: 'auth.user.registered', data: { email: 'a@example.org', name: 'A', role: 'viewer', tier: 'free', credential: 'c' } },
      { type: 'auth.user.role-changed', data: { from: 'viewer', to: 'admin' } },
      { type: 'auth.user.suspended', data: { reason: 'r' } },
      { type: 'auth.user.reinstated', data: { reason: 'r' } },
    ]);
    expect(given(users, events.slice(0, 3))).to.include({ role: 'admin', status: 'suspended', revision: 2 });
    expect(given(users, events)).to.include({ status: 'active', tier: 'free' });
    expect(JSON.stringify(given(users, events))).not.to.include('credential');
  });
});

describe('the daily report', () => {
  const tallies = (...facts: Parameters<typeof history>[1]) => {
    const row = given(dailyReport, invoice(...facts));
    return row ? contributions(row) : [];
  };

  it('counts nothing before an invoice is archived', () => {
    expect(tallies(created(), started(), validated())).to.deep.equal([]);
    expect(tallies(created(), started(), validationFailed())).to.deep.equal([]);
  });

  it('counts an archived invoice on the day of the document and, separately, on that of the archive, with its taxes', () => {
    const found = tallies(created(), started(), validated(), archived());
    expect(found.map(({ kind, day, tax, total, taxAmount }) => [kind, day, tax, total, taxAmount])).to.deep.equal([
      ['document', '2026-03-02', '', '1001.50', '0'], ['document', '2026-03-02', '002|transferred|Tasa|0.160000', '0', '160.00'],
      ['archive', '2026-03-05', '', '1001.50', '0'], ['archive', '2026-03-05', '002|transferred|Tasa|0.160000', '0', '160.00'],
    ]);
  });

  it('keeps a cancelled invoice in its tally and adds a counter-entry with negated amounts: nothing remains', () => {
    const found = tallies(created(), started(), validated(), archived(), cancelled()).filter(({ kind, tax }) => kind === 'document' && tax === '');
    expect(found.map(({ status, count, total }) => [status, count, total])).to.deep.equal([['archived', 1, '1001.50'], ['cancelled', 1, '-1001.5']]);
  });

  it('tells beside, and in no sum, what may be a duplicate', () => {
    const found = tallies(created(), started(), validated(), archived(), { type: 'fiscal.invoice.duplicate-suspected', data: { of: toInvoiceId('00000000-0000-4000-8000-0000000000d0'), key: 'k' } });
    expect(found.filter(({ kind, tax }) => kind === 'document' && tax === '').map(({ status, count, total }) => [status, count, total])).to.deep.equal([['archived', 1, '1001.50'], ['suspected', 1, '1001.50']]);
  });

  it('takes back exactly what it added', () => {
    for (const tally of tallies(created(), started(), validated(), archived(), cancelled())) {
      expect(dailyTallies.isEmpty(dailyTallies.add(tally, dailyTallies.negate(tally)))).to.equal(true);
    }
  });
});

describe('amounts and instants of rows', () => {
  it('are written as Postgres prints them, so that a row is equal whatever wrote it', () => {
    const amounts = ['007.50', '-0.00', '-007', '0', '0.10', '12.30', '-12.30'].map((text) => plainAmount(toMoney(text)));
    expect(amounts).to.deep.equal(['7.50', '0.00', '-7', '0', '0.10', '12.30', '-12.30']);
    expect(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.123400Z', '2026-01-01T00:00:00.123456789Z'].map(plainInstant)).to.deep.equal([
      '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.100Z', '2026-01-01T00:00:00.1234Z', '2026-01-01T00:00:00.123456Z',
    ]);
  });
});
