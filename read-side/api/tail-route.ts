import { once } from 'node:events';
import type { Request, Response } from 'express';
import { mayBeSeenBy, publishedForm } from '#contracts/events/index.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { comparePositions, parsePosition, type Position } from '#contracts/kernel/position.js';
import type { Role } from '#contracts/roles.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';
import type { RequestContext, Route } from '#platform/http/route.js';
import { Parameters } from '../parameters.js';

export interface TailDependencies {
  readonly log: EventStore;
  /** Aborted when the server drains: tails end themselves, clients come back. */
  readonly draining: () => AbortSignal;
  readonly maxTails: number;
}

/** A reader that does not take a page within this time is closed and told to come back (ms). */
const SLOW_READER_MS = 10_000;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;

/**
 * `GET /events`: the log as server-sent events, from `Last-Event-ID` (a position, exclusive) or from now on. Nothing is read ahead of the
 * reader but one page: a slow one is closed with `retry` and resumes exactly where it stood.
 */
export function tailRoute({ log, draining, maxTails }: TailDependencies): Route {
  let tails = 0;
  return {
    method: 'get',
    path: '/api/v1/events',
    roles: ['admin', 'analyst'],
    tag: 'events',
    summary: 'Follow the log live, with exact resume (server-sent events)',
    parameters: [
      { name: 'Last-Event-ID', in: 'header', description: 'position after which to go on; without it the tail starts now' },
      { name: 'from', in: 'query', description: 'the same as Last-Event-ID, for the first connection' },
      { name: 'types', in: 'query', description: 'comma-separated event types or prefixes ending in a dot' },
    ],
    answers: { 200: { description: 'events in their published form, id = position', mediaType: 'text/event-stream' } },
    problems: ['range-invalid', 'query-invalid', 'stream-slow'],
    async handle(request, response, context) {
      if (tails >= maxTails) throw platformProblem('stream-slow');
      const start = await startOf(log, request);
      const filter = filterOf(request);
      tails += 1;
      try {
        await tail(log, response, context, start, filter, draining());
      } finally {
        tails -= 1;
      }
    },
  };
}

async function startOf(log: EventStore, request: Request): Promise<Position> {
  const parameters = new Parameters(request, ['types', 'from']);
  const { head } = await log.status();
  const given = request.get('last-event-id') ?? parameters.text('from');
  if (given === undefined) return head;
  const position = parsePosition(given);
  if (position === undefined || comparePositions(position, head) > 0) throw platformProblem('range-invalid', { position: given.slice(0, 40) });
  return position;
}

function filterOf(request: Request): LogFilter | undefined {
  const names = new Parameters(request, ['types', 'from']).text('types', 1_000)?.split(',').filter((name) => name !== '');
  if (!names || names.length === 0) return undefined;
  return { typePrefixes: names };
}

async function tail(log: EventStore, response: Response, context: RequestContext, after: Position, filter: LogFilter | undefined, draining: AbortSignal): Promise<void> {
  const role = (context.principal?.role ?? 'viewer') as Role;
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  const signal = AbortSignal.any([closed.signal, draining]);
  response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => { if (!response.writableNeedDrain) response.write(': alive\n\n'); }, HEARTBEAT_MS);
  try {
    for await (const page of log.subscribe({ after, signal, batchSize: 200, ...(filter && { filter }) })) {
      const text = written(page, role);
      if (text !== '' && !response.write(text) && !(await drained(response, signal))) break;
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

/** Each event carries its position; a page without visible events still moves the reader on. */
function written(page: LogPage, role: Role): string {
  const events = page.events.filter((event) => mayBeSeenBy(event.type, role));
  const last = events.at(-1);
  const lines = events.map((event) => `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(publishedForm(event))}\n\n`);
  if (page.atHead && last?.position !== page.scannedTo && page.events.length > 0) lines.push(`id: ${page.scannedTo}\nevent: position\ndata: ${page.scannedTo}\n\n`);
  return lines.join('');
}

/** False when the reader was too slow: the connection ends, nothing piles up, and it resumes from its last id. */
async function drained(response: Response, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SLOW_READER_MS)]);
  return once(response, 'drain', { signal: limit }).then(() => true, () => false);
}
