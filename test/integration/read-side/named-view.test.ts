import { expect } from 'chai';
import { ORIGIN, isAfter, type Position } from '#contracts/kernel/position.js';
import { ReadBench, sampleId } from './bench.js';

const NAMES = ['invoice-summary', 'invoice-search', 'daily-report'] as const;

describe('read models of another moment, over HTTP', () => {
  let bench: ReadBench;
  let until: Position;
  before(async () => {
    bench = await ReadBench.open({ shards: 2, cache: true });
    await bench.given([{ seed: 1, series: 'OLD', day: '2026-03-05' }, { seed: 2, series: 'OLD', day: '2026-03-05' }]);
    until = (await bench.harness.store.status()).head;
    await bench.given([{ seed: 3, series: 'OLD', day: '2026-03-05' }]);
    await bench.harness.append(`invoice-${sampleId(1)}` as never, [{ type: 'fiscal.invoice.cancelled', data: { motive: '02' } }], { shardKey: 'issuer-1' });
    await bench.caughtUp();
    await bench.worker.audits.project(NAMES, { name: 'march', until });
  });
  after(() => bench.close());

  const march = { 'folio-view': 'march' };
  const body = async <Body>(path: string, headers: Record<string, string> = {}): Promise<Body> => {
    const response = await bench.get(path, headers);
    expect(response.status, path).to.equal(200);
    return (await response.json()) as Body;
  };
  const code = async (path: string, headers: Record<string, string>): Promise<[number, string]> => {
    const response = await bench.get(path, headers);
    return [response.status, ((await response.json()) as { code: string }).code];
  };

  it('are asked for by name on list, search, report and invoice; without the name readers have the live ones', async () => {
    interface List { items: { id: string; status: string }[] }
    const statuses = ({ items }: List): unknown => items.map(({ id, status }) => `${id} ${status}`).sort();
    expect(statuses(await body<List>('/api/v1/invoices', march))).to.deep.equal([`${sampleId(1)} archived`, `${sampleId(2)} archived`].sort());
    expect(statuses(await body<List>('/api/v1/invoices'))).to.deep.equal([`${sampleId(1)} cancelled`, `${sampleId(2)} archived`, `${sampleId(3)} archived`].sort());
    expect((await body<{ total: number }>('/api/v1/search?q=OLD', march)).total).to.equal(2);
    expect((await body<{ total: number }>('/api/v1/search?q=OLD')).total).to.equal(3);
    const archived = ({ tallies }: { tallies: { status: string; tax: string; count: number }[] }): number => tallies.filter(({ status, tax }) => status === 'archived' && tax === '').reduce((sum, { count }) => sum + count, 0);
    expect(archived(await body('/api/v1/reports/daily?day=2026-03-05', march))).to.equal(2);
    expect(archived(await body('/api/v1/reports/daily?day=2026-03-05'))).to.equal(3);
    for (let again = 0; again < 2; again += 1) {
      expect((await body<{ status: string }>(`/api/v1/invoices/${sampleId(1)}`, march)).status, 'also from the cache').to.equal('archived');
      expect((await body<{ status: string }>(`/api/v1/invoices/${sampleId(1)}`)).status).to.equal('cancelled');
    }
  });

  it('say their name and how far they go', async () => {
    const response = await bench.get('/api/v1/invoices', march);
    expect([response.headers.get('folio-view'), response.headers.get('folio-view-position')]).to.deep.equal(['march', until]);
    expect(isAfter((await bench.harness.store.status()).head, until)).to.equal(true);
    await response.body?.cancel();
  });

  it('refuse a name that there is not, a projection that was not built, and a token', async () => {
    expect(await code('/api/v1/invoices', { 'folio-view': 'april' })).to.deep.equal([404, 'generation-unknown']);
    expect(await code('/api/v1/invoices', { 'folio-view': 'constructor' })).to.deep.equal([404, 'generation-unknown']);
    expect(await code('/api/v1/auth/users', { ...march, role: 'admin' })).to.deep.equal([404, 'generation-unknown']);
    expect(await code('/api/v1/invoices', { ...march, 'folio-position': bench.token(1, ORIGIN) })).to.deep.equal([400, 'query-invalid']);
  });
});
