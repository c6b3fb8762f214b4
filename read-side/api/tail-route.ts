import type { Request, Response } from 'express';
import { mayBeSeenBy, publishedForm } from '#contracts/events/index.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { comparePositions, parsePosition, type Position } from '#contracts/kernel/position.js';
import type { Role } from '#contracts/roles.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Route } from '#platform/http/route.js';
import { Parameters } from '../parameters.js';
import { drained } from './drained.js';

export interface TailDependencies {
  readonly log: EventStore;
  /** Aborted when the server drains: tails end themselves, clients come back. */
  readonly draining: () => AbortSignal;
  readonly maxTails: number;
  /** A reader that takes nothing for this long is cut off and comes back by itself (ms, default 10,000). */
  readonly slowReaderMs?: number;
}

const SLOW_READER_MS = 10_000;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;
/** Events read ahead of the reader at most. */
const PAGE_EVENTS = 200;
const MAX_TYPES_LENGTH = 1_000;

const NAMES = ['types', 'from'];

/**
 * `GET /events`: the log as server-sent events, from `Last-Event-ID` (a position, exclusive) or from now on. Nothing is read ahead of the
 * reader but one page: a slow one is cut off, was told when to `retry`, and resumes exactly where it stood.
 */
export function tailRoute(dependencies: TailDependencies): Route {
  let tails = 0;
  return {
    method: 'get', path: '/api/v1/events', roles: ['admin', 'analyst'], tag: 'events', summary: 'Follow the log live, with exact resume (server-sent events)',
    parameters: [
      { name: 'Last-Event-ID', in: 'header', description: 'position after which to go on; without it the tail starts now' },
      { name: 'from', in: 'query', description: 'the same as Last-Event-ID, for the first connection' },
      { name: 'types', in: 'query', description: 'comma-separated event types or prefixes ending in a dot' },
    ],
    answers: { 200: { description: 'events in their published form, id = position', mediaType: 'text/event-stream' } },
    problems: ['range-invalid', 'query-invalid', 'stream-slow', 'store-unavailable'],
    async handle(request, response, { principal }) {
      if (tails >= dependencies.maxTails) throw platformProblem('stream-slow');
      tails += 1;
      try {
        const parameters = new Parameters(request, NAMES);
        const types = typesOf(parameters);
        const after = await startOf(dependencies.log, request, parameters);
        await new Tail(dependencies, response, (principal?.role ?? 'viewer') as Role, types).run(after);
      } finally {
        tails -= 1;
      }
    },
  };
}

/** `GET /log`: which log this is and how far it goes; a tail or a cursor of another log is worth nothing here. */
export function logRoute({ log }: Pick<TailDependencies, 'log'>): Route {
  return {
    method: 'get', path: '/api/v1/log', roles: ['admin', 'analyst'], tag: 'events', summary: 'Identity and head of the log',
    answers: { 200: { description: 'log id and head position' } }, problems: ['store-unavailable'],
    async handle(_request, response) {
      const { logId, head } = await log.status();
      response.json({ logId, head });
    },
  };
}

async function startOf(log: EventStore, request: Request, parameters: Parameters): Promise<Position> {
  const given = request.get('last-event-id') ?? parameters.text('from');
  const { head } = await log.status();
  if (given === undefined || given === '') return head;
  const position = parsePosition(given);
  if (position === undefined || comparePositions(position, head) > 0) throw platformProblem('range-invalid', { position: given.slice(0, 40) });
  return position;
}

const typesOf = (parameters: Parameters): readonly string[] => parameters.text('types', MAX_TYPES_LENGTH)?.split(',').map((name) => name.trim()).filter((name) => name !== '') ?? [];

/** One connection that follows the log. */
class Tail {
  readonly #log: EventStore;
  readonly #response: Response;
  readonly #role: Role;
  readonly #types: readonly string[];
  readonly #slowReaderMs: number;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;

  constructor({ log, draining, slowReaderMs = SLOW_READER_MS }: TailDependencies, response: Response, role: Role, types: readonly string[]) {
    this.#log = log;
    this.#response = response;
    this.#role = role;
    this.#types = types;
    this.#slowReaderMs = slowReaderMs;
    this.#signal = AbortSignal.any([this.#left.signal, draining()]);
    response.once('close', () => this.#left.abort());
  }

  async run(after: Position): Promise<void> {
    const response = this.#response;
    // The connection ends with the tail: left idle, it would hold up a server that drains.
    response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' });
    // The id alone moves the reader's place without an event: one that is cut off before the first event resumes here as well.
    response.write(`retry: ${RETRY_MS}\nid: ${after}\n\n`);
    const heartbeat = setInterval(() => { if (!response.writableNeedDrain) response.write(': alive\n\n'); }, HEARTBEAT_MS);
    try {
      const kept = await this.#follow(after);
      if (kept) response.end();
      else response.destroy();
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** @returns false when the reader was too slow: what lies unread is thrown away with the connection */
  async #follow(after: Position): Promise<boolean> {
    const filter = this.#types.length > 0 ? { filter: { typePrefixes: this.#types } } : {};
    for await (const page of this.#log.subscribe({ after, signal: this.#signal, batchSize: PAGE_EVENTS, ...filter })) {
      const visible = page.events.filter((event) => this.#sees(event));
      for (const event of visible) {
        if (!(await this.#write(`id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(publishedForm(event))}\n\n`))) return false;
      }
      // Events that this reader may not see still move it on, so that it does not come back to them.
      const movedOn = page.atHead && page.events.length > 0 && visible.at(-1)?.position !== page.scannedTo;
      if (movedOn && !(await this.#write(`id: ${page.scannedTo}\nevent: position\ndata: ${page.scannedTo}\n\n`))) return false;
    }
    return true;
  }

  #sees({ type }: Envelope): boolean {
    const asked = this.#types.length === 0 || this.#types.some((name) => (name.endsWith('.') ? type.startsWith(name) : type === name));
    return asked && mayBeSeenBy(type, this.#role);
  }

  async #write(text: string): Promise<boolean> {
    return this.#response.write(text) || (await drained(this.#response, this.#slowReaderMs, this.#signal)) || this.#signal.aborted;
  }
}
