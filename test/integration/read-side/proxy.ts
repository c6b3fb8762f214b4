import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';

/** A way to Postgres that a test can cut (connections end, new ones are refused) or freeze (nothing is answered any more). */
export class Proxy {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #frozen = false;

  private constructor(private readonly target: ConnectionSettings) {}

  static async before(target: ConnectionSettings): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.open();
    return proxy;
  }

  get settings(): ConnectionSettings {
    return { ...this.target, host: '127.0.0.1', port: this.#port };
  }

  async open(): Promise<void> {
    const server = createServer((socket) => this.#join(socket, connect(this.target.port, this.target.host)));
    this.#server = server;
    await new Promise<void>((resolve) => { server.listen(this.#port, '127.0.0.1', resolve); });
    this.#port = (server.address() as AddressInfo).port;
  }

  #join(client: Socket, database: Socket): void {
    for (const [from, to] of [[client, database], [database, client]] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk: Buffer) => { if (!this.#frozen) to.write(chunk); });
      from.on('error', () => to.destroy());
      from.on('close', () => { this.#sockets.delete(from); to.destroy(); });
    }
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** What was sent meanwhile is lost: whoever waits for an answer to it waits for ever. New connections are as before. */
  thaw(): void {
    this.#frozen = false;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => { if (server) server.close(() => resolve()); else resolve(); });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#frozen = false;
  }
}
