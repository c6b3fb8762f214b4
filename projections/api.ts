import type { Request } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Route } from '#platform/http/route.js';
import type { ProjectionsHandle } from './role.js';

/** `POST /api/v1/projections/{name}/rebuild` and `/rollback`; progress is told by `GET /projections`. */
export function projectionRoutes(handle: () => ProjectionsHandle, onFault: (error: unknown) => void): Route[] {
  return [
    {
      method: 'post', path: '/api/v1/projections/:name/rebuild', roles: ['admin'], tag: 'operations', summary: 'Build the next generation from the log, then switch to it',
      parameters: [{ name: 'name', in: 'path', description: 'projection', required: true }],
      answers: { 202: { description: 'it runs; GET /projections tells how far' } }, problems: ['projection-unknown', 'rebuild-running'],
      async handle(request, response) {
        const name = await known(handle(), request);
        const work = handle().rebuild(name);
        // A refusal comes at once; everything later is told by the status and the log.
        const refused = await Promise.race([work.then(() => undefined, (error: unknown) => error), new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
        if (refused) throw refused;
        work.catch(onFault);
        response.status(202).json({ projection: name });
      },
    },
    {
      method: 'post', path: '/api/v1/projections/:name/rollback', roles: ['admin'], tag: 'operations', summary: 'Go back to the generation before',
      parameters: [{ name: 'name', in: 'path', description: 'projection', required: true }],
      answers: { 200: { description: 'readers use the earlier generation' } }, problems: ['projection-unknown', 'rebuild-running', 'rollback-impossible'],
      async handle(request, response) {
        const name = await known(handle(), request);
        response.json({ projection: name, generation: await handle().rollback(name) });
      },
    },
  ];
}

async function known(handle: ProjectionsHandle, request: Request): Promise<string> {
  const { name } = request.params;
  const { names } = handle;
  if (typeof name !== 'string' || !names.includes(name)) throw platformProblem('projection-unknown', { name: String(name).slice(0, 60), known: names });
  return name;
}
