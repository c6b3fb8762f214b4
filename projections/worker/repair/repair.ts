import { canonicalJson } from '#contracts/kernel/json.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { isAfter, type Position } from '#contracts/kernel/position.js';
import type { RepairReport } from '#contracts/queries.js';
import { sqlState, WriterConnection } from '#platform/read-store/connection.js';
import type { EventStore } from '#platform/event-store/port.js';
import { folderOf, foldStream, type Folder, type Skipped } from '../../kit/fold.js';
import { isDerived, type ProjectedRow, type StoredProjection } from '../../kit/projection.js';
import { eachAtOnce } from '../at-once.js';
import { reasonOf } from '../batch.js';
import { currentGenerations } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import { holdLanes, lanesEdited } from '../edits.js';
import type { GenerationTarget, RowChange } from '../generation-target.js';
import { selectParked } from '../quarantine/tables.js';
import { targetOf } from '../target-of.js';
import { selectStreams, type SelectedStream, type Selection } from './select.js';

export interface Repair {
  readonly context: WorkerContext;
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'status'>;
  readonly projection: StoredProjection;
  readonly selection: Selection;
  readonly skipped: Skipped;
  readonly signal: AbortSignal;
  readonly onPage: (events: number) => void;
}

/** Streams of one transaction: so long the live worker waits for their lanes. */
const STREAMS_AT_ONCE = 100;
const READS_AT_ONCE = 8;
const MAX_TOLD = 100;
const DEADLOCK = '40P01';
const MAX_ATTEMPTS = 5;

/**
 * Folds the selected streams again from their first event and replaces their rows in place, in every generation that is kept current. Each transaction
 * holds the lanes of its streams and folds up to their checkpoints, so that the live worker, fenced once, goes on exactly behind.
 * @throws Problem needs-full-rebuild | rebuild-selection-invalid
 */
export async function repair(one: Repair): Promise<RepairReport> {
  const { projection, store, selection, skipped, signal, onPage } = one;
  const because = (reason: string): Error => platformProblem('needs-full-rebuild', { projection: projection.name, reason });
  if (isDerived(projection) && projection.store.beginsAtHead === true) throw because('a cache has only what readers and events have put there');
  if (!isDerived(projection) && projection.tallies) throw because('its sums are of all rows');
  const folder = folderOf<ProjectedRow>(projection, skipped);
  const sum = { streams: 0, changed: 0, left: [] as { stream: string; reason: string }[] };
  for await (const chunk of selectStreams(store, projection, selection, folder, STREAMS_AT_ONCE, signal, onPage)) {
    signal.throwIfAborted();
    for (let start = 0; start < chunk.length; start += STREAMS_AT_ONCE) {
      const { streams, changed, left } = await repairStreams(one, folder, chunk.slice(start, start + STREAMS_AT_ONCE));
      sum.streams += streams;
      sum.changed += changed;
      sum.left.push(...left.slice(0, MAX_TOLD - sum.left.length));
    }
  }
  if (sum.streams === 0 && sum.left.length === 0) throw platformProblem('rebuild-selection-invalid', { reason: 'no stream has such an event' });
  return sum;
}

async function repairStreams(one: Repair, folder: Folder<ProjectedRow>, streams: readonly SelectedStream[]): Promise<RepairReport> {
  const { context: { shards }, projection } = one;
  const settings = isDerived(projection) ? shards.settings.slice(0, 1) : shards.settings;
  const generations = await currentGenerations(one.context, projection);
  const left: { stream: string; reason: string }[] = [];
  let changed = 0;
  for (const [shard, address] of settings.entries()) {
    const connection = new WriterConnection(address, 'folio-repair');
    try {
      for (const [place, { generation, slots }] of generations.entries()) {
        const here = settings.length === 1 ? streams : streams.filter(({ shardKey }) => shards.shardOf(shardKey, slots) === shard);
        if (here.length === 0) continue;
        const result = await new StreamRepair(one, folder, connection, generation).run(here);
        // The first generation is told of; the others are kept equal.
        if (place > 0) continue;
        changed += result.changed;
        left.push(...result.left);
      }
    } finally {
      await connection.close();
    }
  }
  return { streams: streams.length - left.length, changed, left };
}

/** Streams of one shard in one generation, in one transaction. */
class StreamRepair {
  readonly #target: GenerationTarget;

  constructor(private readonly one: Repair, private readonly folder: Folder<ProjectedRow>, private readonly connection: WriterConnection, private readonly generation: number) {
    this.#target = targetOf(one.projection, generation, connection, 'any');
  }

  async run(streams: readonly SelectedStream[]): Promise<Pick<RepairReport, 'changed' | 'left'>> {
    await this.#target.prepare(streams.map(({ month }) => month));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.connection.holding(() => this.#held(streams));
      } catch (error) {
        // The live worker takes its lanes in another order: one of the two gives way.
        if (sqlState(error) !== DEADLOCK || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #held(streams: readonly SelectedStream[]): Promise<Pick<RepairReport, 'changed' | 'left'>> {
    const { projection } = this.one;
    const lanes = [...new Set(streams.map(({ lane }) => lane))];
    const places = await holdLanes(this.connection, projection.name, this.generation, lanes);
    const parked = new Set((await this.connection.rows(selectParked(projection.name, this.generation))).map(([stream]) => stream));
    const left = streams.filter(({ stream }) => parked.has(stream)).map(({ stream }) => ({ stream, reason: 'it is in quarantine' }));
    const folded = await this.#foldAll(streams.filter(({ stream }) => !parked.has(stream)), places, left);
    const before = await this.#target.load(folded.map(({ stream: { id, month } }) => ({ id, month })));
    const changes = folded.map(({ stream, row }): RowChange => ({ lane: stream.lane, before: before.get(stream.id), after: row }));
    const { statements, digests } = await this.#target.writes(changes);
    for (const statement of [...statements, lanesEdited(projection.name, this.generation, lanes, digests)]) await this.connection.rows(statement);
    return { left, changed: changes.filter((change) => canonicalJson(change.before) !== canonicalJson(change.after)).length };
  }

  async #foldAll(streams: readonly SelectedStream[], places: ReadonlyMap<Lane, Position>, left: { stream: string; reason: string }[]): Promise<readonly { stream: SelectedStream; row: ProjectedRow }[]> {
    const folded: { stream: SelectedStream; row: ProjectedRow }[] = [];
    await eachAtOnce(streams, READS_AT_ONCE, async (stream) => {
      const upTo = places.get(stream.lane);
      const events = (await this.one.store.readStream(stream.stream)).filter(({ position }) => upTo !== undefined && !isAfter(position, upTo));
      try {
        const row = foldStream(this.folder, events);
        if (row) folded.push({ stream, row });
      } catch (error) {
        left.push({ stream: stream.stream, reason: reasonOf(error) });
      }
    });
    return folded;
  }
}
