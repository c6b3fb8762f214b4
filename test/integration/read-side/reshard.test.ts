import { expect } from 'chai';
import { ReadBench } from './bench.js';
import { Readers } from './readers.js';

const INVOICES = 40;
const LAYOUTS = [1, 3];

/*
 * Rows of an invoice lie on one shard before a flip of the layout and on another behind it. A reader that asked the shards of one layout for the
 * generation of the other would miss rows, see some twice, or ask where there is nothing.
 */
describe('readers during re-shards', () => {
  let bench: ReadBench;
  afterEach(() => bench.close());

  it('see every row once, by list, search, report and id, while rows move from shard to shard and back', async () => {
    bench = await ReadBench.open({ shards: 3, reader: 'this test', cache: true });
    const readers = await Readers.over(bench, INVOICES);
    for (const shards of LAYOUTS) {
      await bench.worker.reshard({ shards });
      expect(bench.worker.layout().slots).to.have.length(shards);
      const { generations } = bench.worker.pointer.current();
      for (let switches = 0; switches < 4; switches += 1) await bench.worker.rollbackSet(Object.keys(generations));
    }
    await readers.stop();
  });

  it('need only the shards of the layout: one that has no rows yet may be down', async () => {
    const { bench: opened, proxies } = await ReadBench.behindProxies(2);
    bench = opened;
    await bench.given([{ seed: 1 }, { seed: 2 }]);
    await bench.worker.reshard({ shards: 1 });
    await proxies[1]?.cut();
    expect((await bench.json<{ items: unknown[] }>('/api/v1/invoices?sort=received')).items).to.have.length(2);
    await bench.worker.rollbackSet(Object.keys(bench.worker.pointer.current().generations));
    expect(await bench.refusal('/api/v1/invoices?sort=received')).to.deep.equal([503, 'read-store-unavailable']);
  });
});
