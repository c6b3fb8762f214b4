import { expect } from 'chai';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { ApiProblem, type Client } from '../../../cli/client.js';
import { cleanUp, FolioProcess } from '../../support/folio-process.js';
import { until, untilSeen } from '../../support/until.js';
import { CANCELLED, SatServer } from '../outbound/sat-server.js';

interface Listed { readonly items: readonly { readonly id: string; readonly status: string; readonly findingCounts: Readonly<Record<string, number>> }[] }

describe('an instance that asks the authority', () => {
  let folio: FolioProcess;
  let server: SatServer;
  let data: string;
  before(async () => {
    server = await SatServer.open();
    data = await FolioProcess.folder();
  });
  after(async () => {
    server.close();
    await cleanUp(data, folio);
  });
  const archived = (client: Client): Promise<void> => untilSeen(async () => (await client.get<Listed>('/api/v1/invoices?status=archived')).body.items.length === 3);
  const refusalOf = (request: Promise<unknown>): Promise<unknown> => request.then(() => 'none', (error: unknown) => (error instanceof ApiProblem ? error.document.code : error));
  const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', (await folio.client()).url))).text();

  it('is one that was told to; killed in the middle of a question it asks again; lists and search find what was cancelled', async () => {
    folio = await FolioProcess.start(data);
    let client = await folio.client();
    const ids: string[] = [];
    for (const index of [1, 2, 3]) ids.push((await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index, lines: 7 })), {})).body.id);
    await archived(client);
    const wanted = `/api/v1/invoices/${ids[1]}/authority-check`;
    expect(await refusalOf(client.post(wanted, {})), 'off by default').to.equal('authority-check-impossible');
    expect(await metrics()).not.to.include('folio_authority_overdue_seconds');
    expect(await folio.end()).to.equal(0);

    const env = { FOLIO_AUTHORITY_STATUS: server.address, FOLIO_AUTHORITY_RATE: '50' };
    server.answers(() => undefined);
    folio = await FolioProcess.start(data, { env });
    client = await folio.client();
    expect((await client.post(wanted, {})).status).to.equal(202);
    await until(() => server.asked.length === 1);
    expect(await folio.end('SIGKILL')).to.equal('SIGKILL');

    server.says(CANCELLED);
    folio = await FolioProcess.start(data, { env });
    client = await folio.client();
    await untilSeen(async () => (await client.get<Listed>('/api/v1/invoices?code=FOLIO-AUTHORITY-CANCELLED')).body.items.length === 1);
    expect(server.asked).to.deep.equal([server.asked[0], server.asked[0]]);
    const [found] = (await client.get<Listed>('/api/v1/invoices?code=FOLIO-AUTHORITY-CANCELLED')).body.items;
    expect([found?.id, found?.status, found?.findingCounts['FOLIO-AUTHORITY-CANCELLED']]).to.deep.equal([ids[1], 'archived', 1]);
    const search = async (query: string): Promise<string[]> => (await client.get<{ items: { invoice: { id: string } }[] }>(`/api/v1/search?q=papel${query}`)).body.items.map(({ invoice }) => invoice.id);
    await untilSeen(async () => (await search('&code=FOLIO-AUTHORITY-CANCELLED')).length > 0);
    expect([await search('&code=FOLIO-AUTHORITY-CANCELLED'), (await search('')).length]).to.deep.equal([[ids[1]], 3]);
    const history = (await client.get<{ items: { type: string }[] }>(`/api/v1/invoices/${ids[1]}/events`)).body.items.map(({ type }) => type);
    expect(history.filter((type) => type === 'fiscal.invoice.authority-status-reported')).to.have.length(1);
    expect(await metrics()).to.match(/^folio_authority_questions_total\{outcome="cancelled"\} 1$/mu).and.to.match(/^folio_authority_overdue_seconds 0$/mu);
  }).timeout(120_000);
});
