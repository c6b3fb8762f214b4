import { expect } from 'chai';
import { ORIGIN } from '#contracts/kernel/position.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ApiProblem } from '../../cli/client.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { projectionStatus } from '../../cli/commands/look.js';
import { committedRecords } from '../support/bus.js';
import { Repeater } from '../support/repeater.js';
import { expectCacheIsFolds, expectIndexIsFolds, historiesOf } from '../support/derived-oracle.js';
import { TestSystem } from '../support/distributed.js';
import { describeWith, isOurs, restartEngine } from '../support/engines.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { until, untilSeen } from '../support/until.js';

/** The whole story takes minutes: `npm run flow` tells it in full, `npm test` a short form of it. */
const DOCUMENTS = Number(process.env['FOLIO_FLOW_DOCUMENTS'] ?? 200);
const KILLS = Number(process.env['FOLIO_FLOW_KILLS'] ?? 2);
const CALLERS = 16;
/** How long the search engine refuses (ms). */
const REFUSING_MS = DOCUMENTS >= 5_000 ? 20_000 : 1_500;

describeWith('kafka', 'the distributed system', () => {
  let folio: TestSystem;
  before(async function () {
    this.timeout(240_000);
    folio = await TestSystem.start(['opensearch', 'redis']);
  });
  after(async function () {
    this.timeout(60_000);
    await folio.stop();
  });

  it('loses and doubles nothing while its parts are killed, doubled and taken away', async () => {
    // Story: callers import documents without pause. The relay and the worker are killed again and again, the broker dies once, every message
    // is delivered up to three times, a second worker comes and goes, Redis comes back empty, the search engine refuses for a while. In the end
    // every row, every document and every cached row is the fold of its stream, and the bus has each event once.
    const acknowledged = new Map<number, string>();
    const waiting = Array.from({ length: DOCUMENTS - 1 }, (_, index) => index);
    const { client } = folio;
    const caller = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        try {
          const { body } = await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {});
          acknowledged.set(index, body.id);
        } catch (error) {
          if (error instanceof ApiProblem && !error.document.retryable) throw error;
          waiting.push(index);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const repeater = await Repeater.start(folio.kafka, `${folio.prefix}fiscal-invoice`);
    const callers = Promise.all(Array.from({ length: CALLERS }, caller));
    const reached = (part: number): Promise<void> => until(() => acknowledged.size >= Math.floor(DOCUMENTS * part));
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await reached(kill / (KILLS + 2));
      await Promise.all([folio.kill('relay'), folio.kill('worker')]);
    }
    const second = await folio.add({ name: 'worker-2', words: ['worker'], env: {} });
    if (folio.redis !== undefined && isOurs('redis')) await restartEngine('redis', 'SIGKILL');
    if (isOurs('kafka')) await restartEngine('kafka', 'SIGKILL');
    await refuseSearch();
    await callers;
    // All of the others may have been in the cache before Redis came back without it.
    waiting.push(DOCUMENTS - 1);
    await caller();
    await second.stop();
    const repaired = performance.now();
    const since = (): string => ((performance.now() - repaired) / 1_000).toFixed(1);
    await untilSeen(async () => (await allRows(client)).filter(({ status }) => status === 'archived').length === DOCUMENTS);
    await untilSeen(async () => (await projectionStatus(client)).every(({ eventsBehind }) => eventsBehind === 0));
    process.stdout.write(`      caught up ${since()} s after the last repair\n`);
    await repeater.stop();
    const rows = await expectRowsAreFolds(client);
    process.stdout.write(`      every row is the fold of its stream, seen after ${since()} s\n`);
    expect(new Set(rows.map(({ id }) => id))).to.deep.equal(new Set(acknowledged.values()));
    await expectEachOnce(rows);
    await expectDerived();
    expect(repeater.repeated, 'messages that were delivered again').to.be.greaterThan(0);
    process.stdout.write(`      ${DOCUMENTS} documents, relay and worker killed ${KILLS} times each, ${repeater.repeated} messages repeated\n`);
  }).timeout(DOCUMENTS * 100 + 240_000);

  /** Whatever is asked of the search engine is answered with 503 for a while. */
  async function refuseSearch(): Promise<void> {
    const { search } = folio;
    if (!search) return;
    search.intervene = () => {
      search.seen.length = 0;
      return { status: 503, body: { error: { type: 'unavailable' } } };
    };
    await new Promise((resolve) => setTimeout(resolve, REFUSING_MS));
    search.intervene = () => {
      search.seen.length = 0;
      return 'pass';
    };
  }

  /** Search has every stream, the cache some; each as the fold of its stream. */
  async function expectDerived(): Promise<void> {
    const store = new PostgresEventStore({ read: folio.system.databases.readLog });
    const histories = historiesOf((await store.readAll(ORIGIN, { limit: 1_000_000 })).events);
    await store.close();
    const { search, redis, prefix } = folio;
    if (search) await expectIndexIsFolds(search.url, prefix, 1, histories);
    const cached = redis === undefined ? 0 : await expectCacheIsFolds(redis, prefix, 1, histories);
    // It may lack any row, but after an import not all of them: then nobody writes to it.
    if (redis !== undefined) expect(cached).to.be.greaterThan(0);
    process.stdout.write(`      search ${search ? `has all ${histories.size}` : 'is in Postgres'}, the cache has ${redis === undefined ? 'no engine' : cached}, all as folded\n`);
  }

  /** What the relay has committed: for each stream its revisions, each once. */
  async function expectEachOnce(rows: readonly { readonly id: string; readonly revision: string }[]): Promise<void> {
    const records = (await committedRecords(folio.kafka, [`${folio.prefix}fiscal-invoice`])).filter(({ key, headers }) => key !== undefined && headers['test-repeated'] === undefined);
    const revisions = new Map<string, string[]>();
    for (const { key = '', headers } of records) revisions.set(key, [...(revisions.get(key) ?? []), headers['folio-revision'] ?? '']);
    for (const { id, revision } of rows) expect(revisions.get(`invoice-${id}`), id).to.deep.equal(Array.from({ length: Number(revision) + 1 }, (_, index) => String(index)));
  }
});
