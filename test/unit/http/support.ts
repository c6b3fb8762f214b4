import { Writable } from 'node:stream';
import { tokenInvalid, type Authenticate } from '#platform/http/authenticate.js';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '#platform/http/server.js';
import { bearerToken } from '#platform/http/authenticate.js';
import type { Principal, Route } from '#platform/http/route.js';
import { createLogger } from '#platform/logger.js';

export const routeOf = (route: Partial<Route> & Pick<Route, 'path' | 'handle'>): Route => ({
  method: 'get', roles: [], summary: 'a route of a test', tag: 'Test', answers: { 200: { description: 'fine' } }, ...route,
});

export const principalOf = (role: string, tier = 'free'): Principal => ({ userId: `user-${role}`, role, tier, tokenId: `token-${role}` });

/** Tokens `role:<role>[:<tier>]`; everything else is forged. */
export const testAuthenticate: Authenticate = async (request) => {
  const [kind, role, tier] = bearerToken(request).split('.');
  if (kind !== 'role' || !role) throw tokenInvalid('it is forged');
  return principalOf(role, tier);
};

export interface Running {
  readonly server: HttpServer;
  readonly url: string;
  readonly lines: string[];
  stop(): Promise<void>;
}

/** A server on a free loopback port whose log lines are kept. */
export async function serve(routes: readonly Route[], options: Partial<HttpServerOptions> = {}): Promise<Running> {
  const lines: string[] = [];
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => { lines.push(chunk.toString()); done(); } });
  const server = createHttpServer({ routes, authenticate: testAuthenticate, logger: createLogger({ stream }), ...options });
  const port = await server.listen(0, '127.0.0.1');
  return { server, lines, url: `http://127.0.0.1:${port}`, stop: async () => void (await server.close(1_000)) };
}

export interface ProblemBody {
  readonly type: string;
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly correlationId: string;
  readonly retryable: boolean;
  readonly errors?: readonly { readonly field: string }[];
}

export async function problemOf(answer: Response): Promise<ProblemBody> {
  if (answer.headers.get('content-type') !== 'application/problem+json') throw new Error(`not a problem document: ${answer.status} ${answer.headers.get('content-type')}`);
  return (await answer.json()) as ProblemBody;
}
