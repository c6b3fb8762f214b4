import type { Request, Response } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { RouteParameter } from '#platform/http/route.js';
import { carriesToken, VIEW_POSITION } from './consistency.js';
import { ReadView, type ReadDependencies } from './view.js';

const HEADER = 'Folio-View';

export const NAMED_VIEW_PARAMETER: RouteParameter = { name: HEADER, in: 'header', description: 'read models of another moment, by the name that they were built under (GET /audits); they stand still' };

/**
 * What the request reads: the live read models, or those of another moment that its header names. All of its queries read the same.
 * @throws Problem generation-unknown (no such name, or not of this projection) | query-invalid (a token says nothing of what stands still)
 */
export function viewOf(dependencies: ReadDependencies, request: Request, response: Response): ReadView {
  const name = request.headers['folio-view'];
  if (name === undefined) return new ReadView(dependencies);
  const { views } = dependencies.pointer.current();
  const named = typeof name === 'string' && Object.hasOwn(views, name) ? views[name] : undefined;
  if (!named || typeof name !== 'string') throw platformProblem('generation-unknown', { projection: 'the set of read models', generation: String(name).slice(0, 60), known: Object.keys(views) });
  if (carriesToken(request)) throw platformProblem('query-invalid', { name: HEADER, reason: 'read models of another moment never reach a write: leave the token out' });
  response.setHeader(HEADER, name);
  response.setHeader(VIEW_POSITION, named.position);
  return new ReadView(dependencies, { ...dependencies.pointer.current(), generations: named.generations });
}
