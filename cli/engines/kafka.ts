import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionOf } from './kafka-probe.js';
import type { Engine } from './engine.js';
import { bringLibraries, findJava, provideOnce, run } from './provide.js';

const VERSION = '4.1.1';
const JAVA = 17;
const HEAP = ['-Xmx512m', '-XX:TieredStopAtLevel=1'];

/** One node, its own controller; few inner partitions, because it serves one machine. */
const properties = (folder: string, port: number, controllerPort: number): string => [
  'process.roles=broker,controller', 'node.id=1', `controller.quorum.voters=1@127.0.0.1:${controllerPort}`, 'controller.listener.names=CONTROLLER',
  `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`, `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT', `log.dirs=${join(folder, 'logs')}`,
  'auto.create.topics.enable=false', 'offsets.topic.num.partitions=5', 'offsets.topic.replication.factor=1',
  'transaction.state.log.num.partitions=5', 'transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1',
  // A broker that was killed registers again only when its old session is over.
  'broker.session.timeout.ms=2000', 'broker.heartbeat.interval.ms=500', 'group.initial.rebalance.delay.ms=0', 'log.retention.check.interval.ms=1000', 'log.cleaner.backoff.ms=2000',
].join('\n');

/** 16 bytes as Kafka writes them; one that began with a hyphen would be read as an option. */
const clusterId = (): string => `A${randomBytes(16).toString('base64url').slice(1)}`;

/** Apache Kafka in KRaft mode, from Maven Central. */
export const KAFKA: Engine = {
  name: 'kafka',
  version: VERSION,
  startMs: 90_000,
  async provide(cache) {
    findJava(JAVA);
    await provideOnce(cache, `kafka-${VERSION}`, (folder) => bringLibraries(folder, [`org.apache.kafka:kafka_2.13:${VERSION}`, 'org.slf4j:slf4j-simple:1.7.36']));
  },
  async command(cache, { folder, port, innerPort }) {
    const java = findJava(JAVA);
    const base = [...HEAP, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(cache, `kafka-${VERSION}`, 'lib', '*')];
    const file = join(folder, 'server.properties');
    await writeFile(file, properties(folder, port, innerPort));
    if (!existsSync(join(folder, 'logs', 'meta.properties'))) await run(java, [...base, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', file]);
    return { file: java, args: [...base, 'kafka.Kafka', file] };
  },
  answers: ({ port }) => connectionOf(port),
  address: ({ port }) => `127.0.0.1:${port}`,
};
