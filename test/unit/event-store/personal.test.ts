import { expect } from 'chai';
import { definitionOf } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { randomUuid, toStreamId } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { PersonalDataStore, type PersonalCodec } from '#platform/event-store/personal.js';
import { someEvent } from '../../support/events.js';
import { eventStoreSuite } from '../../suites/event-store.js';

/** Names whom the text is about, so that a mixed-up subject shows, and is no text that anybody wrote. */
const MARKING: PersonalCodec = {
  protect: (subject, text) => Promise.resolve(`sealed:${subject}:${Buffer.from(text).toString('base64')}`),
  reveal: (subject, text) => Promise.resolve(text.startsWith(`sealed:${subject}:`) ? Buffer.from(text.slice(`sealed:${subject}:`.length), 'base64').toString() : 'not readable'),
};

const fieldsOf = (type: string): readonly string[] => definitionOf(type)?.personal ?? [];
const closing = (store: MemoryEventStore): MemoryEventStore & { close(): Promise<void> } => Object.assign(store, { close: () => Promise.resolve() });

eventStoreSuite('memory behind the personal-data codec', async () => {
  const store = new PersonalDataStore(closing(new MemoryEventStore()), { codec: MARKING, fieldsOf });
  return { store, close: () => store.close() };
});

describe('the personal-data codec', () => {
  const registered = { email: 'somebody@example.org', name: 'Nadie Ninguna', role: 'viewer', tier: 'free' };

  it('lies between every writer and the log, and between the log and every reader', async () => {
    const log = closing(new MemoryEventStore());
    const store = new PersonalDataStore(log, { codec: MARKING, fieldsOf });
    const stream = toStreamId(`user-${randomUuid()}`);
    await store.append(stream, 'none', [someEvent('auth.user.registered', registered), someEvent('auth.user.role-changed', { role: 'admin' })]);
    const stored = await log.readStream(stream);
    expect(JSON.stringify(stored)).not.to.contain('somebody@example.org').and.not.to.contain('Nadie');
    expect(stored.map(({ data }) => (data as { role: string }).role)).to.deep.equal(['viewer', 'admin']);
    const signal = new AbortController();
    const followed: Envelope[] = [];
    for await (const page of store.subscribe({ after: ORIGIN, signal: signal.signal })) {
      followed.push(...page.events);
      if (followed.length === 2) signal.abort();
    }
    for (const events of [await store.readStream(stream), (await store.readAll(ORIGIN)).events, followed]) {
      expect(events.map(({ data }) => data)).to.deep.equal([registered, { role: 'admin' }]);
    }
  });

  it('covers what the contracts call personal', () => {
    expect(fieldsOf('auth.user.registered')).to.deep.equal(['email', 'name']);
    expect(fieldsOf('no.such.type')).to.deep.equal([]);
  });
});
