import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { runSide } from './side.js';

const CALLERS = 64;
const CLIENTS = [1, 8, 32, 64];
const MILLISECONDS = 1_500;

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
  run: ({ rounds, breakOracle, slowOurs }) => withBenchCluster(async ({ append: connection, readLog: read }, cluster) => {
    const owner = new pg.Client(cluster.admin(connection.database));
    await owner.connect();
    const count = async (): Promise<number> => Number((await owner.query<{ count: string }>('SELECT count(*) FROM event')).rows[0]?.count);
    const side = (kind: AppendInput['kind'], callers: number, milliseconds = MILLISECONDS): Promise<AppendAnswer> => runSide<AppendAnswer>('./append-side.js', { kind, append: connection, read, callers, milliseconds, slow: slowOurs } satisfies AppendInput);
    const trials = [];
    for (const callers of CLIENTS) trials.push({ callers, perSecond: (await side('autocommit', callers, 600)).perSecond });
    const best = trials.reduce((left, right) => (right.perSecond > left.perSecond ? right : left)).callers;
    let oracle = true;
    const p99s: number[] = [];
    const measured = await alternate(rounds, async () => (await side('autocommit', best)).perSecond, async () => {
      const before = await count();
      const answer = await side('ours', CALLERS);
      p99s.push(answer.p99);
      const stored = (await count()) - before - (breakOracle ? 1 : 0);
      oracle &&= stored === answer.appended;
      return answer.perSecond;
    });
    const holes = Number((await owner.query<{ holes: string }>('SELECT (SELECT position FROM log_head) - count(*) FILTER (WHERE position < 1000000000) AS holes FROM event')).rows[0]?.holes);
    oracle &&= holes === 0;
    await owner.end();
    const ratio = median(measured.map(({ ours, baseline }) => ours / baseline));
    const metrics = [
      metric('appends per second ÷ autocommit', ratio, '×', 4, 'higher', median(measured.map(({ baseline }) => baseline))),
      metric('appends per second', median(measured.map(({ ours }) => ours)), '/s', 0, 'higher'),
      metric('p99 of an append', median(p99s), 'ms', 10, 'lower'),
    ];
    return { oracle, rounds: measured, ratio, metrics, engines: ENGINES };
  }),
};
