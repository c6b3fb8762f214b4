import type { Express, NextFunction, Request, Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { Logger } from '../logger.js';
import { withSpan } from '../telemetry/span.js';
import type { Authenticate } from './authenticate.js';
import { ClientGone, discardRest, readJson } from './body.js';
import { exchangeOf, settleHeaders } from './exchange.js';
import { sendProblem } from './problem-document.js';
import { applyRateDecision, type RateLimiter } from './rate-limit.js';
import type { Principal, Route } from './route.js';

export interface MountOptions {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly rateLimiter?: RateLimiter;
  readonly logger: Logger;
  readonly maxJsonBytes: number;
}

/** Puts the table on the application: its routes in order, then what answers when none of them fits, then what answers faults. */
export function mountRoutes(app: Express, options: MountOptions): void {
  for (const route of options.routes) app[route.method](route.path, (request, response) => serve(route, request, response, options));
  for (const path of new Set(options.routes.map((route) => route.path))) {
    const methods = options.routes.filter((route) => route.path === path).flatMap((route) => methodNames(route.method));
    app.all(path, (request, response, next) => {
      const exchange = exchangeOf(request, response);
      exchange.allowed ??= new Set();
      for (const method of methods) exchange.allowed.add(method);
      next();
    });
  }
  app.use(answerUnmatched);
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => answerFault(error, request, response, options.logger));
}

/**
 * Takes a hot read past the router; false when the request is none. Same admission, span and faults as every other route, but its handler
 * answers with `answerText` or settles the pending headers first.
 */
export function serveHot(routes: readonly Route[], request: Request, response: Response, options: MountOptions): boolean {
  if (request.method !== 'GET') return false;
  for (const route of routes) {
    const params = route.hot?.(request.url);
    if (!params) continue;
    request.params = params;
    request.res = response;
    response.req = request;
    serve(route, request, response, options).catch((error: unknown) => answerFault(error, request, response, options.logger));
    return true;
  }
  return false;
}

const methodNames = (method: Route['method']): readonly string[] => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]);

/** One request through one route: who, how often, with what, and then the handler, all inside one span. */
async function serve(route: Route, request: Request, response: Response, options: MountOptions): Promise<void> {
  const exchange = exchangeOf(request, response);
  exchange.route = route.path;
  const { correlationId } = exchange;
  const principal = route.roles.length === 0 ? undefined : await admit(route, request, response, options);
  if (options.rateLimiter && route.limited !== false) applyRateDecision(response, await options.rateLimiter(principal, addressOf(request)));
  if (principal && !route.roles.includes(principal.role)) throw platformProblem('role-insufficient', { needed: route.roles.join(' or '), found: principal.role });
  if (route.reads === 'json') request.body = await readJson(request, options.maxJsonBytes);
  const attributes = { 'http.request.method': request.method, 'http.route': route.path };
  const { traceparent: parent } = request.headers;
  await withSpan(`${request.method} ${route.path}`, attributes, typeof parent === 'string' ? parent : undefined, (traceparent) =>
    route.handle(request, response, { principal, correlationId, traceparent }),
  );
}

const addressOf = (request: Request): string => request.socket.remoteAddress ?? '';

async function admit(route: Route, request: Request, response: Response, { authenticate, rateLimiter }: MountOptions): Promise<Principal> {
  try {
    return await authenticate(request);
  } catch (error) {
    // Guessing tokens costs a signature check each; it is counted by address like any anonymous request.
    if (rateLimiter && route.limited !== false) applyRateDecision(response, await rateLimiter(undefined, addressOf(request)));
    throw error;
  }
}

function answerUnmatched(request: Request, response: Response): void {
  const { allowed } = exchangeOf(request, response);
  const path = request.path.slice(0, 200);
  if (!allowed) throw platformProblem('route-unknown', { path });
  response.setHeader('Allow', [...allowed].join(', '));
  if (request.method !== 'OPTIONS') throw platformProblem('method-not-allowed', { method: request.method, path, allowed: [...allowed].join(', ') });
  response.status(204).end();
}

/** Every fault becomes its problem document; what has no code is logged with its stack and answered as `internal`. */
function answerFault(error: unknown, request: Request, response: Response, logger: Logger): void {
  const exchange = exchangeOf(request, response);
  const { correlationId, route } = exchange;
  if (error instanceof ClientGone || response.destroyed) return void request.destroy();
  const problem = toProblem(error);
  if (problem.kind.status >= 500) {
    const level = problem.kind.status === 500 ? 'error' : 'warn';
    logger[level]({ correlationId, route, method: request.method, code: problem.code, err: error }, 'request failed');
  }
  if (response.headersSent) return void response.destroy();
  settleHeaders(exchange, response);
  sendProblem(response, problem, correlationId);
  discardRest(request);
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // The router's own: a path whose percent-encoding cannot be decoded.
  if (error instanceof URIError) return platformProblem('query-invalid', { name: 'path', reason: 'its percent-encoding is broken' });
  return platformProblem('internal', {}, { cause: error });
}
