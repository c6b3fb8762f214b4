import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  /** One, or those of a cluster that are asked for the others. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  readonly cluster: boolean;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Number of the database; a cluster has only 0. */
  readonly db: number;
}

const SETTING = 'FOLIO_REDIS';
const DEFAULT_PORT = 6379;
const FORM = /^(rediss?)(-cluster)?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/(\d{0,4}))?$/u;

/** A fault of the setting; its reason never holds the password. */
export const redisSettingWrong = (reason: string, cause?: unknown): Problem => platformProblem('setting-wrong', { setting: SETTING, reason }, { cause });

/**
 * `redis://user:password@host:port/db`, `rediss://…` (TLS), `redis-cluster://user:password@host1:port1,host2:port2` and `rediss-cluster://…`.
 * User and password are percent-encoded. @throws Problem setting-wrong
 */
export function parseRedisAddress(text: string): RedisAddress {
  const [whole, scheme, cluster, credentials, hosts = '', db] = FORM.exec(text) ?? [];
  if (whole === undefined) throw redisSettingWrong('it must read redis://user:password@host:port/db, rediss://… or redis-cluster://host1:port1,host2:port2');
  const [first, ...others] = hosts.split(',').map(nodeOf);
  if (!first || (others.length > 0 && cluster === undefined)) throw redisSettingWrong('several hosts are a cluster: redis-cluster://host1:port1,host2:port2');
  if (cluster !== undefined && db !== undefined && Number(db) !== 0) throw redisSettingWrong('a cluster has no database but 0');
  return { nodes: [first, ...others], cluster: cluster !== undefined, tls: scheme === 'rediss', db: Number(db ?? 0), ...(credentials !== undefined && credentialsOf(credentials)) };
}

function nodeOf(text: string): RedisNode {
  const url = URL.canParse(`redis://${text}`) ? new URL(`redis://${text}`) : undefined;
  if (!url || url.hostname === '') throw redisSettingWrong(`${text} is not a host and a port`);
  return { host: url.hostname.replace(/^\[|\]$/gu, ''), port: url.port === '' ? DEFAULT_PORT : Number(url.port) };
}

/** `user:password`, `:password` or `user`. */
function credentialsOf(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':');
  try {
    const [username, password] = (colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]).map(decodeURIComponent);
    return { ...(username && { username }), ...(password && { password }) };
  } catch {
    throw redisSettingWrong('user and password must be percent-encoded');
  }
}
