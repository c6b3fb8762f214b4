import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Route } from '#platform/http/route.js';
import type { ProjectionsHandle } from './role.js';

const WANTED = z.strictObject({ name: z.string().min(1).max(60), until: z.string().min(1).max(60), projections: z.array(z.string().max(60)).min(1).max(50) });
const BODY = { 'application/json': { type: 'object', required: ['name', 'until', 'projections'], properties: { name: { type: 'string' }, until: { type: 'string' }, projections: { type: 'array', items: { type: 'string' } } } } };

/** Read models of another moment: `Folio-View: NAME` on a read asks for them. */
export const auditRoutes = (handle: () => ProjectionsHandle, onFault: (error: unknown) => void): Route[] => [
  {
    method: 'post', path: '/api/v1/audits', roles: ['admin'], tag: 'operations', summary: 'Build read models as they were at a position, an instant or the end of a day, under a name',
    reads: 'json', body: BODY, answers: { 202: { description: 'it is being built; GET on the same address tells when it is ready' } }, problems: ['projection-unknown', 'rebuild-running', 'until-invalid', 'field-invalid'],
    async handle(request, response) {
      const { data } = WANTED.safeParse(request.body);
      if (!data) throw platformProblem('field-invalid', { fields: ['name, until and projections are needed'] });
      const { audits } = handle();
      await audits.check(data.projections, data);
      audits.project(data.projections, data).catch(onFault);
      response.status(202).json({ name: data.name });
    },
  },
  {
    method: 'get', path: '/api/v1/audits', roles: ['admin', 'analyst'], tag: 'operations', summary: 'Read models of other moments, the oldest first',
    answers: { 200: { description: 'one entry for each name' } },
    handle: (_request, response) => void response.json({ items: handle().audits.list() }),
  },
  {
    method: 'delete', path: '/api/v1/audits/:name', roles: ['admin'], tag: 'operations', summary: 'Drop read models of another moment', parameters: [{ name: 'name', in: 'path', description: 'as it was given', required: true }],
    answers: { 204: { description: 'no reader can ask for them any more' } }, problems: ['generation-unknown'],
    async handle(request, response) {
      await handle().audits.forget(String(request.params['name']));
      response.status(204).end();
    },
  },
  {
    method: 'get', path: '/api/v1/projections/:name/diff', roles: ['admin'], tag: 'operations', summary: 'Rows of two generations that differ',
    parameters: [
      { name: 'name', in: 'path', description: 'projection', required: true }, { name: 'left', in: 'query', description: 'number of a generation, name of a view, or `live`', required: true },
      { name: 'right', in: 'query', description: 'the other one (default `live`)' },
    ],
    answers: { 200: { description: 'how many, and the first of them value by value' } }, problems: ['projection-unknown', 'generation-unknown', 'query-invalid', 'read-store-unavailable'],
    async handle(request, response) {
      const { left, right = 'live' } = request.query;
      if (typeof left !== 'string' || typeof right !== 'string') throw platformProblem('query-invalid', { name: 'left', reason: 'it is needed, once' });
      response.json(await handle().audits.diff(String(request.params['name']), left, right));
    },
  },
];
