import { problem } from '#contracts/errors.js';
import type { Route } from '#platform/http/route.js';
import { Consistency } from '../consistency.js';
import { FILTER_NAMES, PAGE_LIMITS, Parameters, readFilter } from '../parameters.js';
import { INVOICE_SEARCH, searchInvoices } from '../search/search-invoices.js';
import { ReadView, type ReadDependencies } from '../view.js';
import { nextLink } from './invoice-routes.js';

/** `GET /api/v1/search?q=`: full text over names, numbers and line descriptions, with filters, facets and highlights. */
export function searchRoute(dependencies: ReadDependencies): Route {
  const consistency = new Consistency(dependencies);
  return {
    method: 'get', path: '/api/v1/search', roles: ['admin', 'analyst', 'viewer'], tag: 'invoices', summary: 'Full-text search with filters, facets and highlights',
    parameters: [{ name: 'q', in: 'query', description: 'words, RFC, UUID, series and number', required: true }, ...[...FILTER_NAMES, 'limit', 'cursor'].map((name) => ({ name, in: 'query' as const, description: name }))],
    answers: { 200: { description: 'hits, their number and facets over all of them' } }, problems: ['query-invalid', 'cursor-invalid', 'token-malformed', 'position-ahead', 'view-behind', 'read-store-unavailable'],
    async handle(request, response) {
      const parameters = new Parameters(request, ['q', ...FILTER_NAMES, 'limit', 'cursor']);
      const text = parameters.text('q', PAGE_LIMITS.maxQueryLength);
      if (text === undefined) throw problem('query-invalid', { name: 'q', reason: 'it is needed' });
      const view = new ReadView(dependencies);
      await consistency.honour(INVOICE_SEARCH, view.generationOf(INVOICE_SEARCH), request, response);
      const result = await searchInvoices(view, { text, filter: readFilter(parameters), limit: parameters.integer('limit', PAGE_LIMITS.defaultPage, 1, PAGE_LIMITS.maxPage), cursor: parameters.text('cursor', 2_000) });
      if (result.next !== undefined) response.setHeader('Link', `<${nextLink(request, result.next)}>; rel="next"`);
      response.json(result);
    },
  };
}
