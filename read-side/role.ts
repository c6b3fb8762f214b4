import type { Route } from '#platform/http/route.js';
import { invoiceRoutes, type InvoiceReadDependencies } from './api/invoice-routes.js';
import { otherRoutes, type OtherReadDependencies } from './api/other-routes.js';
import { searchRoute } from './api/search-route.js';
import { tailRoute, type TailDependencies } from './api/tail-route.js';

export type ReadSideDependencies = InvoiceReadDependencies & OtherReadDependencies & TailDependencies;

/** Every query route. */
export const readSideRoutes = (dependencies: ReadSideDependencies): Route[] => [...invoiceRoutes(dependencies), ...otherRoutes(dependencies), searchRoute(dependencies), tailRoute(dependencies), {
  method: 'get', path: '/api/v1/log', roles: ['admin', 'analyst'], tag: 'events', summary: 'Identity and head of the log', answers: { 200: { description: 'log id and head position' } },
  async handle(_request, response) {
    const { logId, head } = await dependencies.log.status();
    response.json({ logId, head });
  },
}];
