import { connect } from 'node:net';
import { expect } from 'chai';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { ImportCategory, ImportFile, ImportJob } from '#contracts/invoice/imports.js';
import { toCorrelationId } from '#contracts/kernel/ids.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import { migrate } from '#platform/postgres/migrate.js';
import { importRoutes } from '../../../write-side/api/invoices/import-routes.js';
import { ImportRunner, type ImportRunnerOptions } from '../../../write-side/imports/import-runner.js';
import { ImportTable } from '../../../write-side/imports/import-table.js';
import { IMPORT_MIGRATIONS } from '../../../write-side/imports/schema.js';
import type { ProcessManager } from '../../../write-side/processing/process-manager.js';
import { plainDocuments, ProcessingBench } from '../../support/processing.js';
import { until, untilSeen } from '../../support/until.js';
import { zipOf, type ZippedFile } from '../../support/zip.js';
import { problemOf, serve, type Running } from '../../unit/http/support.js';

const AUTHORIZATION = { authorization: 'Bearer role.analyst' };
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_DOCUMENT = 100_000;
const document = (index: number | 'BAD' | 'X', total = '1'): string => `${typeof index === 'string' ? `${index.padEnd(8, '0')}-0000-4000-8000-000000000000` : `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`}|${total}`;
const documents = (count: number, from = 0): ZippedFile[] => Array.from({ length: count }, (_, index) => ({ name: `${from + index}.xml`, content: document(from + index) }));

describe('an import', () => {
  let bench: ProcessingBench;
  let manager: ProcessManager;
  let running: Running;
  let table: ImportTable;
  const runners: ImportRunner[] = [];
  const runner = (options: Partial<ImportRunnerOptions> = {}): ImportRunner => {
    const made = new ImportRunner({ store: bench.store, objects: bench.objects, documents: plainDocuments, maxDocumentBytes: MAX_DOCUMENT, table, maxEntries: 12_000, database: bench.database, lookMs: 20, ...options });
    runners.push(made);
    made.start();
    return made;
  };
  beforeEach(async () => {
    bench = await ProcessingBench.open();
    await migrate(bench.database, IMPORT_MIGRATIONS);
    manager = bench.manager();
    table = new ImportTable(bench.pool);
    running = await serve(importRoutes({ table, maxBytes: MAX_BYTES, maxFiles: 20 }));
  });
  afterEach(async () => {
    await running.stop();
    await Promise.all(runners.splice(0).map((one) => one.stop()));
    await manager.stop();
    await bench.close();
  });

  const call = (path: string, { headers, ...init }: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {}): Promise<Response> => fetch(`${running.url}/api/v1${path}`, { ...init, headers: { ...AUTHORIZATION, ...headers } });
  const get = async <Body>(path: string): Promise<Body> => (await (await call(path)).json()) as Body;
  const post = (archive: Buffer<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> => call('/invoices/import', { method: 'POST', body: archive, headers: { 'content-type': 'application/zip', ...headers } });
  const started = async (archive: Buffer<ArrayBuffer>): Promise<string> => {
    const answer = await post(archive);
    const job = (await answer.json()) as ImportJob;
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([202, `/api/v1/imports/${job.id}`]);
    return job.id;
  };
  const ended = async (id: string): Promise<ImportJob> => {
    await untilSeen(() => hasEnded(id));
    return get(`/imports/${id}`);
  };
  const hasEnded = async (id: string): Promise<boolean> => typeof (await table.find(id))?.endedAt === 'string';
  const filesOf = async (id: string, query = ''): Promise<readonly ImportFile[]> => (await get<{ items: readonly ImportFile[] }>(`/imports/${id}/files?limit=1000${query}`)).items;
  const counted = ({ counts }: ImportJob): Partial<Record<ImportCategory, number>> => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const events = async (): Promise<InvoiceEvent[]> => (await bench.store.readAll(ORIGIN, { limit: 5_000 })).events.map((event) => decodeTrusted(event) as InvoiceEvent);
  const createdOnce = async (): Promise<number> => {
    const created = (await events()).filter(({ type }) => type === 'fiscal.invoice.created').map(({ stream }) => stream);
    expect(new Set(created).size).to.equal(created.length);
    return created.length;
  };

  it('tells of every file what became of it', async () => {
    runner();
    const inside = [{ name: 'a/0.xml', content: document(0) }, { name: 'BAD.xml', content: document('BAD') }, { name: 'empty/', content: '' }, { name: 'again.xml', content: document(0) }, { name: 'note.txt', content: 'no invoice' }];
    const form = new FormData();
    form.append('file', new Blob([document(7)]), 'seven.xml');
    form.append('file', new Blob([zipOf(inside)]), 'many.zip');
    form.append('file', new Blob([document(7, '2')]), 'other seven.xml');
    const { id } = (await (await call('/invoices/import', { method: 'POST', body: form })).json()) as ImportJob;
    const job = await ended(id);
    expect(counted(job)).to.deep.equal({ 'archived': 2, 'rejected': 1, 'duplicate': 1, 'unreadable': 1, 'conflicting': 1 });
    expect([job.state, job.files, job.taken, job.processing, job.by]).to.deep.equal(['done', 6, 6, 0, 'user-analyst']);
    const files = await filesOf(id);
    expect(files.map(({ place, file }) => [place, file])).to.deep.equal([[0, 'seven.xml'], [1, 'many.zip!a/0.xml'], [2, 'many.zip!BAD.xml'], [3, 'many.zip!again.xml'], [4, 'many.zip!note.txt'], [5, 'other seven.xml']]);
    const became = (...places: number[]): string[] => places.map((place) => String(files[place]?.category)).toSorted();
    expect([became(0, 5), became(1, 3), became(2), became(4)], 'of two at the same time either is the first').to.deep.equal([['archived', 'conflicting'], ['archived', 'duplicate'], ['rejected'], ['unreadable']]);
    expect([files[1]?.invoice === files[3]?.invoice, files[4]?.detail, files[2]?.detail]).to.deep.equal([true, 'The document cannot be read: no total.', 'invalid']);
    const [first] = await events();
    expect([first?.actor.id, first?.type === 'fiscal.invoice.created' && first.data.channel]).to.deep.equal(['user-analyst', 'import']);
    expect((await filesOf(id, '&category=rejected')).map(({ place }) => place)).to.deep.equal([2]);
    const page = await get<{ items: readonly ImportFile[]; next?: number }>(`/imports/${id}/files?limit=4&after=0`);
    expect([page.items.map(({ place }) => place), page.next]).to.deep.equal([[1, 2, 3, 4], 4]);
    expect((await get<{ items: readonly ImportJob[] }>('/imports')).items.map((one) => one.id)).to.deep.equal([id]);
    const { rows } = await bench.pool.query('SELECT 1 FROM import_chunk');
    expect(rows, 'what was received is not kept').to.deep.equal([]);
  });

  it('goes on after every end of what works on it, and tells the same', async () => {
    const count = 300;
    const id = await started(zipOf([...documents(count), { name: 'BAD.xml', content: document('BAD') }, { name: 'again.xml', content: document(0) }]));
    // Ends without a word, each time a little later: what it knew and had not told is lost.
    for (let after = 5; !(await hasEnded(id)); after += 40) {
      let told = 0;
      const forgetful = new Proxy(table, { get: (target, name) => (name === 'record' ? async (...parameters: Parameters<ImportTable['record']>) => {
        told += parameters[1].length;
        if (told > after) throw new Error('killed');
        return target.record(...parameters);
      } : (Reflect.get(target, name) as () => unknown).bind(target)) });
      let killed = false;
      const one = runner({ table: forgetful, onError: () => { killed = true; } });
      await until(async () => killed || (await hasEnded(id)));
      await one.stop();
    }
    const job = await ended(id);
    expect(counted(job)).to.deep.equal({ archived: count, rejected: 1, duplicate: 1 });
    expect(await createdOnce()).to.equal(count + 1);
    expect((await events()).filter(({ type }) => type === 'fiscal.invoice.copy-received')).to.deep.equal([]);
  });

  it('knows how attempts ended while nobody worked on it', async () => {
    await manager.stop();
    const id = await started(zipOf([{ name: 'odd.xml', content: document(1) }, { name: 'BAD.xml', content: document('BAD') }, { name: 'good.xml', content: document(2) }]));
    const first = runner();
    await untilSeen(async () => (await table.find(id))?.processing === 3);
    await first.stop();
    const odd = Buffer.from(document(1));
    manager = bench.manager({ documents: { ...plainDocuments, judge: async (bytes, expected) => { if (odd.equals(bytes)) throw platformProblem('checksum-mismatch'); return plainDocuments.judge(bytes, expected); } } });
    await untilSeen(async () => (await events()).filter(({ type }) => /\.(?:failed|validation-failed|archived)$/u.test(type)).length === 3);
    runner();
    await ended(id);
    expect((await filesOf(id)).map(({ category, detail }) => [category, detail])).to.deep.equal([['rejected', 'checksum-mismatch'], ['rejected', 'invalid'], ['archived', '']]);
  });

  it('is worked on by one of many at a time', async () => {
    let begun = 0;
    const counting = new Proxy(table, { get: (target, name) => {
      if (name !== 'start') return (Reflect.get(target, name) as () => unknown).bind(target);
      return async (id: string) => {
        const job = await target.start(id);
        if (job) begun += 1;
        return job;
      };
    } });
    for (let index = 0; index < 3; index += 1) runner({ table: counting });
    const ids = [await started(zipOf(documents(40))), await started(zipOf(documents(40, 40)))];
    for (const id of ids) expect(counted(await ended(id))).to.deep.equal({ archived: 40 });
    expect([await createdOnce(), begun], 'each import is begun by one of them').to.deep.equal([80, 2]);
  });

  it('waits for a store that is away, and counts nothing twice', async () => {
    let answers = 0;
    const moody: EventStore = new Proxy(bench.store, { get: (target, name) => (name === 'append' ? async (...parameters: Parameters<EventStore['append']>) => {
      answers += 1;
      // The answer is lost on the way back as often as the question on the way there.
      if (answers % 3 === 0) throw platformProblem('store-unavailable');
      const result = await target.append(...parameters);
      if (answers % 3 === 1) throw platformProblem('outcome-unknown');
      return result;
    } : (Reflect.get(target, name) as () => unknown).bind(target)) });
    runner({ store: moody });
    expect(counted(await ended(await started(zipOf(documents(30)))))).to.deep.equal({ archived: 30 });
    expect(await createdOnce()).to.equal(30);
  });

  it('gives a file up that fails for no reason, and goes on with the others', async () => {
    const odd = { ...plainDocuments, read: (bytes: Uint8Array) => { if (bytes[0] === 0x58) throw new TypeError('odd'); return plainDocuments.read(bytes); } };
    runner({ documents: odd });
    const id = await started(zipOf([{ name: 'odd.xml', content: document('X') }, ...documents(3)]));
    expect(counted(await ended(id))).to.deep.equal({ 'archived': 3, 'technical failure': 1 });
  });

  it('ends when somebody wants it to: what was taken in stays', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    let told = 0;
    const observed = new Proxy(table, { get: (target, name) => {
      const member = Reflect.get(target, name) as (...parameters: unknown[]) => Promise<unknown>;
      return name === 'record' ? (...parameters: unknown[]) => member.apply(target, parameters).finally(() => { told += 1; }) : member.bind(target);
    } });
    runner({ table: observed, documents: { ...plainDocuments, read: async (bytes) => { await gate; return plainDocuments.read(bytes); } } });
    const id = await started(zipOf(documents(200)));
    await untilSeen(async () => (await table.find(id))?.files === 200);
    expect((await call(`/imports/${id}`, { method: 'DELETE' })).status).to.equal(202);
    // It learns of it with what it tells next.
    const before = told;
    await until(() => told > before + 1);
    release();
    const job = await ended(id);
    expect([job.state, job.taken === job.counts.archived, job.taken < 200, await createdOnce()]).to.deep.equal(['cancelled', true, true, job.taken]);
    expect((await problemOf(await call(`/imports/${id}`, { method: 'DELETE' }))).code).to.equal('import-ended');
  });

  describe('taken from its sender', () => {
    it('begins once for one key, and says how it stands when asked again', async () => {
      const headers = { 'Idempotency-Key': 'july' };
      const jobs = await Promise.all([0, 1].map(async () => (await post(zipOf(documents(3)), headers)).json() as Promise<ImportJob & { code?: string }>));
      const told = jobs.filter(({ code }) => code !== 'idempotency-in-flight');
      expect(new Set(told.map(({ id }) => id)).size).to.equal(1);
      runner();
      await ended(told[0]?.id ?? '');
      const again = (await (await post(zipOf(documents(3)), headers)).json()) as ImportJob;
      expect([again.id, again.state, again.counts.archived, (await table.list(10)).length]).to.deep.equal([told[0]?.id, 'done', 3, 1]);
    });

    it('leaves nothing when it ends in the middle', async () => {
      const archive = zipOf([{ name: 'noise', content: Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index * 31) % 251)) }]);
      const { port } = new URL(running.url);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`POST /api/v1/invoices/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer role.analyst\r\nContent-Type: application/zip\r\nContent-Length: ${9_000_000 - 2_000_000}\r\n\r\n`);
      for (let sent = 0; sent < 2_000_000; sent += archive.byteLength) socket.write(archive);
      await untilSeen(async () => (await bench.pool.query('SELECT 1 FROM import_chunk')).rows.length > 0);
      socket.destroy();
      await untilSeen(async () => (await bench.pool.query('SELECT 1 FROM import_job UNION ALL SELECT 1 FROM import_chunk')).rows.length === 0);
    });

    it('is purged when its process died while it came', async () => {
      await table.begin('00000000-0000-4000-8000-000000000001', { actor: 'u', correlationId: toCorrelationId('c') });
      await table.addChunk('00000000-0000-4000-8000-000000000001', 0, 0, Buffer.alloc(10));
      await table.purge();
      expect((await table.list(10)).map(({ state }) => state)).to.deep.equal(['receiving']);
      await bench.pool.query(`UPDATE import_job SET touched_at = now() - interval '1 hour'`);
      await table.purge();
      expect((await bench.pool.query('SELECT 1 FROM import_job UNION ALL SELECT 1 FROM import_chunk')).rows).to.deep.equal([]);
    });

    it('is refused by name', async () => {
      const refused = async (answer: Promise<Response>): Promise<string> => (await problemOf(await answer)).code;
      expect(await refused(post(Buffer.from('<a/>'), { 'content-type': 'application/xml' }))).to.equal('media-type-unsupported');
      expect(await refused(post(Buffer.alloc(MAX_BYTES + 1)))).to.equal('body-too-large');
      expect(await refused(call('/invoices/import', { method: 'POST', body: new FormData() }))).to.equal('body-malformed');
      expect(await refused(call('/invoices/import', { method: 'POST', body: zipOf([]), headers: { 'authorization': 'Bearer role.viewer', 'content-type': 'application/zip' } }))).to.equal('role-insufficient');
      for (const path of ['/imports/nothing', '/imports/00000000-0000-4000-8000-00000000000f', '/imports/00000000-0000-4000-8000-00000000000f/files']) expect(await refused(call(path))).to.equal('import-unknown');
      expect(await table.list(10)).to.deep.equal([]);
    });
  });

  describe('with an archive of ill will', () => {
    const told = async (archive: Buffer<ArrayBuffer>): Promise<readonly (readonly [string | null, string])[]> => {
      const id = await started(archive);
      await ended(id);
      return (await filesOf(id)).map(({ category, detail }) => [category, detail] as const);
    };
    beforeEach(() => { runner(); });

    it('takes its good files', async () => {
      const good = { name: 'good.xml', content: document(1) };
      const large = Buffer.alloc(MAX_DOCUMENT + 1, 0x20);
      expect(await told(zipOf([
        { name: '../../etc/out.xml', content: document(2) }, { name: 'C:\\out.xml', content: document(3) }, { name: 'locked.xml', content: document(4), says: { flags: 0x801 } }, { name: 'broken.xml', content: document(5), says: { crc: 1 } },
        { name: 'more.xml', content: document(6), says: { size: 1 } }, { name: 'less.xml', content: document(7), says: { size: 50 } }, { name: 'large.xml', content: large }, { name: 'inner.zip', content: zipOf([good]) }, good,
      ]))).to.deep.equal([
        ['archived', ''], ['archived', ''], ['unreadable', 'entry is encrypted, and options.decodeFileData !== false'], ['unreadable', 'its checksum in the archive is another one'],
        ['unreadable', 'too many bytes in the stream. expected 1. got at least 38'], ['unreadable', 'not enough bytes in the stream. expected 50. got only 38'], ['unreadable', `it has more than ${MAX_DOCUMENT} bytes`],
        ['unreadable', 'The document cannot be read: no total.'], ['archived', ''],
      ]);
    });

    it('is one unreadable file where it cannot be looked through', async () => {
      const whole = zipOf(documents(50));
      expect(await told(whole.subarray(0, whole.byteLength - 30))).to.deep.equal([['unreadable', 'it is no readable zip archive: End of central directory record signature not found. Either not a zip file, or file is truncated.']]);
      expect(await told(Buffer.from('no archive at all, but a text'))).to.deep.equal([['unreadable', 'The document cannot be read: no total.']]);
      expect(await told(zipOf([]))).to.deep.equal([['unreadable', 'it has no files']]);
      const bomb = Array.from({ length: 300 }, (_, index) => ({ name: `${index}.xml`, content: '', says: { size: 1_000_000 } }));
      expect(await told(zipOf(bomb))).to.deep.equal([['unreadable', 'it unpacks to too much']]);
      expect(await told(zipOf(Array.from({ length: 12_001 }, (_, index) => ({ name: `${index}`, content: '' }))))).to.deep.equal([['unreadable', 'it has more than 12000 files']]);
    });

    it('of ten thousand files is worked off', async () => {
      const id = await started(zipOf([...Array.from({ length: 9_900 }, (_, index) => ({ name: `${index}.pdf`, content: 'no document' })), ...documents(100)]));
      expect(counted(await ended(id))).to.deep.equal({ archived: 100, unreadable: 9_900 });
    }).timeout(60_000);
  });
});
