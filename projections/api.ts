import type { Request } from 'express';
import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Principal, Route } from '#platform/http/route.js';
import type { ProjectionsHandle } from './role.js';

const NAME = { name: 'name', in: 'path', description: 'projection', required: true } as const;
const NAMES = z.array(z.string().max(60)).min(1).max(50);
const SELECT = z.strictObject({ streams: z.array(z.string().min(1).max(200)).optional(), type: z.string().max(100).optional(), issuer: z.string().max(200).optional(), since: z.string().max(60).optional() });
const REBUILD = z.strictObject({ projections: NAMES.optional(), expectChanges: z.boolean().optional(), acceptQuarantine: z.boolean().optional(), fromDivergence: z.boolean().optional(), eventsPerSecond: z.number().min(1).max(10_000_000).optional(), select: SELECT.optional(), reason: z.string().trim().min(1).max(400).optional() });
const ROLLBACK = z.strictObject({ projections: NAMES.optional(), reason: z.string().trim().min(1).max(400).optional() });
const STEERING = { pause: 'Pause the rebuild that it belongs to', resume: 'Let it go on', cancel: 'Give it up; the next one goes on where it stood' } as const;
const BODY = { 'application/json': { type: 'object', properties: { projections: { type: 'array', items: { type: 'string' } }, expectChanges: { type: 'boolean' }, acceptQuarantine: { type: 'boolean' }, reason: { type: 'string' } } } };

/** What an admin can do to read models: rebuild, roll back, verify. `GET /projections` tells how far a rebuild is. */
export function projectionRoutes(handle: () => ProjectionsHandle, onFault: (error: unknown) => void): Route[] {
  const start = async (request: Request, principal: Principal | undefined, names: readonly string[]): Promise<void> => {
    const { projections: _, select, ...options } = decoded(REBUILD, request);
    await begun(handle().rebuildSet(names, { ...given(options), ...(select && { select: given(select) }), ...actorOf(principal) }), onFault);
  };
  return [
    {
      method: 'post', path: '/api/v1/projections/:name/rebuild', roles: ['admin'], tag: 'operations', summary: 'Build the next generation from the log, prove that it is what readers have, then switch to it',
      parameters: [NAME], reads: 'json', body: BODY, answers: { 202: { description: 'it runs; GET on the same address tells how it ends' } }, problems: ['projection-unknown', 'rebuild-running', 'field-invalid', 'rebuild-selection-invalid', 'needs-full-rebuild'],
      async handle(request, response, { principal }) {
        const name = known(handle(), request.params['name']);
        await start(request, principal, [name]);
        response.status(202).json({ projection: name });
      },
    },
    {
      method: 'get', path: '/api/v1/projections/:name/rebuild', roles: ['admin'], tag: 'operations', summary: 'How the last rebuild ended that this process ran, with the rows that differed',
      parameters: [NAME], answers: { 200: { description: 'the report' } }, problems: ['projection-unknown', 'rebuild-not-running'],
      handle(request, response) {
        const name = known(handle(), request.params['name']);
        const report = handle().lastRebuild(name);
        if (!report) throw platformProblem('rebuild-not-running', { projection: name });
        response.json(report);
      },
    },
    {
      method: 'post', path: '/api/v1/projections/rebuild', roles: ['admin'], tag: 'operations', summary: 'The same for a set: one pass over the log, one switch',
      reads: 'json', body: BODY, answers: { 202: { description: 'it runs' } }, problems: ['projection-unknown', 'rebuild-running', 'field-invalid'],
      async handle(request, response, { principal }) {
        const names = (decoded(REBUILD, request).projections ?? handle().names).map((name) => known(handle(), name));
        await start(request, principal, names);
        response.status(202).json({ projections: names });
      },
    },
    ...(['pause', 'resume', 'cancel'] as const).map((how): Route => ({
      method: 'post', path: `/api/v1/projections/:name/rebuild/${how}`, roles: ['admin'], tag: 'operations', summary: STEERING[how], parameters: [NAME], answers: { 204: { description: 'done' } }, problems: ['projection-unknown', 'rebuild-not-running'],
      handle(request, response) {
        handle().steerRebuild(String(request.params['name']), how);
        response.status(204).end();
      },
    })),
    ...rollbackRoutes(handle),
    ...layoutRoutes(handle, onFault),
    {
      method: 'post', path: '/api/v1/projections/:name/verify', roles: ['admin'], tag: 'operations', summary: 'Read every row that readers have: is each what the worker wrote?',
      parameters: [NAME], answers: { 200: { description: 'what was looked at, and what somebody else changed' } }, problems: ['projection-unknown', 'read-store-unavailable', 'search-unavailable', 'upstream-unavailable', 'store-unavailable'],
      async handle(request, response) {
        response.json(await handle().verify(String(request.params['name'])));
      },
    },
  ];
}

const rollbackRoutes = (handle: () => ProjectionsHandle): Route[] => [
  {
    method: 'post', path: '/api/v1/projections/:name/rollback', roles: ['admin'], tag: 'operations', summary: 'Go back to the generation before',
    parameters: [NAME], reads: 'json', body: BODY, answers: { 200: { description: 'readers use the earlier generation' } }, problems: ['projection-unknown', 'rebuild-running', 'rollback-impossible', 'field-invalid'],
    async handle(request, response, { principal }) {
      const name = known(handle(), request.params['name']);
      const { projections: _, ...options } = decoded(ROLLBACK, request);
      const generations = await handle().rollbackSet([name], { ...given(options), ...actorOf(principal) });
      response.json({ projection: name, generation: generations[name] });
    },
  },
  {
    method: 'post', path: '/api/v1/projections/rollback', roles: ['admin'], tag: 'operations', summary: 'The same for a set, in one switch',
    reads: 'json', body: BODY, answers: { 200: { description: 'readers use the earlier generations' } }, problems: ['projection-unknown', 'rebuild-running', 'rollback-impossible', 'field-invalid'],
    async handle(request, response, { principal }) {
      const { projections = handle().names, ...options } = decoded(ROLLBACK, request);
      response.json({ generations: await handle().rollbackSet(projections.map((name) => known(handle(), name)), { ...given(options), ...actorOf(principal) }) });
    },
  },
];

const LAYOUT_BODY = { 'application/json': { type: 'object', properties: { shards: { type: 'integer' }, slot: { type: 'integer' }, to: { type: 'integer', description: 'shards count from 1' }, acceptQuarantine: { type: 'boolean' }, reason: { type: 'string' } } } };
const OPTIONS = { acceptQuarantine: z.boolean().optional(), reason: z.string().trim().min(1).max(400).optional() };
const RESHARD = z.union([z.strictObject({ shards: z.int(), ...OPTIONS }), z.strictObject({ slot: z.int(), to: z.int(), ...OPTIONS })], 'shards, or slot and to, as whole numbers');

const layoutRoutes = (handle: () => ProjectionsHandle, onFault: (error: unknown) => void): Route[] => [
  {
    method: 'get', path: '/api/v1/projections/layout', roles: ['admin'], tag: 'operations', summary: 'Where the rows of read models lie',
    answers: { 200: { description: 'shards that are known, slots of each that is used' } },
    handle: (_request, response) => void response.json(handle().layout()),
  },
  {
    method: 'post', path: '/api/v1/projections/reshard', roles: ['admin'], tag: 'operations', summary: 'Lay the rows of all projections out anew, on N shards or with one slot on another shard: built from the log beside the live ones, proven equal, then one switch',
    reads: 'json', body: LAYOUT_BODY, answers: { 202: { description: 'it runs; GET /projections tells how far it is, GET on /projections/{name}/rebuild how it ends' } },
    problems: ['rebuild-running', 'field-invalid', 'reshard-impossible', 'shard-unavailable'],
    async handle(request, response, { principal }) {
      const { acceptQuarantine, reason, ...layout } = decoded(RESHARD, request);
      const projections = await handle().checkLayout(layout);
      await begun(handle().reshard(layout, { ...given({ acceptQuarantine, reason }), ...actorOf(principal) }), onFault);
      response.status(202).json({ projections });
    },
  },
];

/** A refusal comes at once; everything later is told by the report and the log. */
async function begun(work: Promise<unknown>, onFault: (error: unknown) => void): Promise<void> {
  const refused = await Promise.race([work.then(() => undefined, (error: unknown) => error), new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
  if (refused) throw refused;
  work.catch(onFault);
}

/** @throws Problem field-invalid */
function decoded<Body>(form: z.ZodType<Body>, request: Request): Body {
  const { data, error } = form.safeParse(request.body ?? {});
  if (data === undefined) throw platformProblem('field-invalid', { fields: (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'body'} (${message})`).slice(0, 5) });
  return data;
}

/** Without what was left out. */
const given = <Options extends object>(options: Options): { [Key in keyof Options]?: Exclude<Options[Key], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [Key in keyof Options]?: Exclude<Options[Key], undefined> };

const actorOf = (principal: Principal | undefined): { readonly actor?: string } => (principal ? { actor: principal.userId } : {});

function known(handle: ProjectionsHandle, name: unknown): string {
  const { names } = handle;
  if (typeof name !== 'string' || !names.includes(name)) throw platformProblem('projection-unknown', { name: String(name).slice(0, 60), known: names });
  return name;
}
