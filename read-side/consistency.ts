import type { Request, Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import { readToken, type Token } from '#contracts/kernel/lane.js';
import { isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { ReadDependencies } from './view.js';

/** How long a read waits for the view to reach the caller's token (ms). */
export const TOKEN_WAIT_MS = 2_000;

/**
 * Honours `Folio-Position` (or `?after=`): waits until the projection has reached the token, up to the limit, then answers with what is there
 * and says so (`Folio-Stale: true`), or refuses when the caller prefers (`Prefer: handling=strict`). A position beyond the head is refused at once.
 */
export class Consistency {
  /** The newest head seen: positions at or below it need no question to the log. */
  #head: Position = ORIGIN;

  constructor(private readonly dependencies: ReadDependencies, private readonly waitMs = TOKEN_WAIT_MS) {}

  /** @returns whether the view is as new as asked. @throws Problem token-malformed | position-ahead | view-behind */
  async honour(projection: string, generation: number, request: Request, response: Response): Promise<boolean> {
    const tokens = tokensOf(request);
    if (tokens.length === 0) return true;
    await this.#refuseAhead(tokens);
    const { reached, position } = await this.dependencies.progress.waitFor(projection, generation, tokens, this.waitMs);
    response.setHeader('Folio-View-Position', position);
    if (reached) return true;
    if (/handling\s*=\s*strict/iu.test(request.get('prefer') ?? '')) throw platformProblem('view-behind', { ms: this.waitMs });
    response.setHeader('Folio-Stale', 'true');
    return false;
  }

  async #refuseAhead(tokens: readonly Token[]): Promise<void> {
    const asked = tokens.map((token) => token.position).reduce(laterOf, ORIGIN);
    if (!isAfter(asked, this.#head)) return;
    this.#head = (await this.dependencies.log.status(asked)).head;
    if (isAfter(asked, this.#head)) throw platformProblem('position-ahead');
  }
}

function tokensOf(request: Request): readonly Token[] {
  const { after } = request.query;
  const written = request.get('folio-position') ?? (typeof after === 'string' ? after : undefined);
  if (written === undefined) return [];
  const tokens = readToken(written);
  if (!tokens) throw platformProblem('token-malformed');
  return tokens;
}
