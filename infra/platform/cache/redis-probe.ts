import { Redis } from 'ioredis';
import { Problem } from '#contracts/kernel/problem.js';
import { redisSettingWrong, type RedisAddress, type RedisNode } from './redis-address.js';

export interface RedisFacts {
  readonly version: string;
  readonly cluster: boolean;
  /** 0: no limit; then nothing is ever dropped to make room. */
  readonly maxMemoryBytes: number;
  readonly evictionPolicy: string;
}

const OLDEST = [6, 2] as const;
const LIMIT_MS = 2_000;

/** Tries the address on a connection of its own and says what it finds. @throws Problem setting-wrong with the reason */
export async function probeRedis(address: RedisAddress, limitMs = LIMIT_MS): Promise<RedisFacts> {
  let last: unknown;
  for (const node of address.nodes) {
    try {
      return await probeNode(address, node, limitMs);
    } catch (error) {
      last ??= error;
    }
  }
  throw last;
}

async function probeNode({ cluster, tls, username, password, db }: RedisAddress, { host, port }: RedisNode, limitMs: number): Promise<RedisFacts> {
  const client = new Redis({
    host, port, db, ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(tls && { tls: {} }),
    lazyConnect: true, retryStrategy: null, connectTimeout: limitMs, commandTimeout: limitMs, maxRetriesPerRequest: 0, disableClientInfo: true, enableReadyCheck: false,
  });
  // Why the connection broke is told only here; what a command says afterwards is that it broke.
  let broke: unknown;
  client.on('error', (error: unknown) => { broke ??= error; });
  try {
    await client.connect();
    const facts = factsOf(await client.info());
    await judge(client, facts, cluster);
    // A database that is not there stops nothing: ioredis goes on in database 0.
    if (broke !== undefined) throw broke;
    return facts;
  } catch (error) {
    throw reasonOf(broke ?? error, { host, port }, tls);
  } finally {
    client.disconnect();
  }
}

function factsOf(info: string): RedisFacts {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(info)?.[1] ?? '';
  return { version: value('redis_version'), cluster: value('redis_mode') === 'cluster' || value('cluster_enabled') === '1', maxMemoryBytes: Number(value('maxmemory')), evictionPolicy: value('maxmemory_policy') };
}

async function judge(client: Redis, { version, cluster }: RedisFacts, wantsCluster: boolean): Promise<void> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) throw redisSettingWrong(`it is Redis ${version === '' ? 'of an unknown version' : version}; at least ${OLDEST.join('.')} is needed`);
  if (cluster && !wantsCluster) throw redisSettingWrong('it is a node of a cluster; write redis-cluster://');
  if (!cluster && wantsCluster) throw redisSettingWrong('it is not a cluster; write redis://');
  if (cluster && !(await client.cluster('INFO')).includes('cluster_state:ok')) throw redisSettingWrong('the cluster is not complete: some slots have no server');
  // What the cache does needs the right to it; any key does, and this one is never there.
  if (!cluster) await client.eval("return redis.call('UNLINK', KEYS[1])", 1, 'folio:probe');
}

const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/^WRONGPASS|invalid password|invalid username-password|without any password configured/u, 'user and password are not accepted'],
  [/^NOAUTH/u, 'it asks for a password'],
  [/^NOPERM/u, 'the user may not do what the cache needs'],
  [/^READONLY/u, 'it is a replica that cannot be written'],
  [/^LOADING/u, 'it is still loading its data'],
  [/DB index is out of range/u, 'it has no database of that number'],
];

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'the host is unknown', EAI_AGAIN: 'the host is unknown', EHOSTUNREACH: 'the host cannot be reached', ENETUNREACH: 'the host cannot be reached',
};

/** Of a Redis without TLS too: it waits for the end of what it takes for a command. */
const SILENT = 'it does not answer';

function reasonOf(error: unknown, { host, port }: RedisNode, tls: boolean): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const told = (reason: string): Problem => redisSettingWrong(`${host}:${port}: ${reason}`, error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const answer = ANSWERS.find(([form]) => form.test(error.message));
  if (answer) return told(answer[1]);
  if (error.name === 'ReplyError') return told(`it refuses: ${error.message.slice(0, 100)}`);
  const known = CODES[code];
  if (known !== undefined) return told(known);
  if (code === 'ETIMEDOUT' || /timed out/u.test(error.message)) return told(tls ? `${SILENT}; perhaps it does not speak TLS` : SILENT);
  if (/^(?:ERR_SSL|ERR_TLS|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/u.test(code)) return told(code.startsWith('ERR_SSL') ? 'it does not speak TLS; write redis://' : `its certificate is not trusted (${code})`);
  if (error.name === 'ParserError') return told('what answers there is not Redis');
  return told(tls ? 'it closes the connection; perhaps it does not speak TLS' : 'it closes the connection; perhaps it speaks TLS (rediss://), or is not Redis');
}
