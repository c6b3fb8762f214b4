import { expect } from 'chai';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { DAILY_TALLY_TABLE, REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { lanesOf } from '#contracts/topics.js';
import type { ProjectionsHandle } from '../../../projections/role.js';
import { freshLog, type PostgresLog } from '../../support/event-store.js';
import { untilSeen } from '../../support/until.js';
import { invoiceStream, lifeOf, toNew } from '../../unit/projections/events.js';
import { foldsOf, Gate, Harness } from './harness.js';
import { WorkerProcess, WORKED } from './worker-process.js';

const NAMES = WORKED.map(({ name }) => name);
const [SUMMARY, REPORT] = [WORKED[0].name, WORKED[1].name];
/** Lanes of all projections here. */
const LANES = WORKED.reduce((sum, { topics }) => sum + lanesOf(topics).length, 0);
/** What a busy machine is given before a wait counts as a hang. */
const HANG_MS = 60_000;
const TAKEOVER_SECONDS = 5;
const STANDSTILL_SECONDS = 2;

/** Every commit of a checkpoint, in the order of each lane's commits, with the connection that made it. */
const AUDIT = [
  'CREATE TABLE audit (id bigserial, at timestamptz NOT NULL DEFAULT clock_timestamp(), projection text, lane text, epoch bigint, connection int NOT NULL DEFAULT pg_backend_pid())',
  `CREATE FUNCTION audit_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO audit (projection, lane, epoch) VALUES (NEW.projection, NEW.lane, NEW.epoch);
     RETURN NULL;
   END $$`,
  'CREATE TRIGGER audit AFTER UPDATE ON checkpoint FOR EACH ROW WHEN (NEW.position <> OLD.position) EXECUTE FUNCTION audit_move()',
];

interface Move {
  readonly place: string;
  readonly seconds: number;
  readonly epoch: number;
  readonly connection: number;
}

describe('many workers, each a process of its own', function () {
  this.timeout(HANG_MS * 2);
  let harness: Harness;
  let log: PostgresLog;
  let store: PostgresEventStore;
  let reader: ProjectionsHandle;
  let processes: WorkerProcess[];
  let seeds: number;
  const gate = new Gate();

  beforeEach(async () => {
    [harness, log, processes, seeds] = [await Harness.open(), await freshLog(), [], 0];
    store = new PostgresEventStore({ append: log.append, read: log.read });
    harness.liveStore = store;
    harness.rebuildStore = store;
    reader = await harness.start({ projections: [], known: WORKED, owner: 'reader' });
    for (const statement of AUDIT) await harness.sql(statement);
  });
  afterEach(async () => {
    gate.open();
    await Promise.all(processes.map((one) => one.end()));
    await harness.close();
    await store.close();
  });

  function startWorker(owner: string): WorkerProcess {
    const [shard] = harness.shardSettings;
    if (!shard) throw new Error('no shard');
    const started = new WorkerProcess({ owner, log: log.read, control: harness.controlSettings, shard });
    processes.push(started);
    return started;
  }

  async function appendLives(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const stream = invoiceStream(seeds);
      await store.append(stream, 'none', lifeOf(seeds).map((fact, revision) => toNew(stream, revision, fact)));
      seeds += 1;
    }
  }

  const visible = (): Promise<void> => untilSeen(async () => (await reader.status()).every(({ eventsBehind, lanes }) => eventsBehind === 0 && lanes.length > 0));
  /** Lanes of each owner whose lease stands. */
  const holders = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await harness.control<{ owner: string; lanes: number }>('SELECT owner, count(*)::int AS lanes FROM lease WHERE NOT released AND expires_at >= now() GROUP BY owner ORDER BY owner')).map(({ owner, lanes }) => [owner, lanes]));
  const hold = (...shares: readonly (readonly [string, number])[]): Promise<void> => untilSeen(async () => JSON.stringify(await holders()) === JSON.stringify(Object.fromEntries(shares)));

  const rowsOf = async (generation: number): Promise<readonly unknown[]> => Promise.all([
    harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE), harness.rows(REPORT, generation, REPORT_ENTRY_TABLE as never), harness.rows(REPORT, generation, DAILY_TALLY_TABLE as never),
  ]);

  /** Rows are the fold of their streams, and the tallies, which count what they are given, are those of a rebuild from the log. */
  async function expectEachEventOnce(worker: ProjectionsHandle): Promise<void> {
    const folds = await foldsOf(store);
    expect(folds).to.have.length(seeds);
    const live = await rowsOf(1);
    expect(live[0]).to.deep.equal(folds);
    const generation = await worker.rebuild(REPORT);
    expect(await rowsOf(generation)).to.deep.equal(live);
  }

  /*
   * Worker A holds every lane and has folded a batch of each projection when its machine stands still. Its leases run out and B takes the lanes. A wakes
   * up over its batch, believes that it is still the owner, and commits. Where B has applied those events, position and epoch are against A; where B
   * has only taken the lanes and stands before its own first commit, the epoch alone.
   */
  for (const applied of [true, false]) {
    it(`a paused zombie that wakes up ${applied ? 'after' : 'before'} its successor has committed changes nothing, and then does its share`, async () => {
      const zombie = startWorker('A');
      await appendLives(20);
      await visible();
      await hold(['A', LANES]);
      zombie.order('hold');
      const folded = zombie.words.length;
      await appendLives(5);
      await untilSeen(async () => NAMES.every((name) => zombie.saidAfter(folded, name)?.kind === 'held'));
      zombie.signal('SIGSTOP');
      gate.isOpen = applied;
      const successor = await harness.start({ projections: WORKED, owner: 'B', hooks: { beforeCommit: () => gate.pass() } });
      await hold(['B', LANES]);
      await (applied ? visible() : untilSeen(async () => gate.held === NAMES.length));
      const before = await rowsOf(1);
      const words = zombie.words.length;
      zombie.order('go');
      zombie.signal('SIGCONT');
      await untilSeen(async () => NAMES.every((name) => zombie.saidAfter(words, name) !== undefined));
      for (const name of NAMES) expect(JSON.stringify(zombie.saidAfter(words, name))).to.match(/"fault".*fenced/u);
      expect(await rowsOf(1)).to.deep.equal(before);
      gate.open();
      await hold(['A', LANES / 2], ['B', LANES / 2]);
      await appendLives(20);
      await visible();
      await expectEachEventOnce(successor);
    });
  }

  it(`a killed worker's lanes are taken over within ${TAKEOVER_SECONDS} s`, async function () {
    const victim = startWorker('A');
    const survivor = await harness.start({ projections: WORKED, owner: 'B' });
    await hold(['A', LANES / 2], ['B', LANES / 2]);
    await appendLives(20);
    await visible();
    const began = performance.now();
    await victim.end();
    await appendLives(20);
    const all = (): boolean => NAMES.every((name) => survivor.workers()[name]?.lanes.length === LANES / NAMES.length);
    while (!all()) await new Promise((resolve) => setTimeout(resolve, 5));
    const takenOver = (performance.now() - began) / 1_000;
    await visible();
    const current = (performance.now() - began) / 1_000;
    process.stdout.write(`      taken over after ${takenOver.toFixed(1)} s, all visible after ${current.toFixed(1)} s\n`);
    // A machine that three others use is given ten times as long; the figure above is the one that counts.
    expect(current).to.be.below(TAKEOVER_SECONDS * 10);
    await untilSeen(async () => (await reader.status()).every(({ workers }) => workers === 1));
    await expectEachEventOnce(survivor);
  });

  /*
   * Two workers are busy when a third comes. It gets its share of the lanes; while they change hands every lane goes on moving, and at no time two
   * workers commit the same one: a lane's epochs only grow, and each belongs to one connection.
   */
  it(`a third worker takes its share under load: no lane stands for longer than ${STANDSTILL_SECONDS} s, and none has two committers`, async () => {
    startWorker('A');
    startWorker('B');
    await hold(['A', LANES / 2], ['B', LANES / 2]);
    let loading = true;
    const load = (async (): Promise<void> => {
      while (loading) {
        await appendLives(2);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await visibleTo(20);
    await harness.sql('TRUNCATE audit');
    startWorker('C');
    await hold(['A', LANES / 3], ['B', LANES / 3], ['C', LANES / 3]);
    await visibleTo(seeds + 50);
    loading = false;
    await load;
    await visible();
    const moves = await movesOf();
    const standstill = Math.max(...[...moves.values()].map(longestGap));
    process.stdout.write(`      no lane stood for longer than ${standstill.toFixed(2)} s\n`);
    expect([...moves.keys()]).to.have.length(LANES);
    // As above: the figure is the one that counts.
    expect(standstill).to.be.below(STANDSTILL_SECONDS * 10);
    for (const [place, made] of moves) expectOneCommitter(place, made);
    expect(new Set([...moves.values()].flat().map(({ connection }) => connection)).size, 'workers of both projections').to.be.at.least(6);
    const checker = await harness.start({ projections: WORKED, owner: 'D' });
    await expectEachEventOnce(checker);
  });

  /** So many lives are visible in every projection, while more come in. */
  const visibleTo = (lives: number): Promise<void> => untilSeen(async () => (await harness.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM invoice_summary_g1.invoice WHERE revision = 4`).catch(() => [])).some(({ count }) => count >= lives));

  async function movesOf(): Promise<ReadonlyMap<string, readonly Move[]>> {
    const rows = await harness.sql<Move>(`SELECT projection || ' ' || lane AS place, extract(epoch FROM at)::float8 AS seconds, epoch::int AS epoch, connection FROM audit ORDER BY id`);
    return Map.groupBy(rows, ({ place }) => place);
  }
});

/** Seconds between two commits of one lane, the longest. */
const longestGap = (moves: readonly Move[]): number => Math.max(0, ...moves.slice(1).map(({ seconds }, index) => seconds - (moves[index]?.seconds ?? seconds)));

function expectOneCommitter(place: string, moves: readonly Move[]): void {
  const epochs = moves.map(({ epoch }) => epoch);
  expect(epochs, place).to.deep.equal([...epochs].sort((left, right) => left - right));
  for (const [epoch, made] of Map.groupBy(moves, (move) => move.epoch)) expect(new Set(made.map(({ connection }) => connection)).size, `${place} at epoch ${epoch}`).to.equal(1);
}
