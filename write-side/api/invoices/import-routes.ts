import type { Request } from 'express';
import { problem } from '#contracts/errors.js';
import { IMPORT_CATEGORIES, type ImportJob } from '#contracts/invoice/imports.js';
import { commandIdOf, randomUuid, toCorrelationId } from '#contracts/kernel/ids.js';
import { pathId, QueryParameters } from '#platform/http/query-parameters.js';
import type { RequestContext, Route } from '#platform/http/route.js';
import { idempotencyKey } from '../../idempotency/with-idempotency.js';
import type { ImportTable } from '../../imports/import-table.js';
import { receive, type ReceiveLimits } from '../../imports/receive.js';

export interface ImportDependencies extends ReceiveLimits {
  readonly table: ImportTable;
}

const ROLES = ['admin', 'analyst'];
const TAG = 'imports';
const ID = { name: 'id', in: 'path', description: 'id of the import', required: true } as const;
const PAGE = { default: 100, max: 1_000 } as const;
const MAX_PLACE = 999_999_999;

/** Imports: taken as one body, worked off by a processor, asked about meanwhile. */
export function importRoutes(dependencies: ImportDependencies): Route[] {
  return [startRoute(dependencies), listRoute(dependencies), jobRoute(dependencies), filesRoute(dependencies), cancelRoute(dependencies)];
}

function startRoute({ table, ...limits }: ImportDependencies): Route {
  return {
    method: 'post', path: '/api/v1/invoices/import', roles: ROLES, tag: TAG, summary: 'Take in many documents: a zip archive, or a form of documents and archives; it is worked off later',
    parameters: [{ name: 'Idempotency-Key', in: 'header', description: 'repeating with the same key starts nothing new: the answer is the import as it stands' }],
    body: { 'application/zip': { type: 'string', format: 'binary' }, 'multipart/form-data': { type: 'object', properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } } } },
    answers: { 202: { description: 'all of it is here and will be worked off; `Location` tells how far it is' } },
    problems: ['media-type-unsupported', 'body-too-large', 'body-malformed', 'idempotency-in-flight', 'idempotency-key-invalid'],
    async handle(request, response, context) {
      const id = importId(request, context);
      if (await table.begin(id, { actor: context.principal?.userId ?? 'anonymous', correlationId: toCorrelationId(context.correlationId) })) {
        try {
          await receive(table, id, request, limits);
          await table.received(id);
        } catch (error) {
          await table.forget(id).catch(() => undefined);
          throw error;
        }
      }
      const job = await found(table, id);
      if (job.state === 'receiving') throw problem('idempotency-in-flight', { retryAfter: 5 });
      response.status(202).location(`/api/v1/imports/${id}`).json(job);
    },
  };
}

function importId(request: Request, context: RequestContext): string {
  const key = idempotencyKey(request, context);
  return key === undefined ? randomUuid() : commandIdOf(key.principal, key.route, key.key);
}

function listRoute({ table }: ImportDependencies): Route {
  return {
    method: 'get', path: '/api/v1/imports', roles: ROLES, tag: TAG, summary: 'Imports, the newest first', parameters: [{ name: 'limit', in: 'query', description: `at most ${PAGE.max}, by default ${PAGE.default}` }],
    answers: { 200: { description: 'imports as they stand' } }, problems: ['query-invalid'],
    async handle(request, response) {
      response.json({ items: await table.list(new QueryParameters(request, ['limit']).integer('limit', PAGE.default, 1, PAGE.max)) });
    },
  };
}

function jobRoute({ table }: ImportDependencies): Route {
  return {
    method: 'get', path: '/api/v1/imports/:id', roles: ROLES, tag: TAG, summary: 'How far an import is', parameters: [ID],
    answers: { 200: { description: 'its state; how many files there are, were taken in and are being processed; how many ended in which category' } }, problems: ['import-unknown'],
    async handle(request, response) {
      response.json(await found(table, pathId(request)));
    },
  };
}

function filesRoute({ table }: ImportDependencies): Route {
  return {
    method: 'get', path: '/api/v1/imports/:id/files', roles: ROLES, tag: TAG, summary: 'What became of each file of an import',
    parameters: [
      ID, { name: 'after', in: 'query', description: 'place of the last file that is known already; from the first without it' }, { name: 'limit', in: 'query', description: `at most ${PAGE.max}, by default ${PAGE.default}` },
      { name: 'category', in: 'query', description: `only these: ${IMPORT_CATEGORIES.join(', ')}` },
    ],
    answers: { 200: { description: 'files in the order of the import, with `next` where there may be more; one without a category is being processed' } }, problems: ['import-unknown', 'query-invalid'],
    async handle(request, response) {
      const { id } = await found(table, pathId(request));
      const parameters = new QueryParameters(request, ['after', 'limit', 'category']);
      const limit = parameters.integer('limit', PAGE.default, 1, PAGE.max);
      const category = parameters.oneOf('category', IMPORT_CATEGORIES);
      const items = await table.files(id, { after: parameters.integer('after', -1, 0, MAX_PLACE), limit, ...(category !== undefined && { category }) });
      const last = items.at(-1);
      response.json({ items, ...(last && items.length === limit && { next: last.place }) });
    },
  };
}

function cancelRoute({ table }: ImportDependencies): Route {
  return {
    method: 'delete', path: '/api/v1/imports/:id', roles: ROLES, tag: TAG, summary: 'End an import: what has not been taken in yet will not be', parameters: [ID],
    answers: { 202: { description: 'it ends when what was taken in is processed' } }, problems: ['import-unknown', 'import-ended'],
    async handle(request, response) {
      const { id, state } = await found(table, pathId(request));
      if (state === 'done' || state === 'cancelled') throw problem('import-ended', { state });
      await table.cancel(id);
      response.status(202).json(await found(table, id));
    },
  };
}

/** @throws Problem import-unknown */
async function found(table: ImportTable, id: string | undefined): Promise<ImportJob> {
  const job = id === undefined ? undefined : await table.find(id);
  if (!job) throw problem('import-unknown');
  return job;
}
