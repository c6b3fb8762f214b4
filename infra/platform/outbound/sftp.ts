import { createHash, timingSafeEqual } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import type { FileEntryWithStats, SFTPWrapper } from 'ssh2';
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
  /** Longest silence of this server (s), where it is another than that of the others. */
  readonly idleSeconds?: number;
}

export interface SftpLimits extends HostLimits {
  readonly connectTimeoutMs: number;
  /** Longest silence in the middle of a file. */
  readonly idleTimeoutMs: number;
  /** Whole fetch. */
  readonly totalTimeoutMs: number;
}

/** One entry of a directory, as its server tells it. */
export interface SftpEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change (s since 1970), by the clock of the server. */
  readonly modified: number;
  /** A file itself: no directory, no link. */
  readonly isFile: boolean;
}

export interface SftpListing {
  readonly entries: readonly SftpEntry[];
  /** The directory has more entries than were read. */
  readonly isCut: boolean;
}

/** Each fetch has a connection of its own, and servers refuse many at once. */
export const SFTP_DEFAULTS: SftpLimits = { connectTimeoutMs: 10_000, idleTimeoutMs: 15_000, totalTimeoutMs: 120_000, perHostConcurrency: 4, perHostQueue: 1_000, breakerFailures: 8, breakerOpenMs: 10_000 };

const DEFAULT_PORT = 22;
/** Entries of a directory that are read; a server sends some hundred at a time. */
const MAX_ENTRIES = 100_000;
/** Answers of a server that has said nothing more of a directory: it does not come to its end. */
const MAX_EMPTY = 100;
const END_OF_DIRECTORY = 1;
const FILE_KIND = 0o170_000;
const REGULAR_FILE = 0o100_000;
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
  fetch<Result>(address: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return this.#work(address, 'file', (client, path, within) => this.#watched(client.reader(path), consume, within, client.idleMs), signal);
  }

  /** What is in a directory, in no order, up to `most` entries. @throws as `fetch` */
  list(address: string, signal: AbortSignal, most: number = MAX_ENTRIES): Promise<SftpListing> {
    return this.#work(address, 'directory', ({ sftp, idleMs }, path, within) => this.#entries(sftp, path, most, within, idleMs), signal);
  }

  /** The address of a file or directory of a known server in one form, with the port. @throws Problem url-not-allowed */
  checked(address: string): string {
    const { host, path } = this.#target(address, 'directory');
    return `sftp://${host.host.toLowerCase()}:${host.port ?? DEFAULT_PORT}${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  async #work<Result>(address: string, what: What, work: (client: Connected, path: string, within: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { host, path } = this.#target(address, what);
    const within = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.totalTimeoutMs)]);
    try {
      return await this.#policies.execute(`${host.host}:${host.port ?? DEFAULT_PORT}`, () => this.#withConnection(host, (client, lost) => work(client, path, lost), within));
    } catch (error) {
      throw error instanceof Problem ? error : platformProblem('fetch-failed', { reason: reasonOf(error), final: FINAL.has((error as { code?: unknown }).code) }, { cause: error });
    }
  }

  /** @throws Problem url-not-allowed */
  #target(address: string, what: What): { readonly host: SftpHost; readonly path: string } {
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
    if (path.includes('\0') || (what === 'file' && path === '/')) throw platformProblem('url-not-allowed', { reason: 'it names no file' });
    return { host, path: path === '' ? '/' : path };
  }

  async #withConnection<Result>(host: SftpHost, work: (client: Connected, within: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const lost = new AbortController();
    const lose = (): void => lost.abort(Object.assign(new Error('the connection ended'), { code: 'CONNECTION_LOST' }));
    const client = new SftpClient('folio', { error: lose, end: lose, close: lose });
    const within = AbortSignal.any([signal, lost.signal]);
    const connected = this.#connect(client, host);
    try {
      const sftp = await withSignal(connected, signal);
      return await work({ sftp, reader: (path) => client.createReadStream(path) as Readable, idleMs: (host.idleSeconds ?? 0) * 1_000 || this.#limits.idleTimeoutMs }, within);
    } finally {
      // Who is given up while it connects says goodbye when it has.
      const left = connected.then(() => client.end()).catch(() => undefined);
      await Promise.race([left, pause(END_MS, signal)]);
    }
  }

  /** Asks for entries until there are no more. A server that is silent for too long between two answers is not waited for. */
  async #entries(sftp: SFTPWrapper, path: string, most: number, within: AbortSignal, idleMs: number): Promise<SftpListing> {
    const asked = <Answer>(ask: (done: (error: Error | undefined, answer: Answer) => void) => void): Promise<Answer> => {
      const silence = AbortSignal.timeout(idleMs);
      return withSignal(new Promise<Answer>((resolve, reject) => { ask((error, answer) => (error ? reject(error) : resolve(answer))); }), AbortSignal.any([within, silence]));
    };
    const handle = await asked<Buffer>((done) => sftp.opendir(path, done));
    const entries: SftpEntry[] = [];
    for (let empty = 0; entries.length <= most && empty < MAX_EMPTY;) {
      const batch = await asked<FileEntryWithStats[]>((done) => sftp.readdir(handle, done)).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === END_OF_DIRECTORY) return undefined;
        throw error;
      });
      if (!batch) return { entries, isCut: false };
      empty = batch.length === 0 ? empty + 1 : 0;
      entries.push(...batch.map(entryOf).filter(({ name }) => isName(name)));
    }
    // What was sent beyond the limit is left out with the rest.
    return { entries: entries.slice(0, most), isCut: true };
  }

  #connect(client: SftpClient, { host, port = DEFAULT_PORT, user, password, privateKey, hostKey }: SftpHost): Promise<SFTPWrapper> {
    return client.connect({
      host, port, username: user, readyTimeout: this.#limits.connectTimeoutMs, retries: 0,
      ...(password !== undefined && { password }), ...(privateKey !== undefined && { privateKey }),
      hostVerifier: (key: Buffer) => isKey(key, hostKey),
    });
  }

  /** A body that says nothing for too long, or whose connection ends in the middle of it, ends with an error. */
  async #watched<Result>(body: Readable, consume: (body: Readable) => Promise<Result>, within: AbortSignal, idleMs: number): Promise<Result> {
    const watched = new Transform({
      transform(chunk, _encoding, done) {
        idle.refresh();
        done(null, chunk);
      },
    });
    const idle = setTimeout(() => watched.destroy(Object.assign(new Error('the server fell silent'), { code: 'IDLE_TIMEOUT' })), idleMs);
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

type What = 'file' | 'directory';

interface Connected {
  /** Longest silence of its server. */
  readonly idleMs: number;
  readonly sftp: SFTPWrapper;
  reader(path: string): Readable;
}

const entryOf = ({ filename, longname, attrs: { mode, size, mtime } }: FileEntryWithStats): SftpEntry =>
  ({ name: filename, size: size ?? 0, modified: mtime ?? 0, isFile: mode === undefined ? longname.startsWith('-') : (mode & FILE_KIND) === REGULAR_FILE });

/** A name that stays in its directory. */
const isName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && name.length <= 255 && !/[/\0]/u.test(name);

function isKey(key: Buffer, expected: string): boolean {
  const found = Buffer.from(createHash('sha256').update(key).digest('base64').replace(/=+$/u, ''));
  const wanted = Buffer.from(expected.replace(/^SHA256:/u, '').replace(/=+$/u, ''));
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

/** The library knows no signals: whoever waits is let go at once. */
function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
