import { connect } from 'node:net';
import { EngineUnavailable, type Engine } from './engine.js';
import { findProgram } from './provide.js';

const found = (): string => {
  const program = findProgram('redis-server') ?? findProgram('valkey-server');
  if (program === undefined) throw new EngineUnavailable('redis-server is not on the PATH (Debian: apt-get install redis-server)');
  return program;
};

/** A PING that is answered: a server that is still loading refuses it. */
const ping = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject).on('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) resolve();
      else reject(new Error(data.toString().trim()));
    });
  });

/** Redis (or Valkey) of the machine, without persistence: it is a cache. */
export const REDIS: Engine = {
  name: 'redis',
  version: 'of the machine',
  startMs: 20_000,
  async provide() {
    found();
  },
  async command(_cache, { folder, port }) {
    return { file: found(), args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder, '--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'] };
  },
  answers: ({ port }) => ping(port),
  address: ({ port }) => `redis://127.0.0.1:${port}`,
};
