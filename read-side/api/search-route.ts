import type { Route } from '#platform/http/route.js';
import { Consistency, TOKEN_ANSWER, TOKEN_PARAMETERS, TOKEN_PROBLEMS } from '../consistency.js';
import { FILTER_NAMES, PAGE_LIMITS, Parameters, readFilter } from '../parameters.js';
import { INVOICE_SEARCH, type SearchEngine } from '../search/port.js';
import { PostgresSearch } from '../search/postgres-search.js';
import { SEARCH_LIMITS } from '../search/search-query.js';
import { NAMED_VIEW_PARAMETER, viewOf } from '../named-view.js';
import type { ReadDependencies } from '../view.js';
import { setNextLink } from './next-link.js';

const NAMES = ['q', ...FILTER_NAMES, 'limit', 'cursor'];

export interface SearchDependencies extends ReadDependencies {
  /** Default: the read store itself. */
  readonly search?: SearchEngine;
}

/** `GET /api/v1/search?q=`: full text over names, numbers and line descriptions, with filters, facets and highlights. */
export function searchRoute(dependencies: SearchDependencies): Route {
  const consistency = new Consistency(dependencies);
  const engine = dependencies.search ?? new PostgresSearch();
  return {
    method: 'get', path: '/api/v1/search', roles: ['admin', 'analyst', 'viewer'], tag: 'invoices', summary: 'Full-text search with filters, facets and highlights',
    parameters: [
      { name: 'q', in: 'query', description: 'words, RFC, UUID, series and number', required: true },
      ...[...FILTER_NAMES, 'limit', 'cursor'].map((name) => ({ name, in: 'query' as const, description: name })), ...TOKEN_PARAMETERS, NAMED_VIEW_PARAMETER,
    ],
    answers: { 200: { description: `a page of hits; total and facets are those of the whole result; ${TOKEN_ANSWER}` } },
    problems: ['query-invalid', 'cursor-invalid', 'cursor-expired', ...TOKEN_PROBLEMS, 'generation-unknown', 'read-store-unavailable', 'search-unavailable'],
    async handle(request, response) {
      const parameters = new Parameters(request, NAMES);
      const asked = {
        text: parameters.freeText('q', SEARCH_LIMITS.maxQueryLength), filter: readFilter(parameters),
        limit: parameters.integer('limit', PAGE_LIMITS.defaultPage, 1, PAGE_LIMITS.maxPage), cursor: parameters.text('cursor', PAGE_LIMITS.maxCursor),
      };
      const view = viewOf(dependencies, request, response);
      const generation = view.generationOf(INVOICE_SEARCH);
      const tokens = await consistency.tokensFor(INVOICE_SEARCH, request);
      await consistency.waitFor(INVOICE_SEARCH, view, tokens, request, response);
      if (tokens.length > 0) await engine.makeSearchable(generation, tokens);
      const result = await engine.search(view, { ...asked, fresh: tokens.length > 0 });
      setNextLink(request, response, result.next);
      response.json(result);
    },
  };
}
