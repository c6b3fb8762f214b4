import type { Request, Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import { readToken, type Token } from '#contracts/kernel/lane.js';
import { earlierOf, isAfter, laterOf, ORIGIN } from '#contracts/kernel/position.js';
import { lanesOf, TOPICS, type Topic } from '#contracts/topics.js';
import type { RouteParameter } from '#platform/http/route.js';
import { LogHead } from './log-head.js';
import type { ReadDependencies, ReadView } from './view.js';

/** How long a read waits for the view to reach the caller's token (ms). */
export const TOKEN_WAIT_MS = 2_000;

/** What every read that honours tokens says of them in its description. */
export const TOKEN_PARAMETERS: readonly RouteParameter[] = [
  { name: 'Folio-Position', in: 'header', description: 'answer only when the view has seen these writes: tokens as commands answered them, joined by commas (waits up to 2 s)' },
  { name: 'after', in: 'query', description: 'the same as Folio-Position' },
  { name: 'Prefer', in: 'header', description: '`handling=strict`: rather 503 with Retry-After than an older answer marked Folio-Stale' },
];

/** What such a read can answer because of its tokens. */
export const TOKEN_PROBLEMS = ['token-malformed', 'position-ahead', 'view-behind'] as const;

/** Of the answer to a read with a token. */
export const TOKEN_ANSWER = 'with a token `Folio-View-Position` tells how far the view is, and `Folio-Stale: true` that this is not as far as was asked';

const LANES: ReadonlySet<string> = new Set(lanesOf(Object.keys(TOPICS) as Topic[]));

/** Topic that each view is made from: a write elsewhere cannot be waited for in it, and does not concern it. */
const TOPIC_OF: Readonly<Record<string, Topic>> = { 'invoice-summary': 'fiscal-invoice', 'invoice-search': 'fiscal-invoice', 'daily-report': 'fiscal-invoice', users: 'auth-events' };

/**
 * Honours `Folio-Position` (or `?after=`): waits until the projection has reached the token, up to the limit, then answers with what is there
 * and says so (`Folio-Stale: true`), or refuses when the caller prefers (`Prefer: handling=strict`). A position beyond the head is refused at once.
 */
export class Consistency {
  readonly #head: LogHead;

  constructor(private readonly dependencies: ReadDependencies, readonly waitMs = TOKEN_WAIT_MS) {
    this.#head = new LogHead(dependencies.log);
  }

  /** Tokens of the request that concern the view. @throws Problem token-malformed | position-ahead */
  async tokensFor(projection: string, request: Request): Promise<readonly Token[]> {
    const tokens = tokensOf(request);
    if (tokens.length === 0) return tokens;
    const asked = tokens.map((token) => token.position).reduce(laterOf, ORIGIN);
    // A log that does not answer cannot say how far it is; the read does not need it for anything else and goes on.
    if (!(await this.#head.has(asked).catch(() => true))) throw platformProblem('position-ahead');
    const topic = TOPIC_OF[projection];
    return tokens.filter(({ lane }) => topic === undefined || lane.split('/')[1] === topic);
  }

  /** @returns whether the view is as new as asked. @throws Problem token-malformed | position-ahead | view-behind */
  async honour(projection: string, view: ReadView, request: Request, response: Response): Promise<boolean> {
    return this.waitFor(projection, view, await this.tokensFor(projection, request), request, response);
  }

  /** @returns whether the view is as new as asked. @throws Problem view-behind */
  async waitFor(projection: string, view: ReadView, tokens: readonly Token[], request: Request, response: Response): Promise<boolean> {
    if (tokens.length === 0) {
      if (carriesToken(request)) this.#tellPosition(projection, view, response);
      return true;
    }
    const isReached = await this.reached(projection, view, tokens, response);
    if (!isReached) refuseOrMark(request, response, this.waitMs);
    return isReached;
  }

  /** Waits and tells how far the view is; whoever asks says what follows from it. @returns whether the view is as new as asked */
  async reached(projection: string, view: ReadView, tokens: readonly Token[], response: Response): Promise<boolean> {
    const { reached, position } = await this.dependencies.progress.waitFor(projection, view.generationOf(projection), tokens, this.waitMs);
    response.setHeader(VIEW_POSITION, position);
    await view.cover(projection, tokens);
    return reached;
  }

  /** For tokens that do not concern the view: up to here it has everything, as far as this process knows. */
  #tellPosition(projection: string, view: ReadView, response: Response): void {
    const topic = TOPIC_OF[projection];
    const generation = view.generationOf(projection);
    const positions = lanesOf(topic === undefined ? [] : [topic]).map((lane) => this.dependencies.progress.positionOf(projection, generation, lane));
    const lowest = positions.reduce(earlierOf, positions[0] ?? ORIGIN);
    if (isAfter(lowest, ORIGIN)) response.setHeader(VIEW_POSITION, lowest);
  }
}

export const VIEW_POSITION = 'Folio-View-Position';

/** Why waiting longer would not have helped. */
export type StaleReason = 'quarantined';

/** The view does not have what was asked: refused where the caller prefers that, told where not. @throws Problem view-behind */
export function refuseOrMark(request: Request, response: Response, waitedMs: number, reason?: StaleReason): void {
  if (isStrict(request)) throw platformProblem('view-behind', { ms: waitedMs, ...(reason && { reason }) });
  markStale(response);
  if (reason) response.setHeader('Folio-Stale-Reason', reason);
}

/** The caller would rather have no answer than a stale one. */
export const isStrict = (request: Request): boolean => /(?:^|,)\s*handling\s*=\s*"?strict"?\s*(?:[,;]|$)/iu.test(request.get('prefer') ?? '');

export const markStale = (response: Response): void => void response.setHeader('Folio-Stale', 'true');

const writtenToken = (request: Request): unknown => request.headers['folio-position'] ?? (request.url.includes('?') ? request.query['after'] : undefined);

export const carriesToken = (request: Request): boolean => writtenToken(request) !== undefined;

function tokensOf(request: Request): readonly Token[] {
  const written = writtenToken(request);
  if (written === undefined) return [];
  const tokens = typeof written === 'string' ? readToken(written) : undefined;
  if (!tokens?.every(({ lane }) => LANES.has(lane))) throw platformProblem('token-malformed');
  return tokens;
}
