import { createHash, timingSafeEqual } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import SftpClient from 'ssh2-sftp-client';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { pause } from '../wake.js';
import { reasonOf } from './fetch-file.js';
import { HostPolicies, type HostLimits } from './host-policies.js';

/** A server that the operator knows. Only such servers are spoken to: their addresses and credentials never come from a document or a command. */
export interface SftpHost {
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  readonly user: string;
  readonly password?: string;
  /** PEM or OpenSSH form. */
  readonly privateKey?: string;
  /** `SHA256:…` of the server's key, as `ssh-keygen -lf` prints it: another server is not spoken to. */
  readonly hostKey: string;
}

export interface SftpLimits extends HostLimits {
  readonly connectTimeoutMs: number;
  /** Longest silence in the middle of a file. */
  readonly idleTimeoutMs: number;
  /** Whole fetch. */
  readonly totalTimeoutMs: number;
}

/** Each fetch has a connection of its own, and servers refuse many at once. */
export const SFTP_DEFAULTS: SftpLimits = { connectTimeoutMs: 10_000, idleTimeoutMs: 15_000, totalTimeoutMs: 120_000, perHostConcurrency: 4, perHostQueue: 1_000, breakerFailures: 8, breakerOpenMs: 10_000 };

const DEFAULT_PORT = 22;
/** A connection that does not say goodbye by then is left to its own time limits (ms). */
const END_MS = 1_000;
/** What the library calls a file that is not there, one that may not be read, and one that is a folder. */
const FINAL: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EISDIR', 2, 3]);

/** Fetches files over SFTP from the operator's own servers. */
export class SftpFetcher {
  readonly #limits: SftpLimits;
  readonly #hosts: ReadonlyMap<string, SftpHost>;
  readonly #policies: HostPolicies;

  constructor(hosts: readonly SftpHost[], limits: Partial<SftpLimits> = {}) {
    this.#limits = { ...SFTP_DEFAULTS, ...limits };
    this.#policies = new HostPolicies(this.#limits);
    this.#hosts = new Map(hosts.map((host) => [`${host.host.toLowerCase()}:${host.port ?? DEFAULT_PORT}`, host]));
  }

  /** Hands the file as a stream to `consume` while the connection is open. @throws Problem url-not-allowed (final) | fetch-failed (`final: true` where repeating cannot help) */
  async fetch<Result>(address: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { host, path } = this.#target(address);
    const within = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.totalTimeoutMs)]);
    try {
      return await this.#policies.execute(`${host.host}:${host.port ?? DEFAULT_PORT}`, () => this.#read(host, path, consume, within));
    } catch (error) {
      throw error instanceof Problem ? error : platformProblem('fetch-failed', { reason: reasonOf(error), final: FINAL.has((error as { code?: unknown }).code) }, { cause: error });
    }
  }

  /** @throws Problem url-not-allowed */
  #target(address: string): { readonly host: SftpHost; readonly path: string } {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'sftp:') throw platformProblem('url-not-allowed', { reason: 'it is not an sftp address' });
    if (url.username || url.password) throw platformProblem('url-not-allowed', { reason: 'it carries credentials' });
    const host = this.#hosts.get(`${url.hostname.toLowerCase()}:${url.port || DEFAULT_PORT}`);
    if (!host) throw platformProblem('url-not-allowed', { reason: 'the operator has not named this server' });
    let path: string;
    try {
      path = decodeURIComponent(url.pathname);
    } catch {
      throw platformProblem('url-not-allowed', { reason: 'its path is not well-formed' });
    }
    if (path.includes('\0') || path === '/') throw platformProblem('url-not-allowed', { reason: 'it names no file' });
    return { host, path };
  }

  async #read<Result>(host: SftpHost, path: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const lost = new AbortController();
    const lose = (): void => lost.abort(Object.assign(new Error('the connection ended'), { code: 'CONNECTION_LOST' }));
    const client = new SftpClient('folio', { error: lose, end: lose, close: lose });
    const within = AbortSignal.any([signal, lost.signal]);
    const connected = this.#connect(client, host);
    try {
      await withSignal(connected, signal);
      return await this.#watched(client.createReadStream(path) as Readable, consume, within);
    } finally {
      // Who is given up while it connects says goodbye when it has.
      const left = connected.then(() => client.end()).catch(() => undefined);
      await Promise.race([left, pause(END_MS, signal)]);
    }
  }

  async #connect(client: SftpClient, { host, port = DEFAULT_PORT, user, password, privateKey, hostKey }: SftpHost): Promise<void> {
    await client.connect({
      host, port, username: user, readyTimeout: this.#limits.connectTimeoutMs, retries: 0,
      ...(password !== undefined && { password }), ...(privateKey !== undefined && { privateKey }),
      hostVerifier: (key: Buffer) => isKey(key, hostKey),
    });
  }

  /** A body that says nothing for too long, or whose connection ends in the middle of it, ends with an error. */
  async #watched<Result>(body: Readable, consume: (body: Readable) => Promise<Result>, within: AbortSignal): Promise<Result> {
    const watched = new Transform({
      transform(chunk, _encoding, done) {
        idle.refresh();
        done(null, chunk);
      },
    });
    const idle = setTimeout(() => watched.destroy(Object.assign(new Error('the server fell silent'), { code: 'IDLE_TIMEOUT' })), this.#limits.idleTimeoutMs);
    // The body itself waits for a word of the server before it ends: what is read from ends at once.
    const abort = (): void => void watched.destroy(within.reason instanceof Error ? within.reason : new Error('given up'));
    pipeline(body, watched, () => undefined);
    within.addEventListener('abort', abort, { once: true });
    if (within.aborted) abort();
    try {
      return await consume(watched);
    } finally {
      clearTimeout(idle);
      within.removeEventListener('abort', abort);
      body.destroy();
    }
  }
}

function isKey(key: Buffer, expected: string): boolean {
  const found = Buffer.from(createHash('sha256').update(key).digest('base64').replace(/=+$/u, ''));
  const wanted = Buffer.from(expected.replace(/^SHA256:/u, '').replace(/=+$/u, ''));
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

/** The library knows no signals: whoever waits is let go at once. */
function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
