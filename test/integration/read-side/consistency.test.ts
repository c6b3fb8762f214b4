import { expect } from 'chai';
import { until } from '../../support/until.js';
import { ReadBench, sampleId } from './bench.js';

/** A door that a projection's worker stands before at every commit. */
class Door {
  #open: (() => void) | undefined;
  #closed = Promise.resolve();

  close(): void {
    this.#closed = new Promise((resolve) => { this.#open = resolve; });
  }

  open(): void {
    this.#open?.();
  }

  pass = async (): Promise<void> => this.#closed;
}

const ROUTES = ['/api/v1/invoices', `/api/v1/invoices/${sampleId(1)}`, '/api/v1/search?q=tornillos', '/api/v1/reports/daily?day=2026-03-02'];
const PROJECTIONS: Readonly<Record<string, string>> = { '/api/v1/search?q=tornillos': 'invoice-search', '/api/v1/reports/daily?day=2026-03-02': 'daily-report' };

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
  /** A write that the views have not seen, in the lane of the first invoice. */
  const unseen = async (): Promise<string> => {
    door.close();
    seed += 1;
    return bench.token(1, await bench.append({ seed }));
  };

  for (const route of ROUTES) {
    it(`waits until the view has it, then answers as fresh: ${route}`, async () => {
      const token = await unseen();
      const answering = bench.get(route, { 'folio-position': token });
      await until(() => bench.worker.hub.isAwaited(PROJECTIONS[route] ?? 'invoice-summary', 1));
      door.open();
      const answer = await answering;
      expect([answer.status, answer.headers.get('folio-stale'), Number(answer.headers.get('folio-view-position')) >= Number(token.split('.')[0])]).to.deep.equal([200, null, true]);
    });

    it(`answers with what is there and says so when the view does not come: ${route}`, async () => {
      const token = await unseen();
      const answer = await bench.get(route, { 'folio-position': token });
      const behind = Number(answer.headers.get('folio-view-position')) < Number(token.split('.')[0]);
      expect([answer.status, answer.headers.get('folio-stale'), behind]).to.deep.equal([200, 'true', true]);
    });

    it(`refuses instead when the caller would rather have nothing: ${route}`, async () => {
      const answer = await bench.get(route, { 'folio-position': await unseen(), prefer: 'respond-async, handling=strict' });
      expect([answer.status, answer.headers.get('retry-after'), ((await answer.json()) as { code: string }).code]).to.deep.equal([503, '1', 'view-behind']);
    });

    it(`refuses a position that the log has not reached, at once: ${route}`, async () => {
      const { head } = await bench.harness.store.status();
      expect(await bench.refusal(route, { 'folio-position': bench.token(1, String(Number(head) + 1) as never) })).to.deep.equal([400, 'position-ahead']);
    });

    for (const token of ['x', '1', '1.v1/fiscal-invoice', '01.v1/fiscal-invoice/1', '1.v1/fiscal-invoice/12', '1.v9/fiscal-invoice/1', '1.v1/unknown/1', Array.from({ length: 65 }, () => '1.v1/fiscal-invoice/1').join(',')]) {
      it(`refuses the malformed token ${token.slice(0, 30)}: ${route}`, async () => expect(await bench.refusal(route, { 'folio-position': token })).to.deep.equal([400, 'token-malformed']));
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
  });
});
