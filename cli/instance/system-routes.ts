import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '#contracts/errors.js';
import { checkHealth, type HealthCheck } from '#platform/health.js';
import { sendHtml } from '#platform/http/html.js';
import type { Metrics } from '#platform/http/metrics.js';
import { openApiDocument } from '#platform/http/openapi.js';
import type { Route } from '#platform/http/route.js';
import { VERSION } from '../version.js';

export interface SystemDependencies {
  readonly metrics: Metrics;
  /** What this process needs, by name. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** Whether the page is served here. */
  readonly page: boolean;
  /** The whole table, these routes included. */
  readonly routes: () => readonly Route[];
}

const PAGE = fileURLToPath(new URL('../../../console/index.html', import.meta.url));

/** What belongs to the instance and to no room: health, metrics, the API's own description, the page. */
export function systemRoutes(dependencies: SystemDependencies): Route[] {
  const { metrics, routes, checks, page } = dependencies;
  return [
    {
      method: 'get', path: '/health/live', roles: [], tag: 'system', summary: 'The process runs', limited: false, answers: { 200: { description: 'it does' } },
      handle: (_request, response) => void response.json({ status: 'live' }),
    },
    {
      method: 'get', path: '/health/ready', roles: [], tag: 'system', summary: 'Every dependency answers', limited: false,
      answers: { 200: { description: 'all of them' }, 503: { description: 'names what is down' } },
      async handle(_request, response) {
        const report = await checkHealth(checks);
        response.status(report.status === 'ready' ? 200 : 503).json(report);
      },
    },
    {
      method: 'get', path: '/metrics', roles: [], tag: 'system', summary: 'Metrics for Prometheus', limited: false, answers: { 200: { description: 'text exposition', mediaType: 'text/plain' } },
      async handle(_request, response) {
        response.set('Content-Type', metrics.registry.contentType).send(await metrics.expose());
      },
    },
    {
      method: 'get', path: '/openapi.json', roles: [], tag: 'system', summary: 'This API', answers: { 200: { description: 'OpenAPI 3.1' } },
      handle: (_request, response) => void response.json(openApiDocument(routes(), { title: 'Folio', version: VERSION, catalogue: ERRORS })),
    },
    ...(page ? [PAGE_ROUTE] : []),
  ];
}

const PAGE_ROUTE: Route = {
  method: 'get', path: '/', roles: [], tag: 'system', summary: 'The page', limited: false, answers: { 200: { description: 'health, projections, search, latest invoices', mediaType: 'text/html' } },
  async handle(_request, response) {
    sendHtml(response, await readFile(PAGE, 'utf8'));
  },
};
