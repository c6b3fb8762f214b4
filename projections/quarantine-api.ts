import type { Request } from 'express';
import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Route } from '#platform/http/route.js';
import type { ProjectionsHandle } from './role.js';

const PARAMETERS = [{ name: 'projection', in: 'path', description: 'projection', required: true }, { name: 'stream', in: 'path', description: 'stream, `invoice-…`', required: true }] as const;
const REASON = z.strictObject({ reason: z.string().trim().min(1).max(400) });
const ONE = '/api/v1/quarantine/:projection/:stream';

/** Streams that a projection could not take: look at them, try them again, or leave one event out for good. */
export const quarantineRoutes = (handle: () => ProjectionsHandle): Route[] => [
  {
    method: 'get', path: '/api/v1/quarantine', roles: ['admin', 'analyst'], tag: 'operations', summary: 'Streams in quarantine, the oldest first',
    parameters: [{ name: 'projection', in: 'query', description: 'only of this projection' }], answers: { 200: { description: 'where each stands still, and why' } }, problems: ['projection-unknown', 'query-invalid', 'read-store-unavailable'],
    async handle(request, response) {
      const { projection } = request.query;
      if (projection !== undefined && typeof projection !== 'string') throw platformProblem('query-invalid', { name: 'projection', reason: 'it must be given once' });
      response.json({ items: await handle().quarantine.list(projection) });
    },
  },
  {
    method: 'get', path: ONE, roles: ['admin', 'analyst'], tag: 'operations', summary: 'One stream in quarantine, with the events that wait behind', parameters: PARAMETERS,
    answers: { 200: { description: 'the stream' } }, problems: ['projection-unknown', 'stream-not-parked', 'read-store-unavailable'],
    async handle(request, response) {
      const { projection, stream } = namesOf(request);
      response.json(await handle().quarantine.show(projection, stream));
    },
  },
  {
    method: 'post', path: `${ONE}/retry`, roles: ['admin'], tag: 'operations', summary: 'Fold it again with the code and the upcasters of now', parameters: PARAMETERS,
    answers: { 200: { description: 'the stream is out of quarantine' } }, problems: ['projection-unknown', 'stream-not-parked', 'stream-parked-again', 'read-store-unavailable', 'store-unavailable'],
    async handle(request, response) {
      const { projection, stream } = namesOf(request);
      await handle().quarantine.retry(projection, stream);
      response.json({ projection, stream });
    },
  },
  {
    method: 'post', path: `${ONE}/skip`, roles: ['admin'], tag: 'operations', summary: 'Leave the event out at which it is parked, for good and on record', parameters: PARAMETERS,
    reads: 'json', body: { 'application/json': { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } } },
    answers: { 200: { description: 'the event is left out, the stream goes on' } },
    problems: ['projection-unknown', 'stream-not-parked', 'stream-parked-again', 'field-invalid', 'read-store-unavailable', 'store-unavailable'],
    async handle(request, response, { principal }) {
      const { projection, stream } = namesOf(request);
      const { data } = REASON.safeParse(request.body);
      if (!data) throw platformProblem('field-invalid', { fields: ['reason (1 to 400 characters are needed)'] });
      await handle().quarantine.skip(projection, stream, { actor: principal?.userId ?? 'anonymous', reason: data.reason });
      response.json({ projection, stream });
    },
  },
];

function namesOf({ params }: Request): { readonly projection: string; readonly stream: string } {
  const { projection, stream } = params;
  return { projection: String(projection), stream: String(stream) };
}
