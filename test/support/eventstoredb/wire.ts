import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A cable between clients and the double: it can be cut, can carry nothing for a while, and can be pulled out. */
export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #silent = false;
  #port = 0;

  constructor(target: () => number) {
    this.#server = createServer((near) => {
      const far = connect(target(), '127.0.0.1');
      for (const [socket, other] of [[near, far], [far, near]] as const) {
        socket.setNoDelay(true);
        this.#sockets.add(socket);
        socket.on('data', (bytes) => void other.write(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        if (this.#silent) socket.pause();
      }
    });
  }

  /** The port that clients use, the same after every `plug`. */
  get port(): number {
    return this.#port;
  }

  async plug(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address && typeof address === 'object') this.#port = address.port;
  }

  /** Connections are refused from now on, the open ones are cut. */
  async unplug(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.cut();
    await closed;
  }

  /** Connections of clients that are open now. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay and carry nothing, in neither direction, until it is called with false. */
  silence(silent: boolean): void {
    this.#silent = silent;
    for (const socket of this.#sockets) if (silent) socket.pause(); else socket.resume();
  }
}
