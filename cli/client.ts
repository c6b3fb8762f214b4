import { Readable } from 'node:stream';
import type { ProblemDocument } from '#contracts/kernel/problem.js';
import { createParser, type TailEvent } from './event-stream.js';
import type { RunFile } from './data-folder.js';

/** The instance answered with a problem; its code and words are for the person at the terminal. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(readonly document: ProblemDocument) {
    super(`${document.detail} (${document.code})`);
  }
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** HTTP to a running instance, with the operator's token. */
export class Client {
  constructor(private readonly instance: Pick<RunFile, 'url' | 'token'>) {}

  get url(): string {
    return this.instance.url;
  }

  get<Body>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.#send<Body>('GET', path, undefined, headers);
  }

  post<Body>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.#send<Body>('POST', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  }

  postXml<Body>(path: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Answer<Body>> {
    return this.#send<Body>('POST', path, bytes, { 'content-type': 'application/xml', ...headers });
  }

  delete<Body>(path: string): Promise<Answer<Body>> {
    return this.#send<Body>('DELETE', path, undefined, {});
  }

  /** An answer that is too large to be held; its reader must read it to its end or destroy it. @throws ApiProblem */
  async download(path: string): Promise<Readable> {
    const response = await fetch(new URL(path, this.instance.url), { headers: { authorization: `Bearer ${this.instance.token}` } });
    if (!response.ok || !response.body) throw new ApiProblem((await response.json()) as ProblemDocument);
    return Readable.fromWeb(response.body);
  }

  async #send<Body>(method: string, path: string, body: string | Uint8Array<ArrayBuffer> | undefined, headers: Record<string, string>): Promise<Answer<Body>> {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${this.instance.token}`, ...headers }, ...(body !== undefined && { body }) };
    const response = await fetch(new URL(path, this.instance.url), init);
    const text = await response.text();
    const parsed: unknown = /json/u.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    if (!response.ok) throw new ApiProblem(parsed as ProblemDocument);
    return { status: response.status, headers: response.headers, body: parsed as Body };
  }

  /** The live tail, connecting again from the last id for as long as the signal lasts. */
  async *tail(from: string | undefined, types: readonly string[], signal: AbortSignal): AsyncIterable<TailEvent> {
    let last = from;
    while (!signal.aborted) {
      try {
        for await (const event of this.#connect(last, types, signal)) {
          last = event.id === '' ? last : event.id;
          yield event;
        }
      } catch (error) {
        if (error instanceof ApiProblem && !error.document.retryable) throw error;
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  async *#connect(last: string | undefined, types: readonly string[], signal: AbortSignal): AsyncIterable<TailEvent> {
    const url = new URL('/api/v1/events', this.instance.url);
    if (types.length > 0) url.searchParams.set('types', types.join(','));
    const headers = { authorization: `Bearer ${this.instance.token}`, accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
    const response = await fetch(url, { headers, signal });
    if (!response.ok || !response.body) throw new ApiProblem((await response.json()) as ProblemDocument);
    const parser = createParser();
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) yield* parser(decoder.decode(chunk, { stream: true }));
  }
}
