import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server knows of one request while it is under way. */
export interface Exchange {
  readonly correlationId: string;
  readonly startedAt: number;
  /** Pattern of the route that took it; the metric's label. */
  route: string;
  /** Methods of the routes at this address, gathered when none took the request. */
  readonly allowed: Set<string>;
}

const EXCHANGE = Symbol('exchange');
type Observed = IncomingMessage & { [EXCHANGE]?: Exchange };

/** Ids of this process: a random beginning and a counter, so that an id costs no randomness of its own. */
const PROCESS_ID = randomUUID().slice(0, 23);
let counter = 0;
const newCorrelationId = (): string => `${PROCESS_ID}-${(++counter).toString(16).padStart(12, '0')}`;

const CORRELATION_ID = /^[\w.:-]{1,100}$/u;

/** The client's own correlation id when it is harmless, else a new one. */
function correlationIdOf(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : newCorrelationId();
}

/** Opens the exchange and sets the headers that every answer has. */
export function openExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const exchange: Exchange = { correlationId: correlationIdOf(request), startedAt: performance.now(), route: 'none', allowed: new Set() };
  (request as Observed)[EXCHANGE] = exchange;
  response.setHeader('X-Correlation-Id', exchange.correlationId);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  return exchange;
}

export const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => (request as Observed)[EXCHANGE] ?? openExchange(request, response);
