import type { Route } from '#platform/http/route.js';
import { invoiceRoutes, type InvoiceReadDependencies } from './api/invoice-routes.js';
import { otherRoutes, type OtherReadDependencies } from './api/other-routes.js';
import { searchRoute, type SearchDependencies } from './api/search-route.js';
import { logRoute, tailRoute, type TailDependencies } from './api/tail-route.js';

export { ElasticSearch } from './search/elastic-search.js';

export type ReadSideDependencies = InvoiceReadDependencies & OtherReadDependencies & TailDependencies & SearchDependencies;

/** Every query route. */
export const readSideRoutes = (dependencies: ReadSideDependencies): Route[] => [
  ...invoiceRoutes(dependencies), ...otherRoutes(dependencies), searchRoute(dependencies), tailRoute(dependencies), logRoute(dependencies),
];
