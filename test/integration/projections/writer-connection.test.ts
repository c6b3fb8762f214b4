import { expect } from 'chai';
import { WriterConnection } from '#platform/read-store/connection.js';
import { Proxy } from '../read-side/proxy.js';
import { Harness } from './harness.js';

describe('the connection of a writer', () => {
  let harness: Harness;
  let proxy: Proxy;
  beforeEach(async () => {
    harness = await Harness.open(1);
    proxy = await Proxy.before(harness.shardSettings[0] as never);
  });
  afterEach(async () => {
    await proxy.cut();
    await harness.close();
  });

  it('is lost when the engine owes an answer for too long without closing it, and is made anew', async () => {
    const connection = new WriterConnection(proxy.settings, 'test', { silentMs: 300 });
    expect(await connection.rows({ text: 'SELECT 1' })).to.deep.equal([['1']]);
    proxy.freeze();
    const said = await Promise.all([connection.rows({ text: 'SELECT 2' }), connection.transaction([{ text: 'SELECT 3' }])].map((work) => work.then(() => 'answered', (error: Error) => error.message)));
    for (const text of said) expect(text).to.match(/terminated|closed|ended/iu);
    await proxy.cut();
    await proxy.open();
    expect(await connection.rows({ text: 'SELECT 4' })).to.deep.equal([['4']]);
    await connection.close();
  });
});
