import type { ProjectionFact } from '#contracts/events/projection.js';
import { eventIdOf, randomUuid, toCommandId, toCorrelationId, toStreamId } from '#contracts/kernel/ids.js';
import { NO_MONTH } from '#contracts/kernel/envelope.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { GenerationSwitch } from '../../projections/role.js';

/** Records a switch in the log: the projections themselves have no right to write events. */
export const recordSwitch = (store: EventStore) => async ({ set, generations, reason, differencesAccepted, actor }: GenerationSwitch): Promise<void> => {
  const stream = toStreamId(`projection-${set}`);
  const fact: ProjectionFact = { type: 'projection.generation.switched', data: { set, generations: { ...generations }, reason, differencesAccepted } };
  const commandId = toCommandId(randomUuid());
  await store.append(stream, 'any', [{
    id: eventIdOf(commandId, 0), version: 1, ...fact, occurredAt: new Date().toISOString(), correlationId: toCorrelationId(commandId), causationId: commandId,
    actor: actor === undefined ? { kind: 'system', id: 'projections' } : { kind: 'user', id: actor }, shardKey: stream, month: NO_MONTH,
  }]);
};
