import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test answers in the engine's place; `pass`: the engine is asked; `hang`: nobody ever answers. */
export type Intervention = 'pass' | 'hang' | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** A way to an engine, or an engine that is not there at all, over HTTP: a test sees what is asked and answers in its place. */
export class EngineProxy {
  readonly seen: SeenRequest[] = [];
  /** Looked at for every request; default: all go through. */
  intervene: (request: SeenRequest) => Intervention = () => 'pass';
  /** How slow it is (ms). */
  delayMs = 0;
  #server: Server | undefined;
  #port = 0;

  private constructor(private readonly target: string | undefined) {}

  static async before(target?: string, intervene?: (request: SeenRequest) => Intervention): Promise<EngineProxy> {
    const proxy = new EngineProxy(target);
    if (intervene) proxy.intervene = intervene;
    await proxy.open();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Requests of a kind, as `METHOD /path` with the query left out. */
  count(method: string, path: RegExp): number {
    return this.seen.filter((request) => request.method === method && path.test(request.path)).length;
  }

  async open(): Promise<void> {
    const server = createServer((incoming, answer) => void this.#handle(incoming, answer));
    this.#server = server;
    await new Promise<void>((resolve) => { server.listen(this.#port, '127.0.0.1', resolve); });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Ends all connections and refuses new ones until `open`. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => { if (server) server.close(() => resolve()); else resolve(); });
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const seen = { method: incoming.method ?? '', path: (incoming.url ?? '').split('?')[0] ?? '', body: body.toString(), headers: incoming.headers };
    this.seen.push(seen);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const intervention = this.intervene(seen);
    if (intervention === 'hang') return;
    if (intervention === 'pass') this.#pass(incoming, body, answer);
    else {
      const isText = typeof intervention.body === 'string';
      const type = isText ? 'text/plain' : 'application/json';
      answer.writeHead(intervention.status, { 'content-type': type, ...intervention.headers }).end(isText ? intervention.body : JSON.stringify(intervention.body ?? {}));
    }
  }

  #pass(incoming: IncomingMessage, body: Buffer, answer: ServerResponse): void {
    const { host: _, ...headers } = incoming.headers;
    const forwarded = httpRequest(new URL(incoming.url ?? '/', this.target), { method: incoming.method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    forwarded.end(body);
  }
}
