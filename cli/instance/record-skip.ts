import { problem } from '#contracts/errors.js';
import type { ProjectionFact } from '#contracts/events/projection.js';
import { derivedUuid, eventIdOf, toCommandId, toCorrelationId, toStreamId } from '#contracts/kernel/ids.js';
import { NO_MONTH } from '#contracts/kernel/envelope.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { EventSkip } from '../../projections/role.js';

/** Others append to the same stream, seldom. */
const MAX_ATTEMPTS = 10;

/** Puts on record that a projection leaves an event out. Said twice it is one event: its id follows from what is skipped. */
export const recordSkip = (store: EventStore) => async ({ projection, stream, revision, eventId, actor, reason }: EventSkip): Promise<void> => {
  const journal = toStreamId(`projection-${projection}`);
  const fact: ProjectionFact = { type: 'projection.event.skipped', data: { projection, stream, revision, eventId, actor, reason } };
  const commandId = toCommandId(derivedUuid('skip', `${projection} ${eventId}`));
  const id = eventIdOf(commandId, 0);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const known = await store.readStream(journal);
    if (known.some((event) => event.id === id)) return;
    const result = await store.append(journal, known.at(-1)?.revision ?? 'none', [{
      id, version: 1, ...fact, occurredAt: new Date().toISOString(), correlationId: toCorrelationId(commandId), causationId: commandId,
      actor: { kind: 'user', id: actor }, shardKey: journal, month: NO_MONTH,
    }]);
    if (result.outcome === 'appended') return;
  }
  throw problem('revision-conflict', { current: '?', expected: '?' });
};
