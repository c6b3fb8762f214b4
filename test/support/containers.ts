import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { EngineName } from '../../cli/engines/engine.js';
import { ENGINES } from '../../cli/engines/manage.js';
import { S3_KEYS } from '../../cli/engines/s3.js';
import { freePorts } from '../../cli/free-ports.js';
import { ROOT } from './root.js';

/** What a container engine can provide for a test run: the engines that the machine may have too, and the event store that it never has. */
export type ContainerName = Exclude<EngineName, 'clickhouse'> | 'eventstore';

/** One engine as a container, listening on the same port inside and outside: Kafka tells its clients, and itself, one address only. */
interface Recipe {
  readonly image: string;
  readonly env: (port: number) => Readonly<Record<string, string>>;
  readonly args: (port: number) => readonly string[];
  readonly answers: (port: number) => Promise<void>;
  readonly address: (port: number) => string;
}

const ANSWERS_MS = 10_000;
/** The first start downloads the image (ms). */
const RUN_MS = 170_000;
const COME_UP_MS = 120_000;
const LOOK_MS = 100;
const MAX_OUTPUT = 1_048_576;

const composed = (service: string): string => {
  const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as { services: Record<string, { image: string }> };
  return services[service]?.image ?? '';
};

const none = (): Readonly<Record<string, string>> => ({});
const asOnTheMachine = (name: EngineName) => ({
  answers: (port: number) => ENGINES[name].answers({ folder: '', port, innerPort: 0 }), address: (port: number) => ENGINES[name].address({ folder: '', port, innerPort: 0 }),
});

/** Images as in `docker-compose.yml`; settings as `cli/engines` gives them to the programs of the machine. */
const recipes = (): Readonly<Record<ContainerName, Recipe>> => ({
  kafka: {
    ...asOnTheMachine('kafka'), image: composed('kafka'), args: () => [],
    env: (port) => ({
      CLUSTER_ID: 'Zm9saW8tdGVzdC1rYWZrYQ', KAFKA_NODE_ID: '1', KAFKA_PROCESS_ROLES: 'broker,controller', KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:29093', KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:29093`, KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false', KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '5', KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1', KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '5',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1', KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1', KAFKA_BROKER_SESSION_TIMEOUT_MS: '2000', KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0', KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: '1000', KAFKA_LOG_CLEANER_BACKOFF_MS: '2000', KAFKA_HEAP_OPTS: '-Xmx512m',
    }),
  },
  opensearch: {
    ...asOnTheMachine('opensearch'), image: `opensearchproject/opensearch:${ENGINES.opensearch.version}`, args: () => [],
    env: (port) => ({
      'discovery.type': 'single-node', 'http.port': String(port), 'cluster.routing.allocation.disk.threshold_enabled': 'false', DISABLE_SECURITY_PLUGIN: 'true', DISABLE_INSTALL_DEMO_CONFIG: 'true',
      OPENSEARCH_JAVA_OPTS: '-Xms768m -Xmx768m',
    }),
  },
  redis: {
    ...asOnTheMachine('redis'), image: composed('redis'), env: none,
    args: (port) => ['redis-server', '--port', String(port), '--save', '', '--appendonly', 'no', '--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'],
  },
  s3: {
    ...asOnTheMachine('s3'), image: composed('minio'), args: (port) => ['server', '/data', '--address', `:${port}`],
    env: () => ({ MINIO_ROOT_USER: S3_KEYS.user, MINIO_ROOT_PASSWORD: S3_KEYS.password, MINIO_BROWSER: 'off' }),
  },
  eventstore: {
    image: composed('eventstore'), args: () => [], address: (port) => `esdb://127.0.0.1:${port}?tls=false`,
    env: (port) => ({ KURRENTDB_INSECURE: 'true', KURRENTDB_CLUSTER_SIZE: '1', KURRENTDB_NODE_PORT: String(port), KURRENTDB_RUN_PROJECTIONS: 'None', KURRENTDB_ENABLE_ATOM_PUB_OVER_HTTP: 'true' }),
    answers: async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/health/live`);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
    },
  },
});

/** What Docker is asked to run. */
export function runArguments(name: ContainerName, port: number): string[] {
  const { image, env, args } = recipes()[name];
  const variables = Object.entries(env(port)).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return ['run', '--detach', '--label', 'folio=test', '--publish', `127.0.0.1:${port}:${port}`, ...variables, image, ...args(port)];
}

interface Running {
  readonly id: string;
  readonly port: number;
}

/** Containers of one test run, on loopback ports; `program` is Docker's command line. */
export class Containers {
  readonly #running = new Map<ContainerName, Running>();

  constructor(private readonly program = 'docker') {}

  async #docker(args: readonly string[], timeout: number): Promise<string> {
    const { stdout } = await promisify(execFile)(this.program, [...args], { timeout, maxBuffer: MAX_OUTPUT });
    return stdout.trim();
  }

  /** Whether there is a daemon, not only a command. */
  async answer(): Promise<boolean> {
    return this.#docker(['version', '--format', '{{.Server.Version}}'], ANSWERS_MS).then((version) => version !== '', () => false);
  }

  has(name: string): name is ContainerName {
    return this.#running.has(name as ContainerName);
  }

  canProvide(name: string): name is ContainerName {
    return Object.hasOwn(recipes(), name);
  }

  /** @returns its address, when it answers */
  async start(name: ContainerName): Promise<string> {
    const [port = 0] = await freePorts(1);
    const id = await this.#docker(runArguments(name, port), RUN_MS);
    this.#running.set(name, { id, port });
    await this.#untilItAnswers(name, port);
    return recipes()[name].address(port);
  }

  /** Ends it and starts it again, on the same port, with what it had written. */
  async restart(name: ContainerName, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#running.get(name);
    if (!running) throw new Error(`no container of ${name}`);
    await this.#docker(signal === 'SIGKILL' ? ['kill', running.id] : ['stop', running.id], COME_UP_MS);
    await this.#docker(['start', running.id], COME_UP_MS);
    await this.#untilItAnswers(name, running.port);
  }

  async stop(): Promise<void> {
    const all = [...this.#running.values()].map(({ id }) => id);
    this.#running.clear();
    if (all.length > 0) await this.#docker(['rm', '--force', '--volumes', ...all], COME_UP_MS);
  }

  async #untilItAnswers(name: ContainerName, port: number): Promise<void> {
    const deadline = Date.now() + COME_UP_MS;
    for (;;) {
      const refused = await recipes()[name].answers(port).then(() => undefined, (error: unknown) => error);
      if (refused === undefined) return;
      if (Date.now() > deadline) throw new Error(`the container of ${name} did not answer within ${COME_UP_MS / 1_000} s`, { cause: refused });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
