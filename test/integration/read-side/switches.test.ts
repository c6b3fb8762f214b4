import { expect } from 'chai';
import { Harness } from '../projections/harness.js';
import { ReadBench } from './bench.js';
import { Readers } from './readers.js';

const NAMES = ['invoice-summary', 'invoice-search', 'daily-report'] as const;
const SWITCHES = 50;
const INVOICES = 30;

/*
 * Readers never stop while the set is rebuilt, switched and rolled back. Each generation is a table of its own: a reader that mixed two of them, or
 * built the name of one that is gone, would lack rows, see some twice, or fail.
 */
describe('readers during switches', () => {
  let bench: ReadBench;
  afterEach(() => bench.close());

  it(`see ${SWITCHES} switches and rollbacks without an error, a missing row or a second one`, async () => {
    bench = await ReadBench.open({ shards: 2, reader: 'this test', cache: true });
    const readers = await Readers.over(bench, INVOICES);
    const { epoch } = bench.worker.pointer.current();
    for (let round = 0; round < SWITCHES; round += 1) {
      if (round % 20 === 0) await bench.worker.rebuildSet(NAMES);
      else await bench.worker.rollbackSet(NAMES);
    }
    await readers.stop();
    expect(bench.worker.pointer.current().epoch).to.equal(epoch + SWITCHES);
  });

  it('keep what they may still be reading; it is dropped when they have not used it for a minute', async () => {
    bench = await ReadBench.open({ reader: 'this test' });
    await bench.given([{ seed: 1 }]);
    const schemas = async (): Promise<string[]> => (await bench.harness.sql<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'invoice_summary_g%' ORDER BY nspname`)).map(({ name }) => name);
    await bench.worker.rebuild('invoice-summary');
    await bench.worker.rebuild('invoice-summary');
    // Whatever is dropped goes behind a rebuild, and the next one waits for that.
    await bench.worker.rebuild('users');
    expect(await schemas(), 'one more than is kept warm').to.deep.equal(['invoice_summary_g1', 'invoice_summary_g2', 'invoice_summary_g3']);
    await bench.harness.control(`UPDATE pointer_reader SET seen_at = seen_at - interval '61 seconds'`);
    await bench.worker.rebuild('invoice-summary');
    await bench.worker.rebuild('users');
    expect(await schemas()).to.deep.equal(['invoice_summary_g3', 'invoice_summary_g4']);
  });

  it('have no say in a process that has none', async () => {
    const harness = await Harness.open();
    const worker = await harness.start();
    await worker.rebuild('users');
    await worker.rebuild('users');
    await worker.rebuild('daily-report');
    expect(await harness.control(`SELECT generation, gone FROM generation WHERE projection = 'users' ORDER BY generation`)).to.deep.equal([{ generation: 1, gone: true }, { generation: 2, gone: false }, { generation: 3, gone: false }]);
    await harness.close();
    bench = await ReadBench.open();
  });
});
