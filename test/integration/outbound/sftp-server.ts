import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

/** What becomes of a read behind the first kilobyte of a file, and of a directory behind its first part. */
export type Mood = 'well' | 'silent' | 'gone';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const FIRST_BYTES = 1_024;
const REGULAR_FILE = 0o100_644;
/** Entries of a directory in one answer. */
const ENTRIES_AT_ONCE = 100;

/** A server for SFTP on loopback that has some files, and moods. */
export class SftpServer {
  readonly #server: ssh2.Server;
  readonly #connections = new Set<Connection>();
  mood: Mood = 'well';
  directoryMood: Mood = 'well';
  /** Times of change (s); of every other file 0. */
  readonly modified = new Map<string, number>();
  /** Kinds of entries that are no files, by their path. */
  readonly modes = new Map<string, number>();
  /** Sign-ins that were tried, and connections that are open. */
  signIns = 0;

  private constructor(readonly files: Map<string, Buffer>, private readonly password: string, key: { readonly pem: string; readonly fingerprint: string }) {
    this.fingerprint = key.fingerprint;
    this.#server = new ssh2.Server({ hostKeys: [key.pem] }, (connection) => this.#take(connection));
  }

  readonly fingerprint: string;

  static async start(files: Readonly<Record<string, string | Buffer>>, password: string): Promise<SftpServer> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const parsed = ssh2.utils.parseKey(privateKey);
    if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('no key');
    const fingerprint = `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/u, '')}`;
    const server = new SftpServer(new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)])), password, { pem: privateKey, fingerprint });
    await new Promise<void>((resolve) => { server.#server.listen(0, '127.0.0.1', resolve); });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get open(): number {
    return this.#connections.size;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.end();
    await new Promise<void>((resolve) => { this.#server.close(() => resolve()); });
  }

  #take(connection: Connection): void {
    this.#connections.add(connection);
    connection.on('error', () => undefined).on('close', () => this.#connections.delete(connection));
    connection.on('authentication', (asked) => {
      this.signIns += asked.method === 'password' ? 1 : 0;
      if (asked.method === 'password' && asked.username === 'folio' && asked.password === this.password) asked.accept();
      else asked.reject(['password']);
    });
    connection.on('ready', () => connection.on('session', (accept) => accept().on('sftp', (acceptSftp) => this.#serve(acceptSftp(), connection))));
  }

  #serve(sftp: SFTPWrapper, connection: Connection): void {
    const handles: Buffer[] = [];
    const fileOf = (handle: Buffer): Buffer | undefined => handles[handle.readUInt32BE(0)];
    const attributesOf = (file: Buffer, path = '') => ({ mode: this.modes.get(path) ?? REGULAR_FILE, uid: 0, gid: 0, size: file.length, atime: 0, mtime: this.modified.get(path) ?? 0 });
    const directories = new Map<string, { readonly path: string; read: number }>();
    sftp.on('OPENDIR', (id, path) => {
      const below = path.endsWith('/') ? path : `${path}/`;
      if (below !== '/' && ![...this.files.keys()].some((name) => name.startsWith(below))) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      const handle = Buffer.from(`directory ${directories.size}`);
      directories.set(handle.toString(), { path: below, read: 0 });
      sftp.handle(id, handle);
    });
    sftp.on('READDIR', (id, handle) => {
      const directory = directories.get(handle.toString());
      if (!directory) return sftp.status(id, STATUS_CODE.FAILURE);
      if (directory.read > 0 && this.directoryMood === 'silent') return;
      if (directory.read > 0 && this.directoryMood === 'gone') return void connection.end();
      const batch = [...this.files].filter(([path]) => path.startsWith(directory.path)).slice(directory.read, directory.read + ENTRIES_AT_ONCE);
      if (batch.length === 0) return sftp.status(id, STATUS_CODE.EOF);
      directory.read += batch.length;
      sftp.name(id, batch.map(([path, file]) => ({ filename: path.slice(directory.path.length), longname: '-rw-r--r--', attrs: attributesOf(file, path) })));
    });
    sftp.on('OPEN', (id, path, flags) => {
      const file = this.files.get(path);
      if (!file || (flags & OPEN_MODE.READ) === 0) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(handles.push(file) - 1, 0);
      sftp.handle(id, handle);
    });
    sftp.on('FSTAT', (id, handle) => sftp.attrs(id, attributesOf(fileOf(handle) ?? Buffer.alloc(0))));
    sftp.on('READ', (id, handle, offset, length) => {
      const file = fileOf(handle) ?? Buffer.alloc(0);
      if (offset >= file.length) return sftp.status(id, STATUS_CODE.EOF);
      if (this.mood === 'well') return sftp.data(id, file.subarray(offset, offset + length));
      if (offset === 0) return sftp.data(id, file.subarray(0, FIRST_BYTES));
      if (this.mood === 'gone') connection.end();
    });
    sftp.on('CLOSE', (id) => sftp.status(id, STATUS_CODE.OK));
  }
}
