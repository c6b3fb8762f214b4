import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { createLogger } from '#platform/logger.js';
import { migrate } from '#platform/postgres/migrate.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { AuthorityChecks } from '../../../write-side/authority/check-table.js';
import { AUTHORITY_MIGRATIONS } from '../../../write-side/authority/schema.js';
import { submitDocument } from '../../../write-side/intake/submit.js';
import { startProcessing, type Processing, type ProcessingOptions } from '../../../write-side/role.js';
import { ProcessingBench, someContext } from '../../support/processing.js';
import { until } from '../../support/until.js';
import { SatServer } from '../outbound/sat-server.js';
import { allRight } from './bench.js';

/** Published by undici before each connection that it opens. */
const CONNECTS = 'undici:client:beforeConnect';

describe('a processor', () => {
  let bench: ProcessingBench;
  let server: SatServer;
  let connects = 0;
  const count = (): void => void (connects += 1);
  beforeEach(async () => {
    bench = await ProcessingBench.open();
    await migrate(bench.database, AUTHORITY_MIGRATIONS);
    server = await SatServer.open();
    connects = 0;
    subscribe(CONNECTS, count);
  });
  afterEach(async () => {
    unsubscribe(CONNECTS, count);
    server.close();
    await bench.close();
  });
  const start = (options: Partial<ProcessingOptions> = {}): Processing => startProcessing({
    store: bench.store, objects: bench.objects, database: bench.database, logger: createLogger({ level: 'silent' }), judge: allRight, maxDocumentBytes: 100_000, processingConcurrency: 2, retentionYears: 10, fetchFolders: [], fetchPrivateHosts: [], sftpHosts: [], fetchBuckets: [],
    ...options,
  });
  const rows = async (): Promise<number> => Number((await bench.pool.query<{ count: string }>('SELECT count(*) FROM authority_check')).rows[0]?.count);

  it('asks nobody and notes nothing without an address; with one it goes on from the first archive', async () => {
    const off = start();
    const { id } = await submitDocument({ store: bench.store, objects: bench.objects, documents: allRight, maxDocumentBytes: 100_000 }, { bytes: generatedCfdi({ index: 1 }), mediaType: 'application/xml', channel: 'upload' }, someContext());
    const history = await bench.settled(id, 'archived');
    await off.stop();
    expect([off.authority, history, await rows(), connects, server.connections]).to.deep.equal([undefined, ['created', 'processing-started', 'validated', 'archived'], 0, 0, 0]);

    const asked: string[] = [];
    const on = start({ authority: { address: server.address, perSecond: 5 }, onAsked: (outcome) => asked.push(outcome) });
    await until(async () => (await rows()) === 1);
    await bench.pool.query("UPDATE authority_check SET due_at = now()");
    await bench.settled(id, 'authority-status-reported');
    await until(() => asked.length === 1);
    expect([asked, connects, server.connections]).to.deep.equal([['in-force'], 1, 1]);
    expect((await new AuthorityChecks(bench.pool).oldestDue())?.getTime()).to.be.greaterThan(Date.now());
    await on.stop();
  });
});
