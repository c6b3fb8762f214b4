import type { Lane } from '#contracts/kernel/lane.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { Generation } from '#platform/control/generations.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { WriterConnection, type Statement } from '#platform/read-store/connection.js';
import { isDerived, type DerivedProjection, type StoredProjection } from '../kit/projection.js';
import type { WorkerContext } from './context.js';
import { fingerprintOf } from './fingerprint.js';
import { dropGeneration, emptyGeneration, forgetGeneration, indexesOf, placeCheckpoints } from './schema.js';

type Statements = readonly Statement[] | ((shard: number) => readonly Statement[]);

/** Runs the statements on every shard, each shard in one transaction. */
export const onEveryShard = (context: WorkerContext, statements: Statements): Promise<void> => onShards(context.shards.settings, statements);

async function onShards(shards: readonly ConnectionSettings[], statements: Statements): Promise<void> {
  for (const [shard, settings] of shards.entries()) {
    const connection = new WriterConnection(settings, 'folio-schema');
    try {
      await connection.transaction(typeof statements === 'function' ? statements(shard) : statements);
    } finally {
      await connection.close();
    }
  }
}

/** The generations that a worker keeps current, as the control database has them now. */
export async function currentGenerations(context: WorkerContext, projection: string): Promise<readonly Generation[]> {
  const known = await context.generations.list(projection);
  return known.filter(({ state }) => state === 'live' || state === 'previous' || state === 'adopting' || state === 'refused');
}

/**
 * The generations that a worker keeps current; the very first is made here, empty, at the beginning of the log, by the owner of the first
 * lane (`mayCreate`), so that two workers never make it at once. Empty: there is none yet.
 */
export async function openGenerations(
  context: WorkerContext, projection: StoredProjection, lanes: readonly Lane[], logId: string, mayCreate: boolean,
): Promise<readonly Generation[]> {
  const current = await currentGenerations(context, projection.name);
  if (current.some(({ state }) => state === 'live')) return current;
  if (!mayCreate) return [];
  const known = await context.generations.list(projection.name);
  const first = 1 + Math.max(0, ...known.map(({ generation }) => generation));
  await makeEmpty(context, projection, first, lanes, ORIGIN, logId);
  await context.generations.add(projection.name, first, 'building', logId, context.leases.owner);
  await context.generations.describe(projection.name, first, fingerprintOf(projection));
  await context.generations.switchTo({ [projection.name]: first }, context.slots);
  return (await context.generations.list(projection.name)).filter(({ state }) => state === 'live');
}

async function makeEmpty(context: WorkerContext, projection: StoredProjection, generation: number, lanes: readonly Lane[], position: Position, logId: string): Promise<void> {
  if (isDerived(projection)) return makeDerived(context, projection, generation, lanes, position, logId);
  const indexes = indexesOf(projection, generation).map((text) => ({ text }));
  await onEveryShard(context, [...emptyGeneration(projection, generation), ...indexes, placeCheckpoints(projection.name, generation, lanes, position, logId)]);
}

/** A generation outside of Postgres: its place, and its checkpoints on the first shard. */
export async function makeDerived(context: WorkerContext, projection: DerivedProjection, generation: number, lanes: readonly Lane[], from: Position, logId: string): Promise<void> {
  const { name, topics, store } = projection;
  const position = store.beginsAtHead === true ? (await context.feed.status(topics, from)).head : from;
  await store.create(generation);
  await onShards(context.shards.settings.slice(0, 1), [...forgetGeneration(name, generation), placeCheckpoints(name, generation, lanes, position, logId)]);
}

/** Everything of a generation that nobody uses any more. */
export async function dropWhole(context: WorkerContext, projection: StoredProjection, generation: number): Promise<void> {
  if (isDerived(projection)) {
    await projection.store.drop(generation);
    return onShards(context.shards.settings.slice(0, 1), forgetGeneration(projection.name, generation));
  }
  return onEveryShard(context, dropGeneration(projection.name, generation));
}
