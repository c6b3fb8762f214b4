import { expect } from 'chai';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { ProjectionStatus } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { Client } from '../../../cli/client.js';
import { diff, dropAudit, listAudits, project } from '../../../cli/commands/audit.js';
import { listParked, retryParked, showParked, skipParked } from '../../../cli/commands/quarantine.js';
import { rebuild, rollback, steer, tellRebuild, verify } from '../../../cli/commands/rebuild.js';
import { recordSkip } from '../../../cli/instance/record-skip.js';
import { projectionRoutes } from '../../../projections/api.js';
import { auditRoutes } from '../../../projections/audit-api.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { RowProjection } from '../../../projections/kit/projection.js';
import { quarantineRoutes } from '../../../projections/quarantine-api.js';
import { otherRoutes } from '../../../read-side/api/other-routes.js';
import { serve, type Running } from '../../unit/http/support.js';
import { invoiceId, invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = INVOICE_SUMMARY.name;
const NAMES = [SUMMARY, DAILY_REPORT.name];
const GUILTY = invoiceStream(3);

/** What an operator sees: the command line, over HTTP, on real tables. */
describe('the operator', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  let running: Running;
  let code: RowProjection = INVOICE_SUMMARY;
  let client: Client;
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const told = (): string => lines.splice(0).join('\n');

  beforeEach(async () => {
    code = INVOICE_SUMMARY;
    harness = await Harness.open(2);
    const changing: RowProjection = { ...INVOICE_SUMMARY, evolve: (row, event) => code.evolve(row, event) };
    worker = await harness.start({ projections: [changing, DAILY_REPORT], recordSkip: recordSkip(harness.store) });
    const faults: unknown[] = [];
    const handle = (): typeof worker => worker;
    const status = otherRoutes({ shards: undefined as never, pointer: worker.pointer, progress: worker.hub, log: harness.store, projections: () => worker.status() });
    running = await serve([...status, ...projectionRoutes(handle, (error) => faults.push(error)), ...quarantineRoutes(handle), ...auditRoutes(handle, (error) => faults.push(error))]);
    client = new Client({ url: running.url, token: 'role.admin' });
    lines.length = 0;
  });
  afterEach(async () => {
    await running.stop();
    await harness.close();
  });

  const fill = async (): Promise<void> => {
    for (let seed = 0; seed < 8; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, ...NAMES);
  };
  const unfoldable = (): void => {
    code = { ...INVOICE_SUMMARY, evolve: (row, event) => {
      if (event.stream === GUILTY && event.type === 'fiscal.invoice.validated') throw new Error('this code cannot fold it');
      return evolveInvoice(row as InvoiceSummary | undefined, event as InvoiceEvent);
    } };
  };

  it('rebuilds all in one go and is told how many rows were compared; a difference is told row by row and refused', async () => {
    await fill();
    expect(tellRebuild(await rebuild(client, ['all'], {}, false), print)).to.equal(0);
    expect(told()).to.match(/invoice-summary is at generation 2 after [\d.]+ s; 8 rows compared, 0 differ\ndaily-report is at generation 2/u);
    code = { ...INVOICE_SUMMARY, evolve: (row, event) => ({ ...evolveInvoice(row as InvoiceSummary | undefined, event as InvoiceEvent), channel: 'CHANGED' }) };
    expect(tellRebuild(await rebuild(client, [SUMMARY], {}, false), print)).to.equal(1);
    expect(told()).to.include('stays where it was').and.include('8 rows (channel)').and.include(`invoice ${invoiceId(2)} 2026-03-01  channel: readers have api, rebuilt is CHANGED`);
    expect(await diff(client, SUMMARY, 'live', '3', false, print)).to.equal(1);
    expect(told()).to.include('8 rows differ');
    expect(tellRebuild(await rebuild(client, [SUMMARY], { expectChanges: true, reason: 'on purpose' }, false), print)).to.equal(0);
    expect(harness.switches.at(-1)).to.deep.include({ differencesAccepted: true, actor: 'user-admin', reason: 'on purpose' });
    expect(await rollback(client, NAMES, 'back')).to.deep.equal({ [SUMMARY]: 2, [DAILY_REPORT.name]: 1 });
  });

  it('verifies, sees what somebody changed by hand, and repairs that one stream', async () => {
    await fill();
    expect(await verify(client, ['all'], false, print)).to.equal(0);
    expect(told()).to.match(/invoice-summary +g1 +8 rows, all as they were written, the digest holds/u);
    await harness.sql(`UPDATE invoice_summary_g1.invoice SET status = 'pending' WHERE id = '${invoiceId(5)}'`);
    expect(await verify(client, [SUMMARY], false, print)).to.equal(1);
    expect(told()).to.include(`invoice ${invoiceId(5)} 2026-03-01  status: stored is pending, the log says cancelled`);
    expect(tellRebuild(await rebuild(client, [SUMMARY], { select: { streams: [invoiceStream(5)] } }, false), print)).to.equal(0);
    expect(told()).to.include('1 streams folded again').and.include('1 rows were not what they should be');
    expect(await verify(client, [SUMMARY], true, print)).to.equal(0);
    expect(tellRebuild(await rebuild(client, [DAILY_REPORT.name], { select: { type: 'fiscal.invoice.created' } }, false), print)).to.equal(1);
    expect(told()).to.include('cannot be repaired in place');
  });

  it('lists a parked stream, tries it in vain, and leaves its event out', async () => {
    unfoldable();
    await fill();
    expect(await listParked(client, undefined, false, print)).to.equal(1);
    expect(told()).to.include(`${GUILTY} @2 fiscal.invoice.validated`).and.include('2 behind it: Error: this code cannot fold it');
    await showParked(client, SUMMARY, GUILTY, false, print);
    expect(told()).to.include('waits: @3 fiscal.invoice.archived').and.include('waits: @4');
    const refused = await retryParked(client, SUMMARY, GUILTY, print).then(() => '', (error: Error) => error.message);
    expect(refused).to.include('stays in quarantine at revision 2').and.include('stream-parked-again');
    expect(await skipParked(client, SUMMARY, GUILTY, 'a broken import', print)).to.equal(0);
    told();
    expect(await listParked(client, SUMMARY, false, print)).to.equal(0);
    expect(told()).to.equal('nothing is in quarantine');
    const [skip] = await harness.store.readStream(`projection-${SUMMARY}` as never);
    expect(skip?.data).to.deep.include({ actor: 'user-admin', reason: 'a broken import', revision: 2 });
    await expectCode(skipParked(client, SUMMARY, GUILTY, 'again', print), 'stream-not-parked');
    await expectCode(client.post(`/api/v1/quarantine/${SUMMARY}/${GUILTY}/skip`, { reason: ' ' }), 'field-invalid');
  });

  it('builds read models of another moment, sees them listed, and drops them', async () => {
    await fill();
    expect(await project(client, [SUMMARY], { name: 'march', until: '12' }, false, print)).to.equal(0);
    expect(told()).to.include('march').and.include('position 12').and.include('Folio-View: march');
    await listAudits(client, false, print);
    expect(told()).to.include('invoice-summary g2');
    expect(await diff(client, SUMMARY, 'march', 'live', false, print)).to.equal(1);
    await dropAudit(client, 'march', print);
    told();
    await listAudits(client, true, print);
    expect(told()).to.equal('[]');
    await expectCode(project(client, [SUMMARY], { name: 'later', until: '99999' }, false, print), 'until-invalid');
  });

  it('is refused in words that say what to do, and nobody but an admin is let in', async () => {
    await fill();
    await expectCode(rebuild(client, ['nothing'], {}, false), 'projection-unknown');
    await expectCode(steer(client, SUMMARY, 'pause', print), 'rebuild-not-running');
    await expectCode(rollback(client, [SUMMARY], undefined), 'rollback-impossible');
    await expectCode(client.post('/api/v1/projections/rebuild', { projections: [SUMMARY], surprise: true }), 'field-invalid');
    await expectCode(client.get(`/api/v1/projections/${SUMMARY}/diff`), 'query-invalid');
    await expectCode(diff(client, SUMMARY, '9', 'live', false, print), 'generation-unknown');
    const viewer = new Client({ url: running.url, token: 'role.analyst' });
    for (const path of [`projections/${SUMMARY}/rebuild`, 'projections/rebuild', 'projections/rollback', `projections/${SUMMARY}/verify`, `projections/${SUMMARY}/rebuild/cancel`, `quarantine/${SUMMARY}/${GUILTY}/retry`, 'audits']) {
      await expectCode(viewer.post(`/api/v1/${path}`, {}), 'role-insufficient');
    }
    expect((await client.get<{ items: ProjectionStatus[] }>('/api/v1/projections')).body.items.map(({ generation }) => generation)).to.deep.equal([1, 1]);
  });

  async function expectCode(work: Promise<unknown>, expected: string): Promise<void> {
    const message = await work.then(() => 'not refused', (error: Error) => error.message);
    expect(message).to.include(`(${expected})`);
  }
});
