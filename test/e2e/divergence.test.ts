import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ProjectionStatus } from '#contracts/queries.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { ApiProblem, Client } from '../../cli/client.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { freshDatabase } from '../support/postgres.js';
import { untilSeen } from '../support/until.js';

const KEPT = 8;
const LOST = 6;
const addressOf = ({ host, port, user, password, database }: ConnectionSettings): string => `postgres://${user}:${password}@${host}:${port}/${database}`;

/*
 * Read models live in databases of their own, which go on; the machine of the log is lost, and a backup that is older than they are is restored on
 * another one. They show invoices that the log never had.
 */
describe('an older backup restored under read models', function () {
  this.timeout(90_000);
  let root: string;
  const running: FolioProcess[] = [];
  const place = (name: string): string => join(root, name);
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'folio-divergence-'));
  });
  after(async () => {
    for (const one of running) await one.end();
    for (const name of ['source', 'restored']) await cleanUp(place(name));
    await rm(root, { recursive: true, force: true });
  });
  const submit = async (client: Client, from: number, count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let index = from; index < from + count; index += 1) ids.push((await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {})).body.id);
    return ids;
  };
  const archived = (client: Client, count: number): Promise<void> => untilSeen(async () => (await allRows(client)).filter(({ status }) => status === 'archived').length === count);
  const start = async (name: string, env: Record<string, string>): Promise<Client> => {
    const instance = await FolioProcess.start(place(name), { env });
    running.push(instance);
    return instance.client();
  };

  it('is found out, nothing is written over, and `folio rebuild all --from-divergence` makes them what the restored log says', async () => {
    const env = { FOLIO_CONTROL_DB: addressOf(await freshDatabase()), FOLIO_SHARDS: [addressOf(await freshDatabase()), addressOf(await freshDatabase())].join(',') };
    const client = await start('source', env);
    const kept = await submit(client, 0, KEPT);
    await archived(client, KEPT);
    expect(await folio(['backup', place('backup'), '--data', place('source')])).to.include({ code: 0 });
    const lost = await submit(client, KEPT, LOST);
    await archived(client, KEPT + LOST);
    await running.pop()?.end();

    const restored = await folio(['restore', place('backup'), '--data', place('restored')]);
    expect(restored, restored.stderr).to.include({ code: 0 });
    const other = await start('restored', env);
    const statuses = async (): Promise<readonly ProjectionStatus[]> => (await other.get<{ items: ProjectionStatus[] }>('/api/v1/projections')).body.items;
    const inTables = (items: readonly ProjectionStatus[]): readonly ProjectionStatus[] => items.filter(({ name }) => name === 'invoice-summary' || name === 'daily-report');
    await untilSeen(async () => inTables(await statuses()).every(({ state }) => state === 'log-diverged'));
    expect((await fetch(new URL('/health/ready', other.url))).status).to.equal(503);
    // More comes in than was lost: the log is longer than the read models have ever seen one, and still another one.
    const added = await submit(other, 100, LOST + 2);
    expect((await allRows(other)).map(({ id }) => id).sort(), 'as before').to.deep.equal([...kept, ...lost].sort());

    const rebuilt = await folio(['rebuild', 'all', '--from-divergence', '--data', place('restored')]);
    expect(rebuilt, rebuilt.stderr).to.include({ code: 0 });
    await archived(other, KEPT + LOST + 2);
    expect((await expectRowsAreFolds(other)).map(({ id }) => id).sort()).to.deep.equal([...kept, ...added].sort());
    for (const id of lost) expect(await other.get(`/api/v1/invoices/${id}`).then(() => 'found', (error: unknown) => (error as ApiProblem).document.code)).to.equal('invoice-unknown');
    expect(await folio(['verify', '--data', place('restored')])).to.include({ code: 0 });
    // The workers look once a second whether there are generations of this log.
    await untilSeen(async () => (await fetch(new URL('/health/ready', other.url))).status === 200);
  });
});
