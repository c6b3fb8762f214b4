import { expect } from 'chai';
import { generatedCfdi } from '../../cli/demo/index.js';
import { ApiProblem } from '../../cli/client.js';
import { cleanUp, FolioProcess } from '../support/folio-process.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { until } from '../support/until.js';

const DOCUMENTS = 300;
const KILLS = 3;
const CALLERS = 16;

describe('kill -9 while importing', () => {
  let folio: FolioProcess;
  after(() => cleanUp(folio.data, folio));

  it('loses no acknowledged document, leaves none half way, and every row is the fold of its stream', async () => {
    // Story: callers send documents without pause. Three times the process is killed in the middle of everything. Callers repeat what was
    // not answered. What was answered once must be there for ever; what was not must be there once at most.
    const data = await FolioProcess.folder();
    folio = await FolioProcess.start(data);
    const acknowledged = new Map<number, string>();
    const waiting = Array.from({ length: DOCUMENTS }, (_, index) => index);
    let up = folio.client();
    const caller = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const client = await up;
        try {
          const { body } = await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {});
          acknowledged.set(index, body.id);
        } catch (error) {
          if (error instanceof ApiProblem && !error.document.retryable) throw error;
          waiting.push(index);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    };
    const callers = Promise.all(Array.from({ length: CALLERS }, caller));
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until(() => acknowledged.size >= (DOCUMENTS * kill) / (KILLS + 1));
      let ready = (): void => undefined;
      up = new Promise((resolve, reject) => { ready = () => { folio.client().then(resolve, reject); }; });
      expect(await folio.end('SIGKILL')).to.equal('SIGKILL');
      folio = await FolioProcess.start(data);
      ready();
    }
    await callers;
    const client = await folio.client();
    await until(async () => (await allRows(client)).filter(({ status }) => status === 'archived').length === DOCUMENTS);
    const rows = await expectRowsAreFolds(client);
    expect(new Set(rows.map(({ id }) => id))).to.deep.equal(new Set(acknowledged.values()));
    expect(rows).to.have.length(DOCUMENTS);
  }).timeout(180_000);
});
