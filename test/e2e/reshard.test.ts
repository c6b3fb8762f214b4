import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';
import { expectRowsAreFolds } from '../support/oracle.js';
import { freshDatabase } from '../support/postgres.js';

const INVOICES = 12;
const addressOf = ({ host, port, user, password, database }: ConnectionSettings): string => `postgres://${user}:${password}@${host}:${port}/${database}`;

describe('folio reshard', () => {
  let folder: string;
  let data: string;
  let running: FolioProcess | undefined;
  beforeEach(async () => {
    data = await FolioProcess.folder();
    folder = await mkdtemp(join(tmpdir(), 'folio-reshard-'));
    for (let index = 0; index < INVOICES; index += 1) await writeFile(join(folder, `${index}.xml`), generatedCfdi({ index }));
  });
  afterEach(async () => {
    await cleanUp(data, running);
    await rm(folder, { recursive: true, force: true });
  });
  const run = (...args: string[]): ReturnType<typeof folio> => folio([...args, '--data', data]);

  it('makes the shards of an instance with a cluster of its own while it runs; after a restart everything is there', async () => {
    running = await FolioProcess.start(data);
    expect((await run('import', folder)).code).to.equal(0);
    const { code, stdout } = await run('reshard', '--shards', '3');
    expect([code, stdout]).to.satisfy(([exit, text]: [number, string]) => exit === 0 && /invoice-summary is at generation 2 .*0 differ/u.test(text) && /342 slots on shard 1, 341 slots on shard 2, 341 slots on shard 3/u.test(text));
    expect(await expectRowsAreFolds(await running.client())).to.have.length(INVOICES);
    await running.end();
    running = await FolioProcess.start(data);
    expect(await expectRowsAreFolds(await running.client())).to.have.length(INVOICES);
    expect((await run('verify')).code).to.equal(0);
    expect((await run('doctor')).stdout).to.match(/ok +shards +3 in use/u);
    const again = await run('reshard', '--shards', '3');
    expect([again.code, again.stderr]).to.deep.equal([3, 'folio: The read models cannot be laid out anew: it has that layout already. The live layout stays. (reshard-impossible)\n']);
    expect((await run('reshard', '--slot', '5')).code, 'wrong use').to.equal(2);
    const moved = await run('reshard', '--slot', '5', '--to', '2', '--json');
    expect((JSON.parse(moved.stdout) as { layout: { slots: number[] }; reports: { outcome: string }[] }).layout.slots).to.deep.equal([341, 342, 341]);
    expect((await run('rollback', 'all')).code).to.equal(0);
    expect(await expectRowsAreFolds(await running.client())).to.have.length(INVOICES);
  });

  it('lays rows on the shards of FOLIO_NEW_SHARDS, which may be moved to FOLIO_SHARDS behind it', async () => {
    const [first, second] = [addressOf(await freshDatabase()), addressOf(await freshDatabase())];
    const FOLIO_CONTROL_DB = addressOf(await freshDatabase());
    const env = { FOLIO_CONTROL_DB, FOLIO_SHARDS: first, FOLIO_NEW_SHARDS: second };
    running = await FolioProcess.start(data, { env });
    expect((await run('import', folder)).code).to.equal(0);
    expect((await run('reshard', '--shards', '2')).code).to.equal(0);
    expect(await expectRowsAreFolds(await running.client())).to.have.length(INVOICES);
    expect((await folio(['doctor', '--data', data], { env })).stdout).to.match(/shards +2 in use; rows lie on the first 1 address of FOLIO_NEW_SHARDS/u);
    await running.end();
    running = await FolioProcess.start(data, { env: { FOLIO_CONTROL_DB, FOLIO_SHARDS: `${first},${second}` } });
    expect(await expectRowsAreFolds(await running.client())).to.have.length(INVOICES);
  });
});
