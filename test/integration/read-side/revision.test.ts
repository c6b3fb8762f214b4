import { expect } from 'chai';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { ReadStreamOptions } from '#platform/event-store/port.js';
import { cacheKey } from '../../../read-side/api/invoice-routes.js';
import { TOKEN_WAIT_MS } from '../../../read-side/consistency.js';
import { until } from '../../support/until.js';
import { copyReceived, created } from '../../unit/projections/events.js';
import { ReadBench, sampleId } from './bench.js';
import { Door } from './door.js';

const SUMMARY = 'invoice-summary';
const path = (seed: number): string => `/api/v1/invoices/${sampleId(seed)}`;
const streamOf = (seed: number) => toStreamId(`invoice-${sampleId(seed)}`);

interface Body {
  readonly revision: string;
  readonly channel: string;
  readonly code?: string;
  readonly reason?: string;
}

describe('one invoice by revision, on two shards', () => {
  let bench: ReadBench;
  let door: Door;
  /** Single events that were read from the log, as a reader does that asks where a revision is. */
  let looks: ReadStreamOptions[];
  let isLogGone: boolean;
  beforeEach(async () => {
    door = new Door();
    looks = [];
    isLogGone = false;
    bench = await ReadBench.open({ shards: 2, hooks: { beforeCommit: door.pass } });
    const { store } = bench.harness;
    const readStream = store.readStream.bind(store);
    store.readStream = async (stream, options) => {
      if (options?.limit === 1) {
        looks.push(options);
        if (isLogGone) throw platformProblem('store-unavailable');
      }
      return readStream(stream, options);
    };
    await bench.given([{ seed: 1 }, { seed: 2 }]);
  });
  afterEach(async () => {
    door.open();
    await bench.close();
  });
  /** One more event of the invoice (revision 4), which no view has seen. */
  const unseen = async (seed: number): Promise<void> => {
    door.close();
    await bench.harness.append(streamOf(seed), [copyReceived()], { shardKey: `issuer-${seed}` });
  };
  const bodyOf = async (answer: Response): Promise<Body> => (await answer.json()) as Body;
  const headersOf = ({ headers }: Response) => [headers.get('folio-stale'), headers.get('folio-stale-reason')];
  const cacheRow = async (seed: number, change: Partial<InvoiceSummary>): Promise<void> => {
    const rows = (await bench.harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)) as InvoiceSummary[];
    const row = rows.find(({ id }) => id === sampleId(seed));
    if (!row) throw new Error('no row');
    const value = { ...row, channel: 'from-the-cache', ...change };
    await bench.harness.cache.write(cacheKey(1, value.id), { revision: value.revision, value });
  };

  for (const seed of [1, 2]) {
    it(`waits until the view has it, after one look at one event of the log: invoice ${seed}`, async () => {
      await unseen(seed);
      const answering = bench.get(`${path(seed)}?revision=4`);
      await until(() => bench.worker.hub.isAwaited(SUMMARY, 1));
      door.open();
      const answer = await answering;
      expect([answer.status, (await bodyOf(answer)).revision, ...headersOf(answer)]).to.deep.equal([200, '4', null, null]);
      expect(Number(answer.headers.get('folio-view-position'))).to.be.at.least(9);
      expect(looks).to.deep.equal([{ from: 4, limit: 1 }]);
    });
  }

  it('needs no look at the log for what the row has, nor for what the cache has', async () => {
    for (const revision of [0, 2, 3]) {
      const answer = await bench.get(`${path(1)}?revision=${revision}`);
      expect([answer.status, (await bodyOf(answer)).revision, ...headersOf(answer), answer.headers.get('folio-view-position')]).to.deep.equal([200, '3', null, null, '4']);
    }
    await unseen(1);
    await cacheRow(1, { revision: toRevision(4), position: toPosition('9') });
    const answer = await bench.get(`${path(1)}?revision=4`);
    const { channel, revision } = await bodyOf(answer);
    expect([answer.status, channel, revision, ...headersOf(answer), answer.headers.get('folio-view-position')]).to.deep.equal([200, 'from-the-cache', '4', null, null, '9']);
    expect(looks).to.deep.equal([]);
  });

  it('is not taken from a cache that is behind', async () => {
    await cacheRow(1, { revision: toRevision(2), position: toPosition('3') });
    expect(await bodyOf(await bench.get(`${path(1)}?revision=3`))).to.include({ channel: 'api', revision: '3' });
    expect(await bodyOf(await bench.get(`${path(1)}?revision=2`)), 'and the reader left the newer row there').to.include({ channel: 'api', revision: '3' });
  });

  it('answers with what is there and says so when the view does not come; refuses where the caller prefers that', async () => {
    await unseen(1);
    const [answer, strict] = await Promise.all([bench.get(`${path(1)}?revision=4`), bench.get(`${path(1)}?revision=4`, { prefer: 'handling=strict' })]);
    expect([answer.status, (await bodyOf(answer)).revision, ...headersOf(answer)]).to.deep.equal([200, '3', 'true', null]);
    expect(Number(answer.headers.get('folio-view-position'))).to.be.at.most(8);
    expect([strict.status, strict.headers.get('retry-after'), (await bodyOf(strict)).code]).to.deep.equal([503, '1', 'view-behind']);
  });

  it('is taken from the cache when that has got it while the view was waited for: no table is asked, and nothing is stale', async () => {
    await unseen(1);
    const [query, strict] = [`${path(1)}?revision=4`, { prefer: 'handling=strict' }];
    const late = bench.get(query, strict);
    await until(() => bench.worker.hub.isAwaited(SUMMARY, 1));
    await cacheRow(1, { revision: toRevision(4), position: toPosition('9') });
    const answer = await late;
    expect([answer.status, (await bodyOf(answer)).channel, ...headersOf(answer), answer.headers.get('folio-view-position')], 'at its limit').to.deep.equal([200, 'from-the-cache', null, null, '9']);
    await bench.harness.cache.remove(cacheKey(1, sampleId(1)));
    const woken = bench.get(query, strict);
    await until(() => bench.worker.hub.isAwaited(SUMMARY, 1));
    await cacheRow(1, { revision: toRevision(4), position: toPosition('9') });
    door.open();
    expect((await bodyOf(await woken)).channel, 'as soon as the view has it').to.equal('from-the-cache');
  });

  it('asks the table once for all who waited for the same', async () => {
    await unseen(1);
    const waiting = Array.from({ length: 40 }, () => bench.get(`${path(1)}?revision=4`));
    await until(() => looks.length === waiting.length);
    await until(() => bench.worker.hub.isAwaited(SUMMARY, 1));
    let reads = 0;
    for (const pool of bench.shards.pools) {
      const query = pool.query.bind(pool) as (...asked: unknown[]) => unknown;
      pool.query = ((...asked: unknown[]) => {
        if ((asked[0] as { text?: string }).text?.includes('WHERE id = ') === true) reads += 1;
        return query(...asked);
      }) as typeof pool.query;
    }
    door.open();
    expect(new Set(await Promise.all(waiting.map(async (answer) => (await bodyOf(await answer)).revision)))).to.deep.equal(new Set(['4']));
    expect(reads, 'one question to each of two shards').to.be.within(2, 4);
  });

  it('goes together with tokens: both must be reached', async () => {
    await unseen(1);
    const position = await bench.append({ seed: 3 });
    let isAnswered = false;
    const answering = bench.get(`${path(1)}?revision=3`, { 'folio-position': bench.token(1, position) }).then((answer) => ((isAnswered = true), answer));
    await until(() => bench.worker.hub.isAwaited(SUMMARY, 1));
    expect([isAnswered, looks]).to.deep.equal([false, []]);
    door.open();
    const answer = await answering;
    expect([(await bodyOf(answer)).revision, ...headersOf(answer)]).to.deep.equal(['4', null, null]);
    const both = await bench.get(`${path(1)}?revision=4&after=${bench.token(1, position)}`);
    expect([both.status, ...headersOf(both)]).to.deep.equal([200, null, null]);
  });

  it('refuses what the log does not have, at once', async () => {
    for (const revision of ['4', '5', '9007199254740991']) expect(await bench.refusal(`${path(1)}?revision=${revision}`), revision).to.deep.equal([400, 'position-ahead']);
    expect(await bench.refusal(`${path(99)}?revision=0`), 'an invoice that nobody sent').to.deep.equal([400, 'position-ahead']);
    expect(bench.worker.hub.isAwaited(SUMMARY, 1)).to.equal(false);
  });

  for (const query of ['revision=', 'revision=x', 'revision=-1', 'revision=01', 'revision=1.0', 'revision=9007199254740993', 'revision=99999999999999999999', 'revision=1&revision=2', 'revison=1']) {
    it(`refuses what is no revision: ${query}`, async () => expect(await bench.refusal(`${path(1)}?${query}`)).to.deep.equal([400, 'query-invalid']));
  }

  it('is answered as it is while the log does not answer, since nobody knows what to wait for; refused where the caller prefers that', async () => {
    await unseen(1);
    isLogGone = true;
    const answer = await bench.get(`${path(1)}?revision=4`);
    expect([answer.status, (await bodyOf(answer)).revision, ...headersOf(answer)]).to.deep.equal([200, '3', 'true', null]);
    expect(await bench.refusal(`${path(1)}?revision=4`, { prefer: 'handling=strict' })).to.deep.equal([503, 'view-behind']);
    expect(await bench.refusal(`${path(99)}?revision=4`)).to.deep.equal([503, 'store-unavailable']);
  });

  it('is as it was at the head of the log what it is', async () => {
    const { head } = await bench.harness.store.status();
    const live = await bench.json(path(1));
    expect(await bench.json(`${path(1)}?asOf=${head}`)).to.deep.equal(live);
    expect(await bench.json(`${path(1)}?asOf=${encodeURIComponent(new Date().toISOString())}`)).to.deep.equal(live);
  });

  describe('in quarantine', () => {
    const invented = { type: 'fiscal.invoice.invented', data: {} };
    /** Another invoice in the lane of the first. */
    const neighbour = (): number => {
      const laneOfSeed = (seed: number): string => bench.token(seed, toPosition('1')).split('.')[1] ?? '';
      for (let seed = 10; ; seed += 1) if (laneOfSeed(seed) === laneOfSeed(1)) return seed;
    };
    const append = async (seed: number, ...facts: Parameters<ReadBench['harness']['append']>[1]): Promise<string> => {
      await bench.harness.append(streamOf(seed), facts, { shardKey: `issuer-${seed}` });
      await bench.caughtUp();
      return bench.token(1, (await bench.harness.store.status()).head);
    };

    it('answers at once as stale with the reason, and refuses at once where the caller prefers that', async () => {
      const token = await append(1, invented, copyReceived());
      const began = performance.now();
      for (const [query, headers] of [['?revision=4', {}], ['?revision=5', {}], ['', { 'folio-position': token }], [`?after=${token}`, {}]] as const) {
        const answer = await bench.get(`${path(1)}${query}`, headers);
        expect([answer.status, (await bodyOf(answer)).revision, ...headersOf(answer)], query).to.deep.equal([200, '3', 'true', 'quarantined']);
        const strict = await bench.get(`${path(1)}${query}`, { ...headers, prefer: 'handling=strict' });
        expect([strict.status, strict.headers.get('retry-after')], query).to.deep.equal([503, '1']);
        expect(await bodyOf(strict)).to.include({ code: 'view-behind', reason: 'quarantined' });
      }
      expect(performance.now() - began, 'no waiting for what cannot come').to.be.below(TOKEN_WAIT_MS);
    });

    it('says nothing of it to who asks for no more than the row has', async () => {
      const before = bench.token(1, (await bench.harness.store.status()).head);
      await append(1, invented);
      for (const [query, headers] of [['', {}], ['?revision=3', {}], ['', { 'folio-position': bench.token(1, toPosition('4')) }], ['', { 'folio-position': before }]] as const) {
        expect(headersOf(await bench.get(`${path(1)}${query}`, headers)), `${query} ${JSON.stringify(headers)}`).to.deep.equal([null, null]);
      }
    });

    it('is not said of its neighbours in the lane, whose rows are rightly older than the token', async () => {
      const other = neighbour();
      await bench.append({ seed: other });
      await bench.caughtUp();
      const token = await append(1, invented);
      expect(headersOf(await bench.get(path(other), { 'folio-position': token }))).to.deep.equal([null, null]);
      expect(headersOf(await bench.get(path(1), { 'folio-position': token }))).to.deep.equal(['true', 'quarantined']);
    });

    it('is said of a token of a neighbour, too, when the parked event came before it', async () => {
      await append(1, invented);
      const position = await bench.append({ seed: neighbour() });
      await bench.caughtUp();
      expect(headersOf(await bench.get(path(1), { 'folio-position': bench.token(1, position) }))).to.deep.equal(['true', 'quarantined']);
    });

    it('is told, too, of an invoice that has no row because its first event is parked', async () => {
      const token = await append(50, { ...created(50), data: 'nothing' }).then(() => bench.harness.store.status()).then(({ head }) => bench.token(50, head));
      const answer = await bench.get(path(50), { 'folio-position': token });
      expect([answer.status, ...headersOf(answer)]).to.deep.equal([404, 'true', 'quarantined']);
    });

    it('ends with it: a row that has gone on is fresh again', async () => {
      const token = await append(1, invented);
      expect(headersOf(await bench.get(path(1), { 'folio-position': token }))).to.deep.equal(['true', 'quarantined']);
      const { revision, position } = { revision: 4, position: token.split('.')[0] ?? '' };
      await bench.harness.sql(`UPDATE invoice_summary_g1.invoice SET revision = ${revision}, position = ${position} WHERE id = '${sampleId(1)}'`);
      await bench.harness.sql('DELETE FROM quarantine');
      expect(headersOf(await bench.get(`${path(1)}?revision=4`, { 'folio-position': token }))).to.deep.equal([null, null]);
    });

    it('is not looked for in lists, which have no single row', async () => {
      const token = await append(1, invented);
      for (const route of ['/api/v1/invoices', '/api/v1/search?q=tornillos']) {
        const answer = await bench.get(route, { 'folio-position': token });
        expect([answer.status, ...headersOf(answer)]).to.deep.equal([200, null, null]);
      }
    });
  });
});
