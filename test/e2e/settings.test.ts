import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { freePorts } from '../../cli/free-ports.js';
import { connectBus } from '#platform/bus/client.js';
import { createTopics } from '#platform/bus/topics.js';
import { describeWith } from '../support/engines.js';
import { folio } from '../support/folio-process.js';
import { freshDatabase } from '../support/postgres.js';

type Env = Readonly<Record<string, string>>;

const addressOf = ({ host, port, user, password, database }: ConnectionSettings): string => `postgres://${user}:${password}@${host}:${port}/${database}`;
const fresh = async (): Promise<string> => addressOf(await freshDatabase());

describe('a wrong setting ends the start', () => {
  let folder = '';
  let closed = '';
  /** Somebody listens there, and says nothing that anybody understands. */
  let stranger: Server;
  let strange = '';
  let databases: Env;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-settings-'));
    closed = `127.0.0.1:${(await freePorts(1))[0] ?? 0}`;
    stranger = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => { stranger.listen(0, '127.0.0.1', resolve); });
    const address = stranger.address();
    strange = `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    databases = { FOLIO_EVENT_STORE: await fresh(), FOLIO_WRITE_DB: await fresh(), FOLIO_CONTROL_DB: await fresh(), FOLIO_SHARDS: `${await fresh()},${await fresh()}` };
  });
  after(async () => {
    stranger.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the role says before it ends. @returns one line */
  async function refusal(role: string, env: Env, ...words: string[]): Promise<string> {
    const { code, stderr } = await folio(['start', role, '--port', '0', '--data', join(folder, role), ...words], { env: { ...databases, ...env } });
    expect(code, stderr).not.to.equal(0);
    return stderr.trim();
  }

  const withPassword = (address: string, password: string): string => address.replace(/:[^:@/]+@/u, `:${password}@`);

  for (const [title, role, env, said] of [
    ['an event store that nobody answers at', 'command-api', () => ({ FOLIO_EVENT_STORE: `postgres://a:b@${closed}/x` }), /FOLIO_EVENT_STORE is wrong: nothing answers at 127/u],
    ['a password that the server refuses', 'command-api', () => ({ FOLIO_EVENT_STORE: withPassword(databases['FOLIO_EVENT_STORE'] ?? '', 'wrong') }), /FOLIO_EVENT_STORE is wrong: the server refuses user or password/u],
    ['a database that is not there', 'processor', () => ({ FOLIO_WRITE_DB: `${databases['FOLIO_WRITE_DB'] ?? ''}_not` }), /FOLIO_WRITE_DB is wrong: the server has no database of that name/u],
    ['TLS where there is none', 'processor', () => ({ FOLIO_WRITE_DB: `${databases['FOLIO_WRITE_DB'] ?? ''}?sslmode=require` }), /FOLIO_WRITE_DB is wrong: .*does not speak TLS/u],
    ['an address that is none', 'worker', () => ({ FOLIO_CONTROL_DB: 'localhost:5432' }), /FOLIO_CONTROL_DB is wrong: it is no address of the form postgres/u],
    ['something that is no Postgres', 'worker', () => ({ FOLIO_CONTROL_DB: `postgres://a:b@${strange}/x` }), /FOLIO_CONTROL_DB is wrong: /u],
    ['EventStoreDB where nobody answers', 'processor', () => ({ FOLIO_EVENT_STORE: `esdb://${closed}?tls=false` }), /FOLIO_EVENT_STORE is wrong: Nothing answers at 127/u],
    ['brokers that nobody answers at', 'relay', () => ({ FOLIO_KAFKA: closed }), /FOLIO_KAFKA is wrong: nothing answers at 127/u],
    ['something that is no broker', 'relay', () => ({ FOLIO_KAFKA: strange }), /FOLIO_KAFKA is wrong: .*does not answer as a Kafka broker/u],
    ['a relay without a bus', 'relay', () => ({}), /FOLIO_KAFKA is wrong: the relay needs the addresses of brokers/u],
    ['a search engine that nobody answers at', 'worker', () => ({ FOLIO_SEARCH: `http://${closed}` }), /FOLIO_SEARCH is wrong/u],
    ['a Redis that nobody answers at', 'worker', () => ({ FOLIO_REDIS: `redis://${closed}` }), /FOLIO_REDIS is wrong/u],
    ['an object store that nobody answers at', 'processor', () => ({ FOLIO_S3: `http://a:b@${closed}/bucket` }), /FOLIO_S3 is wrong/u],
    ['a gateway without its APIs', 'gateway', () => ({}), /FOLIO_COMMAND_URL is wrong: the gateway needs/u],
    ['replicas that do not fit the shards', 'query-api', () => ({ FOLIO_SHARD_REPLICAS: '-' }), /FOLIO_SHARD_REPLICAS is wrong: it has 1 entries, there are 2 shards/u],
    ['a value that cannot be read', 'worker', () => ({ FOLIO_KAFKA_TLS: 'perhaps' }), /FOLIO_KAFKA_TLS: 'perhaps' is not one of true, false/u],
  ] as const) {
    it(`names it: ${title}`, async () => {
      const line = await refusal(role, env());
      expect(line).to.match(said);
      expect(line.split('\n'), line).to.have.length(1);
      expect(line).not.to.match(/wrong@|:b@/u);
    });
  }

  it('names a projection that there is not', async () => {
    expect(await refusal('worker', {}, '--projection', 'invoices')).to.match(/no projection named invoices; there are invoice-summary/u);
  });

  describe('of shards that rows were written to', () => {
    let shards: readonly string[] = [];
    before(async () => {
      // A first worker writes the slot table and tells each shard who it is; the wrong projection ends it after that.
      await refusal('worker', {}, '--projection', 'none');
      shards = (databases['FOLIO_SHARDS'] ?? '').split(',');
    });

    it('refuses them in another order', async () => {
      expect(await refusal('worker', { FOLIO_SHARDS: [...shards].reverse().join(',') })).to.match(/FOLIO_SHARDS is wrong: address 1 is shard 2: the order has changed/u);
    });

    it('refuses a shard of another deployment', async () => {
      expect(await refusal('worker', { FOLIO_CONTROL_DB: await fresh() })).to.match(/FOLIO_SHARDS is wrong: address 1 is a shard of another deployment/u);
    });
  });
});

describeWith('kafka', 'a topic that was made otherwise', (address) => {
  it('ends the relay before it publishes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-settings-'));
    const admin = connectBus({ brokers: [address()], clientId: 'test', prefix: '' }).admin();
    await admin.connect();
    await createTopics(admin, [{ topic: 'few-fiscal-invoice', numPartitions: 3 }]);
    await admin.disconnect();
    const env = { FOLIO_EVENT_STORE: await fresh(), FOLIO_CONTROL_DB: await fresh(), FOLIO_KAFKA: address(), FOLIO_KAFKA_PREFIX: 'few-' };
    const { code, stderr } = await folio(['start', 'relay', '--port', '0', '--data', folder], { env });
    await rm(folder, { recursive: true, force: true });
    expect([code, stderr]).to.satisfy(([exit, text]: [number, string]) => exit !== 0 && /few-fiscal-invoice cannot be used: it has 3 partitions, the layout has 12/u.test(text));
  });

  it('and brokers that speak no TLS end it as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-settings-'));
    const { code, stderr } = await folio(['start', 'relay', '--port', '0', '--data', folder], { env: { FOLIO_EVENT_STORE: await fresh(), FOLIO_CONTROL_DB: await fresh(), FOLIO_KAFKA: address(), FOLIO_KAFKA_TLS: 'true' } });
    await rm(folder, { recursive: true, force: true });
    expect(code).not.to.equal(0);
    expect(stderr).to.match(/FOLIO_KAFKA(?:_TLS)? is wrong/u);
  });
});

describeWith('opensearch', 'an index that somebody else made', (address) => {
  it('ends the worker before it writes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-settings-'));
    await fetch(`${address()}/foreign-invoice-search-g1`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mappings: { properties: { title: { type: 'text' } } } }) });
    const env = { FOLIO_EVENT_STORE: await fresh(), FOLIO_CONTROL_DB: await fresh(), FOLIO_SHARDS: await fresh(), FOLIO_SEARCH: address(), FOLIO_SEARCH_PREFIX: 'foreign-' };
    const { code, stderr } = await folio(['start', 'worker', '--port', '0', '--data', folder], { env });
    await rm(folder, { recursive: true, force: true });
    expect(code).not.to.equal(0);
    expect(stderr).to.match(/foreign-invoice-search-g1 has a mapping that is not Folio's/u);
  });
});
