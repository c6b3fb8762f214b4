import { readSettings } from '#platform/config.js';
import { readConnectionString } from '#platform/event-store/eventstoredb/connection-string.js';
import { parsePostgresAddress } from '#platform/postgres/address.js';
import { SETTINGS, type FolioSettings } from '../../../cli/config.js';
import { isJob, publishedPorts, type ComposeFile, type Service } from './file.js';

type Named = readonly [name: string, service: Service];
const LOOPBACK = '127.0.0.1';
/** Postgres numbers its releases with two parts, MinIO by the minute, the others with three; fewer is a tag that moves. */
const EXACT_TAG = /^(?:postgres:\d+\.\d+|[^:]+:\d+\.\d+\.\d+)(?:-[\w.]+)?$|^minio\/\w+:RELEASE\.[\dT-]+Z$/u;
const STOP_SECONDS = 35;

/** What is wrong with a file, one line each, in the words of whoever has to repair it. */
export function faultsOf(file: ComposeFile): string[] {
  const services = Object.entries(file.services);
  return [
    ...services.flatMap((named) => [...faultsOfService(named, file), ...faultsOfDependencies(named, file), ...faultsOfSettings(named, file)]),
    ...services.filter(([, service]) => isRole(service)).flatMap(faultsOfRole),
    ...faultsOfPorts(services), ...faultsOfBuilds(services),
  ];
}

export const isRole = ({ command, image }: Service): boolean => image.startsWith('folio:') && command?.[0] === 'start';

const told = (name: string, faults: readonly (readonly [boolean, string])[]): string[] => faults.filter(([wrong]) => wrong).map(([, fault]) => `${name}: ${fault}`);

function faultsOfService([name, service]: Named, { networks, volumes }: ComposeFile): string[] {
  const named = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '').filter((source) => /^\w/u.test(source));
  return told(name, [
    [!EXACT_TAG.test(service.image), `the image ${service.image} has no exact version`],
    [!isJob(service) && service.healthcheck === undefined, 'has no health check'],
    [isJob(service) && service.healthcheck !== undefined, 'is a job and has a health check, which nobody asks'],
    [!service.security_opt.includes('no-new-privileges:true'), 'may take new privileges'],
    [!service.cap_drop.includes('ALL'), 'keeps capabilities'],
    [service.networks.some((network) => networks[network] === undefined), 'is in a network that is not declared'],
    [named.some((volume) => volumes[volume] === undefined), `has a volume that is not declared (${named.join(', ')})`],
  ]);
}

function faultsOfDependencies([name, service]: Named, file: ComposeFile): string[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([other, { condition }]) => {
    const target = file.services[other];
    if (!target) return [`${name}: waits for ${other}, which does not exist`];
    return told(name, [
      [condition === 'service_healthy' && isJob(target), `waits for the health of ${other}, which ends`],
      [condition === 'service_completed_successfully' && !isJob(target), `waits for the end of ${other}, which goes on`],
      [target.profiles !== undefined, `waits for ${other}, which is in a profile`],
      [waitedFor(other, file).has(name), `and ${other} wait for each other`],
    ]);
  });
}

/** Everything that answers before the service starts. */
function waitedFor(name: string, file: ComposeFile, seen = new Set<string>()): Set<string> {
  for (const other of Object.keys(file.services[name]?.depends_on ?? {})) if (!seen.has(other)) waitedFor(other, file, seen.add(other));
  return seen;
}

function faultsOfPorts(services: readonly Named[]): string[] {
  const published = services.flatMap(([name, service]) => publishedPorts(service).map((port) => ({ name, ...port })));
  return published.flatMap(({ name, address, host }, index) => told(name, [
    [address !== LOOPBACK, `publishes ${host} beyond this machine`],
    [published.findIndex((other) => other.host === host) !== index, `publishes ${host}, which is taken`],
  ]));
}

/** The builder exports all images at once: two that export the same tag refuse each other. */
function faultsOfBuilds(services: readonly Named[]): string[] {
  const own = [...new Set(services.filter(([, { image }]) => image.startsWith('folio')).map(([, { image }]) => image))];
  return own.flatMap((image) => {
    const builders = services.filter(([, service]) => service.image === image && service.build !== undefined).length;
    return told(image, [[builders !== 1, `is built by ${builders} services`]]);
  });
}

function faultsOfRole([name, service]: Named): string[] {
  const ports = publishedPorts(service);
  return told(name, [
    [service.read_only !== true, 'can write into its own image'],
    [service.init !== true, 'has no init that hands signals on'],
    [service.user !== undefined, 'does not take the user of the image'],
    [Number.parseInt(service.stop_grace_period ?? '0', 10) < STOP_SECONDS, 'is killed before it has drained'],
    [!(service.volumes ?? []).includes('/data') || !(service.volumes ?? []).includes('keys:/keys'), 'has not its own data and the common keys'],
    [name !== 'gateway' && ports.length > 0, 'is published, and only the gateway may be'],
  ]);
}

function faultsOfSettings([name, service]: Named, file: ComposeFile): string[] {
  const environment = Object.entries(service.environment ?? {}).filter(([variable]) => variable.startsWith('FOLIO_') && !variable.startsWith('FOLIO_TEST_'));
  if (environment.length === 0) return [];
  const known = new Set<string>(Object.values(SETTINGS).map(({ env }) => env));
  const unknown = environment.filter(([variable]) => !known.has(variable)).map(([variable]) => `${name}: ${variable} is no setting`);
  try {
    return [...unknown, ...addressesOf(readSettings(SETTINGS, Object.fromEntries(environment))).flatMap((address) => faultsOfAddress(name, address, file))];
  } catch (error) {
    return [...unknown, `${name}: ${(error as Error).message}`];
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

const fromUrl = (text: string): Address => {
  const { hostname, port, username, password } = new URL(text);
  return { host: hostname, port: Number(port), ...(username !== '' && { user: username, password }) };
};

/** Every address of the settings, read by what reads it in a role. @throws Error when it cannot be read */
function addressesOf(settings: FolioSettings): Address[] {
  const { eventStore, writeDatabase, controlDatabase, shards, kafka, search, redis, objectStore, commandUrl, queryUrl } = settings;
  const log = eventStore === undefined ? { hosts: [] } : readConnectionString(eventStore);
  if (!log) throw new Error('FOLIO_EVENT_STORE cannot be read');
  const databases = [writeDatabase, controlDatabase, ...shards].filter((text) => text !== undefined);
  const urls = [search, redis, objectStore, commandUrl, queryUrl].filter((text) => text !== undefined);
  return [
    ...log.hosts, ...databases.map((text) => parsePostgresAddress('postgres', text)), ...urls.map(fromUrl),
    ...kafka.map((broker) => fromUrl(`kafka://${broker}`)),
  ];
}

/** Inside the network a service listens there, has been waited for and takes the credentials; from this machine somebody publishes the port. */
function faultsOfAddress(name: string, address: Address, file: ComposeFile): string[] {
  const { host, port } = address;
  const entries = Object.entries(file.services);
  const local = host === 'localhost';
  const [found, target] = (local ? entries.find(([, service]) => publishedPorts(service).some((published) => published.host === String(port))) : entries.find(([other]) => other === host)) ?? [];
  if (!found || !target) return [`${name}: nothing is at ${host}:${port}`];
  const listens = local || [...(target.expose ?? []), ...publishedPorts(target).map(({ container }) => container)].includes(String(port));
  return told(name, [
    [!listens, `${host} does not listen on ${port}`],
    [!waitedFor(name, file).has(found), `does not wait for ${found}, whose address it has`],
    [!takes(target, address), `${found} does not take the user or the password of ${name}`],
  ]);
}

const PASSWORD_OF: Readonly<Record<string, string>> = { folio_write_side: 'WRITE_PASSWORD', folio_read_models: 'READ_PASSWORD' };

function takes({ environment = {}, image }: Service, { user, password, database }: Address): boolean {
  if (image.startsWith('postgres:')) {
    const databases = environment['SHARD_DATABASE'] === undefined ? ['folio_write', 'folio_control'] : [environment['SHARD_DATABASE']];
    return password === environment[PASSWORD_OF[user ?? ''] ?? ''] && databases.includes(database ?? '');
  }
  return !image.startsWith('minio/') || (user === environment['MINIO_ROOT_USER'] && password === environment['MINIO_ROOT_PASSWORD']);
}
