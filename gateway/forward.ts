import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { Pool, type Dispatcher } from 'undici';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { RequestContext } from '#platform/http/route.js';

export const FORWARD_LIMITS = {
  connections: 64,
  /** Until the head of an answer (ms); uploads may take their time before. */
  headersMs: 130_000,
  connectMs: 3_000,
  /** Longest silence in the middle of an answer (ms): an endless one says every 15 s that it lives. */
  silenceMs: 60_000,
  /** Small answers of the APIs themselves (ms). */
  ownMs: 5_000,
} as const;

/** Headers that belong to one connection (RFC 9110, 7.6.1), and those that this server writes itself. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'expect', 'x-correlation-id', 'traceparent', 'x-content-type-options',
]);

/** One API behind the gateway. */
export class Upstream {
  readonly #pool: Pool;

  /** @param name what the problem of an API that does not answer says */
  constructor(readonly name: string, url: string) {
    this.#pool = new Pool(url, { connections: FORWARD_LIMITS.connections, headersTimeout: FORWARD_LIMITS.headersMs, bodyTimeout: FORWARD_LIMITS.silenceMs, connectTimeout: FORWARD_LIMITS.connectMs });
  }

  /** Hands the request on and its answer back, as streams; neither is held in memory. @throws Problem upstream-unavailable */
  async forward(request: Request, response: Response, { correlationId, traceparent }: RequestContext): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const headers = { ...forwarded(request.headers), 'x-correlation-id': correlationId, ...(traceparent !== undefined && { traceparent }) };
    const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
    const answer = await this.#ask({ path: request.originalUrl, method: request.method as Dispatcher.HttpMethod, headers, body: hasBody ? request : null, signal: gone.signal });
    response.status(answer.statusCode);
    for (const [name, value] of Object.entries(forwarded(answer.headers))) response.setHeader(name, value);
    // A client that went away ends the reading of the answer too; there is nobody left to tell.
    await pipeline(answer.body, response).catch(() => response.destroy());
  }

  /** A small answer of the API itself, such as its description. @throws Problem upstream-unavailable */
  async json<Body>(path: string): Promise<Body> {
    const { statusCode, body } = await this.#ask({ path, method: 'GET', headersTimeout: FORWARD_LIMITS.ownMs, bodyTimeout: FORWARD_LIMITS.ownMs });
    if (statusCode !== 200) {
      await body.dump();
      throw platformProblem('upstream-unavailable', { name: this.name });
    }
    return (await body.json()) as Body;
  }

  async #ask(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#pool.request(options);
    } catch (error) {
      throw platformProblem('upstream-unavailable', { name: this.name }, { cause: error });
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function forwarded(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !NOT_FORWARDED.has(name)) kept[name] = value;
  return kept;
}
