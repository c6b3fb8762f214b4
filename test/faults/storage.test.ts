import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Client } from '../../cli/client.js';
import { runningInstance } from '../../cli/data-folder.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { cleanUp, FolioProcess } from '../support/folio-process.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { until } from '../support/until.js';

/** Runs as root too, whom no mode bits stop: a plain file where the folder should be. */
async function makeUnusable(folder: string): Promise<() => Promise<void>> {
  await rename(folder, `${folder}.away`).catch(() => undefined);
  await writeFile(folder, 'not a folder');
  return async () => {
    await rm(folder);
    await rename(`${folder}.away`, folder).catch(() => undefined);
  };
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

describe('the object store cannot be written', function () {
  this.timeout(120_000);
  let folio: FolioProcess;
  let client: Client;
  let objects: string;
  let mounted: string | undefined;
  const start = async (data: string): Promise<void> => {
    folio = await FolioProcess.start(data);
    client = await folio.client();
    objects = join(data, 'objects');
  };
  afterEach(async () => {
    if (mounted === undefined) return cleanUp(folio.data, folio);
    await folio.end();
    execFileSync('umount', [mounted]);
    mounted = undefined;
    await cleanUp(folio.data);
  });
  const head = async (): Promise<string> => (await client.get<{ head: string }>('/api/v1/log')).body.head;
  const upload = async (index: number): Promise<{ status: number; retryAfter: string | null; body: { code?: string; id?: string } }> => {
    const token = (await runningInstance(folio.data))?.token ?? '';
    const response = await fetch(new URL('/api/v1/invoices', client.url), { method: 'POST', body: Buffer.from(generatedCfdi({ index })), headers: { 'content-type': 'application/xml', authorization: `Bearer ${token}` } });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as { code?: string; id?: string } };
  };
  const historyOf = async (id: string): Promise<string[]> => (await client.get<{ items: { type: string }[] }>(`/api/v1/invoices/${id}/events`)).body.items.map(({ type }) => type.replace('fiscal.invoice.', ''));
  const archived = (id: string): Promise<void> => until(async () => (await client.get<{ status: string }>(`/api/v1/invoices/${id}`).catch(() => undefined))?.body.status === 'archived');

  /** The list is read from the table, which may follow the cache. */
  const listedArchived = (count: number): Promise<void> => until(async () => (await allRows(client)).filter(({ status }) => status === 'archived').length === count);

  it('because its folder is gone or closed: refused by code, no event, the rest goes on, and well again without a restart', async () => {
    await start(await FolioProcess.folder());
    const first = await upload(1);
    await archived(first.body.id ?? '');
    const before = await head();
    const restore = await makeUnusable(objects);
    const refused = await upload(2);
    expect([refused.status, refused.body.code, Number(refused.retryAfter) > 0]).to.deep.equal([503, 'object-store-unavailable', true]);
    expect(await head()).to.equal(before);
    expect((await client.get<{ status: string }>(`/api/v1/invoices/${first.body.id}`)).body.status).to.equal('archived');
    const ready = await fetch(new URL('/health/ready', client.url));
    expect([ready.status, ((await ready.json()) as { checks: Record<string, { ok: boolean }> }).checks['object-store']?.ok]).to.deep.equal([503, false]);
    await restore();
    const taken = await upload(2);
    expect(taken.status).to.equal(201);
    await listedArchived(2);
    expect(await expectRowsAreFolds(client)).to.have.length(2);
  });

  it('only when it is time to archive: tried again until it can be, and the history says so', async () => {
    await start(await FolioProcess.folder());
    await mkdir(join(objects, 'archive'), { recursive: true });
    const restore = await makeUnusable(join(objects, 'archive'));
    const { status, body } = await upload(1);
    expect(status).to.equal(201);
    await until(async () => (await historyOf(body.id ?? '')).includes('retry-scheduled'));
    expect((await client.get<{ status: string }>(`/api/v1/invoices/${body.id}`)).body.status).not.to.equal('archived');
    await restore();
    await listedArchived(1);
    expect(await expectRowsAreFolds(client)).to.have.length(1);
  });

  it('because the disk is full: refused by code, nothing half written, and taken once there is room', async function () {
    const data = await FolioProcess.folder();
    const disk = join(data, 'objects');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'tmpfs', disk], { stdio: 'ignore' });
      mounted = disk;
    } catch {
      process.stdout.write('      skipped: a small disk cannot be mounted here (needs root)\n');
      await rm(data, { recursive: true, force: true });
      this.skip();
    }
    await start(data);
    let index = 0;
    let answer = await upload(index);
    while (answer.status === 201) {
      index += 1;
      answer = await upload(index);
    }
    expect([answer.status, answer.body.code]).to.deep.equal([507, 'object-store-full']);
    // What is archived meanwhile writes there as well, and is refused as well.
    await until(() => filesBelow(join(disk, 'incoming')).length === 0);
    execFileSync('mount', ['-o', 'remount,size=16m', disk]);
    const taken = await upload(index);
    expect(taken.status).to.equal(201);
    await listedArchived(index + 1);
    expect(await expectRowsAreFolds(client)).to.have.length(index + 1);
  });
});
