import { expect } from 'chai';
import { until } from '../../support/until.js';
import { ReadBench, sampleId } from './bench.js';
import type { Proxy } from './proxy.js';

const CACHED = `/api/v1/invoices/${sampleId(1)}`;
const UNCACHED = `/api/v1/invoices/${sampleId(2)}`;

describe('the read store is gone', () => {
  let bench: ReadBench;
  let proxies: readonly Proxy[];
  const open = async (shards: number): Promise<void> => {
    ({ bench, proxies } = await ReadBench.behindProxies(shards));
    await bench.given([{ seed: 1 }, { seed: 2 }]);
    // What is cached just after a switch (a process that has begun counts as one) is forgotten in a moment.
    await until(() => bench.worker.pointer.usedForMs > 2_000);
    await bench.get(CACHED);
  };
  const stale = async (): Promise<string | null> => (await bench.get(CACHED)).headers.get('folio-stale');
  const everything = (act: (proxy: Proxy) => void | Promise<void>): Promise<unknown> => Promise.all(proxies.map(async (proxy) => act(proxy)));
  afterEach(async () => {
    await bench.close();
    await everything((proxy) => proxy.cut());
  });

  it('cached reads go on, marked as stale; others are refused with a time to come back; all is well again by itself', async () => {
    await open(1);
    expect(await stale()).to.equal(null);
    await everything((proxy) => proxy.cut());
    await until(async () => (await stale()) === 'true');
    expect(await bench.json(CACHED)).to.include({ id: sampleId(1) });
    for (const path of [UNCACHED, '/api/v1/invoices', '/api/v1/search?q=papel', '/api/v1/reports/daily?day=2026-03-02']) {
      const answer = await bench.get(path);
      expect([answer.status, answer.headers.get('retry-after'), ((await answer.json()) as { code: string }).code], path).to.deep.equal([503, '1', 'read-store-unavailable']);
    }
    const csv = await bench.get('/api/v1/invoices', { accept: 'text/csv' });
    expect([csv.status, csv.headers.get('content-type')]).to.deep.equal([503, 'application/problem+json']);
    await everything((proxy) => proxy.open());
    await until(async () => (await stale()) === null);
    expect((await bench.get('/api/v1/invoices')).status).to.equal(200);
  });

  it('a database that hangs is gone as well', async () => {
    await open(1);
    await everything((proxy) => proxy.freeze());
    await until(async () => (await stale()) === 'true');
    const answer = await bench.get('/api/v1/invoices');
    expect(answer.status).to.equal(503);
  });

  it('a cached row older than the token is still better than nothing, unless the caller says otherwise', async () => {
    await open(1);
    const cached = await bench.json<{ position: string }>(CACHED);
    const position = await bench.append({ seed: 3 });
    await bench.caughtUp();
    await everything((proxy) => proxy.cut());
    const headers = { 'folio-position': bench.token(1, position) };
    const answer = await bench.get(CACHED, headers);
    expect([answer.status, answer.headers.get('folio-stale'), answer.headers.get('folio-view-position')]).to.deep.equal([200, 'true', cached.position]);
    expect(await bench.refusal(CACHED, { ...headers, prefer: 'handling=strict' })).to.deep.equal([503, 'read-store-unavailable']);
  });

  it('in one shard only: what the others have is still found by its id', async () => {
    await open(2);
    const homes = await Promise.all([10, 11, 12, 13, 14, 15].map(async (seed) => ({ seed, shard: bench.shards.shardOf(`issuer-${seed}`), position: await bench.append({ seed }) })));
    await bench.caughtUp();
    expect(new Set(homes.map(({ shard }) => shard)).size).to.equal(2);
    await proxies[0]?.cut();
    for (const { seed, shard } of homes) expect((await bench.get(`/api/v1/invoices/${sampleId(seed)}`)).status, `on shard ${shard}`).to.equal(shard === 0 ? 503 : 200);
    expect((await bench.get('/api/v1/invoices')).status).to.equal(503);
  });
});
