import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { generatedCfdi } from '../../cli/demo/index.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { until } from '../support/until.js';

/** A process that still does something: one that ended and was not collected by its parent has no command line any more. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};

interface Listed { readonly items: readonly { readonly id: string; readonly status: string; readonly channel: string }[] }

describe('starting and stopping', () => {
  let data: string;
  let running: FolioProcess | undefined;
  beforeEach(async () => { data = await FolioProcess.folder(); });
  afterEach(async () => {
    await cleanUp(data, running);
    running = undefined;
  });

  it('prints one card, puts the demo into an empty folder once, and drains at SIGTERM without leaving a process or a lock', async () => {
    running = await FolioProcess.start(data, { args: [] });
    const client = await running.client();
    const count = async (): Promise<Listed> => (await client.get<Listed>('/api/v1/invoices?limit=500')).body;
    await until(async () => existsSync(join(data, 'demo.json')) && (await count()).items.every(({ status }) => status === 'archived' || status === 'rejected'));
    const statuses = (await count()).items;
    expect(statuses.every(({ channel }) => channel === 'demo')).to.equal(true);
    expect(new Set(statuses.map(({ status }) => status))).to.deep.equal(new Set(['archived', 'rejected']));
    expect(running.output).to.include('admin@folio.example').and.include('/openapi.json').and.include(data).and.not.include('a test password');
    const postgres = await running.postgresPid();
    expect(await running.end()).to.equal(0);
    expect([isAlive(postgres), existsSync(join(data, 'lock')), existsSync(join(data, 'run.json'))]).to.deep.equal([false, false, false]);
    running = await FolioProcess.start(data, { args: [] });
    const again = (await (await running.client()).get<Listed>('/api/v1/invoices?limit=500')).body;
    expect(again.items).to.have.length(statuses.length);
  });

  it('says so when an instance is running on the folder', async () => {
    running = await FolioProcess.start(data);
    const second = await folio(['start', '--data', data, '--port', '0']);
    expect(second.code).to.equal(3);
    expect(second.stderr).to.include('An instance with this data folder is running').and.include(String(running.pid));
  });

  it('says so when the port is taken by somebody else', async () => {
    running = await FolioProcess.start(data);
    const port = new URL((await running.client()).url).port;
    const other = await FolioProcess.folder();
    const refused = await folio(['start', '--data', other, '--port', port]);
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.include(`Port ${port} is in use`);
    await cleanUp(other);
  });

  it('recognises its own orphaned Postgres after kill -9 and goes on with all data', async () => {
    running = await FolioProcess.start(data);
    const client = await running.client();
    const { body } = await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 1 })), {});
    const orphan = await running.postgresPid();
    expect(await running.end('SIGKILL')).to.equal('SIGKILL');
    expect(isAlive(orphan)).to.equal(true);
    running = await FolioProcess.start(data);
    expect(await running.postgresPid()).to.equal(orphan);
    const again = await running.client();
    await until(() => again.get(`/api/v1/invoices/${body.id}`).then(() => true, () => false));
    expect(await running.end()).to.equal(0);
    expect(isAlive(orphan)).to.equal(false);
  });

  it('tells a wrong setting and a wrong word in one helpful line', async () => {
    const setting = await folio(['projections', '--data', data], { env: { FOLIO_PORT: 'many' } });
    expect(setting.code).to.equal(2);
    expect(setting.stderr).to.include("FOLIO_PORT: 'many' is not a whole number");
    const word = await folio(['serch', 'x']);
    expect(word.code).to.equal(2);
    expect(word.stderr).to.include('search');
  });
});
