import type { Route } from '#platform/http/route.js';
import { Upstream } from './forward.js';

/** Where the two APIs are. */
export interface GatewayOptions {
  readonly commandUrl: string;
  readonly queryUrl: string;
}

export interface Gateway {
  readonly routes: readonly Route[];
  /** Whether the APIs behind it are ready, by name. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  stop(): Promise<void>;
}

const ANY_PATH = '/api/v1/{*path}';
const ANSWERS = { 200: { description: 'whatever the API behind it answers' } };

/**
 * The front door, and a thin one: one address for both APIs. Reads and what operators do to read models go to the query API, commands and backups to the command API; each of them
 * checks tokens and limits itself.
 */
export function startGateway({ commandUrl, queryUrl }: GatewayOptions): Gateway {
  const command = new Upstream('command API', commandUrl);
  const query = new Upstream('query API', queryUrl);
  const to = (method: Route['method'], path: string, upstream: Upstream, summary: string): Route => ({
    method, path, roles: [], tag: 'system', summary, limited: false, answers: ANSWERS, problems: ['upstream-unavailable'], handle: (request, response, context) => upstream.forward(request, response, context),
  });
  return {
    routes: [
      descriptionRoute(command, query),
      to('get', '/api/v1/backup', command, 'A backup, as a stream'),
      to('get', '/api/v1/rules', command, 'Rules of documents'), to('get', '/api/v1/rules/{*path}', command, 'Rules of documents'),
      to('get', '/api/v1/imports', command, 'Imports'), to('get', '/api/v1/imports/{*path}', command, 'Imports'),
      to('get', ANY_PATH, query, 'Queries'),
      to('post', '/api/v1/projections/{*path}', query, 'Rebuilds'),
      to('post', '/api/v1/quarantine/{*path}', query, 'Streams in quarantine'),
      to('post', '/api/v1/audits', query, 'Read models of another moment'), to('delete', '/api/v1/audits/{*path}', query, 'Read models of another moment'),
      to('post', ANY_PATH, command, 'Commands'), to('put', ANY_PATH, command, 'Commands'), to('delete', ANY_PATH, command, 'Commands'),
    ],
    checks: { 'command-api': () => command.json('/health/ready'), 'query-api': () => query.json('/health/ready') },
    stop: () => Promise.all([command.close(), query.close()]).then(() => undefined),
  };
}

type Description = Readonly<Record<string, unknown>> & { readonly paths: Readonly<Record<string, object>> };

/** The description of both APIs as one: where they share an address, their methods stand side by side. */
const descriptionRoute = (command: Upstream, query: Upstream): Route => ({
  method: 'get', path: '/openapi.json', roles: [], tag: 'system', summary: 'Both APIs', answers: { 200: { description: 'OpenAPI 3.1' } }, problems: ['upstream-unavailable'],
  async handle(_request, response) {
    const [commands, queries] = await Promise.all([command.json<Description>('/openapi.json'), query.json<Description>('/openapi.json')]);
    const paths = { ...queries.paths };
    for (const [path, methods] of Object.entries(commands.paths)) paths[path] = { ...paths[path], ...methods };
    response.json({ ...queries, paths });
  },
});
