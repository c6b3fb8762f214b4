import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { generatedCfdi } from '../../cli/demo/index.js';
import { ApiProblem, type Client } from '../../cli/client.js';
import { cleanUp, FolioProcess } from '../support/folio-process.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { until } from '../support/until.js';

const GONE_MS = 10_000;

/** The server process and its children. */
function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).filter((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.map(Number)];
}

const refusal = async (work: Promise<unknown>): Promise<{ status: number; retryAfter: boolean }> =>
  work.then(() => ({ status: 200, retryAfter: false }), (error: unknown) => ({ status: error instanceof ApiProblem ? error.document.status : -1, retryAfter: true }));

describe('the database is gone', () => {
  let folio: FolioProcess;
  let client: Client;
  beforeEach(async () => {
    folio = await FolioProcess.start(await FolioProcess.folder());
    client = await folio.client();
  });
  afterEach(() => cleanUp(folio.data, folio));
  const submit = async (index: number): Promise<string> => (await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {})).body.id;
  const archived = async (count: number): Promise<void> => until(async () => (await allRows(client).catch(() => [])).filter(({ status }) => status === 'archived').length === count);

  it('for ten seconds: writes are refused with a time to come back, cached reads go on as stale, and all is well again by itself', async () => {
    const id = await submit(1);
    await archived(1);
    await client.get(`/api/v1/invoices/${id}`);
    const frozen = familyOf(await folio.postgresPid());
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    const thawAt = Date.now() + GONE_MS;
    try {
      const response = await fetch(new URL('/api/v1/invoices', client.url), { method: 'POST', body: Buffer.from(generatedCfdi({ index: 2 })), headers: { 'content-type': 'application/xml', authorization: (await authorization()) } });
      expect([response.status, Number(response.headers.get('retry-after')) > 0]).to.deep.equal([503, true]);
      expect((await client.get<{ id: string }>(`/api/v1/invoices/${id}`)).body.id).to.equal(id);
      const ready = await fetch(new URL('/health/ready', client.url));
      const { checks } = (await ready.json()) as { checks: Record<string, { ok: boolean }> };
      expect([ready.status, checks['event-store']?.ok, checks['object-store']?.ok]).to.deep.equal([503, false, true]);
      expect((await fetch(new URL('/health/live', client.url))).status).to.equal(200);
      await until(() => Date.now() >= thawAt);
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await refusal(submit(3))).status === 200);
    await submit(2);
    await archived(3);
    expect(await expectRowsAreFolds(client)).to.have.length(3);
  }).timeout(120_000);

  const authorization = async (): Promise<string> => `Bearer ${(await import('../../cli/data-folder.js').then(({ runningInstance }) => runningInstance(folio.data)))?.token ?? ''}`;

  it('because its process was killed: it is started again, and nothing acknowledged is lost', async () => {
    const ids = new Set<string>();
    let index = 0;
    const killed: number[] = [];
    while (ids.size < 60) {
      index += 1;
      if (index === 20) {
        killed.push(await folio.postgresPid());
        process.kill(killed[0] ?? 0, 'SIGKILL');
      }
      const current = index;
      await until(async () => {
        const answer = await submit(current).catch((error: unknown) => error);
        if (typeof answer === 'string') ids.add(answer);
        else if (!(answer instanceof ApiProblem) || answer.document.status !== 503) throw answer;
        return typeof answer === 'string';
      });
    }
    await archived(60);
    const rows = await expectRowsAreFolds(client);
    expect(new Set(rows.map(({ id }) => id))).to.deep.equal(ids);
    expect(await folio.postgresPid()).not.to.equal(killed[0]);
  }).timeout(120_000);
});
