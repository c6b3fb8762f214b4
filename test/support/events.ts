import type { NewEvent } from '#contracts/kernel/envelope.js';
import { randomUuid, toCorrelationId, toStreamId, type EventId, type StreamId } from '#contracts/kernel/ids.js';

/** A small event that any store takes; the data is the caller's. */
export function someEvent(type = 'fiscal.invoice.processing-started', data: unknown = { attempt: 1 }, id = randomUuid()): NewEvent {
  return {
    id: id as EventId,
    type,
    version: 1,
    occurredAt: '2026-03-01T12:00:00.123Z',
    correlationId: toCorrelationId('test'),
    causationId: randomUuid(),
    actor: { kind: 'system', id: 'test' },
    shardKey: 'AAA010101AAA',
    month: '2026-03-01',
    data,
  };
}

export const someEvents = (count: number): NewEvent[] => Array.from({ length: count }, () => someEvent());

export const newStream = (category = 'invoice'): StreamId => toStreamId(`${category}-${randomUuid()}`);
