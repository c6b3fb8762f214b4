import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { startGateway, type Gateway } from '../../../gateway/role.js';
import { projectionRoutes } from '../../../projections/api.js';
import { auditRoutes } from '../../../projections/audit-api.js';
import { quarantineRoutes } from '../../../projections/quarantine-api.js';
import { serve, type Running } from '../http/support.js';

const nobody = (): never => {
  throw new Error('only the addresses are looked at');
};

describe('the gateway', () => {
  const upstreams: Server[] = [];
  let gateway: Gateway;
  let running: Running;
  before(async () => {
    const upstream = async (name: string): Promise<string> => {
      const server = createServer((_request, response) => void response.end(name));
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      upstreams.push(server);
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    gateway = startGateway({ commandUrl: await upstream('command'), queryUrl: await upstream('query') });
    running = await serve(gateway.routes);
  });
  after(async () => {
    await running.stop();
    await gateway.stop();
    for (const server of upstreams) server.close();
  });

  const asked = async (method: string, path: string): Promise<string> => (await fetch(`${running.url}${path}`, { method })).text();

  for (const { method, path } of [...projectionRoutes(nobody, nobody), ...quarantineRoutes(nobody), ...auditRoutes(nobody, nobody)]) {
    it(`brings ${method.toUpperCase()} ${path} to the query API, which has the read models`, async () => {
      expect(await asked(method.toUpperCase(), path.replaceAll(/:\w+/gu, 'x'))).to.equal('query');
    });
  }

  it('brings commands and backups to the command API', async () => {
    for (const [method, path] of [['POST', '/api/v1/invoices'], ['DELETE', '/api/v1/auth/users/x'], ['GET', '/api/v1/backup']] as const) expect(await asked(method, path), path).to.equal('command');
  });
});
