import { expect } from 'chai';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceId } from '#contracts/kernel/ids.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { migrate } from '#platform/postgres/migrate.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { AUTHORITY_MIGRATIONS } from '../../../write-side/authority/schema.js';
import { invoiceStream, submitDocument } from '../../../write-side/intake/submit.js';
import { freshLog } from '../../support/event-store.js';
import { ProcessingBench, someContext } from '../../support/processing.js';
import { until } from '../../support/until.js';
import { SatServer } from '../outbound/sat-server.js';
import { allRight, toldIn } from './bench.js';
import { runMortalWatch, type MortalWatch } from './mortal-watch.js';

describe('a watch over the authority that is killed', () => {
  it('loses no question and tells nothing twice, wherever it was', async () => {
    // Story: three archived invoices. A process is killed before it has noted them, the next ones right after an answer was told and before that was
    // on record, one of each answer at a time. The last one finishes. Each invoice has been told once.
    const bench = await ProcessingBench.open();
    await migrate(bench.database, AUTHORITY_MIGRATIONS);
    const log = await freshLog();
    const store = new PostgresEventStore({ append: log.append, read: log.read });
    const server = await SatServer.open();
    const manager = bench.manager({ store, documents: allRight });
    const historyOf = async (id: InvoiceId): Promise<InvoiceEvent[]> => (await store.readStream(invoiceStream(id))).map((event) => decodeTrusted(event) as InvoiceEvent);
    const ids: InvoiceId[] = [];
    for (let index = 1; index <= 3; index += 1) {
      const { id } = await submitDocument({ store, objects: bench.objects, documents: allRight, maxDocumentBytes: 100_000 }, { bytes: generatedCfdi({ index }), mediaType: 'application/xml', channel: 'upload' }, someContext());
      await until(async () => (await historyOf(id)).at(-1)?.type === 'fiscal.invoice.archived');
      ids.push(id);
    }
    const toldCount = async (): Promise<number> => (await Promise.all(ids.map(historyOf))).flatMap(toldIn).length;
    const run = (dies: MortalWatch['dies']): Promise<NodeJS.Signals | undefined> => runMortalWatch({ log, database: bench.database, folder: bench.folder, address: server.address, dies, questions: 3 });

    expect(await run('noting')).to.equal('SIGKILL');
    expect(server.asked.length).to.equal(0);
    expect(await run('told')).to.equal('SIGKILL');
    const told = await toldCount();
    expect(told).to.be.within(1, 3);
    expect(await run('told')).to.equal('SIGKILL');
    expect(await run('never')).to.equal(undefined);
    expect(await Promise.all(ids.map(async (id) => toldIn(await historyOf(id))))).to.deep.equal([['in-force'], ['in-force'], ['in-force']]);
    const { rows } = await bench.pool.query<{ settled: number }>('SELECT settled FROM authority_check');
    expect(rows.map(({ settled }) => settled)).to.deep.equal([1, 1, 1]);
    expect(server.asked.length, 'a question is repeated at most').to.be.within(3 + 1, 3 * 3);

    await manager.stop();
    await store.close();
    server.close();
    await bench.close();
  });
});
