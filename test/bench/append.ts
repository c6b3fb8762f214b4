import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { runSide } from './side.js';

/** No checkpoint falls into one round and not into another. */
const NO_CHECKPOINT = ['max_wal_size=4GB'];
const CALLERS = 64;
const CLIENTS = [1, 8, 32, 64];
const MILLISECONDS = 1_200;

export interface AppendInput {
  readonly kind: 'ours' | 'autocommit';
  readonly append: ConnectionSettings;
  readonly read: ConnectionSettings;
  readonly callers: number;
  readonly milliseconds: number;
  readonly slow: boolean;
}

export interface AppendAnswer {
  readonly perSecond: number;
  readonly p99: number;
  /** Acknowledged events. */
  readonly appended: number;
}

/** 64 callers, each with one event to a new stream, fsync on; against the best of 1, 8, 32, 64 clients of single-row autocommit inserts. */
export const append: Benchmark = {
  name: 'append',
  about: 'group commit with 64 callers against single-row autocommit inserts, fsync on',
  floor: 4,
  run: ({ rounds, breakOracle, slowOurs, tenth }) => withBenchCluster(async ({ append: connection, readLog: read }, cluster) => {
    const owner = new pg.Client(cluster.admin(connection.database));
    await owner.connect();
    await recycleWal(owner);
    let acknowledged = breakOracle ? 1 : 0;
    const side = async (kind: AppendInput['kind'], callers: number, milliseconds = MILLISECONDS): Promise<AppendAnswer> => {
      const answer = await runSide<AppendAnswer>('./append-side.js', { kind, append: connection, read, callers, milliseconds: tenth ? milliseconds / 10 : milliseconds, slow: slowOurs } satisfies AppendInput);
      acknowledged += answer.appended;
      return answer;
    };
    // Both write at the right edge of the same table: the log goes on behind the last row of the baseline.
    const autocommit = async (callers: number, milliseconds?: number): Promise<number> => {
      const { perSecond } = await side('autocommit', callers, milliseconds);
      await owner.query('UPDATE log_head SET position = (SELECT max(position) FROM event)');
      return perSecond;
    };
    const trials = [];
    for (const callers of CLIENTS) trials.push({ callers, perSecond: await autocommit(callers, 600) });
    const best = trials.reduce((left, right) => (right.perSecond > left.perSecond ? right : left)).callers;
    const p99s: number[] = [];
    const measured = await alternate(rounds, () => autocommit(best), async () => {
      const answer = await side('ours', CALLERS);
      p99s.push(answer.p99);
      return answer.perSecond;
    });
    // Once, at the end: counting marks every page of the table as read, and writing those pages would go on into the next round.
    const { rows } = await owner.query<{ stored: string; head: string }>('SELECT count(*) AS stored, (SELECT position FROM log_head) AS head FROM event');
    const oracle = Number(rows[0]?.stored) === acknowledged && Number(rows[0]?.head) === acknowledged;
    await owner.end();
    const ratio = median(measured.map(({ ours, baseline }) => ours / baseline));
    const metrics = [
      metric('appends per second ÷ autocommit', ratio, '×', 4, 'higher', median(measured.map(({ baseline }) => baseline))),
      metric('appends per second', median(measured.map(({ ours }) => ours)), '/s', 0, 'higher'),
      metric('p99 of an append', median(p99s), 'ms', 10, 'lower'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: ENGINES };
  }, NO_CHECKPOINT),
};

/** As in a log that has been running: the segments that both sides will write exist already. Making one stops every commit for 10 ms. */
async function recycleWal(owner: pg.Client): Promise<void> {
  for (let part = 0; part < 18; part += 1) await owner.query("SELECT pg_logical_emit_message(false, 'folio', repeat(md5(random()::text), 2000000))");
  await owner.query('CHECKPOINT');
}
