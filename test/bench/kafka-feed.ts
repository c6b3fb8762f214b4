import pg from 'pg';
import type { Position } from '#contracts/kernel/position.js';
import type { Cluster, ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { Databases } from '../../cli/instance/databases.js';
import { alternate, median, metric, type Benchmark } from './contract.js';
import { busClient, invoiceTopic, offsetsIn, withPrefix } from './bus.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { withEngine } from './engines.js';
import { EVENTS_PER_INVOICE, fillLog } from './history.js';
import { rowsAreFolds } from './rebuild.js';
import type { RelayInput } from './relay.js';
import { runSide, Side } from './side.js';

const EVENTS = 40_000;

export interface FeedInput {
  readonly kind: 'bare' | 'kafka' | 'store';
  readonly kafka: string;
  readonly prefix: string;
  readonly databases: Databases;
  readonly events: number;
  readonly slow: boolean;
}

/** The same worker on the bus and on the log, each time into empty tables, and a consumer that only counts. */
export const kafkaFeed: Benchmark = {
  name: 'kafka-feed',
  about: 'events/s of the summary worker on Kafka against a bare consumer that only counts, and against the same worker on the log',
  floor: 0.3,
  run: ({ rounds, breakOracle, slowOurs, tenth }) => withEngine('kafka', (kafka, engines) => withPrefix(busClient(kafka), (prefix) => withBenchCluster(async (databases, cluster) => {
    const events = tenth ? EVENTS / 10 : EVENTS;
    await fillLog(cluster.admin(databases.append.database), 0, events / EVENTS_PER_INVOICE, 1);
    await runSide<number>('./relay-side.js', { kind: 'relay', kafka, prefix, databases, slow: false, after: '0' as Position, upTo: String(events) as Position } satisfies RelayInput);
    let oracle = (await offsetsIn(busClient(kafka), invoiceTopic(prefix))) >= events;
    const sides = { bare: new Side('./feed-side.js'), kafka: new Side('./feed-side.js'), store: new Side('./feed-side.js') };
    const empty = emptyModels(cluster, databases);
    const run = async (kind: FeedInput['kind']): Promise<number> => {
      const models = kind === 'bare' ? databases : await empty();
      const seconds = await sides[kind].ask<number>({ kind, kafka, prefix, databases: models, events, slow: slowOurs && kind === 'kafka' } satisfies FeedInput);
      if (kind !== 'bare' && models.shards[0]) oracle &&= await rowsAreFolds(models.shards[0], 1, events / EVENTS_PER_INVOICE, breakOracle);
      return events / seconds;
    };
    const onStore: number[] = [];
    const measured = await alternate(rounds, () => run('bare'), async () => {
      onStore.push(await run('store'));
      return run('kafka');
    });
    for (const side of Object.values(sides)) await side.end();
    const ratio = median(measured.map((round) => round.ours / round.baseline));
    const againstStore = median(measured.map((round, index) => round.ours / (onStore[index + 1] ?? 0)));
    return {
      oracle, rounds: measured, ratio, engines: { ...ENGINES, ...engines },
      metrics: [
        metric('worker ÷ bare consumer', ratio, '×', 0.3, 'higher', median(measured.map((round) => round.baseline))),
        metric('on Kafka ÷ on the log', againstStore, '×', 0.8, 'higher', median(onStore.slice(1))),
        metric('events per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher'),
      ],
    };
  }))),
};

/** Read models as they are before the first event: copies of the migrated databases, made anew for each worker. */
function emptyModels(cluster: Cluster, databases: Databases): () => Promise<Databases> {
  const copy = async (of: ConnectionSettings): Promise<ConnectionSettings> => {
    const name = `bench_${of.database}`;
    const client = new pg.Client(cluster.admin());
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(of.database)} OWNER ${pg.escapeIdentifier(of.user)}`);
    await client.end();
    return { ...of, database: name };
  };
  return async () => ({ ...databases, control: await copy(databases.control), shards: await Promise.all(databases.shards.map(copy)) });
}
