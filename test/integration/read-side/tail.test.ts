import { request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { logRoute, tailRoute } from '../../../read-side/api/tail-route.js';
import { serve, type Running } from '../../unit/http/support.js';
import { created, invoiceStream, lifeOf, toNew, userStream } from '../../unit/projections/events.js';
import { until } from '../../support/until.js';
import { EventReader } from './sse.js';

const REGISTERED = { type: 'auth.user.registered', data: { email: 'a@example.org', name: 'A', role: 'viewer', tier: 'free', credential: 'the-credential' } } as const;

describe('the live tail of the log', () => {
  let store: MemoryEventStore;
  let running: Running;
  let readers: EventReader[];
  beforeEach(async () => {
    store = new MemoryEventStore();
    readers = [];
    const draining = (): AbortSignal => running.server.draining;
    running = await serve([tailRoute({ log: store, draining, maxTails: 2, slowReaderMs: 100 }), logRoute({ log: store })]);
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()));
    await running.stop();
  });

  const append = async (seed: number, facts: readonly InvoiceFact[] = lifeOf(seed)): Promise<void> => {
    const stream = invoiceStream(seed);
    await store.append(stream, 'none', facts.map((fact, index) => toNew(stream, index, fact)));
  };
  const register = async (seed: number): Promise<void> => void (await store.append(userStream(seed), 'none', [toNew(userStream(seed), 0, REGISTERED)]));
  const follow = (query = '', { role = 'admin', ...headers }: Record<string, string> = {}, url = running.url): Promise<Response> => fetch(`${url}/api/v1/events${query}`, { headers: { authorization: `Bearer role.${role}`, ...headers } });
  const open = async (query = '', headers: Record<string, string> = {}, url = running.url): Promise<EventReader> => {
    const answer = await follow(query, headers, url);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).to.deep.equal([200, 'text/event-stream; charset=utf-8', 'no-store']);
    const reader = new EventReader(answer);
    readers.push(reader);
    await reader.untilText('retry: ');
    return reader;
  };
  const ids = async (reader: EventReader, count: number): Promise<number[]> => (await reader.take(count)).map(({ id }) => Number(id));

  it('begins now, and says where that is before anything happens', async () => {
    await append(1);
    const reader = await open();
    expect(reader.text).to.equal('retry: 1000\nid: 5\n\n');
    await append(2);
    expect(await ids(reader, 5)).to.deep.equal([6, 7, 8, 9, 10]);
  });

  it('resumes exactly behind Last-Event-ID, for every place it may have been cut', async () => {
    await append(1);
    await append(2);
    for (let cut = 0; cut < 10; cut += 1) {
      const reader = await open('', { 'last-event-id': String(cut) });
      const expected = Array.from({ length: 10 - cut }, (_, index) => cut + 1 + index);
      expect(await ids(reader, expected.length), `after ${cut}`).to.deep.equal(expected);
      await reader.close();
    }
  });

  it('takes the first place from the address; the header of a reconnection wins', async () => {
    await append(1);
    expect(await ids(await open('?from=2'), 3)).to.deep.equal([3, 4, 5]);
    expect(await ids(await open('?from=2', { 'last-event-id': '4' }), 1)).to.deep.equal([5]);
  });

  it('gives events in their published form with revisions as text', async () => {
    await register(1);
    const [event] = await (await open('?from=0')).take(1);
    const published = JSON.parse(event?.data ?? '{}') as { type: string; revision: string; position: string; data: Record<string, unknown> };
    expect([event?.type, published.type, published.revision, published.position]).to.deep.equal(['auth.user.registered', 'auth.user.registered', '0', '1']);
    expect(event?.data).to.not.contain('the-credential');
  });

  it('shows an analyst no identities, and moves it on all the same', async () => {
    await register(1);
    await append(1);
    await register(2);
    const reader = await open('?from=0', { role: 'analyst' });
    expect((await reader.take(5)).map(({ type }) => type.split('.')[0])).to.deep.equal(['fiscal', 'fiscal', 'fiscal', 'fiscal', 'fiscal']);
    await reader.untilText('id: 7\nevent: position\n');
    expect(reader.text).to.not.contain('auth.');
  });

  it('shows the admin both', async () => {
    await register(1);
    await append(1, [created(1)]);
    expect((await (await open('?from=0')).take(2)).map(({ type }) => type)).to.deep.equal(['auth.user.registered', 'fiscal.invoice.created']);
  });

  it('is for admins and analysts', async () => expect((await follow('', { role: 'viewer' })).status).to.equal(403));

  it('can be narrowed to types and to prefixes', async () => {
    await register(1);
    await append(1);
    expect((await (await open('?from=0&types=fiscal.invoice.archived,auth.')).take(2)).map(({ type }) => type)).to.deep.equal(['auth.user.registered', 'fiscal.invoice.archived']);
  });

  for (const [query, headers] of [['?from=99', {}], ['?from=-1', {}], ['?from=x', {}], ['', { 'last-event-id': '1.5' }]] as const) {
    it(`cannot go on from ${query}${JSON.stringify(headers)}`, async () => {
      const answer = await follow(query, headers);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).to.deep.equal([400, 'range-invalid']);
    });
  }

  it('has room for so many readers, and again when one has left', async () => {
    const [first] = [await open(), await open()];
    const refused = await follow();
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
    await first.close();
    await until(async () => {
      const answer = await follow();
      if (answer.status === 200) readers.push(new EventReader(answer));
      else await answer.body?.cancel();
      return answer.status === 200;
    });
  });

  it('ends when the server drains', async () => {
    const reader = await open();
    const stopped = running.server.close(5_000);
    expect([await reader.ended(), await stopped]).to.deep.equal([true, true]);
  });

  it('cuts a reader off that takes nothing, and it goes on without a gap', async () => {
    const big = 'x'.repeat(200_000);
    const stream = userStream(9);
    const events = Array.from({ length: 100 }, (_, index) => ({ ...toNew(stream, index, { type: 'fiscal.invoice.duplicate-suspected', data: { of: 'x', key: big } }) }));
    await store.append(stream, 'none', events);
    const slow = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${running.url}/api/v1/events?from=0`, { headers: { authorization: 'Bearer role.admin' } }, resolve).on('error', reject).end();
    });
    slow.on('error', () => undefined);
    // It reads no further; the server gives up, and its connection is gone.
    await until(() => new Promise<boolean>((resolve, reject) => { running.server.node.getConnections((error, count) => (error ? reject(error) : resolve(count === 0))); }));
    const buffered: Buffer[] = [];
    slow.on('data', (chunk: Buffer) => buffered.push(chunk));
    await new Promise<void>((resolve) => { slow.once('close', resolve); slow.resume(); });
    const text = Buffer.concat(buffered).toString();
    const complete = text.slice(0, text.lastIndexOf('\n\n'));
    const last = Number(/(?:^|\n)id: (\d+)\n(?![\s\S]*\nid: )/u.exec(`${complete}\n`)?.[1] ?? '0');
    expect(last).to.be.lessThan(100);
    // It goes on at a server with the ordinary patience: reader and server share one thread here, and a tenth of a second is soon over.
    const patient = await serve([tailRoute({ log: store, draining: () => patient.server.draining, maxTails: 1 })]);
    const reader = await open('', { 'last-event-id': String(last) }, patient.url);
    const seen = await ids(reader, 100 - last);
    await reader.close();
    await patient.stop();
    expect(seen).to.deep.equal(Array.from({ length: 100 - last }, (_, index) => last + 1 + index));
    expect(Number((await store.status(ORIGIN)).head)).to.equal(100);
  });
});
