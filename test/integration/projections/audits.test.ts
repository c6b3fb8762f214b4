import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { ORIGIN, isAfter, type Position } from '#contracts/kernel/position.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { invoiceStream, lifeOf } from '../../unit/projections/events.js';
import { Proxy } from '../read-side/proxy.js';
import { caughtUp, Harness } from './harness.js';

const SUMMARY = 'invoice-summary';
const NAMES = [SUMMARY, DAILY_REPORT.name];

describe('read models of another moment', () => {
  let harness: Harness;
  let worker: Awaited<ReturnType<Harness['start']>>;
  let events: readonly Envelope[];
  beforeEach(async () => {
    harness = await Harness.open(2);
    worker = await harness.start({ projections: [INVOICE_SUMMARY, DAILY_REPORT] });
    for (let seed = 0; seed < 12; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    await caughtUp(worker, ...NAMES);
    events = (await harness.store.readAll(ORIGIN, { limit: 1_000 })).events;
  });
  afterEach(() => harness.close());

  function foldUntil(until: Position): InvoiceSummary[] {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of events) if (!isAfter(event.position, until)) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  const positionAt = (index: number): Position => events.at(index)?.position ?? ORIGIN;
  const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'not refused', (error: unknown) => (error instanceof Problem ? error.code : String(error)));

  it('have every event up to a position and none behind it, whatever the window, and stand still while the live ones go on', async () => {
    for (const index of [0, 7, 33, events.length - 1]) {
      const report = await worker.audits.project(NAMES, { name: `at-${index}`, until: positionAt(index), windowBytes: 8_000 });
      expect(report).to.deep.include({ name: `at-${index}`, position: positionAt(index) });
      expect(await harness.rows(SUMMARY, report.generations[SUMMARY] ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(foldUntil(positionAt(index)));
    }
    expect(worker.pointer.generationOf(SUMMARY)).to.equal(1);
    await harness.append(invoiceStream(40), lifeOf(40));
    await caughtUp(worker, ...NAMES);
    const [first] = worker.audits.list();
    expect(await harness.rows(SUMMARY, first?.generations[SUMMARY] ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(foldUntil(positionAt(0)));
    expect(await worker.verify(SUMMARY)).to.deep.include({ generation: 1, digestHolds: true });
  });

  it('are made for an instant too: with what was recorded until then', async () => {
    const instant = events.at(20)?.recordedAt ?? '';
    const last = events.filter(({ recordedAt }) => Date.parse(recordedAt) <= Date.parse(instant)).at(-1)?.position ?? ORIGIN;
    const report = await worker.audits.project([SUMMARY], { name: 'noon', until: instant });
    expect(report.position).to.equal(last);
    expect(await harness.rows(SUMMARY, report.generations[SUMMARY] ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(foldUntil(last));
  });

  it('name a shard that answers nothing any more instead of waiting for it, and can be made when it is back', async () => {
    const proxy = await Proxy.before(harness.shardSettings[1] as never);
    try {
      const far = await harness.start({ owner: 'far', reaches: [harness.shardSettings[0] as never, proxy.settings], silentMs: 500, projections: [INVOICE_SUMMARY, DAILY_REPORT] });
      const onProgress = ({ stage }: { readonly stage: string }): void => (stage === 'index' ? proxy.freeze() : undefined);
      expect(await refusal(far.audits.project(NAMES, { name: 'then', until: positionAt(9), onProgress }))).to.equal('shard-unavailable');
      await proxy.cut();
      await proxy.open();
      const { generations } = await far.audits.project(NAMES, { name: 'then', until: positionAt(9) });
      expect(await harness.rows(SUMMARY, generations[SUMMARY] ?? 0, INVOICE_SUMMARY_TABLE)).to.deep.equal(foldUntil(positionAt(9)));
    } finally {
      await proxy.cut();
    }
  });

  it('are compared with each other and with the live one, row by row', async () => {
    await worker.audits.project([SUMMARY], { name: 'half', until: positionAt(29) });
    const diff = await worker.audits.diff(SUMMARY, 'half', 'live');
    expect(diff.differing).to.equal(12 - foldUntil(positionAt(29)).filter(({ revision }) => revision === 4).length);
    expect((await worker.audits.diff(SUMMARY, '1', 'live')).differing).to.equal(0);
    expect(await refusal(worker.audits.diff(SUMMARY, '1', 'nothing'))).to.equal('generation-unknown');
  });

  it('are replaced under the same name and dropped whole; a rebuild beside them takes a number of its own', async () => {
    await worker.audits.project([SUMMARY], { name: 'year', until: positionAt(5) });
    await worker.audits.project([SUMMARY], { name: 'year', until: positionAt(9) });
    expect(worker.audits.list().map(({ name, generations }) => [name, generations])).to.deep.equal([['year', { [SUMMARY]: 3 }]]);
    expect(await worker.rebuild(SUMMARY)).to.equal(4);
    await worker.audits.forget('year');
    expect(worker.audits.list()).to.deep.equal([]);
    expect(await harness.control(`SELECT generation, state, gone FROM generation WHERE projection = '${SUMMARY}' AND generation IN (2, 3) ORDER BY generation`)).to.deep.equal([2, 3].map((generation) => ({ generation, state: 'dropped', gone: true })));
    expect(await refusal(worker.audits.forget('year'))).to.equal('generation-unknown');
  });

  it('are refused for a moment that is none', async () => {
    for (const until of ['0', '999999', 'tomorrow', '1999-12-31', '2999-12-31', '2026-13-45', '2026-03-01T12:00:00']) {
      expect(await refusal(worker.audits.project([SUMMARY], { name: 'x', until })), until).to.equal('until-invalid');
    }
    expect(await refusal(worker.audits.project([SUMMARY], { name: 'Not A Name', until: positionAt(1) }))).to.equal('until-invalid');
    expect(await refusal(worker.audits.project(['nothing'], { name: 'x', until: positionAt(1) }))).to.equal('projection-unknown');
    expect(await harness.control('SELECT generation FROM generation WHERE generation > 1')).to.deep.equal([]);
  });
});
