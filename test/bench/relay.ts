import type { Kafka } from 'kafkajs';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { toRecord } from '#contracts/kernel/record.js';
import { partitionOf } from '#contracts/topics.js';
import type { Cluster } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import type { Databases } from '../../cli/instance/databases.js';
import { alternate, median, metric, type Benchmark, type BenchOptions, type Measured } from './contract.js';
import { busClient, consume, Digests, invoiceTopic, makeTopic, offsetsIn, withPrefix } from './bus.js';
import { ENGINES, withBenchCluster } from './cluster.js';
import { withEngine } from './engines.js';
import { EVENTS_PER_INVOICE, fillLog } from './history.js';
import { Side } from './side.js';

const EVENTS = 20_000;
/** A page of the log, for the oracle. */
const PAGE = 4_000;

export interface RelayInput {
  readonly kind: 'relay' | 'bare';
  readonly kafka: string;
  /** Of the topics. */
  readonly prefix: string;
  readonly databases: Databases;
  /** Positions of this round: behind the first, up to the second. */
  readonly after: Position;
  readonly upTo: Position;
  readonly slow: boolean;
}

/** The relay, from its first look at the log until its last commit, against one idempotent producer that sends the same records, made before, in the same batches. */
export const relay: Benchmark = {
  name: 'relay',
  about: 'events/s of the relay from Postgres against a bare idempotent producer of the same bytes and batches',
  floor: 0.7,
  run: (options) => withEngine('kafka', (address, engines) => withPrefix(busClient(address), (prefix) => withBenchCluster((databases, cluster) => measure(options, { address, engines, prefix, databases, cluster })))),
};

interface Site {
  readonly address: string;
  readonly engines: Measured['engines'];
  readonly prefix: string;
  readonly databases: Databases;
  readonly cluster: Cluster;
}

async function measure({ rounds, breakOracle, slowOurs, tenth }: BenchOptions, { address, engines, prefix, databases, cluster }: Site): Promise<Measured> {
  const events = tenth ? EVENTS / 10 : EVENTS;
  const kafka = busClient(address);
  const prefixes = { relay: prefix, bare: `${prefix}bare-` };
  await makeTopic(kafka, prefixes.bare);
  let filled = 0;
  const sides = { relay: new Side('./relay-side.js'), bare: new Side('./relay-side.js') };
  const send = async (kind: RelayInput['kind']): Promise<number> => {
    const input: RelayInput = { kind, kafka: address, prefix: prefixes[kind], databases, slow: slowOurs, after: String(filled - events) as Position, upTo: String(filled) as Position };
    return events / (await sides[kind].ask<number>(input));
  };
  const measured = await alternate(rounds, async () => {
    await fillLog(cluster.admin(databases.append.database), filled / EVENTS_PER_INVOICE, events / EVENTS_PER_INVOICE, filled + 1);
    filled += events;
    return send('bare');
  }, () => send('relay'));
  await Promise.all([sides.relay.end(), sides.bare.end()]);
  const oracle = (await offsetsIn(kafka, invoiceTopic(prefixes.bare))) === filled && (await isTheLog(kafka, prefixes.relay, databases, filled - (breakOracle ? 1 : 0)));
  const ratio = median(measured.map((round) => round.ours / round.baseline));
  const baseline = median(measured.map((round) => round.baseline));
  return {
    oracle, rounds: measured, ratio, engines: { ...ENGINES, ...engines },
    metrics: [metric('relay ÷ bare producer', ratio, '×', 0.7, 'higher', baseline), metric('events per second', median(measured.map((round) => round.ours)), '/s', 0, 'higher')],
  };
}

/** Every partition holds the records of the log's events, each once, in order, byte for byte. */
async function isTheLog(kafka: Kafka, prefix: string, databases: Databases, count: number): Promise<boolean> {
  const store = new PostgresEventStore({ read: databases.readLog, readers: 1 });
  const [expected, found] = [new Digests(), new Digests()];
  for (let after = ORIGIN; expected.count < count;) {
    const { events, scannedTo } = await store.readAll(after, { limit: Math.min(PAGE, count - expected.count) });
    for (const event of events) {
      const { key, value, headers } = toRecord(event, event.data, 'whole');
      expected.add(partitionOf(event.stream), key, value, headers);
    }
    after = scannedTo;
  }
  await store.close();
  await consume(kafka, invoiceTopic(prefix), ({ partition, messages }) => {
    for (const { key, value, headers = {} } of messages) {
      if (headers['ce_id'] === undefined) continue;
      found.add(partition, String(key), String(value), Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])));
    }
  }, () => found.count >= count);
  return found.count === expected.count && found.end() === expected.end();
}
