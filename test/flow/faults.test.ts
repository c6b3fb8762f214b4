import { expect } from 'chai';
import { ApiProblem } from '../../cli/client.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { projectionStatus } from '../../cli/commands/look.js';
import { committedRecords } from '../support/bus.js';
import { Repeater } from '../support/repeater.js';
import { TestSystem } from '../support/distributed.js';
import { describeWith, isOurs, restartEngine } from '../support/engines.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { until, untilSeen } from '../support/until.js';

/** The whole story takes minutes: `npm run flow` tells it in full, `npm test` a short form of it. */
const DOCUMENTS = Number(process.env['FOLIO_FLOW_DOCUMENTS'] ?? 200);
const KILLS = Number(process.env['FOLIO_FLOW_KILLS'] ?? 2);
const CALLERS = 16;

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
    // is delivered up to three times, a second worker comes and goes. In the end every row is the fold of its stream, and the bus has each event once.
    const acknowledged = new Map<number, string>();
    const waiting = Array.from({ length: DOCUMENTS }, (_, index) => index);
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
    if (isOurs('kafka')) await restartEngine('kafka', 'SIGKILL');
    await callers;
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
    process.stdout.write(`      ${DOCUMENTS} documents, relay and worker killed ${KILLS} times each, ${repeater.repeated} messages repeated\n`);
  }).timeout(DOCUMENTS * 100 + 240_000);

  /** What the relay has committed: for each stream its revisions, each once. */
  async function expectEachOnce(rows: readonly { readonly id: string; readonly revision: string }[]): Promise<void> {
    const records = (await committedRecords(folio.kafka, [`${folio.prefix}fiscal-invoice`])).filter(({ key, headers }) => key !== undefined && headers['test-repeated'] === undefined);
    const revisions = new Map<string, string[]>();
    for (const { key = '', headers } of records) revisions.set(key, [...(revisions.get(key) ?? []), headers['folio-revision'] ?? '']);
    for (const { id, revision } of rows) expect(revisions.get(`invoice-${id}`), id).to.deep.equal(Array.from({ length: Number(revision) + 1 }, (_, index) => String(index)));
  }
});
