import { expect } from 'chai';
import type { Page, ProjectionStatus } from '#contracts/queries.js';
import type { DailyTally } from '#contracts/read-models/other.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import { addMoney, toMoney, ZERO } from '#contracts/money.js';
import { caughtUp } from '../projections/harness.js';
import { duplicateSuspected } from '../../../projections/kit/testing/index.js';
import { userStream } from '../../unit/projections/events.js';
import { ReadBench, sampleId } from './bench.js';

const A = { id: 'AAA010101AA1', name: 'Alfa' };
const B = { id: 'BBB010101BB2', name: 'Beta' };
const DAY = '2026-03-02';

interface Report { readonly day: string; readonly kind: string; readonly totals: Readonly<Record<string, { archived: number; cancelled: number; total: string }>>; readonly tallies: readonly DailyTally[] }

describe('reports, users, projections and the log, on two shards', () => {
  let bench: ReadBench;
  before(async () => {
    bench = await ReadBench.open({ shards: 2 });
    await bench.given([
      { seed: 1, issuer: A, total: '100.10', day: DAY }, { seed: 2, issuer: A, total: '0.20', day: DAY }, { seed: 3, issuer: B, total: '50.00', day: DAY, currency: 'EUR' },
      { seed: 4, issuer: A, total: '1000.00', day: DAY, until: 'cancelled' }, { seed: 5, issuer: A, total: '7.00', day: '2026-03-03' }, { seed: 6, issuer: A, total: '9.00', day: DAY, until: 'rejected', codes: ['X'] },
    ]);
    // The second may be the first, taken in twice: told beside, and part of every sum.
    await bench.harness.append(toStreamId(`invoice-${sampleId(2)}`), [duplicateSuspected()], { shardKey: 'issuer-2' });
    for (let seed = 0; seed < 5; seed += 1) {
      await bench.harness.append(userStream(seed), [{ type: 'auth.user.registered', data: { email: `u${seed}@example.org`, name: `U${seed}`, role: 'viewer', tier: 'free', credential: 'c1' } }], { shardKey: `user-${seed}` });
    }
    for (const name of ['users', 'invoice-summary', 'invoice-search', 'daily-report']) await caughtUp(bench.worker, name);
  });
  after(() => bench.close());

  it('the day reconciles with the list of that day to the cent, sums over both shards', async () => {
    const report = await bench.json<Report>(`/api/v1/reports/daily?day=${DAY}`);
    const { items } = await bench.json<Page<{ currency: string; total: string; status: string }>>(`/api/v1/invoices?from=${DAY}&to=${DAY}`);
    const remaining = items.filter(({ status }) => status === 'archived');
    for (const currency of ['MXN', 'EUR']) {
      const sum = remaining.filter((item) => item.currency === currency).reduce((total, item) => addMoney(total, toMoney(item.total)), ZERO);
      expect(report.totals[currency]?.total, currency).to.equal(sum);
    }
    expect(report.totals).to.deep.equal({ EUR: { archived: 1, cancelled: 0, suspected: 0, total: '50' }, MXN: { archived: 3, cancelled: 1, suspected: 1, total: '100.3' } });
    const counter = report.tallies.find(({ status, tax }) => status === 'cancelled' && tax === '');
    expect([counter?.issuer, counter?.total, counter?.count]).to.deep.equal([A.id, '-1000', 1]);
  });

  it('the day can be that of the archive, and of one issuer', async () => {
    expect((await bench.json<Report>(`/api/v1/reports/daily?day=2026-03-05&kind=archive&issuer=${A.id}`)).totals).to.deep.equal({ MXN: { archived: 4, cancelled: 1, suspected: 1, total: '107.3' } });
    expect((await bench.json<Report>('/api/v1/reports/daily?day=2020-01-01')).tallies).to.deep.equal([]);
  });

  it('what may be a duplicate is found by its code in the list', async () => {
    const { items } = await bench.json<Page<{ total: string; duplicateOf: readonly string[] }>>('/api/v1/invoices?code=FOLIO-DUPLICATE-SUSPECTED');
    expect(items.map(({ total, duplicateOf }) => [total, duplicateOf.length])).to.deep.equal([['0.20', 1]]);
    const found = await bench.json<{ items: { invoice: { total: string } }[] }>('/api/v1/search?q=tornillos&code=FOLIO-DUPLICATE-SUSPECTED');
    expect(found.items.map(({ invoice }) => invoice.total)).to.deep.equal(['0.20']);
  });

  it('the report is CSV where CSV is asked for', async () => {
    const answer = await bench.get(`/api/v1/reports/daily?day=${DAY}&issuer=${B.id}`, { accept: 'text/csv' });
    const [header, ...lines] = (await answer.text()).trimEnd().split('\r\n');
    expect(header).to.equal('day,kind,issuer,documentType,currency,status,tax,count,subtotal,discount,total,taxBase,taxAmount');
    expect(lines[0]).to.equal(`${DAY},document,${B.id},I,EUR,archived,,1,1000,0,50,0,0`);
    expect([lines.length, answer.headers.get('content-disposition')]).to.deep.equal([2, `attachment; filename="report-${DAY}.csv"`]);
  });

  for (const query of ['', 'day=2026-02-30', 'day=today', `day=${DAY}&kind=x`, `day=${DAY}&x=1`]) {
    it(`the report refuses ?${query}`, async () => expect(await bench.refusal(`/api/v1/reports/daily?${query}`)).to.deep.equal([400, 'query-invalid']));
  }

  it('users are for admins only, page by page, without routing columns', async () => {
    expect(await bench.refusal('/api/v1/auth/users', { role: 'analyst' })).to.deep.equal([403, 'role-insufficient']);
    const whole = await bench.json<Page<{ id: string }>>('/api/v1/auth/users', { role: 'admin' });
    const walked: { id: string }[] = [];
    let next: string | undefined;
    do {
      const page: Page<{ id: string }> = await bench.json(`/api/v1/auth/users?limit=2${next === undefined ? '' : `&cursor=${next}`}`, { role: 'admin' });
      walked.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    expect(walked).to.deep.equal(whole.items).and.to.have.length(5);
    expect(whole.items[0]).to.include({ role: 'viewer', revision: '0' }).and.to.not.have.any.keys('month', 'shardKey');
  });

  it('projections tell where they stand', async () => {
    const { items } = await bench.json<{ items: ProjectionStatus[] }>('/api/v1/projections', { role: 'analyst' });
    expect(items.map(({ name, generation, eventsBehind }) => [name, generation, eventsBehind])).to.deep.include.members([['invoice-summary', 1, 0], ['invoice-search', 1, 0], ['users', 1, 0], ['daily-report', 1, 0]]);
    expect(await bench.refusal('/api/v1/projections')).to.deep.equal([403, 'role-insufficient']);
  });

  it('the log tells who it is and how far it goes', async () => {
    const { logId, head } = await bench.harness.store.status();
    expect(await bench.json('/api/v1/log', { role: 'analyst' })).to.deep.equal({ logId, head });
    expect(await bench.refusal('/api/v1/log')).to.deep.equal([403, 'role-insufficient']);
  });
});
