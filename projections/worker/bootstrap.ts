import type { Lane } from '#contracts/kernel/lane.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Generation } from '#platform/control/generations.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { WriterConnection, type Statement } from '#platform/read-store/connection.js';
import { shardsIn, type SlotTable } from '#platform/read-store/slot-tables.js';
import { isDerived, type DerivedProjection, type StoredProjection } from '../kit/projection.js';
import type { WorkerContext } from './context.js';
import { fingerprintOf, isWritable } from './fingerprint.js';
import { currentTable } from './layouts.js';
import { dropGeneration, forgetGeneration, placeCheckpoints, wholeGeneration } from './schema.js';

type Statements = readonly Statement[] | ((shard: number) => readonly Statement[]);

/** Runs the statements on every shard of the layout, each shard in one transaction. Shards that this process does not know are left out. */
export const onShardsOf = (context: Pick<WorkerContext, 'shards'>, slots: SlotTable, statements: Statements): Promise<void> => onShards(context.shards.settings.slice(0, shardsIn(slots)), statements);

async function onShards(shards: readonly ConnectionSettings[], statements: Statements): Promise<void> {
  for (const [shard, settings] of shards.entries()) {
    const here = typeof statements === 'function' ? statements(shard) : statements;
    if (here.length === 0) continue;
    const connection = new WriterConnection(settings, 'folio-schema');
    try {
      await connection.transaction(here);
    } finally {
      await connection.close();
    }
  }
}

/** The generations that a worker keeps current, as the control database has them now: one with other columns than this code writes is not among them. */
export async function currentGenerations(context: WorkerContext, projection: StoredProjection): Promise<readonly Generation[]> {
  return (await keptGenerations(context, projection.name)).filter((generation) => isWritable(projection, generation));
}

async function keptGenerations(context: WorkerContext, projection: string): Promise<readonly Generation[]> {
  return (await context.generations.list(projection)).filter(({ state }) => state === 'live' || state === 'previous' || state === 'adopting' || state === 'refused');
}

/**
 * The generations that a worker keeps current; the very first is made here, empty, at the beginning of the log, by the owner of the first
 * lane (`mayCreate`), so that two workers never make it at once. Empty: there is none yet.
 */
export async function openGenerations(
  context: WorkerContext, projection: StoredProjection, lanes: readonly Lane[], logId: string, mayCreate: boolean,
): Promise<readonly Generation[]> {
  const kept = await keptGenerations(context, projection.name);
  const current = kept.filter((generation) => isWritable(projection, generation));
  if (kept.some(({ state }) => state === 'live')) return isDerived(projection) ? current : reachable(context, projection.name, current);
  if (!mayCreate) return [];
  const known = await context.generations.list(projection.name);
  const first = 1 + Math.max(0, ...known.map(({ generation }) => generation));
  await context.pointer.refresh();
  const slots = currentTable(context);
  await makeEmpty(context, projection, first, lanes, logId, slots);
  await context.generations.add({ projection: projection.name, generation: first, state: 'building', logId, owner: context.leases.owner, slots: isDerived(projection) ? null : slots });
  await context.generations.describe(projection.name, first, fingerprintOf(projection));
  await context.generations.switchTo({ [projection.name]: first }, { first: slots });
  return (await context.generations.list(projection.name)).filter(({ state }) => state === 'live');
}

/**
 * Those that lie on shards which this process knows. What is not read and lies elsewhere as well (shards that were left out of the settings after a
 * re-shard) could not be kept current: it is given up, so that nobody can roll back to it. @throws Problem setting-wrong when readers use such a one
 */
async function reachable(context: WorkerContext, projection: string, current: readonly Generation[]): Promise<readonly Generation[]> {
  const { shards: { count }, generations, log } = context;
  const beyond = current.filter(({ slots }) => shardsIn(slots) > count);
  for (const { generation, slots, state } of beyond) {
    if (state === 'live' || !(await generations.giveUp(projection, generation))) throw unreachable(shardsIn(slots), count);
    log.warn({ projection, generation, shards: shardsIn(slots), known: count }, 'a generation lies on shards that the settings do not name: it is given up');
  }
  return current.filter((one) => !beyond.includes(one));
}

const unreachable = (needed: number, known: number): Error =>
  platformProblem('setting-wrong', { setting: 'FOLIO_SHARDS', reason: `rows lie on ${needed} shards, with FOLIO_NEW_SHARDS it names ${known}` });

async function makeEmpty(context: WorkerContext, projection: StoredProjection, generation: number, lanes: readonly Lane[], logId: string, slots: SlotTable): Promise<void> {
  if (isDerived(projection)) return makeDerived(context, projection, generation, lanes, ORIGIN, logId);
  await onShardsOf(context, slots, [...wholeGeneration(projection, generation), placeCheckpoints(projection.name, generation, lanes, ORIGIN, logId)]);
}

/** A generation outside of Postgres: its place, and its checkpoints on the first shard. */
export async function makeDerived(context: WorkerContext, projection: DerivedProjection, generation: number, lanes: readonly Lane[], from: Position, logId: string): Promise<void> {
  const { name, topics, store } = projection;
  const position = store.beginsAtHead === true ? (await context.feed.status(topics)).head : from;
  await store.create(generation);
  await onShards(context.shards.settings.slice(0, 1), [...forgetGeneration(name, generation), placeCheckpoints(name, generation, lanes, position, logId)]);
}

/** Everything of a generation that nobody uses any more. */
export async function dropWhole(context: WorkerContext, projection: StoredProjection, { generation, slots }: Pick<Generation, 'generation' | 'slots'>): Promise<void> {
  if (isDerived(projection)) {
    await projection.store.drop(generation);
    return onShards(context.shards.settings.slice(0, 1), forgetGeneration(projection.name, generation));
  }
  return onShardsOf(context, slots, dropGeneration(projection.name, generation));
}
