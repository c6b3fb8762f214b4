import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** Oldest server that the migrations run on. */
const OLDEST_VERSION = 150_000;
const CONNECT_MS = 5_000;

const wrong = (setting: string, reason: string, cause?: unknown): Problem => platformProblem('setting-wrong', { setting, reason }, { cause });

/**
 * `postgres://user:password@host:port/database?sslmode=require|verify-full`. `require` encrypts and trusts any certificate.
 * @throws Problem setting-wrong; the address itself is never quoted, because of its password
 */
export function parsePostgresAddress(setting: string, text: string): ConnectionSettings {
  const url = URL.parse(text);
  if (!url || !/^postgres(?:ql)?:$/u.test(url.protocol)) throw wrong(setting, 'it is no address of the form postgres://user:password@host:port/database');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (url.hostname === '' || url.username === '' || database === '') throw wrong(setting, 'the address needs a user, a host and a database');
  const mode = url.searchParams.get('sslmode') ?? 'disable';
  if (!['disable', 'require', 'verify-full'].includes(mode)) throw wrong(setting, `sslmode is '${mode.slice(0, 20)}'; it can be disable, require or verify-full`);
  return {
    host: url.hostname.replace(/^\[|\]$/gu, ''), port: url.port === '' ? 5432 : Number(url.port), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password), database,
    ...(mode !== 'disable' && { ssl: { rejectUnauthorized: mode === 'verify-full' } }),
  };
}

/** Asks the server for its version. @throws Problem setting-wrong that says what is wrong and what to do */
export async function probePostgres(setting: string, settings: ConnectionSettings): Promise<void> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: CONNECT_MS, application_name: 'folio-probe' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows: [row] } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    const version = Number(row?.server_version_num ?? 0);
    if (version < OLDEST_VERSION) throw wrong(setting, `the server is Postgres ${Math.floor(version / 10_000)}; Folio needs ${OLDEST_VERSION / 10_000} or later`);
  } catch (error) {
    throw explained(setting, settings, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const BY_STATE: Readonly<Record<string, string>> = {
  '28P01': 'the server refuses user or password', '3D000': 'the server has no database of that name', '53300': 'the server takes no more connections',
};

function explained(setting: string, { host, port, ssl }: ConnectionSettings, error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'setting-wrong') return error;
  const known = BY_STATE[code ?? ''];
  if (known !== undefined) return wrong(setting, known, error);
  if (ssl && /does not support SSL/iu.test(message)) return wrong(setting, `${host}:${port} does not speak TLS; take sslmode out of the address`, error);
  if (ssl && /certificate|self.signed/iu.test(message)) return wrong(setting, `the certificate of ${host}:${port} is not trusted; set NODE_EXTRA_CA_CERTS or use sslmode=require`, error);
  if (code === '28000' && !ssl) return wrong(setting, `the server wants TLS or does not know the user; try sslmode=require (${message.slice(0, 100)})`, error);
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|timeout/iu.test(`${code ?? ''} ${message}`)) return wrong(setting, `nothing answers at ${host}:${port}`, error);
  return wrong(setting, `${host}:${port} does not answer as Postgres (${message.slice(0, 100)})`, error);
}
