import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';
import { probeRedis } from '#platform/cache/redis-probe.js';
import { findProgram } from '../../../cli/engines/provide.js';
import { hasServers, OwnRedis, startPretender } from './servers.js';

const probe = (address: string): Promise<string> => probeRedis(parseRedisAddress(address), 300).then(
  () => 'fine', (error: unknown) => (error instanceof Problem && error.code === 'setting-wrong' ? error.message : `not a Problem: ${String(error)}`),
);

describe('the probe of a Redis', () => {
  const servers: OwnRedis[] = [];
  const pretenders: Server[] = [];
  const own = async (...args: string[]): Promise<number> => {
    const server = await OwnRedis.start(...args);
    servers.push(server);
    return server.port;
  };
  const pretend = async (answer: (line: string) => string): Promise<number> => {
    const { port, server } = await startPretender(answer);
    pretenders.push(server);
    return port;
  };
  before(function () { if (!hasServers()) this.skip(); });
  after(async () => {
    for (const server of servers) await server.dispose();
    for (const server of pretenders) server.close();
  });

  it('tells what it found', async () => {
    const port = await own('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    expect(await probeRedis(parseRedisAddress(`redis://127.0.0.1:${port}`))).to.include({ cluster: false, maxMemoryBytes: 67_108_864, evictionPolicy: 'allkeys-lru' });
    expect(await probe(`redis://127.0.0.1:${port}/99`)).to.include('no database of that number');
  });

  it('names a wrong address, or one where nothing answers', async () => {
    const port = await own();
    await servers.at(-1)?.kill();
    expect(await probe(`redis://127.0.0.1:${port}`)).to.equal(`FOLIO_REDIS is wrong: 127.0.0.1:${port}: nothing listens there.`);
    expect(await probe('redis://no-such-host.invalid')).to.include('the host is unknown');
    const silent = await pretend(() => '');
    expect(await probe(`redis://127.0.0.1:${silent}`)).to.include('does not answer');
  });

  it('names wrong credentials, missing ones and missing rights, without showing them', async () => {
    const port = await own('--requirepass', 'the-secret', '--user', 'weak', 'on', '>weak-secret', '~*', '+info', '+ping', '+select');
    expect(await probe(`redis://:the-secret@127.0.0.1:${port}`)).to.equal('fine');
    expect(await probe(`redis://127.0.0.1:${port}`)).to.include('it asks for a password');
    for (const wrong of [':guess-42', 'nobody:guess-42', 'weak:guess-42']) {
      expect(await probe(`redis://${wrong}@127.0.0.1:${port}`)).to.include('user and password are not accepted').and.not.include('guess-42');
    }
    expect(await probe(`redis://weak:weak-secret@127.0.0.1:${port}`)).to.include('the user may not do what the cache needs');
  });

  it('names what is not a Redis, or an old one', async () => {
    const web = await pretend(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await probe(`redis://127.0.0.1:${web}`)).to.include('not Redis');
    const info = '# Server\r\nredis_version:5.0.14\r\nredis_mode:standalone\r\n';
    const old = await pretend(() => `$${info.length}\r\n${info}\r\n`);
    expect(await probe(`redis://127.0.0.1:${old}`)).to.include('it is Redis 5.0.14; at least 6.2 is needed');
  });

  it('names a cluster where none is said, none where one is said, and one that is not whole', async () => {
    const [plain, node] = [await own(), await own('--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf')];
    expect(await probe(`redis://127.0.0.1:${node}`)).to.include('write redis-cluster://');
    expect(await probe(`redis-cluster://127.0.0.1:${plain}`)).to.include('it is not a cluster');
    expect(await probe(`redis-cluster://127.0.0.1:${node},127.0.0.1:${plain}`)).to.include('the cluster is not complete');
  });

  it('names TLS where there is none, none where there is, and a certificate that nobody trusts', async function () {
    const openssl = findProgram('openssl');
    if (openssl === undefined) this.skip();
    expect(await probe(`rediss://127.0.0.1:${await own()}`)).to.include('perhaps it does not speak TLS');
    const folder = await mkdtemp(join(tmpdir(), 'folio-redis-tls-'));
    try {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      execFileSync(openssl, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1'], { stdio: 'ignore' });
      const port = await own('--port', '0', '--tls-port', 'PORT', '--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no');
      expect(await probe(`rediss://127.0.0.1:${port}`)).to.include('its certificate is not trusted');
      expect(await probe(`redis://127.0.0.1:${port}`)).to.include('perhaps it speaks TLS');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
