import { expect } from 'chai';
import { writeToken } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import { until } from '../../support/until.js';
import { userStream } from '../../unit/projections/events.js';
import { ReadBench, sampleId } from './bench.js';
import { Door } from './door.js';

interface Read {
  readonly route: string;
  readonly projection: string;
  readonly role?: string;
}

const USERS: Read = { route: '/api/v1/auth/users', projection: 'users', role: 'admin' };
const READS: readonly Read[] = [
  { route: '/api/v1/invoices', projection: 'invoice-summary' }, { route: `/api/v1/invoices/${sampleId(1)}`, projection: 'invoice-summary' },
  { route: '/api/v1/search?q=tornillos', projection: 'invoice-search' }, { route: '/api/v1/reports/daily?day=2026-03-02', projection: 'daily-report' }, USERS,
];

describe('a read behind a token', () => {
  let bench: ReadBench;
  const door = new Door();
  before(async () => {
    bench = await ReadBench.open({ hooks: { beforeCommit: door.pass } });
    await bench.given([{ seed: 1 }]);
  });
  afterEach(async () => {
    door.open();
    await bench.caughtUp();
  });
  after(() => bench.close());
  let seed = 100;
  /** Token of a new user, whom nobody waited for. */
  const registered = async (): Promise<string> => {
    seed += 1;
    const stream = userStream(seed);
    await bench.harness.append(stream, [{ type: 'auth.user.registered', data: { email: `u${seed}@example.org`, name: 'U', role: 'viewer', tier: 'free', credential: 'c1' } }]);
    return writeToken([{ position: (await bench.harness.store.status()).head, lane: laneOf('auth.user.registered', stream) }]);
  };
  /** A write that the view has not seen; of invoices, in the lane of the first one. */
  const unseen = async (projection = 'invoice-summary'): Promise<string> => {
    door.close();
    seed += 1;
    return projection === 'users' ? registered() : bench.token(1, await bench.append({ seed }));
  };
  const positionOf = (answer: Response): number => Number(answer.headers.get('folio-view-position'));

  for (const { route, projection, role = 'viewer' } of READS) {
    it(`waits until the view has it, then answers as fresh: ${route}`, async () => {
      const token = await unseen(projection);
      const answering = bench.get(route, { role, 'folio-position': token });
      await until(() => bench.worker.hub.isAwaited(projection, 1));
      door.open();
      const answer = await answering;
      expect([answer.status, answer.headers.get('folio-stale'), positionOf(answer) >= Number(token.split('.')[0])]).to.deep.equal([200, null, true]);
    });

    it(`answers with what is there and says so when the view does not come, or refuses when the caller would rather have nothing: ${route}`, async () => {
      const token = await unseen(projection);
      const asked = { role, 'folio-position': token };
      const [answer, strict] = await Promise.all([bench.get(route, asked), bench.get(route, { ...asked, prefer: 'respond-async, handling=strict' })]);
      const behind = answer.headers.has('folio-view-position') && positionOf(answer) < Number(token.split('.')[0]);
      expect([answer.status, answer.headers.get('folio-stale'), behind]).to.deep.equal([200, 'true', true]);
      expect([strict.status, strict.headers.get('retry-after'), ((await strict.json()) as { code: string }).code]).to.deep.equal([503, '1', 'view-behind']);
    });

    it(`refuses a position that the log has not reached, at once, in any lane and however far: ${route}`, async () => {
      const { head } = await bench.harness.store.status();
      for (const position of [String(Number(head) + 1), '9223372036854775808', '99999999999999999999']) {
        for (const lane of ['v1/fiscal-invoice/3', 'v1/auth-events/3']) expect(await bench.refusal(route, { role, 'folio-position': `${position}.${lane}` }), position).to.deep.equal([400, 'position-ahead']);
      }
      expect(await bench.refusal(route, { role, 'folio-position': `${head}.v1/fiscal-invoice/3,${Number(head) + 1}.v1/auth-events/3` })).to.deep.equal([400, 'position-ahead']);
    });

    it(`waits for every one of several tokens: ${route}`, async () => {
      const [first, second] = [await unseen(projection), await unseen(projection)];
      expect(first).to.not.equal(second);
      const answering = bench.get(route, { role, 'folio-position': `${second},${first}` });
      await until(() => bench.worker.hub.isAwaited(projection, 1));
      door.open();
      const answer = await answering;
      expect([answer.status, answer.headers.get('folio-stale'), positionOf(answer) >= Number(second.split('.')[0])]).to.deep.equal([200, null, true]);
    });

    it(`tells how far it is, whatever the token says: ${route}`, async () => {
      const { head } = await bench.harness.store.status();
      const tokens = [`${head}.v1/fiscal-invoice/3`, `${head}.v1/auth-events/3`, `${head}.v1/fiscal-invoice/3,${head}.v1/auth-events/3`, bench.token(1, '1' as never)];
      for (const token of tokens) {
        const answer = await bench.get(route, { role, 'folio-position': token });
        expect([answer.status, answer.headers.get('folio-stale'), positionOf(answer) > 0 && positionOf(answer) <= Number(head)], token).to.deep.equal([200, null, true]);
      }
      expect((await bench.get(route, { role })).headers.has('folio-view-position'), 'without a token').to.equal(false);
    });

    for (const token of ['x', '1', '1.v1/fiscal-invoice', '01.v1/fiscal-invoice/1', '1.v1/fiscal-invoice/12', '1.v9/fiscal-invoice/1', '1.v1/unknown/1', Array.from({ length: 65 }, () => '1.v1/fiscal-invoice/1').join(',')]) {
      it(`refuses the malformed token ${token.slice(0, 30)}: ${route}`, async () => expect(await bench.refusal(route, { role, 'folio-position': token })).to.deep.equal([400, 'token-malformed']));
    }
  }

  it('takes the token in the address as well, and refuses two', async () => {
    const { head } = await bench.harness.store.status();
    const fresh = await bench.get(`/api/v1/invoices?after=${encodeURIComponent(bench.token(1, head))}`);
    expect([fresh.status, fresh.headers.get('folio-view-position')]).to.deep.equal([200, head]);
    expect(await bench.refusal(`/api/v1/invoices?after=x`)).to.deep.equal([400, 'token-malformed']);
    expect(await bench.refusal(`/api/v1/invoices?after=1.v1/fiscal-invoice/1&after=1.v1/fiscal-invoice/2`)).to.deep.equal([400, 'token-malformed']);
  });

  it('does not wait for writes that the view is not made of', async () => {
    const { head } = await bench.harness.store.status();
    door.close();
    const answer = await bench.get('/api/v1/invoices', { 'folio-position': `${head}.v1/auth-events/3` });
    expect([answer.status, answer.headers.get('folio-stale')]).to.deep.equal([200, null]);
    const users = await bench.get(USERS.route, { role: 'admin', 'folio-position': `${head}.v1/fiscal-invoice/3` });
    expect([users.status, users.headers.get('folio-stale')]).to.deep.equal([200, null]);
  });

  it('waits in each lane for what was asked of it, and tells the lowest', async () => {
    const seeds = Array.from({ length: 40 }, (_, index) => 1_000 + index);
    const laneOfSeed = (of: number): string => bench.token(of, '1' as never).split('.')[1] ?? '';
    const other = seeds.find((of) => laneOfSeed(of) !== laneOfSeed(1)) ?? 0;
    const seen = bench.token(1, await bench.append({ seed: (seed += 1) }));
    await bench.caughtUp();
    door.close();
    const position = await bench.append({ seed: other });
    const answer = await bench.get('/api/v1/invoices', { 'folio-position': `${seen},${bench.token(other, position)}` });
    expect([answer.headers.get('folio-stale'), positionOf(answer) >= Number(seen.split('.')[0]), positionOf(answer) < Number(position)]).to.deep.equal(['true', true, true]);
    const one = await bench.get(`/api/v1/invoices/${sampleId(1)}`, { 'folio-position': `${seen},${bench.token(other, position)}` });
    expect([one.status, one.headers.get('folio-stale')], 'the other lane says nothing of this invoice').to.deep.equal([200, null]);
  });
});
