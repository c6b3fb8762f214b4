import { expect } from 'chai';
import { Harness } from '../projections/harness.js';
import { ReadBench, sampleId } from './bench.js';

const NAMES = ['invoice-summary', 'invoice-search', 'daily-report'] as const;
const SWITCHES = 50;
const INVOICES = 30;

interface Page { readonly items: readonly { readonly id: string }[]; readonly next?: string }

/*
 * Readers never stop while the set is rebuilt, switched and rolled back. Each generation is a table of its own: a reader that mixed two of them, or
 * built the name of one that is gone, would lack rows, see some twice, or fail.
 */
describe('readers during switches', () => {
  let bench: ReadBench;
  afterEach(() => bench.close());

  it(`see ${SWITCHES} switches and rollbacks without an error, a missing row or a second one`, async () => {
    bench = await ReadBench.open({ shards: 2, reader: 'this test', cache: true });
    await bench.given(Array.from({ length: INVOICES }, (_, seed) => ({ seed, series: 'SW', day: '2026-03-05' })));
    const wanted = Array.from({ length: INVOICES }, (_, seed) => sampleId(seed) as string).sort();
    let reading = true;
    const seen = { lists: 0, pages: 0, searches: 0, reports: 0, singles: 0 };
    const lists = async (): Promise<void> => {
      while (reading) {
        const found: string[] = [];
        for (let path: string | undefined = '/api/v1/invoices?sort=received&limit=11'; path !== undefined;) {
          const page: Page = await ok(path);
          found.push(...page.items.map(({ id }) => id));
          path = page.next === undefined ? undefined : `/api/v1/invoices?sort=received&limit=11&cursor=${page.next}`;
          seen.pages += 1;
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
    async function ok<Body>(path: string): Promise<Body> {
      const response = await bench.get(path);
      if (response.status !== 200) throw new Error(`${path.slice(0, 60)} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Body;
    }
    const readers = [lists(), others()];
    const failed = Promise.race(readers).catch((error: unknown) => error);
    const { epoch } = bench.worker.pointer.current();
    for (let round = 0; round < SWITCHES; round += 1) {
      if (round % 20 === 0) await bench.worker.rebuildSet(NAMES);
      else await bench.worker.rollbackSet(NAMES);
    }
    reading = false;
    await Promise.all(readers);
    expect(await failed).to.equal(undefined);
    expect(bench.worker.pointer.current().epoch).to.equal(epoch + SWITCHES);
    for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.greaterThan(10);
  });

  it('keep what they may still be reading; it is dropped when they have not used it for a minute', async () => {
    bench = await ReadBench.open({ reader: 'this test' });
    await bench.given([{ seed: 1 }]);
    const schemas = async (): Promise<string[]> => (await bench.harness.sql<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'invoice_summary_g%' ORDER BY nspname`)).map(({ name }) => name);
    await bench.worker.rebuild('invoice-summary');
    await bench.worker.rebuild('invoice-summary');
    expect(await schemas(), 'one more than is kept warm').to.deep.equal(['invoice_summary_g1', 'invoice_summary_g2', 'invoice_summary_g3']);
    await bench.harness.control(`UPDATE pointer_reader SET seen_at = seen_at - interval '61 seconds'`);
    await bench.worker.rebuild('invoice-summary');
    expect(await schemas()).to.deep.equal(['invoice_summary_g3', 'invoice_summary_g4']);
  });

  it('have no say in a process that has none', async () => {
    const harness = await Harness.open();
    const worker = await harness.start();
    await worker.rebuild('users');
    await worker.rebuild('users');
    expect(await harness.control(`SELECT generation, gone FROM generation WHERE projection = 'users' ORDER BY generation`)).to.deep.equal([{ generation: 1, gone: true }, { generation: 2, gone: false }, { generation: 3, gone: false }]);
    await harness.close();
    bench = await ReadBench.open();
  });
});
