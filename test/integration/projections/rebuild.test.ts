import { expect } from 'chai';
import { ControlDatabase } from '#platform/control/database.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { created, invoiceStream, lifeOf, started } from '../../unit/projections/events.js';
import { caughtUp, foldsOf, Harness, until } from './harness.js';

const SUMMARY = 'invoice-summary';
const projections = [INVOICE_SUMMARY];

describe('a rebuild', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open(2);
  });
  afterEach(() => harness.close());

  const summaries = (generation: number): Promise<InvoiceSummary[]> => harness.rows(SUMMARY, generation, INVOICE_SUMMARY_TABLE);

  it('equals the fold when its window is smaller than the data and streams come back after they were written', async () => {
    const worker = await harness.start({ projections });
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    for (const index of [0, 1, 2, 3, 4]) for (const seed of seeds) await harness.append(invoiceStream(seed), lifeOf(seed).slice(index, index + 1));
    await caughtUp(worker, SUMMARY);
    harness.rebuildStore = harness.store;
    await worker.rebuild(SUMMARY, { windowBytes: 20_000 });
    expect(await summaries(2)).to.deep.equal(await foldsOf(harness.store));
  });

  it('has every index and the statistics of its tables when readers come to them', async () => {
    const worker = await harness.start({ projections });
    for (let seed = 0; seed < 40; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, SUMMARY);
    await worker.rebuild(SUMMARY);
    const indexes = (generation: number): Promise<unknown> => harness.sql(`SELECT replace(substring(indexdef FROM ' ON .*'), '_g${generation}.', '.') AS on FROM pg_indexes WHERE schemaname = 'invoice_summary_g${generation}' ORDER BY 1`);
    expect(await indexes(2)).to.deep.equal(await indexes(1));
    const analyzed = await harness.sql<{ columns: string }>(`SELECT count(DISTINCT attname) AS columns FROM pg_stats WHERE schemaname = 'invoice_summary_g2' AND tablename <> 'invoice'`);
    for (const { columns } of analyzed) expect(Number(columns)).to.be.greaterThan(5);
  });

  it('equals the fold when events are appended all the while, before and after the switch', async () => {
    const worker = await harness.start({ projections });
    for (let seed = 0; seed < 40; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed).slice(0, 3));
    let appending = true;
    const appender = (async (): Promise<void> => {
      for (let seed = 0; appending && seed < 4_000; seed += 1) {
        await harness.append(invoiceStream(seed), seed < 40 ? lifeOf(seed).slice(3) : lifeOf(seed));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await worker.rebuild(SUMMARY);
    appending = false;
    await appender;
    await caughtUp(worker, SUMMARY);
    const expected = await foldsOf(harness.store);
    expect(await summaries(2)).to.deep.equal(expected);
    expect(await summaries(1)).to.deep.equal(expected);
  });

  it('can be rolled back: the old generation was kept current, and so is the new one afterwards', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), [created(1)]);
    await worker.rebuild(SUMMARY);
    await harness.append(invoiceStream(1), [started()]);
    await caughtUp(worker, SUMMARY);
    expect(await worker.rollback(SUMMARY, 'wrong')).to.equal(1);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(1);
    expect(await summaries(1)).to.deep.equal(await foldsOf(harness.store));
    expect(await summaries(2)).to.deep.equal(await foldsOf(harness.store));
    expect(harness.switches.map(({ generations, reason }) => [generations[SUMMARY], reason])).to.deep.equal([[2, 'rebuild'], [1, 'wrong']]);
  });

  it('keeps two generations: a third drops the oldest with everything of it', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), lifeOf(1));
    await worker.rebuild(SUMMARY);
    await worker.rebuild(SUMMARY);
    const schemas = (): Promise<readonly unknown[]> => harness.sql(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'invoice_summary_g%' ORDER BY nspname`);
    await until(async () => (await schemas()).length === 4, 'the oldest is gone from both shards');
    expect(await schemas()).to.deep.equal([2, 3, 2, 3].map((generation) => ({ nspname: `invoice_summary_g${generation}` })));
    expect(await harness.sql('SELECT DISTINCT generation FROM checkpoint WHERE generation = 1')).to.deep.equal([]);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    expect(await summaries(3)).to.deep.equal(await foldsOf(harness.store));
  });

  it('is no failure when the oldest cannot be dropped: readers are elsewhere; it is dropped later', async () => {
    const faults: unknown[] = [];
    const worker = await harness.start({ projections, hooks: { onFault: ({ error }) => void faults.push(error) } });
    await harness.append(invoiceStream(1), lifeOf(1));
    await worker.rebuild(SUMMARY);
    await harness.sql(`CREATE FUNCTION keep() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE object_type = 'schema' AND object_name = 'invoice_summary_g1') THEN RAISE 'it is kept'; END IF; END $$`);
    await harness.sql('CREATE EVENT TRIGGER keep ON sql_drop EXECUTE FUNCTION keep()');
    expect(await worker.rebuild(SUMMARY)).to.equal(3);
    expect(worker.lastRebuild(SUMMARY)?.outcome).to.equal('switched');
    expect(harness.switches.map(({ generations }) => generations[SUMMARY])).to.deep.equal([2, 3]);
    await until(() => faults.length > 0, 'it was tried');
    expect(faults.map(String)).to.deep.equal(['error: it is kept']);
    await harness.sql('DROP EVENT TRIGGER keep');
    await worker.rebuild(SUMMARY);
    const gone = (): Promise<readonly unknown[]> => harness.control('SELECT generation FROM generation WHERE gone ORDER BY generation');
    await until(async () => (await gone()).length === 2, 'both are gone');
    expect(await gone()).to.deep.equal([{ generation: 1 }, { generation: 2 }]);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    expect(await summaries(4)).to.deep.equal(await foldsOf(harness.store));
  });

  it('begins its half-built generation anew after an interruption, while readers stay where they are', async () => {
    for (let seed = 0; seed < 30; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    const stop = new AbortController();
    const interrupted = await worker.rebuild(SUMMARY, { signal: stop.signal, onProgress: ({ stage }) => (stage === 'index' ? stop.abort() : undefined) }).catch((error: unknown) => error);
    expect(interrupted).to.be.instanceOf(Error);
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(1);
    expect(await harness.control('SELECT generation, state FROM generation ORDER BY generation')).to.deep.equal([{ generation: 1, state: 'live' }, { generation: 2, state: 'building' }]);
    expect(await worker.rebuild(SUMMARY)).to.equal(2);
    expect(await summaries(2)).to.deep.equal(await foldsOf(harness.store));
  });

  it('goes on from the adoption when it was interrupted there', async () => {
    for (let seed = 0; seed < 10; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    const stop = new AbortController();
    let catchUps = 0;
    await worker.rebuild(SUMMARY, { signal: stop.signal, onProgress: ({ stage }) => (stage === 'catch-up' && (catchUps += 1) === 2 ? stop.abort() : undefined) }).catch(() => undefined);
    const [before] = await harness.control<{ state: string }>('SELECT state FROM generation WHERE generation = 2');
    expect(before?.state).to.equal('adopting');
    const stages: string[] = [];
    await worker.rebuild(SUMMARY, { onProgress: ({ stage }) => void stages.push(stage) });
    expect(stages).to.deep.equal(['catch-up', 'switch', 'done']);
    expect(await summaries(2)).to.deep.equal(await foldsOf(harness.store));
  });

  it('parks the stream that cannot be folded at the same event as the live worker', async () => {
    const worker = await harness.start({ projections });
    await harness.append(invoiceStream(1), [created(1), started(), { type: 'fiscal.invoice.invented', data: {} }, ...lifeOf(1).slice(2)]);
    await harness.append(invoiceStream(2), lifeOf(2));
    await caughtUp(worker, SUMMARY);
    await worker.rebuild(SUMMARY);
    expect(await summaries(2)).to.deep.equal(await summaries(1));
    expect(await harness.sql('SELECT generation, revision FROM quarantine ORDER BY generation')).to.deep.equal([{ generation: 1, revision: '2' }, { generation: 2, revision: '2' }]);
  });

  it('refuses one while another process rebuilds the same projection, and lets the next in when that process is gone', async () => {
    await harness.append(invoiceStream(1), lifeOf(1));
    const [mine, theirs] = [await harness.start({ projections, owner: 'A' }), await harness.start({ projections, owner: 'B' })];
    await caughtUp(mine, SUMMARY);
    const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
    const read = harness.rebuildStore.readAll.bind(harness.rebuildStore);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => { goOn = resolve; });
    const reached = new Promise<void>((resolve) => {
      harness.rebuildStore.readAll = async (...args) => {
        resolve();
        await held;
        return read(...args);
      };
    });
    const first = codeOf(mine.rebuild(SUMMARY));
    await reached;
    expect(await codeOf(theirs.rebuild(SUMMARY))).to.equal('rebuild-running');
    expect(await codeOf(theirs.rollback(SUMMARY))).to.equal('rebuild-running');
    // The rebuilding process dies: what it held goes with its connection, and it writes no more.
    await harness.control(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'folio-hold' AND datname = current_database()`);
    goOn();
    expect(await first).not.to.equal('none');
    harness.rebuildStore.readAll = read;
    expect(await codeOf(theirs.rebuild(SUMMARY))).to.equal('none');
  });

  it('waits for another process that only drops what nobody reads any more', async () => {
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    const control = new ControlDatabase(harness.controlSettings);
    const sweep = await control.tryHold(`rebuild ${SUMMARY}`);
    const rebuilt = worker.rebuild(SUMMARY);
    // Refused while it is held: asked for again until it is not.
    expect(await control.tryHold(`rebuild ${SUMMARY}`)).to.equal(undefined);
    await sweep?.release();
    await rebuilt;
    await control.close();
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(2);
  });

  it('takes a set whole or not at all: refused for one that another process has, it names that one and holds none of the others', async () => {
    const worker = await harness.start();
    await caughtUp(worker, SUMMARY, 'daily-report');
    const control = new ControlDatabase(harness.controlSettings);
    const theirs = await control.tryHold('rebuild daily-report');
    const refused = await worker.rebuildSet([SUMMARY, 'daily-report']).then(() => undefined, (error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem).that.deep.includes({ code: 'rebuild-running', message: 'A rebuild of daily-report is running.' });
    const free = await control.tryHold(`rebuild ${SUMMARY}`);
    expect(free).to.not.equal(undefined);
    await Promise.all([theirs?.release(), free?.release()]);
    await worker.rebuildSet([SUMMARY, 'daily-report']);
    await control.close();
  });

  it('refuses a second one at the same time, an unknown projection, and a rollback to nothing', async () => {
    const worker = await harness.start({ projections });
    await caughtUp(worker, SUMMARY);
    const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
    expect(await codeOf(worker.rollback(SUMMARY))).to.equal('rollback-impossible');
    expect(await codeOf(worker.rebuild('nothing'))).to.equal('projection-unknown');
    const running = worker.rebuild(SUMMARY);
    expect(await codeOf(worker.rebuild(SUMMARY))).to.equal('rebuild-running');
    await running;
  });
});
