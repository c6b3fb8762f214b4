import { expect } from 'chai';
import { ReadBench, sampleId } from './bench.js';

const INVOICES = 40;
const LAYOUTS = [1, 3];

interface Page { readonly items: readonly { readonly id: string }[]; readonly next?: string }

/*
 * Rows of an invoice lie on one shard before a flip of the layout and on another behind it. A reader that asked the shards of one layout for the
 * generation of the other would miss rows, see some twice, or ask where there is nothing.
 */
describe('readers during re-shards', () => {
  let bench: ReadBench;
  afterEach(() => bench.close());

  it('see every row once, by list, search, report and id, while rows move from shard to shard and back', async () => {
    bench = await ReadBench.open({ shards: 3, reader: 'this test', cache: true });
    await bench.given(Array.from({ length: INVOICES }, (_, seed) => ({ seed, series: 'SW', day: '2026-03-05' })));
    const wanted = Array.from({ length: INVOICES }, (_, seed) => sampleId(seed) as string).sort();
    let reading = true;
    const seen = { lists: 0, searches: 0, reports: 0, singles: 0 };
    async function ok<Body>(path: string): Promise<Body> {
      const response = await bench.get(path);
      if (response.status !== 200) throw new Error(`${path.slice(0, 60)} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Body;
    }
    const lists = async (): Promise<void> => {
      while (reading) {
        const found: string[] = [];
        for (let path: string | undefined = '/api/v1/invoices?sort=received&limit=13'; path !== undefined;) {
          const page: Page = await ok(path);
          found.push(...page.items.map(({ id }) => id));
          path = page.next === undefined ? undefined : `/api/v1/invoices?sort=received&limit=13&cursor=${page.next}`;
        }
        expect(found.sort()).to.deep.equal(wanted);
        seen.lists += 1;
      }
    };
    const others = async (): Promise<void> => {
      for (let seed = 0; reading; seed = (seed + 1) % INVOICES) {
        expect((await ok<{ total: number }>('/api/v1/search?q=SW')).total).to.equal(INVOICES);
        seen.searches += 1;
        expect((await ok<{ tallies: { tax: string; count: number }[] }>('/api/v1/reports/daily?day=2026-03-05')).tallies.filter(({ tax }) => tax === '').reduce((sum, { count }) => sum + count, 0)).to.equal(INVOICES);
        seen.reports += 1;
        expect((await ok<{ id: string }>(`/api/v1/invoices/${sampleId(seed)}`)).id).to.equal(sampleId(seed));
        seen.singles += 1;
      }
    };
    const readers = [lists(), others(), others()];
    const failed = Promise.race(readers).catch((error: unknown) => error);
    for (const shards of LAYOUTS) {
      await bench.worker.reshard({ shards });
      expect(bench.worker.layout().slots).to.have.length(shards);
      const { generations } = bench.worker.pointer.current();
      for (let switches = 0; switches < 4; switches += 1) await bench.worker.rollbackSet(Object.keys(generations));
    }
    reading = false;
    await Promise.all(readers);
    expect(await failed).to.equal(undefined);
    for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.greaterThan(10);
  });

  it('need only the shards of the layout: one that has no rows yet may be down', async () => {
    const { bench: opened, proxies } = await ReadBench.behindProxies(2);
    bench = opened;
    await bench.given([{ seed: 1 }, { seed: 2 }]);
    await bench.worker.reshard({ shards: 1 });
    await proxies[1]?.cut();
    expect((await bench.json<Page>('/api/v1/invoices?sort=received')).items).to.have.length(2);
    await bench.worker.rollbackSet(Object.keys(bench.worker.pointer.current().generations));
    expect(await bench.refusal('/api/v1/invoices?sort=received')).to.deep.equal([503, 'read-store-unavailable']);
  });
});
