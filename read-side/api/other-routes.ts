import { problem } from '#contracts/errors.js';
import { DAY_KINDS } from '#contracts/read-models/other.js';
import type { ProjectionStatus, RelayStatus } from '#contracts/queries.js';
import type { Route } from '#platform/http/route.js';
import { Consistency, TOKEN_ANSWER, TOKEN_PARAMETERS, TOKEN_PROBLEMS } from '../consistency.js';
import { PAGE_LIMITS, Parameters } from '../parameters.js';
import { dailyReport, DAILY_REPORT, REPORT_CSV, totalsByCurrency } from '../queries/daily-report.js';
import { listUsers, publicUser, USERS } from '../queries/list-users.js';
import { NAMED_VIEW_PARAMETER, viewOf } from '../named-view.js';
import type { ReadDependencies } from '../view.js';
import { setNextLink } from './next-link.js';
import { prefersCsv, sendCsv } from './send-csv.js';

export interface OtherReadDependencies extends ReadDependencies {
  readonly projections: () => Promise<readonly ProjectionStatus[]>;
  /** Where a bus is in use. */
  readonly relays?: () => Promise<readonly RelayStatus[]>;
}

export function otherRoutes(dependencies: OtherReadDependencies): Route[] {
  const consistency = new Consistency(dependencies);
  return [reportRoute(dependencies, consistency), usersRoute(dependencies, consistency), projectionsRoute(dependencies)];
}

function reportRoute(dependencies: OtherReadDependencies, consistency: Consistency): Route {
  return {
    method: 'get', path: '/api/v1/reports/daily', roles: ['admin', 'analyst', 'viewer'], tag: 'reports', summary: 'Tallies of one day by issuer, type, currency, status and tax; CSV with Accept: text/csv',
    parameters: [
      { name: 'day', in: 'query', description: 'YYYY-MM-DD', required: true },
      { name: 'issuer', in: 'query', description: 'only this issuer' },
      { name: 'kind', in: 'query', description: 'whose day: `document` (default) or `archive` (UTC)' },
      ...TOKEN_PARAMETERS, NAMED_VIEW_PARAMETER,
    ],
    answers: { 200: { description: `the tallies; \`cancelled\` ones carry negated amounts; ${TOKEN_ANSWER}` } }, problems: ['query-invalid', ...TOKEN_PROBLEMS, 'generation-unknown', 'read-store-unavailable'],
    async handle(request, response) {
      const parameters = new Parameters(request, ['day', 'issuer', 'kind']);
      const day = parameters.day('day');
      if (day === undefined) throw problem('query-invalid', { name: 'day', reason: 'it is needed' });
      const kind = parameters.oneOf('kind', DAY_KINDS) ?? 'document';
      const view = viewOf(dependencies, request, response);
      await consistency.honour(DAILY_REPORT, view, request, response);
      const tallies = await dailyReport(view, { day, kind, issuer: parameters.text('issuer', 64) });
      if (prefersCsv(request, response)) return sendCsv(response, `report-${day}.csv`, REPORT_CSV, tallies);
      response.json({ day, kind, totals: totalsByCurrency(tallies), tallies });
    },
  };
}

function usersRoute(dependencies: OtherReadDependencies, consistency: Consistency): Route {
  return {
    method: 'get', path: '/api/v1/auth/users', roles: ['admin'], tag: 'users', summary: 'Users',
    parameters: [{ name: 'limit', in: 'query', description: 'rows per page' }, { name: 'cursor', in: 'query', description: 'where to go on' }, ...TOKEN_PARAMETERS, NAMED_VIEW_PARAMETER],
    answers: { 200: { description: `a page of users; ${TOKEN_ANSWER}` } }, problems: ['query-invalid', 'cursor-invalid', 'cursor-expired', ...TOKEN_PROBLEMS, 'generation-unknown', 'read-store-unavailable'],
    async handle(request, response) {
      const parameters = new Parameters(request, ['limit', 'cursor']);
      const view = viewOf(dependencies, request, response);
      await consistency.honour(USERS, view, request, response);
      const page = await listUsers(view, parameters.integer('limit', PAGE_LIMITS.defaultPage, 1, PAGE_LIMITS.maxPage), parameters.text('cursor', PAGE_LIMITS.maxCursor));
      setNextLink(request, response, page.next);
      response.json({ items: page.items.map(publicUser), ...(page.next !== undefined && { next: page.next }) });
    },
  };
}

function projectionsRoute({ projections, relays = async () => [] }: OtherReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/projections', roles: ['admin', 'analyst'], tag: 'operations', summary: 'Position, lag and generation of every projection',
    answers: { 200: { description: 'one entry per projection; relays where a bus is in use' } },
    async handle(_request, response) {
      const [items, working] = await Promise.all([projections(), relays()]);
      response.json({ items, relays: working });
    },
  };
}
