import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Socket } from 'node:net';
import express, { type Express, type Request, type Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Logger } from '../logger.js';
import type { Activity } from './activity.js';
import type { Authenticate } from './authenticate.js';
import { Connections } from './connections.js';
import { openExchange, settleHeaders, type Exchange } from './exchange.js';
import type { Metrics } from './metrics.js';
import { mountRoutes, serveHot } from './mount.js';
import { problemDocument, PROBLEM_MEDIA_TYPE } from './problem-document.js';
import type { RateLimiter } from './rate-limit.js';
import type { Route } from './route.js';

export interface HttpLimits {
  /** Bytes of a JSON body. */
  readonly maxJsonBytes: number;
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  /** Until the whole request, with its body, has arrived. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxJsonBytes: 1024 * 1024, maxHeaderBytes: 16 * 1024, headersTimeoutMs: 10_000, requestTimeoutMs: 120_000, keepAliveTimeoutMs: 30_000, maxConnections: 10_000,
};

export interface HttpServerOptions {
  /** Told of every request. */
  readonly activity?: Activity;
  readonly routes: readonly Route[];
  /** Asked for every route that names roles. */
  readonly authenticate: Authenticate;
  readonly limits?: Partial<HttpLimits>;
  readonly rateLimiter?: RateLimiter;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

export interface HttpServer {
  readonly app: Express;
  readonly node: Server;
  /** Aborted when draining begins: endless answers (SSE) end themselves on it. */
  readonly draining: AbortSignal;
  /** Port 0 takes a free one. @returns the port. @throws Problem port-in-use */
  listen(port: number, host: string): Promise<number>;
  /**
   * Stops accepting, answers what still arrives on open connections with `Connection: close`, waits for everything in flight,
   * and after `graceMs` cuts what is left. @returns whether all of it finished by itself
   */
  close(graceMs: number): Promise<boolean>;
}

/** The Express application of a route table on a node server of its own. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  const constructors = prototypeConstructors(app);
  const mounting = { ...options, maxJsonBytes: limits.maxJsonBytes };
  const tells = options.logger.isLevelEnabled('debug');
  mountRoutes(app, mounting);
  const hot = options.routes.filter((route) => route.hot !== undefined);
  const drain = new AbortController();
  const connections = new Connections();
  const node = createServer(
    { ...constructors, maxHeaderSize: limits.maxHeaderBytes, headersTimeout: limits.headersTimeoutMs, requestTimeout: limits.requestTimeoutMs, keepAliveTimeout: limits.keepAliveTimeoutMs, connectionsCheckingInterval: 5_000 },
    (request, response) => {
      const exchange = observe(request, response, connections, tells, options);
      if (drain.signal.aborted) response.setHeader('Connection', 'close');
      if (serveHot(hot, request as Request, response as Response, mounting)) return;
      settleHeaders(exchange, response);
      app(request, response);
    },
  );
  node.maxConnections = limits.maxConnections;
  node.on('connection', (socket) => connections.add(socket));
  node.on('clientError', answerBrokenRequest);
  return {
    app, node,
    draining: drain.signal,
    listen: (port, host) => listen(node, port, host),
    close: (graceMs) => {
      drain.abort();
      return drainServer(node, connections, graceMs);
    },
  };
}

/**
 * Express gives each request and response its own prototype, which makes every later property access slow (a factor of five).
 * With classes whose prototypes are already those of the application, that step changes nothing.
 */
function prototypeConstructors(app: Express) {
  class FolioRequest extends IncomingMessage {}
  class FolioResponse extends ServerResponse<FolioRequest> {}
  Object.setPrototypeOf(FolioRequest.prototype, app.request);
  Object.setPrototypeOf(FolioResponse.prototype, app.response);
  Object.assign(app, { request: FolioRequest.prototype, response: FolioResponse.prototype });
  return { IncomingMessage: FolioRequest, ServerResponse: FolioResponse };
}

/** Status that the metric shows when the client left before its answer was sent (nginx's convention). */
const CLIENT_CLOSED = 499;

function observe(request: IncomingMessage, response: ServerResponse, connections: Connections, tells: boolean, { logger, metrics, activity }: HttpServerOptions): Exchange {
  activity?.note();
  const exchange = openExchange(request);
  const ended = connections.began(response);
  response.once('close', () => {
    ended();
    const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED;
    const seconds = (performance.now() - exchange.startedAt) / 1_000;
    metrics?.observeHttp(exchange.route, request.method ?? '', status, seconds);
    if (tells) logger.debug({ correlationId: exchange.correlationId, route: exchange.route, method: request.method, status, seconds }, 'answered');
  });
  return exchange;
}

function listen(node: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(error.code === 'EADDRINUSE' ? platformProblem('port-in-use', { port }, { cause: error }) : error);
    node.once('error', refuse).listen(port, host, () => {
      node.off('error', refuse);
      const address = node.address();
      resolve(address && typeof address === 'object' ? address.port : port);
    });
  });
}

/** How often connections that became idle are closed while draining. */
const SWEEP_MS = 100;

async function drainServer(node: Server, connections: Connections, graceMs: number): Promise<boolean> {
  connections.closeAfterAnswers();
  let timer: NodeJS.Timeout | undefined;
  // Connections whose last answer began before the drain become idle only now and then, and one that was opened but never asked anything is
  // not idle for Node at all: after a round of grace, whatever has nothing in flight is closed.
  const sweep = setInterval(() => connections.closeUnused(), SWEEP_MS);
  const finished = new Promise<boolean>((resolve) => node.close(() => resolve(true)));
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), graceMs); });
  const inTime = await Promise.race([finished, late]);
  clearTimeout(timer);
  clearInterval(sweep);
  if (!inTime) node.closeAllConnections();
  await finished;
  return inTime;
}

/** What is not HTTP never reaches Express; it gets its problem document all the same. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const reason = error.code === 'HPE_HEADER_OVERFLOW' ? 'the headers are too large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'it took too long to arrive' : 'it is not well-formed';
  const body = JSON.stringify(problemDocument(platformProblem('body-malformed', { expected: 'an HTTP request', reason })));
  socket.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
