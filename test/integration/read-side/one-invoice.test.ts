import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { toRevision, toPosition } from '#contracts/kernel/position.js';
import { laneName, laneOf } from '#contracts/topics.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import { cacheKey } from '../../../read-side/api/invoice-routes.js';
import { ReadBench, sampleId } from './bench.js';

describe('one invoice', () => {
  let bench: ReadBench;
  beforeEach(async () => { bench = await ReadBench.open(); });
  afterEach(() => bench.close());
  const path = (seed: number): string => `/api/v1/invoices/${sampleId(seed)}`;
  const tableRow = async (): Promise<InvoiceSummary> => {
    const [row] = await bench.harness.rows('invoice-summary', 1, INVOICE_SUMMARY_TABLE);
    if (!row) throw new Error('the table is empty');
    return row as InvoiceSummary;
  };
  /** A row that only the cache has, so that an answer tells where it came from. */
  const cacheMarked = async (change: Partial<InvoiceSummary>, seed = 1): Promise<void> => {
    const row = { ...(await tableRow()), channel: 'from-the-cache', ...change };
    await bench.harness.cache.write(cacheKey(1, sampleId(seed)), { revision: row.revision, value: row });
  };
  const channelOf = async (answer: Response): Promise<string> => ((await answer.json()) as { channel: string }).channel;

  it('comes from the table and stays in the cache', async () => {
    await bench.given([{ seed: 1 }]);
    const first = await (await bench.get(path(1))).text();
    expect((await bench.harness.cache.get(cacheKey(1, sampleId(1))))?.body?.text).to.equal(first);
    expect(await (await bench.get(path(1))).text()).to.equal(first);
    expect(JSON.parse(first)).to.include({ id: sampleId(1), status: 'archived', revision: '3' }).and.to.not.have.any.keys('month', 'shardKey');
  });

  it('comes from the cache when it is there', async () => {
    await bench.given([{ seed: 1 }]);
    await cacheMarked({});
    expect(await channelOf(await bench.get(path(1)))).to.equal('from-the-cache');
  });

  it('is whole whatever letters it has, and on a connection that goes on', async () => {
    await bench.given([{ seed: 1 }, { seed: 2 }]);
    const row = await tableRow();
    const issuer = { ...row.issuer, name: 'Café Ñandú, 5 € y 🧾' };
    await cacheMarked({ issuer });
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await bench.get(path(1));
      const text = await answer.text();
      expect(JSON.parse(text)).to.have.nested.property('issuer.name', issuer.name);
      expect(answer.headers.get('content-length')).to.equal(String(Buffer.byteLength(text)));
      expect(await (await bench.get(path(2))).json()).to.include({ id: sampleId(2) });
    }
  });

  it('has an entity tag, and is not sent again to who has it', async () => {
    await bench.given([{ seed: 1 }]);
    const first = await bench.get(path(1));
    expect(first.headers.get('etag')).to.equal('"3.1"');
    const again = await bench.get(path(1), { 'if-none-match': '"3.1"' });
    expect([again.status, await again.text()]).to.deep.equal([304, '']);
    expect((await bench.get(path(1), { 'if-none-match': '"2.1"' })).status).to.equal(200);
  });

  it('is read from the table when the token is newer than the cached row', async () => {
    await bench.given([{ seed: 1 }]);
    await cacheMarked({ position: toPosition('2') });
    const { head } = await bench.harness.store.status();
    const answer = await bench.get(path(1), { 'folio-position': bench.token(1, head) });
    expect([await channelOf(answer), answer.headers.get('folio-stale'), answer.headers.get('folio-view-position')]).to.deep.equal(['api', null, head]);
  });

  it('is read from the cache when the cached row has seen the token', async () => {
    await bench.given([{ seed: 1 }]);
    await cacheMarked({});
    const { head } = await bench.harness.store.status();
    expect(await channelOf(await bench.get(path(1), { 'folio-position': bench.token(1, head) }))).to.equal('from-the-cache');
  });

  it('does not wait for the lanes of others', async () => {
    await bench.given([{ seed: 1 }]);
    await cacheMarked({ position: toPosition('1') });
    const { head } = await bench.harness.store.status();
    const own = laneOf('fiscal.invoice.created', toStreamId(`invoice-${sampleId(1)}`));
    const other = [laneName('fiscal-invoice', 0), laneName('fiscal-invoice', 1)].find((lane) => lane !== own) ?? own;
    expect(await channelOf(await bench.get(path(1), { 'folio-position': `${head}.${other},${head}.v1/auth-events/3` }))).to.equal('from-the-cache');
  });

  it('is the cached one where the table is behind it', async () => {
    await bench.given([{ seed: 1 }]);
    await cacheMarked({ revision: toRevision(9), position: toPosition('1') });
    const { head } = await bench.harness.store.status();
    const answer = await bench.get(path(1), { 'folio-position': bench.token(1, head) });
    expect([await channelOf(answer), answer.headers.get('etag')]).to.deep.equal(['from-the-cache', '"9.1"']);
  });

  for (const id of [sampleId(999), 'nonsense', '%27', '00000000-0000-0000-0000-00000000000g']) {
    it(`that is not there is unknown: ${id}`, async () => {
      for (const rest of ['', '/events', '/findings', '/original']) expect(await bench.refusal(`/api/v1/invoices/${id}${rest}`, { role: 'admin' }), rest).to.deep.equal([404, 'invoice-unknown']);
    });
  }

  it('tells its history to admins and analysts, in the published form', async () => {
    await bench.given([{ seed: 1 }]);
    const { items } = await bench.json<{ items: { type: string; revision: string }[] }>(`${path(1)}/events`, { role: 'analyst' });
    expect(items.map(({ type, revision }) => `${revision} ${type}`)).to.deep.equal(['0 fiscal.invoice.created', '1 fiscal.invoice.processing-started', '2 fiscal.invoice.validated', '3 fiscal.invoice.archived']);
    expect(await bench.refusal(`${path(1)}/events`)).to.deep.equal([403, 'role-insufficient']);
  });

  it('tells its findings, and that there are none yet', async () => {
    await bench.given([{ seed: 1, until: 'rejected', codes: ['CFDI40108'] }, { seed: 2, until: 'created' }]);
    const found = await bench.json<{ verdict: string; findings: { code: string }[] }>(`${path(1)}/findings`);
    expect([found.verdict, found.findings.map(({ code }) => code)]).to.deep.equal(['invalid', ['CFDI40108']]);
    expect(await bench.json(`${path(2)}/findings`)).to.deep.equal({ verdict: null });
  });

  it('gives the very bytes that came in, for download, and not before they are there', async () => {
    const bytes = Buffer.from('<x>ñ</x>');
    const { sha256 } = await bench.objects.put(bytes);
    const stream = toStreamId(`invoice-${sampleId(1)}`);
    const created = (sha: string): object => ({ identity: 't', claimed: true, channel: 'api', claim: { issuer: {}, receiver: {}, taxes: [] }, file: { kind: 'stored', sha256: sha, size: 8, mediaType: 'application/xml', name: `a'b ñ"\r\n.xml` } });
    await bench.harness.append(stream, [{ type: 'fiscal.invoice.created', data: created(sha256) }]);
    const answer = await bench.get(`${path(1)}/original`);
    const body = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, createHash('sha256').update(body).digest('hex'), answer.headers.get('folio-sha256')]).to.deep.equal([200, sha256, sha256]);
    expect(answer.headers.get('content-disposition')).to.equal(`attachment; filename*=UTF-8''a%27b%20%C3%B1%22%0D%0A.xml`);
    await bench.harness.append(toStreamId(`invoice-${sampleId(2)}`), [{ type: 'fiscal.invoice.created', data: created('b'.repeat(64)) }]);
    expect(await bench.refusal(`${path(2)}/original`)).to.deep.equal([404, 'original-unavailable']);
  });

  it('does not give bytes that are not those of the hash', async () => {
    const { sha256 } = await bench.objects.put(Buffer.from('<x/>'));
    await bench.harness.append(toStreamId(`invoice-${sampleId(1)}`), [
      { type: 'fiscal.invoice.created', data: { identity: 't', claimed: true, channel: 'api', claim: { issuer: {}, receiver: {}, taxes: [] }, file: { kind: 'stored', sha256, size: 4, mediaType: 'application/xml' } } },
    ]);
    await overwriteObject(bench.folder, sha256);
    expect(await bench.refusal(`${path(1)}/original`)).to.deep.equal([500, 'original-corrupt']);
  });
});

/** Damages the stored object behind the store's back. */
async function overwriteObject(folder: string, sha256: string): Promise<void> {
  const { readdir, chmod, writeFile } = await import('node:fs/promises');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && `${entry.parentPath}/${entry.name}`.replaceAll('/', '').includes(sha256));
  if (files.length === 0) throw new Error('the object was not found');
  for (const file of files) {
    await chmod(`${file.parentPath}/${file.name}`, 0o600);
    await writeFile(`${file.parentPath}/${file.name}`, '<y/>');
  }
}
