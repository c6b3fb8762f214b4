import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { comparePositions } from '#contracts/kernel/position.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { AuthorityChecks } from '../../../write-side/authority/check-table.js';
import type { AuthorityWatch } from '../../../write-side/authority/watch.js';
import { cii, ubl } from '../../unit/documents/given.js';
import { until } from '../../support/until.js';
import { CANCELLED, envelope, IN_FORCE, MISSING, REFUSED } from '../outbound/sat-server.js';
import { AuthorityBench, DAY, HOUR } from './bench.js';

describe('the watch that asks the authority', () => {
  let bench: AuthorityBench;
  beforeEach(async () => { bench = await AuthorityBench.open(); });
  afterEach(() => bench.close());

  const noted = async (watch: AuthorityWatch): Promise<void> => {
    const { head } = await bench.bench.store.status();
    await until(() => watch.position !== undefined && comparePositions(watch.position, head) >= 0);
  };
  /** Answers that were asked for and not given yet. */
  const held = (): ServerResponse[] => {
    const waiting: ServerResponse[] = [];
    bench.server.answers((_expression, response) => waiting.push(response));
    return waiting;
  };
  const release = (waiting: ServerResponse[], words = IN_FORCE): void => { for (const response of waiting.splice(0)) response.end(envelope(words)); };

  it('asks ten minutes after the archive and then by the calendar, tells what is new, and asks no more of what was cancelled', async () => {
    const id = await bench.archived();
    const watch = bench.watch();
    await noted(watch);
    expect(await bench.checks.due(bench.now(), 10, []), 'nothing is due yet').to.deep.equal([]);
    bench.pass(10 * 60_000);
    await bench.settled(1);
    expect(await bench.told(id)).to.deep.equal(['in-force']);
    bench.pass(1.2 * DAY);
    await bench.settled(2);
    bench.pass(8 * DAY);
    await bench.settled(3);
    expect(await bench.told(id), 'nothing new').to.deep.equal(['in-force']);
    bench.server.says(CANCELLED);
    bench.pass(30 * DAY);
    await bench.settled(4);
    expect(await bench.told(id)).to.deep.equal(['in-force', 'cancelled']);
    expect((await bench.row(id))?.due_at).to.equal(null);
    expect([bench.outcomes, bench.errors]).to.deep.equal([['in-force', 'in-force', 'in-force', 'cancelled'], []]);
    expect(new Set(bench.server.asked).size).to.equal(1);
  });

  it('tells that a document is not found when it still is not after an hour and a day', async () => {
    const id = await bench.archived();
    bench.server.says(MISSING);
    bench.pass(HOUR);
    bench.watch();
    await bench.settled(1);
    expect([await bench.told(id), (await bench.row(id))?.missing]).to.deep.equal([[], 1]);
    bench.pass(1.2 * HOUR);
    await bench.settled(2);
    expect(await bench.told(id)).to.deep.equal([]);
    bench.pass(1.2 * DAY);
    await bench.settled(3);
    expect(await bench.told(id)).to.deep.equal(['not-found']);
    bench.server.says(IN_FORCE);
    bench.pass(8 * DAY);
    await bench.settled(4);
    expect(await bench.told(id)).to.deep.equal(['not-found', 'in-force']);
  });

  it('tells nothing of a document that was found before the day was over', async () => {
    const id = await bench.archived();
    bench.server.says(MISSING);
    bench.pass(HOUR);
    bench.watch();
    await bench.settled(1);
    bench.server.says(IN_FORCE);
    bench.pass(1.2 * HOUR);
    await bench.settled(2);
    expect([await bench.told(id), (await bench.row(id))?.missing]).to.deep.equal([['in-force'], 0]);
  });

  it('asks about CFDI of both versions, and about no other document', async () => {
    const old = Buffer.from(generatedCfdi({ index: 91 })).toString().replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3').replace('Version="4.0"', 'Version="3.3"');
    const unstamped = Buffer.from(generatedCfdi({ index: 92 })).toString().replace(/<tfd:TimbreFiscalDigital[^>]*\/>/u, '');
    const others = [await bench.archived(Buffer.from(ubl())), await bench.archived(Buffer.from(cii())), await bench.archived(Buffer.from(unstamped))];
    const ids = [await bench.archived(Buffer.from(old)), await bench.archived()];
    bench.pass(HOUR);
    await noted(bench.watch());
    await bench.settled(2);
    expect(await Promise.all(ids.map((id) => bench.told(id)))).to.deep.equal([['in-force'], ['in-force']]);
    expect(await Promise.all(others.map((id) => bench.row(id)))).to.deep.equal([undefined, undefined, undefined]);
    expect(bench.server.asked.length).to.equal(2);
  });

  it('holds up nobody when the authority never answers, and ends when it is told to', async () => {
    const first = await bench.archived();
    bench.server.answers(() => undefined);
    bench.pass(HOUR);
    const watch = bench.watch();
    await until(() => bench.server.asked.length === 1);
    const second = await bench.archived();
    expect([await bench.bench.history(first), await bench.bench.history(second)].map((history) => history.at(-1))).to.deep.equal(['archived', 'archived']);
    await bench.stop(watch);
    expect([bench.outcomes, (await bench.row(first))?.settled]).to.deep.equal([[], 0]);
    bench.server.says(IN_FORCE);
    bench.watch();
    await bench.settled(1);
    expect(await bench.told(first)).to.deep.equal(['in-force']);
  });

  it('asks a few at once only', async () => {
    for (let document = 0; document < 12; document += 1) await bench.archived();
    const waiting = held();
    bench.pass(HOUR);
    await noted(bench.watch());
    await until(() => waiting.length === 8);
    expect((await bench.checks.due(bench.now(), 100, [])).length).to.equal(12);
    let most = 0;
    await until(() => {
      most = Math.max(most, waiting.length);
      release(waiting);
      return bench.outcomes.length === 12;
    });
    expect([most, bench.server.asked.length]).to.deep.equal([8, 12]);
  });

  it('is one over all processes, which ask once, and goes on in another when that one is gone', async () => {
    const first = await bench.archived();
    bench.pass(HOUR);
    const mine = bench.watch();
    await noted(mine);
    const theirs = bench.watch();
    await bench.settled(1);
    expect([theirs.position, bench.server.asked.length]).to.deep.equal([undefined, 1]);
    await bench.stop(mine);
    const second = await bench.archived();
    await noted(theirs);
    await bench.settled(2);
    expect([await bench.told(first), await bench.told(second), bench.server.asked.length]).to.deep.equal([['in-force'], ['in-force'], 2]);
  });

  it('tells it once when it dies between telling and remembering', async () => {
    const id = await bench.archived();
    const forgetful = new AuthorityChecks(bench.bench.pool);
    let settles = 0;
    forgetful.settle = async (...settled) => {
      settles += 1;
      // The outcome and the note of the attempt in vain, twice.
      if (settles <= 4) throw new Error('the process died');
      return AuthorityChecks.prototype.settle.apply(forgetful, settled);
    };
    bench.pass(HOUR);
    bench.watch({ checks: forgetful });
    await until(() => bench.outcomes.includes('in-force'));
    expect([await bench.told(id), bench.server.asked.length, bench.outcomes]).to.deep.equal([['in-force'], 3, ['postponed', 'postponed', 'in-force']]);
  });

  it('notes what it has not noted when it dies between two pages', async () => {
    const forgetful = new AuthorityChecks(bench.bench.pool);
    let notes = 0;
    forgetful.note = async (...page) => {
      notes += 1;
      if (notes === 1) throw new Error('the process died');
      return AuthorityChecks.prototype.note.apply(forgetful, page);
    };
    const ids = [await bench.archived(), await bench.archived()];
    bench.pass(HOUR);
    bench.watch({ checks: forgetful });
    await bench.settled(2);
    expect(await Promise.all(ids.map((id) => bench.told(id)))).to.deep.equal([['in-force'], ['in-force']]);
  });

  it('makes no status of a failure, and asks again later and later', async () => {
    const id = await bench.archived();
    bench.server.answers((_expression, response) => response.writeHead(500).end('<html>'));
    bench.pass(HOUR);
    bench.watch();
    await bench.settled(1);
    expect([bench.outcomes, await bench.told(id), (await bench.row(id))?.failures]).to.deep.equal([['failed'], [], 1]);
    bench.pass(40_000);
    await bench.settled(2);
    bench.server.says(IN_FORCE);
    bench.pass(70_000);
    await bench.settled(3);
    expect([bench.outcomes, await bench.told(id), (await bench.row(id))?.failures]).to.deep.equal([['failed', 'failed', 'in-force'], ['in-force'], 0]);
    expect(bench.errors.map((error) => (error as { code?: string }).code)).to.deep.equal(['fetch-failed', 'fetch-failed']);
  });

  it('goes on when its connections are cut in the middle of a question, and tells it once', async () => {
    const id = await bench.archived();
    const waiting = held();
    bench.pass(HOUR);
    bench.watch();
    await until(() => waiting.length === 1);
    const { rows } = await bench.bench.pool.query<{ cut: boolean }>("SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'folio-hold'");
    expect(rows.map(({ cut }) => cut)).to.deep.equal([true]);
    await until(() => waiting.length === 2);
    release(waiting);
    await bench.settled(1);
    expect([await bench.told(id), bench.outcomes, (await bench.row(id))?.failures]).to.deep.equal([['in-force'], ['in-force'], 0]);
  });

  it('makes no "not found" of a refused question, and writes nothing of it into the log', async () => {
    const id = await bench.archived();
    bench.server.answers((expression, response) => response.end(envelope({ ...REFUSED, CodigoEstatus: `N - 601: ${expression.replaceAll('&', '&amp;')}` })));
    bench.pass(HOUR);
    bench.watch();
    await bench.settled(1);
    const row = await bench.row(id);
    expect([bench.outcomes, await bench.told(id), row?.missing, row?.failures]).to.deep.equal([['refused'], [], 0, 1]);
    expect(row?.due_at?.getTime()).to.be.greaterThan(bench.now().getTime() + 20 * 60_000);
    const [, issuer = ''] = /re=([^&]+)/u.exec(bench.server.asked[0] ?? '') ?? [];
    expect(issuer).to.have.length(12);
    expect(inspect(bench.errors, { depth: 10 })).to.include('601').and.not.to.include(issuer);
  });

  it('leaves an authority alone that keeps failing, and nothing that was not asked counts as tried', async () => {
    const failed = await bench.archived();
    bench.server.answers((_expression, response) => response.destroy());
    bench.pass(HOUR);
    bench.watch({}, { breakerFailures: 1, breakerOpenMs: HOUR });
    await bench.settled(1);
    const others = [await bench.archived(), await bench.archived()];
    await until(() => bench.outcomes.filter((outcome) => outcome === 'not-asked').length >= 5);
    const rows = await Promise.all([failed, ...others].map((id) => bench.row(id)));
    expect([bench.server.asked.length, rows.map((row) => row?.failures)]).to.deep.equal([1, [1, 0, 0]]);
  });

  it('asks first what a person waits for, and again when that was while it was being asked', async () => {
    const [first, second] = [await bench.archived(), await bench.archived()];
    const watch = bench.watch();
    await noted(watch);
    bench.pass(HOUR);
    await bench.settled(2);
    await bench.stop(watch);
    const { rows } = await bench.bench.pool.query<{ invoice: string; sha256: never; archived_at: Date }>('SELECT invoice, sha256, archived_at FROM authority_check WHERE invoice = $1', [second]);
    const [row] = rows;
    if (!row) throw new Error('it was not noted');
    const want = (): Promise<void> => bench.checks.want({ invoice: second, sha256: row.sha256, archivedAt: row.archived_at }, bench.now());
    bench.pass(2 * DAY);
    await want();
    expect((await bench.checks.due(bench.now(), 10, [])).map(({ invoice }) => invoice)).to.deep.equal([second, first]);
    const waiting = held();
    bench.watch();
    await until(() => waiting.length === 2);
    bench.pass(1_000);
    await want();
    release(waiting);
    await until(() => waiting.length === 1);
    expect((await bench.row(second))?.wanted).to.equal(true);
    release(waiting);
    await bench.settled(5);
    expect([(await bench.row(second))?.settled, (await bench.row(second))?.wanted, (await bench.row(first))?.settled]).to.deep.equal([3, false, 2]);
  });

  it('says once of a document that gives no question why, and leaves it', async () => {
    const id = await bench.archived(Buffer.from(Buffer.from(generatedCfdi({ index: 93 })).toString().replace(/( Sello=")[^"]*"/u, '$1"')));
    bench.pass(HOUR);
    bench.watch();
    await bench.settled(1);
    expect([bench.outcomes, (await bench.row(id))?.due_at, bench.server.asked.length, String(bench.errors[0])]).to.deep.equal([['unaskable'], null, 0, 'Problem: The authority cannot be asked about this invoice: it has no seal.']);
  });

  it('asks again when the original could not be read', async () => {
    const id = await bench.archived();
    let reads = 0;
    const objects = { get: (...hash: Parameters<typeof bench.bench.objects.get>) => ((reads += 1) === 1 ? Promise.resolve(undefined) : bench.bench.objects.get(...hash)) };
    bench.pass(HOUR);
    bench.watch({ objects });
    await bench.settled(1);
    bench.pass(HOUR);
    await bench.settled(2);
    expect([bench.outcomes, await bench.told(id)]).to.deep.equal([['failed', 'in-force'], ['in-force']]);
  });

  it('tells how long the oldest question has been waiting', async () => {
    const watch = bench.watch();
    expect(await watch.secondsOverdue()).to.equal(0);
    await bench.archived();
    await noted(watch);
    expect(await watch.secondsOverdue()).to.equal(0);
    held();
    bench.pass(HOUR);
    expect(await watch.secondsOverdue()).to.be.within(49 * 60, 61 * 60);
  });

  it('does not go on in another log', async () => {
    await bench.archived();
    await bench.bench.pool.query("INSERT INTO processor_checkpoint (name, log_id, position) VALUES ('authority', 'another', 0)");
    bench.watch();
    await until(() => bench.errors.length > 0);
    expect((bench.errors[0] as { code?: string }).code).to.equal('log-diverged');
    expect(bench.server.connections).to.equal(0);
  });
});
