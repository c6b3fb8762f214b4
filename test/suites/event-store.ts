import { expect } from 'chai';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { Problem } from '#contracts/kernel/problem.js';
import { comparePositions, ORIGIN, toRevision, type Position } from '#contracts/kernel/position.js';
import { EVENT_STORE_LIMITS, type AppendResult, type EventStore, type LogPage } from '#platform/event-store/port.js';
import { newStream, someEvent, someEvents } from '../support/events.js';

export interface EventStoreUnderTest {
  readonly store: EventStore;
  close(): Promise<void>;
}

const appended = (result: AppendResult): Extract<AppendResult, { outcome: 'appended' }> => {
  if (result.outcome !== 'appended') throw new Error(`expected an append, got a conflict at ${String(result.current)}`);
  return result;
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'no error', (error: unknown) => (error instanceof Problem ? error.code : `not a Problem: ${String(error)}`));

/** Every promise of the port, for every adapter; `counts: false` for an engine that cannot count the events behind a position. */
export function eventStoreSuite(name: string, open: () => Promise<EventStoreUnderTest>, { counts = true }: { readonly counts?: boolean } = {}): void {
  describe(`event store: ${name}`, () => {
    let store: EventStore;
    let opened: EventStoreUnderTest;
    before(async () => {
      opened = await open();
      store = opened.store;
    });
    after(() => opened.close());

    const collect = async (after: Position, wanted: number, filter?: Parameters<EventStore['subscribe']>[0]['filter']): Promise<Envelope[]> => {
      const stop = new AbortController();
      const events: Envelope[] = [];
      for await (const page of store.subscribe({ after, signal: stop.signal, batchSize: 7, ...(filter && { filter }) })) {
        events.push(...page.events);
        if (events.length >= wanted) stop.abort();
      }
      return events;
    };

    describe('appending', () => {
      it('gives the first event revision 0 and later ones the next', async () => {
        const stream = newStream();
        expect(appended(await store.append(stream, 'none', someEvents(1))).revision).to.equal(0);
        expect(appended(await store.append(stream, toRevision(0), someEvents(3))).revision).to.equal(3);
      });

      it('gives back what was stored, field by field', async () => {
        const stream = newStream();
        const event = { ...someEvent('fiscal.invoice.cancelled', { motive: 'ñ € 😀 "quoted"', nested: { amount: '12345678901234567890.10', list: [1, null, true] } }), traceparent: '00-a-b-01' };
        const { position } = appended(await store.append(stream, 'none', [event]));
        const [stored] = await store.readStream(stream);
        expect(stored).to.deep.include({ ...event, stream, revision: 0, position });
        expect(stored?.recordedAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
      });

      it('tells the current revision on a conflict and writes nothing', async () => {
        const stream = newStream();
        await store.append(stream, 'none', someEvents(2));
        expect(await store.append(stream, 'none', someEvents(1))).to.deep.equal({ outcome: 'conflict', current: 1 });
        expect(await store.append(stream, toRevision(0), someEvents(1))).to.deep.equal({ outcome: 'conflict', current: 1 });
        expect(await store.append(stream, toRevision(7), someEvents(1))).to.deep.equal({ outcome: 'conflict', current: 1 });
        expect(await store.readStream(stream)).to.have.length(2);
      });

      it('tells null as the current revision of a stream that does not exist', async () => {
        expect(await store.append(newStream(), toRevision(3), someEvents(1))).to.deep.equal({ outcome: 'conflict', current: null });
        expect(await store.append(newStream(), 'exists', someEvents(1))).to.deep.equal({ outcome: 'conflict', current: null });
      });

      it('takes anything with `any`, and with `exists` when there is a stream', async () => {
        const stream = newStream();
        expect(appended(await store.append(stream, 'any', someEvents(1))).revision).to.equal(0);
        expect(appended(await store.append(stream, 'exists', someEvents(1))).revision).to.equal(1);
        expect(appended(await store.append(stream, 'any', someEvents(1))).revision).to.equal(2);
      });

      it('answers the same ids at the same revision with the earlier success', async () => {
        const stream = newStream();
        const first = someEvents(2);
        const next = someEvents(3);
        const once = appended(await store.append(stream, 'none', first));
        const twice = appended(await store.append(stream, toRevision(1), next));
        await store.append(stream, toRevision(4), someEvents(1));
        expect(appended(await store.append(stream, 'none', first))).to.deep.equal({ ...once, repeated: true });
        expect(appended(await store.append(stream, toRevision(1), next))).to.deep.equal({ ...twice, repeated: true });
        expect(await store.readStream(stream)).to.have.length(6);
      });

      it('refuses a partly overlapping append of three events whole', async () => {
        const stream = newStream();
        const [first, second, third] = [someEvent(), someEvent(), someEvent()];
        await store.append(stream, 'none', [first]);
        expect(await store.append(stream, 'none', [first, second, third])).to.deep.equal({ outcome: 'conflict', current: 0 });
        expect(await store.readStream(stream)).to.have.length(1);
      });

      it('lets one of two commands win that race on one stream in one batch', async () => {
        const stream = newStream();
        const results = await Promise.all([store.append(stream, 'none', someEvents(1)), store.append(stream, 'none', someEvents(1))]);
        expect(results.map((result) => result.outcome)).to.deep.equal(['appended', 'conflict']);
        expect(results[1]).to.deep.equal({ outcome: 'conflict', current: 0 });
      });

      it('answers the same append twice in one batch with one success', async () => {
        const stream = newStream();
        const events = someEvents(2);
        const results = (await Promise.all([store.append(stream, 'none', events), store.append(stream, 'none', events)])).map(appended);
        expect(results.map((result) => result.repeated)).to.deep.equal([false, true]);
        expect(results[0]?.position).to.equal(results[1]?.position);
        expect(await store.readStream(stream)).to.have.length(2);
      });

      it('lets only the guilty caller fail when one of 64 waiting appends has data that cannot be stored', async () => {
        const poisoned = someEvent('fiscal.invoice.cancelled', { motive: 'a\u0000b' });
        const oversized = someEvent('fiscal.invoice.cancelled', { motive: 'x'.repeat(EVENT_STORE_LIMITS.maxEventBytes) });
        const work = Array.from({ length: 64 }, (_, index) => store.append(newStream(), 'none', [index === 20 ? poisoned : index === 40 ? oversized : someEvent()]));
        const codes = await Promise.all(work.map(codeOf));
        expect(codes.filter((code) => code === 'no error')).to.have.length(62);
        expect([codes[20], codes[40]]).to.deep.equal(['event-refused', 'event-too-large']);
      });

      it('refuses an append without events and one with too many', async () => {
        expect(await codeOf(store.append(newStream(), 'none', []))).to.equal('event-refused');
        expect(await codeOf(store.append(newStream(), 'none', someEvents(EVENT_STORE_LIMITS.maxEventsPerAppend + 1)))).to.equal('event-refused');
      });

      it('gives every event of many racing writers one position, without a gap in any stream', async () => {
        const streams = [newStream(), newStream(), newStream()];
        await Promise.all(Array.from({ length: 60 }, (_, index) => store.append(streams[index % 3] ?? newStream(), 'any', someEvents(1 + (index % 3)))));
        for (const stream of streams) {
          const events = await store.readStream(stream);
          expect(events.map((event) => event.revision)).to.deep.equal(events.map((_, index) => index));
          expect([...events].sort((left, right) => comparePositions(left.position, right.position))).to.deep.equal(events);
        }
      });
    });

    describe('reading a stream', () => {
      const stream = newStream();
      before(() => store.append(stream, 'none', someEvents(5)));
      const revisions = async (options: Parameters<EventStore['readStream']>[1]): Promise<number[]> => (await store.readStream(stream, options)).map((event) => event.revision);

      it('reads forwards from the start or a revision', async () => {
        expect(await revisions({})).to.deep.equal([0, 1, 2, 3, 4]);
        expect(await revisions({ from: toRevision(2), limit: 2 })).to.deep.equal([2, 3]);
        expect(await revisions({ from: toRevision(9) })).to.deep.equal([]);
      });

      it('reads backwards from the end or a revision', async () => {
        expect(await revisions({ direction: 'backwards', limit: 2 })).to.deep.equal([4, 3]);
        expect(await revisions({ direction: 'backwards', from: toRevision(1) })).to.deep.equal([1, 0]);
      });

      it('has no events for a stream that does not exist', async () => {
        expect(await store.readStream(newStream())).to.deep.equal([]);
      });
    });

    describe('reading the log', () => {
      it('gives pages in position order without loss or repetition', async () => {
        const { head: start } = await store.status();
        const stream = newStream();
        await store.append(stream, 'none', someEvents(25));
        const seen: Envelope[] = [];
        let page: LogPage = { events: [], scannedTo: start, atHead: false };
        while (!page.atHead) {
          page = await store.readAll(page.scannedTo, { limit: 4 });
          seen.push(...page.events);
        }
        expect(seen.map((event) => event.revision)).to.deep.equal(Array.from({ length: 25 }, (_, index) => index));
        expect(new Set(seen.map((event) => event.position)).size).to.equal(25);
      });

      it('filters by type, type prefix and stream prefix, and still says how far it looked', async () => {
        const { head: start } = await store.status();
        const [invoice, user] = [newStream('invoice'), newStream('user')];
        await store.append(invoice, 'none', [someEvent('fiscal.invoice.cancelled'), someEvent('fiscal.invoice.failed')]);
        await store.append(user, 'none', [someEvent('auth.user.suspended'), someEvent('auth.user.reinstated')]);
        const types = async (filter: Parameters<EventStore['subscribe']>[0]['filter']): Promise<string[]> =>
          (await store.readAll(start, filter ? { filter } : {})).events.map((event) => event.type);
        expect(await types({ types: ['auth.user.suspended', 'fiscal.invoice.failed'] })).to.deep.equal(['fiscal.invoice.failed', 'auth.user.suspended']);
        expect(await types({ typePrefixes: ['auth.'] })).to.deep.equal(['auth.user.suspended', 'auth.user.reinstated']);
        expect(await types({ streamPrefixes: ['invoice-'], typePrefixes: ['fiscal.invoice.c'] })).to.deep.equal(['fiscal.invoice.cancelled']);
        const { head } = await store.status();
        expect(await store.readAll(start, { filter: { types: ['nothing'] } })).to.deep.equal({ events: [], scannedTo: head, atHead: true });
      });

      it(counts ? 'counts the events behind a position, with and without a filter' : 'says that it cannot count the events behind a position', async () => {
        const { head: start } = await store.status();
        await store.append(newStream(), 'none', [someEvent('fiscal.invoice.cancelled'), someEvent('fiscal.invoice.failed'), someEvent('auth.user.suspended')]);
        expect((await store.status(start)).behind).to.equal(counts ? 3 : null);
        expect((await store.status(start, { typePrefixes: ['fiscal.'] })).behind).to.equal(counts ? 2 : null);
        expect((await store.status((await store.status()).head)).behind).to.equal(counts ? 0 : null);
        expect((await store.status()).behind, 'nobody asked').to.equal(null);
        expect((await store.readAll(start, { filter: { typePrefixes: ['fiscal_invoice', '%', 'fiscal.invoice\\'] } })).events, 'a prefix is no pattern').to.deep.equal([]);
      });

      it('keeps its identity and never lets recordedAt decrease', async () => {
        expect((await store.status()).logId).to.equal((await store.status()).logId).and.match(/^[0-9a-f-]{36}$/u);
        const times = (await store.readAll(ORIGIN, { limit: 5_000 })).events.map((event) => event.recordedAt);
        expect([...times].sort()).to.deep.equal(times);
      });
    });

    describe('subscribing', () => {
      it('catches up, then follows what is appended while it listens', async () => {
        const { head: start } = await store.status();
        const stream = newStream();
        await store.append(stream, 'none', someEvents(20));
        const reading = collect(start, 40, { streamPrefixes: [stream] });
        for (let revision = 19; revision < 39; revision += 1) await store.append(stream, toRevision(revision), someEvents(1));
        expect((await reading).map((event) => event.revision)).to.deep.equal(Array.from({ length: 40 }, (_, index) => index));
      });

      it('gives each of several readers everything, in order, whatever their pace', async () => {
        const { head: start } = await store.status();
        const stream = newStream();
        const readers = [collect(start, 50, { streamPrefixes: [stream] }), collect(start, 50, { streamPrefixes: [stream] })];
        await Promise.all(Array.from({ length: 50 }, () => store.append(stream, 'any', someEvents(1))));
        for (const events of await Promise.all(readers)) expect(events.map((event) => event.revision)).to.deep.equal(Array.from({ length: 50 }, (_, index) => index));
      });

      it('ends when its signal aborts, also while it waits', async () => {
        const stop = new AbortController();
        const { head } = await store.status();
        const pages = store.subscribe({ after: head, signal: stop.signal })[Symbol.asyncIterator]();
        const next = pages.next();
        stop.abort();
        expect((await next).done).to.equal(true);
      });
    });
  });
}
