import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server knows of one request while it is under way. */
export interface Exchange {
  readonly correlationId: string;
  readonly startedAt: number;
  /** Pattern of the route that took it; the metric's label. */
  route: string;
  /** Methods of the routes at this address, gathered when none took the request. */
  allowed: Set<string> | undefined;
  /**
   * Headers of the answer that are not on the response yet, name and value in turn: node writes a plain list in a tenth of the time that
   * setting them one by one takes. Undefined: they are set as they come.
   */
  pending: (string | number)[] | undefined;
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

/** Opens the exchange with the headers that every answer has; they are pending until `settleHeaders` or `answerText`. */
export function openExchange(request: IncomingMessage): Exchange {
  const correlationId = correlationIdOf(request);
  const pending = ['X-Correlation-Id', correlationId, 'X-Content-Type-Options', 'nosniff'];
  const exchange: Exchange = { correlationId, startedAt: performance.now(), route: 'none', allowed: undefined, pending };
  (request as Observed)[EXCHANGE] = exchange;
  return exchange;
}

export function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  const open = (request as Observed)[EXCHANGE];
  if (open) return open;
  const exchange = openExchange(request);
  settleHeaders(exchange, response);
  return exchange;
}

/** Puts pending headers on the response: whoever answers from here on may use it as usual. */
export function settleHeaders(exchange: Exchange, response: ServerResponse): void {
  const { pending } = exchange;
  if (!pending) return;
  exchange.pending = undefined;
  for (let index = 0; index < pending.length; index += 2) response.setHeader(String(pending[index]), pending[index + 1] ?? '');
}

/** A header of the answer, whichever way it is going to be written. */
export function addHeader(response: ServerResponse, name: string, value: string | number): void {
  const { pending } = exchangeOf(response.req, response);
  if (pending) pending.push(name, value);
  else response.setHeader(name, value);
}

/** Answers 200 with a finished body; its `length` is that of its UTF-8. */
export function answerText(response: ServerResponse, headers: readonly (string | number)[], { text, length }: { readonly text: string; readonly length: number }): void {
  const exchange = exchangeOf(response.req, response);
  const all = exchange.pending ?? [];
  exchange.pending = undefined;
  all.push(...headers, 'Content-Length', length);
  response.writeHead(200, all as string[]);
  response.end(text);
}
