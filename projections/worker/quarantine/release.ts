import type { Envelope } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { isDataFault, WriterConnection, type Statement } from '#platform/read-store/connection.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { folderOf, type Skipped } from '../../kit/fold.js';
import { RowRefused, type StoredProjection } from '../../kit/projection.js';
import { groupByStream, reasonOf, type Fault } from '../batch.js';
import { holdLanes, lanesEdited } from '../edits.js';
import { foldGroup, type Folded } from '../fold-group.js';
import type { GenerationTarget, TargetWrites } from '../generation-target.js';
import type { WorkerContext } from '../context.js';
import { targetOf } from '../target-of.js';
import { keepWaiting, park } from './tables.js';

export interface Release {
  readonly context: Pick<WorkerContext, 'readStream'>;
  readonly projection: StoredProjection;
  readonly settings: ConnectionSettings;
  readonly stream: StreamId;
  readonly lane: Lane;
  /** Those in which the stream is parked on this shard. */
  readonly generations: readonly number[];
  readonly skipped: Skipped;
}

/** Still parked, and where; undefined: the stream is out of quarantine. */
export type Released = Fault | undefined;

/**
 * Takes a parked stream up again, generation by generation, with the code and the upcasters of now: everything of it up to the lane's checkpoint is
 * folded and written, in one transaction that holds the lane, so that the live worker goes on exactly behind. What cannot be folded parks the stream
 * again, at that event, with what could be folded before.
 */
export async function release(one: Release): Promise<Released> {
  const connection = new WriterConnection(one.settings, 'folio-quarantine');
  try {
    let fault: Fault | undefined;
    for (const generation of one.generations) fault = (await releaseFrom(one, generation, connection)) ?? fault;
    return fault;
  } finally {
    await connection.close();
  }
}

async function releaseFrom(one: Release, generation: number, connection: WriterConnection): Promise<Released> {
  const target = targetOf(one.projection, generation, connection);
  const [first] = await one.context.readStream(one.stream, { limit: 1 });
  if (first) await target.prepare([first.month]);
  for (let refusal: Refusal | undefined; ;) {
    try {
      return await connection.holding(() => releaseHeld(one, generation, connection, target, refusal));
    } catch (error) {
      if (!(isDataFault(error) || error instanceof RowRefused)) throw error;
      // The store refuses the row: one event fewer, until it takes it; the first one that it does not take parks the stream again.
      refusal = { from: (refusal?.from ?? (await one.context.readStream(one.stream)).length) - 1, reason: reasonOf(error) };
      if (refusal.from < 0) throw error;
    }
  }
}

/** The store takes no row that this event of the stream, or a later one, was folded into. */
interface Refusal {
  readonly from: number;
  readonly reason: string;
}

async function releaseHeld(one: Release, generation: number, connection: WriterConnection, target: GenerationTarget, refusal: Refusal | undefined): Promise<Released> {
  const { context, projection, stream, lane } = one;
  const upTo = (await holdLanes(connection, projection.name, generation, [lane])).get(lane) ?? ORIGIN;
  const events = (await context.readStream(stream)).filter(({ position }) => !isAfter(position, upTo));
  const folded = await foldAgain(one, target, refusal ? events.slice(0, refusal.from) : events);
  const refused = refusal && events[refusal.from];
  const fault = folded?.fault ?? (refused && { event: refused, lane, reason: refusal.reason });
  const waiting = fault ? events.filter(({ revision }) => revision > fault.event.revision) : [];
  const { statements, digests }: TargetWrites = folded ? await target.writes([folded]) : { statements: [] };
  for (const statement of [
    ...statements, ...forget(projection.name, generation, stream), ...(fault ? [park(projection.name, [generation], fault)] : []),
    ...(waiting.length === 0 ? [] : [keepWaiting(projection.name, [generation], waiting)]),
    lanesEdited(projection.name, generation, [lane], digests),
  ]) await connection.rows(statement);
  return fault;
}

/** From the stored row on: what is in it already counts as repeated. */
async function foldAgain({ context, projection, lane, skipped }: Release, target: GenerationTarget, events: readonly Envelope[]): Promise<Folded | undefined> {
  const folder = folderOf(projection, skipped);
  const { groups: [group] } = groupByStream(events.map((event) => ({ event, lane })), folder);
  return group && foldGroup(folder, (await target.load([group])).get(group.id), group, context.readStream);
}

const forget = (projection: string, generation: number, stream: StreamId): readonly Statement[] =>
  ['quarantine', 'quarantine_event'].map((table) => ({ text: `DELETE FROM ${table} WHERE projection = $1 AND generation = $2 AND stream = $3`, values: [projection, generation, stream] }));
