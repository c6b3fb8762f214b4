import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { ProjectionStatus } from '#contracts/queries.js';
import type { EventStore } from '#platform/event-store/port.js';
import { lowestPositions } from '#platform/progress/poller.js';
import type { StoredProjection } from './kit/projection.js';
import { typePrefixOf } from './kit/topics.js';
import type { WorkerContext } from './worker/context.js';

/** How far a projection is whose workers are in other processes: its checkpoints, and what the log says of the time behind them. */
export async function observeProjection(context: WorkerContext, store: Pick<EventStore, 'readAll'>, { name, topics }: StoredProjection): Promise<ProjectionStatus> {
  const generation = context.pointer.generationOf(name) ?? 0;
  const lanes = [...(await lowestPositions(context.shards, name, generation))].map(([lane, position]) => ({ lane, position }));
  const position = lanes.map((lane) => lane.position).sort(comparePositions)[0] ?? ORIGIN;
  const [eventsBehind, secondsBehind] = await Promise.all([
    context.feed.status(topics, position).then(({ behind }) => behind, () => null),
    ageAfter(store, topics, position).catch(() => 0),
  ]);
  return { name, generation, lanes, position, eventsBehind, secondsBehind, rebuild: null };
}

async function ageAfter(store: Pick<EventStore, 'readAll'>, topics: readonly string[], position: Position): Promise<number> {
  const { events: [next] } = await store.readAll(position, { filter: { typePrefixes: topics.map(typePrefixOf) }, limit: 1 });
  return next ? Math.max(0, (Date.now() - Date.parse(next.recordedAt)) / 1_000) : 0;
}
