import { expect } from 'chai';
import type { InvoiceCommand, SubmitInvoice } from '#contracts/commands/invoice.js';
import { commandIdOf, randomUuid, toCommandId, toCorrelationId, toSha256, type StreamId } from '#contracts/kernel/ids.js';
import { toRevision } from '#contracts/kernel/position.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { EventStore } from '#platform/event-store/port.js';
import { handleCommand, type CommandContext } from '../../../write-side/handle-command.js';
import { invoiceDecider } from '../../../write-side/invoice/decide.js';
import { newStream, someEvent } from '../../support/events.js';
import { codeOf } from '../../support/until.js';

const routing = { shardKey: 'FOL010101AB1', month: '2026-03-01' };
const context = (commandId = toCommandId(randomUuid())): CommandContext => ({ commandId, correlationId: toCorrelationId('c'), actor: { kind: 'user', id: 'u' }, occurredAt: '2026-03-01T00:00:00.000Z', routing });
const submit: SubmitInvoice = {
  kind: 'submit', identity: 'i', claimed: false, channel: 'api', routing, claim: { issuer: {}, receiver: {}, taxes: [] },
  file: { kind: 'stored', sha256: toSha256('a'.repeat(64)), size: 1, mediaType: 'application/xml' },
};
const run = (store: EventStore, stream: StreamId, command: InvoiceCommand, given = context()) => handleCommand(store, invoiceDecider, stream, command, given);

describe('the command loop', () => {
  it('answers a repeated command from its own events, without deciding again', async () => {
    const [store, stream, same] = [new MemoryEventStore(), newStream(), context(commandIdOf('u', 'POST /invoices', 'key'))];
    const first = await run(store, stream, submit, same);
    await run(store, stream, { kind: 'start-processing', attempt: 1 });
    const again = await run(store, stream, submit, same);
    expect(first).to.include({ outcome: 'done', revision: 0 });
    expect(again).to.include({ outcome: 'repeated', revision: 0, position: first.position });
    expect(await store.readStream(stream)).to.have.length(2);
  });

  it('answers a command without effect with the state of the stream and where it began', async () => {
    const [store, stream] = [new MemoryEventStore(), newStream()];
    const { position } = await run(store, stream, submit);
    await run(store, stream, { kind: 'start-processing', attempt: 1 });
    const again = await run(store, stream, submit);
    expect(again).to.deep.include({ outcome: 'unchanged', revision: 1, first: { revision: 0, position } });
  });

  it('carries routing, cause and trace from the first event to every later one', async () => {
    const [store, stream] = [new MemoryEventStore(), newStream()];
    await run(store, stream, submit);
    const later = { ...context(), traceparent: '00-aa-bb-01', routing: { shardKey: 'other', month: '1999-01-01' } };
    await run(store, stream, { kind: 'start-processing', attempt: 1 }, later);
    const [, second] = await store.readStream(stream);
    expect(second).to.include({ ...routing, causationId: later.commandId, traceparent: '00-aa-bb-01', correlationId: 'c' });
  });

  it('refuses when If-Match names another revision, and a rejection of the decider by its code', async () => {
    const [store, stream] = [new MemoryEventStore(), newStream()];
    await run(store, stream, submit);
    expect(await codeOf(run(store, stream, { kind: 'reprocess' }, { ...context(), ifRevision: toRevision(5) }))).to.equal('precondition-failed');
    expect(await codeOf(run(store, stream, { kind: 'reprocess' }))).to.equal('invoice-not-rejected');
    expect(await codeOf(run(store, newStream(), { kind: 'reprocess' }))).to.equal('invoice-unknown');
  });

  it('lets one of two racing commands win and decides the other again on what the first left', async () => {
    const [store, stream] = [new MemoryEventStore(), newStream()];
    await run(store, stream, submit);
    const outcomes = await Promise.all([run(store, stream, { kind: 'start-processing', attempt: 1 }), run(store, stream, { kind: 'start-processing', attempt: 1 })]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).to.deep.equal(['done', 'unchanged']);
    expect(await store.readStream(stream)).to.have.length(2);
  });

  it('gives up with a conflict when the stream never holds still', async () => {
    const store = new MemoryEventStore();
    const stream = newStream();
    await run(store, stream, submit);
    let reads = 0;
    const restless: EventStore = {
      append: (...args) => store.append(...args),
      readAll: (...args) => store.readAll(...args),
      subscribe: (options) => store.subscribe(options),
      status: () => store.status(),
      readStream: async (name) => {
        const events = await store.readStream(name);
        reads += 1;
        await store.append(stream, 'any', [someEvent('fiscal.invoice.retry-scheduled', {})]);
        return events;
      },
    };
    expect(await codeOf(run(restless, stream, { kind: 'start-processing', attempt: 1 }))).to.equal('revision-conflict');
    expect(reads).to.be.greaterThan(1).and.lessThan(50);
  });
});
