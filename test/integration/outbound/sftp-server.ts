import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

/** What becomes of a read behind the first kilobyte of a file. */
export type Mood = 'well' | 'silent' | 'gone';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const FIRST_BYTES = 1_024;
const REGULAR_FILE = 0o100_644;

/** A server for SFTP on loopback that has some files, and moods. */
export class SftpServer {
  readonly #server: ssh2.Server;
  readonly #connections = new Set<Connection>();
  mood: Mood = 'well';
  /** Sign-ins that were tried, and connections that are open. */
  signIns = 0;

  private constructor(readonly files: ReadonlyMap<string, Buffer>, private readonly password: string, key: { readonly pem: string; readonly fingerprint: string }) {
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
    const attributesOf = (file: Buffer) => ({ mode: REGULAR_FILE, uid: 0, gid: 0, size: file.length, atime: 0, mtime: 0 });
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
