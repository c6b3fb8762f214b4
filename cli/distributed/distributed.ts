import { startCluster, type ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { FolioSettings } from '../config.js';
import { newOperatorToken, type DataFolder, type RunFile } from '../data-folder.js';
import { EngineUnavailable, type EngineName } from '../engines/engine.js';
import { startEngine, stopEngines, type RunningEngine } from '../engines/manage.js';
import { freePorts } from '../free-ports.js';
import { makeDatabases, migrateAll, type Databases } from '../instance/databases.js';
import { Child, type ChildSpec } from './child.js';

export interface DistributedOptions {
  readonly shards?: number;
  /** Engines to start; those that the machine cannot provide are left out, and the card says so. */
  readonly engines?: readonly EngineName[];
  /** Environment of every role beside what follows from the engines. */
  readonly env?: Readonly<Record<string, string>>;
  /** Roles in the order of starting; default: one process for each. */
  readonly roles?: readonly ChildSpec[];
  readonly onProgress?: (line: string) => void;
}

export interface Distributed {
  /** The front door. */
  readonly gateway: RunFile;
  readonly children: ReadonlyMap<string, Child>;
  readonly engines: readonly RunningEngine[];
  /** What was asked for and is not there, with the reason. */
  readonly missing: readonly string[];
  readonly databases: Databases;
  /** What every role was given. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Postgres and the bus first: without them nothing is distributed. */
export const USUAL_ENGINES: readonly EngineName[] = ['kafka', 'opensearch', 'redis'];
const SHARDS = 2;

const addressOf = ({ host, port, user, password, database }: ConnectionSettings): string =>
  `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;

const role = (name: string): ChildSpec => ({ name, words: [name], env: {} });
const BEHIND_THE_DOOR: readonly ChildSpec[] = [role('relay'), role('command-api'), role('processor'), role('worker'), role('query-api')];

/** The whole system on one machine, every role a process, on real engines that are started beside it. */
export async function startDistributed(settings: FolioSettings, data: DataFolder, options: DistributedOptions = {}): Promise<Distributed> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await compose(settings, data, options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function compose(settings: FolioSettings, data: DataFolder, options: DistributedOptions, undo: (() => Promise<unknown>)[]): Promise<Omit<Distributed, 'stop'>> {
  const say = options.onProgress ?? ((): void => undefined);
  const cluster = await startCluster({ folder: data.file('postgres') });
  undo.push(() => cluster.stop());
  const databases = await makeDatabases(cluster, options.shards ?? SHARDS);
  await migrateAll(databases);
  say('Postgres is up');
  const root = data.file('engines');
  undo.push(() => stopEngines(root, options.engines ?? USUAL_ENGINES));
  const { engines, missing } = await startAll(root, options.engines ?? USUAL_ENGINES, say);
  const token = settings.operatorToken ?? newOperatorToken();
  const env = { ...environmentOf(settings, databases, engines), FOLIO_KEYS: data.file('keys'), FOLIO_OBJECTS: data.file('objects'), FOLIO_OPERATOR_TOKEN: token, ...options.env };
  const hasBus = 'FOLIO_KAFKA' in env;
  const specs = (options.roles ?? BEHIND_THE_DOOR).filter(({ name }) => hasBus || name !== 'relay');
  const children = new Map<string, Child>();
  const launch = (spec: ChildSpec): Child => {
    const child = new Child({ ...spec, env: { ...env, ...spec.env } }, data.file('roles'));
    children.set(spec.name, child);
    undo.push(() => child.stop());
    child.start();
    return child;
  };
  // A role that is started again must be found where it was.
  const ports = await freePorts(specs.length);
  for (const [index, spec] of specs.entries()) launch({ ...spec, env: { FOLIO_PORT: String(ports[index] ?? 0), ...spec.env } });
  const urls = new Map(await Promise.all([...children].map(async ([name, child]) => [name, (await child.ready()).url] as const)));
  say(`${[...urls.keys()].join(', ')} are ready`);
  const front = { FOLIO_COMMAND_URL: urls.get('command-api') ?? '', FOLIO_QUERY_URL: urls.get('query-api') ?? '', FOLIO_PORT: String(settings.port) };
  const gateway = await launch({ ...role('gateway'), env: front }).ready();
  await data.announce(gateway.url, token);
  return { gateway, children, engines, missing, databases, environment: env };
}

async function startAll(root: string, names: readonly EngineName[], say: (line: string) => void): Promise<{ engines: readonly RunningEngine[]; missing: readonly string[] }> {
  const missing: string[] = [];
  const engines: RunningEngine[] = [];
  for (const name of names) {
    try {
      const engine = await startEngine(root, name);
      engines.push(engine);
      say(`${name} ${engine.version} is up at ${engine.address}`);
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      missing.push(`${name}: ${error.message}`);
    }
  }
  return { engines, missing };
}

const ENGINE_SETTINGS: Readonly<Partial<Record<EngineName, string>>> = { kafka: 'FOLIO_KAFKA', opensearch: 'FOLIO_SEARCH', redis: 'FOLIO_REDIS', s3: 'FOLIO_S3' };

function environmentOf({ eventStore }: FolioSettings, { owner, write, control, shards }: Databases, engines: readonly RunningEngine[]): Record<string, string> {
  const addresses = engines.flatMap(({ name, address }) => {
    const setting = ENGINE_SETTINGS[name];
    return setting === undefined ? [] : [[setting, address] as const];
  });
  return {
    FOLIO_EVENT_STORE: eventStore ?? addressOf(owner), FOLIO_WRITE_DB: addressOf(write), FOLIO_CONTROL_DB: addressOf(control), FOLIO_SHARDS: shards.map(addressOf).join(','), ...Object.fromEntries(addresses),
  };
}
