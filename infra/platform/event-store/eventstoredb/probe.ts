import { readFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errorType, errorText, openClient } from './client.js';
import { readConnectionString, type ConnectionTarget } from './connection-string.js';

/** `setting`: the part of the connection string that is wrong. The sentence never repeats the connection string, which holds a password. */
export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly setting: 'connection string' | 'address' | 'tls' | 'certificate' | 'credentials' | 'server'; readonly sentence: string };

type Refusal = Extract<ProbeResult, { ok: false }>;

const wrong = (setting: Refusal['setting'], sentence: string): Refusal => ({ ok: false, setting, sentence });

interface Node {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks the server once for its last event, and when that fails finds out which setting is to blame: the client library itself answers
 * "unavailable" to most of them. Takes at most about `deadlineMs` for each of its questions.
 */
export async function probeEventStoreDb(connectionString: string, { deadlineMs = 3_000 }: { readonly deadlineMs?: number } = {}): Promise<ProbeResult> {
  const target = readConnectionString(connectionString);
  const [node] = target?.hosts ?? [];
  if (!target || !node) return wrong('connection string', 'The connection string cannot be read; its form is esdb://user:password@host:2113?tls=true.');
  const reason = await open(connectTcp({ host: node.host, port: node.port }), 'connect', deadlineMs);
  if (reason !== undefined) return wrong('address', `Nothing answers at ${node.host}:${node.port} (${reason}): the address is wrong or the server is not running.`);
  return (await transport(target, node, deadlineMs)) ?? ask(connectionString, target, deadlineMs);
}

/** Resolves to undefined when the socket opened, else to why not. */
function open(socket: ReturnType<typeof connectTcp>, event: 'connect' | 'secureConnect', deadlineMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (reason?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reason);
    };
    const timer = setTimeout(() => settle(`no answer within ${deadlineMs} ms`), deadlineMs);
    socket.once(event, () => settle());
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.on('close', () => settle('the connection was closed'));
  });
}

/** The server speaks TLS exactly when the connection string says so, and then with a certificate that is trusted here. */
async function transport({ tls, caFile }: ConnectionTarget, { host, port }: Node, deadlineMs: number): Promise<Refusal | undefined> {
  const settings = { host, port, ALPNProtocols: ['h2'], ...(/^[\d.:]+$/u.test(host) ? {} : { servername: host }) };
  const speaksTls = (await open(connectTls({ ...settings, rejectUnauthorized: false }), 'secureConnect', deadlineMs)) === undefined;
  if (speaksTls && !tls) return wrong('tls', 'The server speaks TLS and the connection string says tls=false: remove tls=false.');
  if (!speaksTls && tls) return wrong('tls', 'The server speaks no TLS and the connection string does not say tls=false: TLS is on unless it does.');
  if (!tls) return undefined;
  const ca = caFile === undefined ? undefined : await readFile(caFile).catch(() => null);
  if (ca === null) return wrong('certificate', `The file of tlsCAFile cannot be read: ${caFile}.`);
  const reason = await open(connectTls({ ...settings, ...(ca && { ca }) }), 'secureConnect', deadlineMs);
  if (reason === undefined) return undefined;
  return wrong('certificate', `The server's certificate is not trusted (${reason}): name its authority with tlsCAFile or NODE_EXTRA_CA_CERTS; tlsVerifyCert=false has no effect in this client.`);
}

async function ask(connectionString: string, { tls, credentials }: ConnectionTarget, deadlineMs: number): Promise<ProbeResult> {
  const client = await openClient(connectionString).catch(() => undefined);
  if (!client) return wrong('connection string', 'The client library refuses the connection string; a key of it has a value that it cannot have.');
  try {
    await client.read('all', { backwards: true, count: 1, idleMs: deadlineMs }, () => false);
    return { ok: true };
  } catch (error) {
    if (errorType(error) !== 'access-denied') return wrong('server', `What answers there did not give its last event: ${errorText(error)}.`);
    if (credentials && !tls) return wrong('credentials', 'The server wants credentials, and with tls=false the client never sends those of the connection string.');
    return wrong('credentials', credentials ? 'The server does not accept the user and password of the connection string, or the user may not read $all.' : 'The server wants credentials and the connection string has none.');
  } finally {
    await client.close();
  }
}
