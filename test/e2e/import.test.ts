import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Client } from '../../cli/client.js';
import type { ImportReport } from '../../cli/commands/import.js';
import { demoDocuments, generatedCfdi } from '../../cli/demo/index.js';
import { IMPORT_CATEGORIES, type ImportFile, type ImportJob } from '#contracts/invoice/imports.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { untilSeen } from '../support/until.js';
import { zipOf } from '../support/zip.js';

describe('folio import', () => {
  let running: FolioProcess;
  let client: Client;
  let folder: string;
  const expected: Record<string, string> = {};
  before(async () => {
    running = await FolioProcess.start(await FolioProcess.folder());
    client = await running.client();
    folder = await mkdtemp(join(tmpdir(), 'folio-import-'));
    await mkdir(join(folder, 'deep'));
    const put = async (name: string, bytes: Uint8Array | string, category: string): Promise<void> => {
      await writeFile(join(folder, name), bytes);
      expected[name] = category;
    };
    const demo = await demoDocuments(3);
    await put('a-good.xml', generatedCfdi({ index: 1 }), 'archived');
    await put('deep/b-good.xml', generatedCfdi({ index: 2 }), 'archived');
    await put('c-broken.xml', demo.find(({ broken }) => broken !== undefined)?.bytes ?? '', 'rejected');
    await put('d-other.xml', '<?xml version="1.0"?><order/>', 'unsupported');
    await put('e-nothing.xml', 'no document at all', 'unreadable');
    await put('f-bomb.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'unreadable');
    await writeFile(join(folder, 'ignored.txt'), 'not an XML file');
  });
  after(async () => {
    await cleanUp(running.data, running);
    await rm(folder, { recursive: true, force: true });
  });
  const run = async (...args: string[]): Promise<ImportReport> => JSON.parse((await folio(['import', folder, '--json', '--data', running.data, ...args])).stdout) as ImportReport;
  const head = async (): Promise<string> => (await client.get<{ head: string }>('/api/v1/log')).body.head;

  it('puts every file into exactly one category, and the sum is the number of files', async () => {
    const report = await run();
    expect(report.files).to.equal(Object.keys(expected).length);
    expect(IMPORT_CATEGORIES.reduce((sum, category) => sum + report.counts[category], 0)).to.equal(report.files);
    for (const { file, category } of report.lines) expect(category.replace(' with warnings', ''), file).to.equal(expected[file.slice(folder.length + 1)]);
    expect(report.lines.find(({ category }) => category === 'unsupported')?.detail).to.include('order');
    expect(report.lines.find(({ category }) => category === 'rejected')?.detail).to.match(/^[A-Z]/u);
  });

  it('adds no event when it is repeated', async () => {
    const before = await head();
    const again = await run('--concurrency', '1');
    expect(again.counts.duplicate).to.equal(3);
    expect(await head()).to.equal(before);
  });

  it('says of a copy with other bytes that it conflicts, and what it is by itself', async () => {
    const copy = join(folder, 'g-copy.xml');
    await writeFile(copy, Buffer.concat([Buffer.from(generatedCfdi({ index: 1 })), Buffer.from('<!-- other -->')]));
    const { code, stdout } = await folio(['import', copy, '--data', running.data]);
    expect(code).to.equal(0);
    expect(stdout).to.match(/g-copy\.xml: conflicting .*By itself it is valid/u);
    await rm(copy);
  });

  it('takes names from standard input, and tells what is not there', async () => {
    const { stdout } = await folio(['import', '-', '--json', '--data', running.data], { stdin: `${join(folder, 'a-good.xml')}\n${join(folder, 'missing.xml')}\n` });
    const report = JSON.parse(stdout) as ImportReport;
    expect(report.lines.map(({ category }) => category)).to.deep.equal(['duplicate', 'unreadable']);
  });

  it('judges files without an instance, one JSON line each, in order', async () => {
    const files = ['e-nothing.xml', 'a-good.xml', 'd-other.xml'].map((name) => join(folder, name));
    const { code, stdout } = await folio(['validate', '--json', ...files]);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { file: string; verdict: string });
    expect(code).to.equal(1);
    expect(lines.map(({ file }) => file)).to.deep.equal(files);
    expect(lines.map(({ verdict }) => verdict.split('-')[0])).to.deep.equal(['unreadable', 'valid', 'unsupported']);
  });

  it('rebuilds every projection to the same answers, and rolls back', async () => {
    const answers = async (): Promise<unknown> => [(await client.get('/api/v1/invoices?sort=received')).body, (await client.get('/api/v1/search?q=FOL&limit=50')).body, (await client.get('/api/v1/auth/users')).body];
    const before = await answers();
    const { code, stdout } = await folio(['rebuild', 'all', '--json', '--data', running.data]);
    expect(code).to.equal(0);
    expect((JSON.parse(stdout) as { projection: string; generation: number }[]).map(({ generation }) => generation)).to.deep.equal([2, 2, 2, 2]);
    expect(await answers()).to.deep.equal(before);
    expect((await folio(['rollback', 'invoice-summary', '--data', running.data])).stdout).to.include('back at generation 1');
    expect(await answers()).to.deep.equal(before);
  });

  it('works an archive off that it was given over HTTP, also when it is killed meanwhile', async () => {
    const count = 400;
    const archive = zipOf(Array.from({ length: count }, (_, index) => ({ name: `${index}.xml`, content: generatedCfdi({ index: 1_000 + index }) })));
    const { id } = (await client.postXml<ImportJob>('/api/v1/invoices/import', archive, { 'content-type': 'application/zip' })).body;
    const job = async (): Promise<ImportJob> => (await client.get<ImportJob>(`/api/v1/imports/${id}`)).body;
    for (const taken of [20, 150]) {
      await untilSeen(async () => (await job()).taken >= taken);
      await running.end('SIGKILL');
      running = await FolioProcess.start(running.data);
      client = await running.client();
    }
    await untilSeen(async () => (await job()).endedAt !== null);
    const { counts, files, processing } = await job();
    expect((await client.get<string>('/metrics')).body).to.match(/^folio_imports_open 0$/mu).and.to.match(/^folio_duplicates_events_behind \d+$/mu);
    expect([files, processing, counts.archived + counts['archived with warnings']]).to.deep.equal([count, 0, count]);
    const { items } = (await client.get<{ items: ImportFile[] }>(`/api/v1/imports/${id}/files?limit=1000`)).body;
    for (const { invoice } of items) {
      const events = (await client.get<{ items: { type: string }[] }>(`/api/v1/invoices/${invoice}/events`)).body.items.map(({ type }) => type);
      expect([events.filter((type) => type === 'fiscal.invoice.created').length, events.includes('fiscal.invoice.copy-received')]).to.deep.equal([1, false]);
    }
  }).timeout(120_000);
});
