import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { demoDocuments, generatedCfdi } from '../../cli/demo/index.js';
import { ApiProblem, Client } from '../../cli/client.js';
import { rejudgeAll } from '../../cli/commands/rejudge.js';
import { cleanUp, FolioProcess } from '../support/folio-process.js';
import { until } from '../support/until.js';

interface Submitted { readonly id: string; readonly revision: string; readonly position: string; readonly outcome: string }
interface Invoice { readonly id: string; readonly status: string; readonly revision: string; readonly total: string | null; readonly uuid: string | null; readonly rejection: { code: string } | null; readonly issuer: { id?: string }; readonly issuanceDay: string; readonly currency: string }

const PASSWORD = 'a test password of length';
const statusOf = async (work: Promise<unknown>): Promise<number> => work.then(() => 200, (error: unknown) => (error instanceof ApiProblem ? error.document.status : -1));
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', (error: unknown) => (error instanceof ApiProblem ? error.document.code : String(error)));

describe('one invoice through the whole system', () => {
  let folio: FolioProcess;
  let client: Client;
  before(async () => {
    folio = await FolioProcess.start(await FolioProcess.folder(), { args: [], env: { FOLIO_FETCH_PRIVATE_HOSTS: '' } });
    client = await folio.client();
  });
  after(() => cleanUp(folio.data, folio));

  const upload = async (bytes: Uint8Array, headers: Record<string, string> = {}) => client.postXml<Submitted>('/api/v1/invoices', Buffer.from(bytes), headers);
  const invoice = async (id: string, headers: Record<string, string> = {}): Promise<Invoice> => (await client.get<Invoice>(`/api/v1/invoices/${id}`, headers)).body;
  const settled = async (id: string): Promise<Invoice> => {
    await until(async () => ['archived', 'rejected'].includes((await invoice(id).catch(() => undefined))?.status ?? ''));
    return invoice(id);
  };

  it('is visible to a read that carries the token of its command', async () => {
    const { body, headers } = await upload(generatedCfdi({ index: 10 }));
    expect(await invoice(body.id, { 'folio-position': headers.get('folio-position') ?? '' })).to.include({ id: body.id });
  });

  it('is archived, and its very bytes, findings and history can be had', async () => {
    const bytes = Buffer.from(generatedCfdi({ index: 11 }));
    const { body: { id }, headers } = await upload(bytes, { 'folio-file-name': 'factura%20once.xml' });
    expect(headers.get('location')).to.equal(`/api/v1/invoices/${id}`);
    expect(await settled(id)).to.include({ status: 'archived' });
    const original = await fetch(new URL(`/api/v1/invoices/${id}/original`, client.url), { headers: { authorization: `Bearer ${await operator()}` } });
    expect(Buffer.from(await original.arrayBuffer())).to.deep.equal(bytes);
    expect(original.headers.get('folio-sha256')).to.equal(createHash('sha256').update(bytes).digest('hex'));
    const findings = (await client.get<{ verdict: string; notChecked: { what: string }[] }>(`/api/v1/invoices/${id}/findings`)).body;
    expect(findings.verdict).to.match(/^valid/u);
    expect(findings.notChecked.length).to.be.greaterThan(0);
    const history = (await client.get<{ items: { type: string; revision: string }[] }>(`/api/v1/invoices/${id}/events`)).body.items;
    expect(history.map(({ type, revision }) => [type.split('.')[2], revision])).to.deep.equal([['created', '0'], ['processing-started', '1'], ['validated', '2'], ['archived', '3']]);
  });

  const operator = async (): Promise<string> => (await import('../../cli/data-folder.js')).runningInstance(folio.data).then((run) => run?.token ?? '');

  it('is judged without being stored, and again by the same rules without anything new', async () => {
    const bytes = Buffer.from(generatedCfdi({ index: 12_345 }));
    const judged = (await client.postXml<{ verdict: string; facts: { uuid: string }; checked: string[] }>('/api/v1/validate', bytes, {})).body;
    expect([judged.verdict.startsWith('valid'), judged.checked.length > 20]).to.deep.equal([true, true]);
    expect((await client.get<{ items: unknown[] }>(`/api/v1/invoices?uuid=${judged.facts.uuid}`)).body.items).to.deep.equal([]);
    const { body: { id } } = await upload(bytes);
    await settled(id);
    const again = (await client.post<{ outcome: string; before: object; after: object }>(`/api/v1/invoices/${id}/rejudge`, {})).body;
    expect([again.outcome, again.before]).to.deep.equal(['unchanged', again.after]);
    const report = await rejudgeAll(client, {}, () => expect.fail('nothing has changed'));
    expect(report.judged).to.be.greaterThan(0);
    expect(report.changed).to.equal(0);
  });

  it('is rejected with findings a person can act on, and its original is kept', async () => {
    const broken = (await demoDocuments(7)).find((document) => document.broken !== undefined);
    if (!broken) throw new Error('the demo has no broken document');
    const { body: { id } } = await upload(broken.bytes);
    const row = await settled(id);
    expect(row.status).to.equal('rejected');
    const { findings } = (await client.get<{ findings: { code: string; message: { es: string; en: string }; expected: string; found: string }[] }>(`/api/v1/invoices/${id}/findings`)).body;
    expect(findings.map(({ code }) => code)).to.include(row.rejection?.code);
    for (const { message } of findings) expect(message.es.length * message.en.length).to.be.greaterThan(0);
    expect(await statusOf(client.get(`/api/v1/invoices/${id}/original`))).to.equal(200);
    expect((await client.post<Submitted>(`/api/v1/invoices/${id}/process`, {})).status).to.equal(202);
  });

  it('is one invoice however often and by whatever way the same bytes come, and a repeated key gives the same answer', async () => {
    const bytes = generatedCfdi({ index: 12 });
    const first = await upload(bytes, { 'idempotency-key': 'twelve' });
    const repeated = await upload(bytes, { 'idempotency-key': 'twelve' });
    const duplicate = await upload(bytes);
    expect([first.status, repeated.status, duplicate.status]).to.deep.equal([201, 201, 200]);
    expect(repeated.body).to.deep.equal(first.body);
    expect(duplicate.body).to.include({ id: first.body.id, revision: first.body.revision, position: first.body.position, outcome: 'duplicate' });
    expect(await codeOf(upload(generatedCfdi({ index: 13 }), { 'idempotency-key': 'twelve' }))).to.equal('idempotency-mismatch');
  });

  it('answers every one of many copies that race for one identity, and tells none that it should have come alone', async () => {
    const text = Buffer.from(generatedCfdi({ index: 9_100 })).toString();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, copy) => codeOf(upload(Buffer.from(`${text}<!-- copy ${copy} -->`)))));
    const count = (code: string): number => answers.filter((answer) => answer === code).length;
    expect(count('no error')).to.equal(1);
    expect(count('invoice-identity-conflict') + count('invoice-copies-exhausted')).to.equal(29);
  });

  it('comes in as a form with many files, each with its own result', async () => {
    const form = new FormData();
    for (const [name, content] of [['a.xml', generatedCfdi({ index: 14 })], ['b.xml', generatedCfdi({ index: 15 })], ['c.xml', Buffer.from('<other/>')], ['d.xml', Buffer.from('no xml')]] as const) form.append('file', new Blob([Buffer.from(content)]), name);
    const response = await fetch(new URL('/api/v1/invoices', client.url), { method: 'POST', body: form, headers: { authorization: `Bearer ${await operator()}` } });
    const { results } = (await response.json()) as { results: { file: string; status: number; code?: string }[] };
    expect(results.map(({ file, status, code }) => [file, status, code])).to.deep.equal([['a.xml', 201, undefined], ['b.xml', 201, undefined], ['c.xml', 422, 'document-unsupported'], ['d.xml', 422, 'document-unreadable']]);
  });

  it('is refused by code when the claim, the address, the body or the revision is not right', async () => {
    const claim = { uuid: '6128396f-c09b-4ec6-8699-43c5f7e3b230', issuer: 'FOL010101AB1', receiver: 'XAXX010101000', amount: '1.00', currency: 'MXN', issuanceDate: '2026-01-01', fileUrl: 'https://files.example/a.xml', checksum: 'a'.repeat(64) };
    const post = (body: unknown) => codeOf(client.post('/api/v1/invoices', body));
    expect(await post({ ...claim, surprise: 1 })).to.equal('field-invalid');
    expect(await post({ ...claim, amount: 1 })).to.equal('field-invalid');
    expect(await post({ ...claim, amount: '1'.repeat(40) })).to.equal('field-invalid');
    expect(await post({ ...claim, fileUrl: 'ftp://files.example/a.xml' })).to.equal('url-not-allowed');
    const { uuid: _uuid, ...nameless } = claim;
    expect(await post(nameless)).to.equal('invoice-identity-missing');
    const { body: { id } } = await upload(generatedCfdi({ index: 16 }));
    await settled(id);
    expect(await codeOf(client.post(`/api/v1/invoices/${id}/cancel`, { motive: '02' }, { 'if-match': '"1.0"' }))).to.equal('precondition-failed');
    expect(await codeOf(client.post(`/api/v1/invoices/${id}/process`, {}))).to.equal('invoice-not-rejected');
    expect(await codeOf(client.get('/api/v1/nothing'))).to.equal('route-unknown');
  });

  it('that lies at a private address fails with that reason and is not fetched', async () => {
    const { body: { id } } = await client.post<Submitted>('/api/v1/invoices', { uuid: '7128396f-c09b-4ec6-8699-43c5f7e3b230', issuer: 'FOL010101AB1', receiver: 'XAXX010101000', amount: '1.00', currency: 'MXN', issuanceDate: '2026-01-01', fileUrl: 'http://127.0.0.1:1/a.xml', checksum: 'a'.repeat(64) });
    expect((await settled(id)).rejection).to.include({ code: 'url-not-allowed' });
  });

  it('counts in the report of its day, is countered there when cancelled, and the report reconciles to the cent with the list', async () => {
    const { body: { id } } = await upload(generatedCfdi({ index: 17 }));
    const before = await settled(id);
    const cancelled = await client.post<Submitted>(`/api/v1/invoices/${id}/cancel`, { motive: '02' });
    expect(cancelled.headers.get('etag')).to.equal('"4.0"');
    const token = { 'folio-position': cancelled.headers.get('folio-position') ?? '' };
    const report = (await client.get<{ totals: Record<string, { archived: number; cancelled: number; total: string }> }>(`/api/v1/reports/daily?day=${before.issuanceDay}`, token)).body;
    const list = (await client.get<{ items: Invoice[] }>(`/api/v1/invoices?from=${before.issuanceDay}&to=${before.issuanceDay}&limit=500`, token)).body.items.filter((row) => row.currency === before.currency);
    const cents = (row: Invoice): bigint => BigInt(Math.round(Number(row.total) * 100));
    const archived = list.filter(({ status }) => status === 'archived' || status === 'cancelled');
    const gone = list.filter(({ status }) => status === 'cancelled');
    const totals = report.totals[before.currency];
    expect([totals?.archived, totals?.cancelled]).to.deep.equal([archived.length, gone.length]);
    expect(BigInt(Math.round(Number(totals?.total) * 100))).to.equal(archived.reduce((sum, row) => sum + cents(row), 0n) - gone.reduce((sum, row) => sum + cents(row), 0n));
  });

  it('is found by full text and by its UUID in any form', async () => {
    const { body, headers } = await upload(generatedCfdi({ index: 18 }));
    const token = { 'folio-position': headers.get('folio-position') ?? '' };
    const { uuid } = await invoice(body.id, token);
    for (const q of [uuid ?? '', (uuid ?? '').toLowerCase().replaceAll('-', '')]) {
      const hits = (await client.get<{ items: { invoice: { id: string } }[] }>(`/api/v1/search?q=${q}`, token)).body.items;
      expect(hits.map((hit) => hit.invoice.id)).to.include(body.id);
    }
  });

  it('can be followed live, with exact resume', async () => {
    const { body: { head } } = await client.get<{ head: string }>('/api/v1/log');
    const { body: { id } } = await upload(generatedCfdi({ index: 19 }));
    const follow = async (from: string, wanted: number): Promise<{ id: string; type: string }[]> => {
      const stop = new AbortController();
      const seen: { id: string; type: string }[] = [];
      for await (const event of client.tail(from, [], stop.signal)) {
        if (!event.data.includes(id)) continue;
        seen.push({ id: event.id, type: event.type });
        if (seen.length === wanted) stop.abort();
      }
      return seen;
    };
    const all = await follow(head, 4);
    expect(all.map(({ type }) => type.split('.')[2])).to.deep.equal(['created', 'processing-started', 'validated', 'archived']);
    expect(await follow(all[1]?.id ?? '', 2)).to.deep.equal(all.slice(2));
  });

  it('lets each role do what its routes say, and nobody in without a good token', async () => {
    const signIn = async (email: string, password: string): Promise<Client> => new Client({ url: client.url, token: (await client.post<{ access_token: string }>('/api/v1/auth/token', { grant_type: 'password', username: email, password })).body.access_token });
    const admin = await signIn('admin@folio.example', PASSWORD);
    for (const role of ['analyst', 'viewer']) await admin.post('/api/v1/auth/users', { email: `${role}@folio.example`, name: role, role, tier: 'free', password: PASSWORD });
    const viewer = await signIn('viewer@folio.example', PASSWORD);
    expect(await statusOf(viewer.get('/api/v1/invoices'))).to.equal(200);
    expect(await codeOf(viewer.postXml('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 20 })), {}))).to.equal('role-insufficient');
    const analyst = await signIn('analyst@folio.example', PASSWORD);
    expect(await codeOf(analyst.get('/api/v1/auth/users'))).to.equal('role-insufficient');
    expect(await codeOf(new Client({ url: client.url, token: 'eyJhbGciOiJub25lIn0.e30.' }).get('/api/v1/invoices'))).to.equal('token-invalid');
    const { openapi, paths } = (await client.get<{ openapi: string; paths: Record<string, Record<string, { 'x-roles'?: string[] }>> }>('/openapi.json')).body;
    expect(openapi).to.equal('3.1.0');
    const anonymous = new Client({ url: client.url, token: '' });
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation['x-roles']) continue;
        const response = await fetch(new URL(path.replaceAll(/\{\w+\}/gu, 'x'), anonymous.url), { method: method.toUpperCase() });
        expect([response.status, response.headers.get('content-type')], `${method} ${path}`).to.deep.equal([401, 'application/problem+json']);
      }
    }
  });

  it('leaves no secret in anything that goes out', async () => {
    const outlets = [folio.output, await (await fetch(new URL('/metrics', client.url))).text(), JSON.stringify((await client.get('/openapi.json')).body)];
    const stop = new AbortController();
    const { body: { head } } = await client.get<{ head: string }>('/api/v1/log');
    for await (const event of client.tail('0', [], stop.signal)) {
      outlets.push(event.data);
      if (event.id === head) stop.abort();
    }
    for (const text of outlets) expect(text).not.to.match(/\$argon2|a test password|folio-operator-/u);
    expect(outlets.some((text) => text.includes('auth.user.registered'))).to.equal(true);
  });
});
