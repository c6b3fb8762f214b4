import { expect } from 'chai';
import { readSideRoutes, type ReadSideDependencies } from '../../../read-side/role.js';

describe('the description of reads', () => {
  it('names the token, its place in the address, the choice of the caller and what can come of it, on every read that honours tokens', () => {
    const routes = readSideRoutes({ shards: { pools: [] } } as unknown as ReadSideDependencies);
    for (const path of ['/api/v1/invoices', '/api/v1/invoices/:id', '/api/v1/search', '/api/v1/reports/daily', '/api/v1/auth/users']) {
      const route = routes.find((one) => one.path === path);
      expect(route?.parameters?.map(({ name }) => name), path).to.include.members(['Folio-Position', 'after', 'Prefer']);
      expect(route?.problems, path).to.include.members(['token-malformed', 'position-ahead', 'view-behind']);
    }
  });

  it('names the ways to ask for one invoice, and what can come of them', () => {
    const route = readSideRoutes({ shards: { pools: [] } } as unknown as ReadSideDependencies).find(({ path }) => path === '/api/v1/invoices/:id');
    expect(route?.parameters?.map(({ name }) => name)).to.include.members(['revision', 'asOf']);
    expect(route?.problems).to.include.members(['query-invalid', 'until-invalid', 'store-unavailable']);
    expect(route?.answers[200]?.description).to.match(/Folio-View-Position.*Folio-Stale: true.*Folio-Stale-Reason.*Folio-As-Of/u);
  });
});
