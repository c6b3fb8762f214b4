import { expect } from 'chai';
import { randomUuid } from '#contracts/kernel/ids.js';
import { authorityCheckRoute } from '../../../write-side/authority/route.js';
import { ubl } from '../../unit/documents/given.js';
import { problemOf, serve, type Running } from '../../unit/http/support.js';
import { AuthorityBench } from './bench.js';

describe('a question to the authority that a person wants', () => {
  let bench: AuthorityBench;
  const open: Running[] = [];
  beforeEach(async () => { bench = await AuthorityBench.open(); });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((running) => running.stop()));
    await bench.close();
  });
  const door = async (isOn = true): Promise<(id: string, role?: string) => Promise<Response>> => {
    const running = await serve([authorityCheckRoute({ store: bench.bench.store, checks: bench.checks, isOn })]);
    open.push(running);
    return (id, role = 'analyst') => fetch(`${running.url}/api/v1/invoices/${id}/authority-check`, { method: 'POST', headers: { authorization: `Bearer role.${role}` } });
  };

  it('is asked at once, also before the watch has seen the archive, and as often as it is wanted', async () => {
    const id = await bench.archived();
    const post = await door();
    const answer = await post(id);
    expect([answer.status, await answer.json()]).to.deep.equal([202, { id }]);
    bench.watch();
    await bench.settled(1);
    expect([await bench.told(id), (await bench.row(id))?.wanted]).to.deep.equal([['in-force'], false]);
    expect((await post(id, 'admin')).status).to.equal(202);
    await bench.settled(2);
    expect(await bench.told(id)).to.deep.equal(['in-force']);
  });

  it('is refused where nobody is asked, of what is no stamped CFDI, of what is not there, and to whoever may not', async () => {
    const [id, other] = [await bench.archived(), await bench.archived(Buffer.from(ubl()))];
    const [post, off] = [await door(), await door(false)];
    const refusal = async (answer: Promise<Response>): Promise<unknown> => {
      const { status, code, detail } = await problemOf(await answer);
      return [status, code, detail.split(': ')[1]];
    };
    expect(await refusal(off(id))).to.deep.equal([409, 'authority-check-impossible', 'FOLIO_AUTHORITY_STATUS is off.']);
    expect(await refusal(post(other))).to.deep.equal([409, 'authority-check-impossible', 'it is no archived CFDI with a stamp.']);
    expect(await refusal(post(randomUuid()))).to.deep.equal([404, 'invoice-unknown', undefined]);
    expect(await refusal(post('x'))).to.deep.equal([404, 'invoice-unknown', undefined]);
    expect((await post(id, 'viewer')).status).to.equal(403);
    expect(await bench.row(id)).to.equal(undefined);
  });
});
