import { expect } from 'chai';
import type { InvoiceEvent, InvoiceFact } from '#contracts/events/invoice.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toPosition, toRevision, type Position } from '#contracts/kernel/position.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { EventStore, ReadStreamOptions } from '#platform/event-store/port.js';
import { ifMatchRevision } from '#platform/http/etag.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { Shards } from '#platform/read-store/shards.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Pointer } from '#platform/control/pointer.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { foldInvoice } from '../../../projections/role.js';
import { getInvoiceRoute } from '../../../read-side/api/get-invoice.js';
import { publicInvoice } from '../../../read-side/json.js';
import { serve, type Running } from '../http/support.js';
import { archived, cancelled, copyReceived, created, history, invoiceId, invoiceStream, resubmitted, started, validated, validationFailed } from '../projections/events.js';
import { codeOf } from '../../support/until.js';

const LIFE: readonly InvoiceFact[] = [created(1), started(), validationFailed(1), resubmitted(), started(2), validated(1, 2), archived(1, 2), cancelled()];
const STATUSES = ['pending', 'processing', 'rejected', 'pending', 'processing', 'validated', 'archived', 'cancelled'];

/** The log as a test writes it: positions 10, 20, 30 …, one event an hour, the head at 1000. */
class WrittenLog extends MemoryEventStore {
  events: readonly Envelope[] = [];
  reads: ReadStreamOptions[] = [];
  isGone = false;

  override async readStream(stream: string, options: ReadStreamOptions = {}): Promise<readonly Envelope[]> {
    this.reads.push(options);
    if (this.isGone) throw platformProblem('store-unavailable');
    return this.events.filter((event) => event.stream === stream).slice(options.from ?? 0).slice(0, options.limit);
  }

  override async status() {
    return { logId: 'log', head: toPosition('1000'), behind: 0 };
  }
}

const hour = (index: number): string => `2026-03-05T${String(index).padStart(2, '0')}:00:00.000Z`;
const positionAt = (index: number): Position => toPosition(String(10 * (index + 1)));
const eventsOf = (facts: readonly InvoiceFact[], seed = 1): InvoiceEvent[] =>
  history(invoiceStream(seed), facts).map((event, index) => ({ ...event, position: positionAt(index), recordedAt: hour(index) }) as InvoiceEvent);

describe('an invoice as it was', () => {
  const log = new WrittenLog();
  let running: Running;
  before(async () => {
    const pointer = { current: () => ({ epoch: 1, generations: { 'invoice-summary': 1 }, slots: [] }), generationOf: () => 1 } as unknown as Pointer;
    // There is no shard: nothing of this needs the views.
    const shards = new Shards({ shards: [], slots: [], slotOf: () => 0 });
    const cache = new MemoryCache<never>({ maxBytes: 1_000, sizeOf: () => 1 });
    running = await serve([getInvoiceRoute({ shards, pointer, progress: new ProgressHub(), log: log as EventStore, cache, cacheFillMs: 1_000, foldInvoice })]);
  });
  beforeEach(() => {
    log.events = eventsOf(LIFE);
    log.reads = [];
    log.isGone = false;
  });
  after(() => running.stop());
  const ask = (asOf: string, headers: Record<string, string> = {}, seed = 1): Promise<Response> =>
    fetch(`${running.url}/api/v1/invoices/${invoiceId(seed)}?asOf=${asOf}`, { headers: { authorization: 'Bearer role.viewer', ...headers } });
  const statusAt = async (asOf: string): Promise<string> => ((await (await ask(asOf)).json()) as { status: string }).status;
  const refusal = async (asOf: string, headers: Record<string, string> = {}): Promise<[number, string, string]> => {
    const answer = await ask(asOf, headers);
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    return [answer.status, code, detail];
  };

  for (const [index, status] of STATUSES.entries()) {
    const here = positionAt(index);
    it(`is ${status} after event ${index}, between it and the next, and at the instant of it`, async () => {
      expect(await Promise.all([here, String(Number(here) + 9), hour(index), hour(index).replace('00:00.000', '59:59.999')].map(statusAt))).to.deep.equal([status, status, status, status]);
      const row = foldInvoice(eventsOf(LIFE).slice(0, index + 1));
      const answer = await ask(here);
      expect(await answer.json()).to.deep.equal(JSON.parse(JSON.stringify(row && publicInvoice(row))));
      expect([answer.headers.get('folio-as-of'), answer.headers.get('cache-control'), answer.headers.get('folio-stale')]).to.deep.equal([here, 'private', null]);
    });
  }

  it('is what it was before an event until that event, by the very position and millisecond', async () => {
    expect(await Promise.all(['19', hour(1).replace('01:00:00.000', '00:59:59.999')].map(statusAt))).to.deep.equal(['pending', 'pending']);
    const answer = await ask('19');
    expect(answer.headers.get('folio-as-of'), 'the last event folded, not the moment asked for').to.equal('10');
  });

  it('reads an instant in any zone and of any precision; a plus that an address has made a space is one', async () => {
    const same = ['2026-03-05T02:00:00Z', '2026-03-05T02:00Z', '2026-03-05T02:00:00.000000001Z', '2026-03-05T04:30:00%2B02:30', '2026-03-05T04:30:00+02:30', '2026-03-04T20:00:00-06:00'];
    expect(await Promise.all(same.map(statusAt))).to.deep.equal(same.map(() => 'rejected'));
    expect(await Promise.all(['2026-03-05T01:59:59.999999999Z', '2026-03-05T04:29:59+02:30'].map(statusAt))).to.deep.equal(['processing', 'processing']);
  });

  it('did not exist before its first event, nor does one that never came', async () => {
    expect((await refusal('9')).slice(0, 2)).to.deep.equal([404, 'invoice-unknown']);
    expect((await refusal('0')).slice(0, 2)).to.deep.equal([404, 'invoice-unknown']);
    expect((await refusal('2026-03-04T23:59:59.999Z')).slice(0, 2)).to.deep.equal([404, 'invoice-unknown']);
    expect((await ask('500', {}, 2)).status).to.equal(404);
  });

  it('cannot be told for what has not happened yet', async () => {
    expect(await statusAt('1000')).to.equal('cancelled');
    for (const beyond of ['1001', '99999999999999999999']) {
      expect(await refusal(beyond)).to.deep.equal([400, 'until-invalid', `asOf names ${beyond}, which cannot be answered: it lies beyond the head of the log.`]);
    }
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await refusal(tomorrow)).to.deep.equal([400, 'until-invalid', `asOf names ${tomorrow}, which cannot be answered: it lies in the future.`]);
  });

  const MALFORMED = [
    '', 'x', '-1', '01', '1.5', '1e3', '2026-03-05', '2026-03-05T10:00:00', '2026-02-30T10:00:00Z', '2026-13-01T10:00:00Z', '2026-03-05T24:00:00Z', '2026-03-05T10:60:00Z', '2026-03-05T10:00:00%2B15:00',
    '2026-03-05 10:00:00Z', '2026-03-05T10:00:00.Z', '100000000000000000000', '1&asOf=2', '1'.repeat(50),
  ];
  for (const text of MALFORMED) {
    it(`is not asked for with ${text.slice(0, 30) || 'nothing'}`, async () => expect((await refusal(text)).slice(0, 2)).to.deep.equal([400, 'query-invalid']));
  }

  it('does not go with a token or a revision, and a misspelt parameter is no live row', async () => {
    for (const [rest, headers] of [['20&revision=1', {}], ['20&after=20.v1/fiscal-invoice/1', {}], ['20', { 'folio-position': '20.v1/fiscal-invoice/1' }]] as const) {
      const [status, code, detail] = await refusal(rest, headers);
      expect([status, code]).to.deep.equal([400, 'query-invalid']);
      expect(detail).to.include('neither with a position token nor with a revision');
    }
    const answer = await fetch(`${running.url}/api/v1/invoices/${invoiceId(1)}?asof=20`, { headers: { authorization: 'Bearer role.viewer' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).to.deep.equal([400, 'query-invalid']);
  });

  it('has an entity tag of its own, which no command takes for one of the live row', async () => {
    const tag = (await ask('20')).headers.get('etag') ?? '';
    expect(tag).to.equal((await ask('29')).headers.get('etag'));
    expect(tag).to.not.equal((await ask('30')).headers.get('etag'));
    expect(await codeOf((async () => ifMatchRevision({ headers: { 'if-match': tag } } as never))())).to.equal('precondition-malformed');
    const again = await ask('20', { 'if-none-match': tag });
    expect([again.status, await again.text(), again.headers.get('folio-as-of')]).to.deep.equal([304, '', '20']);
  });

  it('is read page by page and no further than the moment; what comes later need not even be readable', async () => {
    const copies = Array.from({ length: 450 }, () => copyReceived());
    const many = history(invoiceStream(1), [created(1), ...copies]).map((event, index) => ({ ...event, position: toPosition(String(index + 1)), recordedAt: hour(0) }) as InvoiceEvent);
    log.events = many;
    expect(((await (await ask('451')).json()) as { copies: number }).copies).to.equal(450);
    expect(log.reads.map(({ from }) => from)).to.deep.equal([0, 200, 400].map(toRevision));
    const whole = await (await ask('150')).json();
    log.reads = [];
    log.events = many.map((event, index) => (index === 150 ? { ...event, type: 'fiscal.invoice.invented' } : event));
    expect(await (await ask('150')).json()).to.deep.equal(whole);
    expect(log.reads).to.have.length(1);
    expect((await refusal('151')).slice(0, 2), 'an event that nobody understands').to.deep.equal([500, 'internal']);
  });

  it('says so when the log does not answer', async () => {
    log.isGone = true;
    expect((await refusal('20')).slice(0, 2)).to.deep.equal([503, 'store-unavailable']);
  });
});
