import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { earlierOf, isAfter, laterOf, toPosition, type Position } from '#contracts/kernel/position.js';
import type { Lease } from '#platform/control/leases.js';
import type { LanedEvent } from '#platform/feed/port.js';
import { isDataFault, type Statement, type WriterConnection } from '#platform/read-store/connection.js';
import type { DigestChanges } from '#platform/read-store/row-hash.js';
import { withSpan } from '#platform/telemetry/span.js';
import { folderOf, type Folder, type Skipped } from '../kit/fold.js';
import { RowRefused, type ProjectedRow, type StoredProjection } from '../kit/projection.js';
import { forgetAttempts, KILLS, MAX_ATTEMPTS, noteAttempt, takeBackAttempt } from './attempts.js';
import { addOutcomes, noOutcomes, reasonOf, type Fault, type Outcomes, type StreamEvents } from './batch.js';
import { foldGroup, type Folded, type ReadStream } from './fold-group.js';
import type { GenerationTarget } from './generation-target.js';
import { keepWaiting, park, selectParked } from './quarantine/tables.js';
import { sharesOf, type Share, type WriterPart } from './shares.js';
import { targetOf } from './target-of.js';

interface HeldLane {
  readonly epoch: string;
  /** Of each generation, in order: how often its rows were edited beside the live worker. One that is edited later is read anew. */
  readonly edits: readonly string[];
  position: Position;
}

/** A batch after its fold for one generation: what its transaction writes, and what the generation's digests become by it. */
interface FoldedBatch {
  readonly generation: number;
  readonly statements: readonly Statement[];
  readonly digests?: DigestChanges<Lane> | undefined;
  readonly faults: readonly Fault[];
  readonly waiting: readonly Envelope[];
  readonly outcomes: Outcomes;
}

export interface ShardWriterOptions {
  readonly projection: StoredProjection;
  /** All at the same position of every lane. Of several layouts, those in `parts`; the first one's outcomes are told. */
  readonly generations: readonly number[];
  /** Where the generations are of different layouts: which events of a batch are whose. Absent: all events of a batch are for all. */
  readonly parts?: readonly WriterPart[];
  readonly connection: WriterConnection;
  readonly readStream: ReadStream;
  /** Ids of events that are left out (default none). */
  readonly skipped?: Skipped;
  /** Called between the fold and the commit; tests stop a worker here. */
  readonly beforeCommit?: (() => Promise<void>) | undefined;
}

const CLAIM = `UPDATE checkpoint SET epoch = mine.epoch FROM unnest($3::text[], $4::bigint[]) AS mine(lane, epoch)
  WHERE checkpoint.projection = $1 AND checkpoint.generation = $2 AND checkpoint.lane = mine.lane AND checkpoint.epoch <= mine.epoch
  RETURNING checkpoint.lane, checkpoint.position, checkpoint.log_id, checkpoint.edits`;

/** One projection on one shard: folds batches into its rows and commits rows, tallies, parked streams and checkpoints in one transaction. */
export class ShardWriter {
  readonly #lanes = new Map<Lane, HeldLane>();
  readonly #parked: ReadonlyMap<number, Set<string>>;
  readonly #parts: readonly WriterPart[];
  readonly #targets: ReadonlyMap<number, GenerationTarget>;
  readonly #folder: Folder<ProjectedRow>;
  readonly #options: ShardWriterOptions;

  constructor(options: ShardWriterOptions) {
    this.#options = options;
    this.#folder = folderOf(options.projection, options.skipped);
    this.#parts = options.parts ?? [{ generations: options.generations, isHere: () => true }];
    this.#parked = new Map(options.generations.map((generation) => [generation, new Set()]));
    this.#targets = new Map(options.generations.map((generation) => [generation, targetOf(options.projection, generation, options.connection)]));
  }

  /** Writes this owner's epochs into the checkpoints (from now on no earlier owner can commit) and reads where they stand. @throws Problem log-diverged */
  async claim(leases: readonly Lease[], logId: string): Promise<void> {
    const { projection, generations, connection } = this.#options;
    const epochs = new Map(leases.map(({ lane, epoch }) => [lane, epoch]));
    for (const generation of generations) {
      const rows = await connection.rows({ text: CLAIM, values: [projection.name, generation, [...epochs.keys()], [...epochs.values()]] });
      for (const [lane, position, log, edits] of rows) {
        if (log !== logId) throw platformProblem('log-diverged');
        const before = this.#lanes.get(lane as Lane)?.edits ?? [];
        this.#lanes.set(lane as Lane, { epoch: epochs.get(lane as Lane) ?? '0', position: toPosition(position ?? '0'), edits: [...before, edits ?? '0'] });
      }
      for (const [stream] of await connection.rows(selectParked(projection.name, generation))) if (typeof stream === 'string') this.#parked.get(generation)?.add(stream);
    }
  }

  get positions(): ReadonlyMap<Lane, Position> {
    return new Map([...this.#lanes].map(([lane, { position }]) => [lane, position]));
  }

  /** Streams in quarantine of one generation. */
  parkedIn(generation: number): number {
    return this.#parked.get(generation)?.size ?? 0;
  }

  /**
   * Applies what is new of a batch (in position order) and moves every lane to `scannedTo` (never backwards, never beyond its ceiling). A deterministic fault
   * halves the batch until one event is found.
   */
  async apply(entries: readonly LanedEvent[], scannedTo: Position, ceilings?: ReadonlyMap<Lane, Position>): Promise<Outcomes> {
    const fresh = entries.filter(({ event, lane }) => this.#isFresh(event, lane, ceilings?.get(lane)));
    const outcomes = noOutcomes();
    outcomes.duplicate = this.#told(entries) - this.#told(fresh);
    await this.#write(fresh, scannedTo, ceilings, outcomes);
    return outcomes;
  }

  /**
   * The same, one event per transaction and each attempt on record before it: after the death of an owner that may have died of one of these.
   * An event that has done so too often is parked.
   */
  async applyCarefully(entries: readonly LanedEvent[], scannedTo: Position, ceilings?: ReadonlyMap<Lane, Position>): Promise<Outcomes> {
    const { connection, projection } = this.#options;
    const outcomes = noOutcomes();
    for (const entry of entries) {
      const { event, lane } = entry;
      const fresh = this.#isFresh(event, lane, ceilings?.get(lane));
      if (!fresh) outcomes.duplicate += this.#told([entry]);
      else if (await this.#attemptsBefore(event) < MAX_ATTEMPTS) await this.#survived(event, this.#write([entry], event.position, ceilings, outcomes));
      else addOutcomes(outcomes, await this.#commit([entry], event.position, ceilings, KILLS));
    }
    await this.#commit([], scannedTo, ceilings);
    await connection.rows(forgetAttempts(projection.name));
    return outcomes;
  }

  /** A fence, a lost connection: the event is tried again by the next session, and none of it counts against the event. */
  async #survived(event: Envelope, writing: Promise<void>): Promise<void> {
    const { connection, projection } = this.#options;
    await writing.catch(async (error: unknown) => {
      await connection.rows(takeBackAttempt(projection.name, event.id)).catch(() => undefined);
      throw error;
    });
  }

  /** Events that are the first part's: those of other layouts are counted on the shards where the first has them. */
  #told(entries: readonly LanedEvent[]): number {
    const [first] = this.#parts;
    return this.#parts.length > 1 && first ? entries.filter(({ event }) => first.isHere(event.shardKey)).length : entries.length;
  }

  async #attemptsBefore(event: Envelope): Promise<number> {
    if ([...this.#parked.values()].every((streams) => streams.has(event.stream))) return 0;
    const [row] = await this.#options.connection.rows(noteAttempt(this.#options.projection.name, event.id));
    return Number(row?.[0] ?? 0);
  }

  #isFresh(event: Envelope, lane: Lane, ceiling: Position | undefined): boolean {
    const held = this.#lanes.get(lane);
    return held !== undefined && isAfter(event.position, held.position) && !(ceiling !== undefined && isAfter(event.position, ceiling));
  }

  async #write(fresh: readonly LanedEvent[], upTo: Position, ceilings: ReadonlyMap<Lane, Position> | undefined, outcomes: Outcomes): Promise<void> {
    try {
      addOutcomes(outcomes, await this.#commit(fresh, upTo, ceilings));
    } catch (error) {
      const [first] = fresh;
      if (!(isDataFault(error) || error instanceof RowRefused) || !first) throw error;
      if (fresh.length === 1) return addOutcomes(outcomes, await this.#commit(fresh, upTo, ceilings, reasonOf(error)));
      const half = fresh.length >> 1;
      await this.#write(fresh.slice(0, half), fresh[half - 1]?.event.position ?? upTo, ceilings, outcomes);
      await this.#write(fresh.slice(half), upTo, ceilings, outcomes);
    }
  }

  /** One span per transaction; it belongs to the trace of its first event (a batch may carry events of many). */
  #commit(fresh: readonly LanedEvent[], upTo: Position, ceilings: ReadonlyMap<Lane, Position> | undefined, refused?: string): Promise<Outcomes> {
    const attributes = { 'folio.projection': this.#options.projection.name, 'folio.events': fresh.length };
    return withSpan('project', attributes, fresh[0]?.event.traceparent, () => this.#commitRows(fresh, upTo, ceilings, refused));
  }

  async #commitRows(fresh: readonly LanedEvent[], upTo: Position, ceilings: ReadonlyMap<Lane, Position> | undefined, refused?: string): Promise<Outcomes> {
    const { projection, connection, beforeCommit } = this.#options;
    const shares = sharesOf(fresh, this.#parts, this.#parked, this.#folder);
    const folded: FoldedBatch[] = [];
    for (const share of shares) folded.push(...(refused === undefined ? await this.#foldShare(share) : refusedShare(share, refused)));
    const moves = this.#moves(upTo, ceilings);
    await beforeCommit?.();
    // The fence comes first: it locks the lanes, so that of two owners one waits and then finds itself fenced.
    await connection.transaction([
      this.#fence(moves, new Map(folded.map(({ generation, digests }) => [generation, digests]))),
      ...folded.flatMap(({ statements }) => statements),
      ...folded.flatMap(({ generation, faults }) => faults.map((fault) => park(projection.name, [generation], fault))),
      ...folded.flatMap(({ generation, waiting }) => (waiting.length === 0 ? [] : [keepWaiting(projection.name, [generation], waiting)])),
    ]);
    // What was refused has written no rows; those of the attempt before it are not stored.
    if (refused === undefined) for (const target of this.#targets.values()) target.committed?.();
    for (const [lane, position] of moves) this.#moveLane(lane, position);
    for (const { generation, faults } of folded) for (const { event } of faults) this.#parked.get(generation)?.add(event.stream);
    return folded[0]?.outcomes ?? noOutcomes();
  }

  #moveLane(lane: Lane, position: Position): void {
    const held = this.#lanes.get(lane);
    if (held) held.position = position;
  }

  #moves(upTo: Position, ceilings: ReadonlyMap<Lane, Position> | undefined): Map<Lane, Position> {
    const to = (lane: Lane): Position => earlierOf(upTo, ceilings?.get(lane) ?? upTo);
    return new Map([...this.#lanes].map(([lane, { position }]) => [lane, laterOf(position, to(lane))]));
  }

  /** Moves every lane of every generation and adds what its rows have become to its digest, or fails. */
  #fence(moves: ReadonlyMap<Lane, Position>, digests: ReadonlyMap<number, DigestChanges<Lane> | undefined>): Statement {
    const { projection, generations } = this.#options;
    const each = generations.flatMap((generation, place) => [...this.#lanes].map(([lane, held]) => ({ generation, lane, held, edits: held.edits[place] ?? '0', change: digests.get(generation)?.get(lane) })));
    const values = [
      projection.name, each.map(({ generation }) => generation), each.map(({ lane }) => lane), each.map(({ held }) => held.position), each.map(({ lane, held }) => moves.get(lane) ?? held.position),
      each.map(({ held }) => held.epoch), each.map(({ edits }) => edits), each.map(({ change }) => change?.rows ?? 0), each.map(({ change }) => String(change?.sum ?? 0)),
    ];
    return { name: 'fence', text: 'SELECT advance_lanes($1, $2, $3, $4, $5, $6, $7, $8, $9)', values };
  }

  /** Folds the events for each generation from its own rows. */
  async #foldShare({ generations, groups, waiting, ignored }: Share): Promise<readonly FoldedBatch[]> {
    const batches: FoldedBatch[] = [];
    for (const generation of generations) {
      const target = this.#targets.get(generation);
      if (!target) continue;
      const results = await this.#foldGroups(groups, await target.load(groups.map(({ id, month, events: [first] }) => ({ id, month, isNew: first?.revision === 0 }))));
      const { statements, digests } = await target.writes(results);
      const outcomes = noOutcomes();
      for (const result of results) addOutcomes(outcomes, result.outcomes);
      outcomes.ignored += ignored;
      outcomes.quarantined += waiting.length;
      batches.push({ generation, statements, digests, outcomes, faults: results.flatMap(({ fault }) => (fault ? [fault] : [])), waiting: [...waiting, ...results.flatMap((result) => result.waiting)] });
    }
    return batches;
  }

  async #foldGroups(groups: readonly StreamEvents[], rows: ReadonlyMap<string, ProjectedRow>): Promise<readonly Folded[]> {
    const results: Folded[] = [];
    for (const group of groups) results.push(await foldGroup(this.#folder, rows.get(group.id), group, this.#options.readStream));
    return results;
  }
}

/** Every event of the share is at fault, in each of its generations: it parks its stream. */
function refusedShare({ generations, groups, waiting, ignored }: Share, reason: string): readonly FoldedBatch[] {
  const faults = groups.flatMap(({ events, fault, lane }) => (fault ? [fault] : events.map((event) => ({ event, lane, reason }))));
  const outcomes = { ...noOutcomes(), quarantined: groups.length + waiting.length, ignored };
  return generations.map((generation) => ({ generation, statements: [], faults, waiting, outcomes }));
}
