import type { Request, Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import { readToken, type Token } from '#contracts/kernel/lane.js';
import { isAfter, laterOf, ORIGIN } from '#contracts/kernel/position.js';
import { lanesOf, TOPICS, type Topic } from '#contracts/topics.js';
import type { ReadDependencies, ReadView } from './view.js';

/** How long a read waits for the view to reach the caller's token (ms). */
export const TOKEN_WAIT_MS = 2_000;

export const TOKEN_HEADER = { name: 'Folio-Position', in: 'header', description: 'answer only when the view has seen this write (waits up to 2 s)' } as const;

const LANES: ReadonlySet<string> = new Set(lanesOf(Object.keys(TOPICS) as Topic[]));

/** Topic that each view is made from: a write elsewhere cannot be waited for in it, and does not concern it. */
const TOPIC_OF: Readonly<Record<string, Topic>> = { 'invoice-summary': 'fiscal-invoice', 'invoice-search': 'fiscal-invoice', 'daily-report': 'fiscal-invoice', users: 'auth-events' };

/**
 * Honours `Folio-Position` (or `?after=`): waits until the projection has reached the token, up to the limit, then answers with what is there
 * and says so (`Folio-Stale: true`), or refuses when the caller prefers (`Prefer: handling=strict`). A position beyond the head is refused at once.
 */
export class Consistency {
  /** The newest head seen: positions at or below it need no question to the log. */
  #head = ORIGIN;

  constructor(private readonly dependencies: ReadDependencies, private readonly waitMs = TOKEN_WAIT_MS) {}

  /** Tokens of the request that concern the view. @throws Problem token-malformed | position-ahead */
  async tokensFor(projection: string, request: Request): Promise<readonly Token[]> {
    const tokens = tokensOf(request);
    if (tokens.length === 0) return tokens;
    await this.#refuseAhead(tokens);
    const topic = TOPIC_OF[projection];
    return tokens.filter(({ lane }) => topic === undefined || lane.split('/')[1] === topic);
  }

  /** @returns whether the view is as new as asked. @throws Problem token-malformed | position-ahead | view-behind */
  async honour(projection: string, view: ReadView, request: Request, response: Response): Promise<boolean> {
    return this.waitFor(projection, view, await this.tokensFor(projection, request), request, response);
  }

  /** @returns whether the view is as new as asked. @throws Problem view-behind */
  async waitFor(projection: string, view: ReadView, tokens: readonly Token[], request: Request, response: Response): Promise<boolean> {
    if (tokens.length === 0) return true;
    const generation = view.generationOf(projection);
    const { reached, position } = await this.dependencies.progress.waitFor(projection, generation, tokens, this.waitMs);
    response.setHeader('Folio-View-Position', position);
    await view.cover(projection, tokens);
    if (reached) return true;
    if (isStrict(request)) throw platformProblem('view-behind', { ms: this.waitMs });
    markStale(response);
    return false;
  }

  /** A log that does not answer cannot say how far it is; the read does not need it for anything else and goes on. */
  async #refuseAhead(tokens: readonly Token[]): Promise<void> {
    const asked = tokens.map((token) => token.position).reduce(laterOf, ORIGIN);
    if (!isAfter(asked, this.#head)) return;
    const status = await this.dependencies.log.status(asked).catch(() => undefined);
    if (!status) return;
    this.#head = laterOf(this.#head, status.head);
    if (isAfter(asked, this.#head)) throw platformProblem('position-ahead');
  }
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
