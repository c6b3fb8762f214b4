import type { DomainEvent } from '#contracts/events/index.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { NONE_SKIPPED, folderOf } from '../fold.js';
import type { ProjectedRow, Projection } from '../projection.js';
import { deepFreeze } from './freeze.js';
import { withoutClock } from './clock.js';
import { checkEqual, Refusal, refuse } from './refusal.js';
import type { Scenario } from './scenario.js';

/** A stream at the first of its events that could not be folded. */
export interface Parked {
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
}

export interface FoldedStream<Row> {
  readonly lane: Lane;
  /** After each event that was folded. */
  readonly steps: readonly Row[];
  readonly parked?: Parked;
  /** Revisions behind the parked event. */
  readonly waiting: readonly number[];
}

/** What the fold alone makes of a log; the measure of everything that a worker does with it. */
export type FoldedLog<Row> = ReadonlyMap<string, FoldedStream<Row>>;

/**
 * Folds every stream of the log, event by event, and looks at the fold while it does so.
 * @throws AssertionError when it changes its input, looks at the clock or at chance, or answers differently when it is asked twice
 */
export function foldInMemory<Row extends ProjectedRow>(projection: Projection<Row>, { entries, nameOf }: Scenario): FoldedLog<Row> {
  const watched: Projection<Row> = { ...projection, evolve: (row, event) => evolvePurely(projection, row, event, nameOf(event.stream)) };
  const folder = folderOf(watched, NONE_SKIPPED);
  const streams = new Map<string, { lane: Lane; steps: Row[]; parked?: Parked; waiting: number[] }>();
  for (const { event, lane } of entries) {
    if (!folder.hasRow(event)) continue;
    const folded = streams.get(event.stream) ?? { lane, steps: [], waiting: [] };
    streams.set(event.stream, folded);
    if (folded.parked) {
      folded.waiting.push(event.revision);
      continue;
    }
    try {
      const row = folder.fold(folded.steps.at(-1), folder.decode(event));
      if (row) folded.steps.push(row);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      folded.parked = { stream: event.stream, revision: event.revision, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return streams;
}

type Attempt<Row> = { readonly row: Row } | { readonly error: unknown };

function attempt<Row extends ProjectedRow>(projection: Projection<Row>, row: Row | undefined, event: DomainEvent): Attempt<Row> {
  try {
    return { row: projection.evolve(row, event) };
  } catch (error) {
    return { error };
  }
}

function evolvePurely<Row extends ProjectedRow>(projection: Projection<Row>, row: Row | undefined, event: DomainEvent, name: string): Row {
  const told = `evolve of ${projection.name} at ${event.type} (${name}, revision ${event.revision})`;
  const [before, given] = [structuredClone({ row, event }), deepFreeze({ row, event })];
  const { result: first, asked } = withoutClock(() => attempt(projection, given.row, given.event));
  if (asked.length > 0) refuse(`${told} asks ${asked.join(' and ')}: a rebuild would make another row. Take the instant from event.occurredAt, and ids from the event.`);
  if ('error' in first) {
    const unfrozen = structuredClone(before);
    const onCopies = attempt(projection, unfrozen.row, unfrozen.event);
    if (!('error' in onCopies)) refuse(`${told} changes the row or the event that it was given (${messageOf(first.error)}). Return a new row: { ...row, … }.`);
    throw first.error;
  }
  checkEqual(`${told} changes the row or the event that it was given. Return a new row: { ...row, … }.`, { row, event }, before);
  const second = attempt(projection, given.row, given.event);
  checkEqual(`${told} gives two different rows for the same row and the same event: it remembers something outside of the row.`, second, first);
  return checkPlace(first.row, event, told);
}

/** The worker drops what a row has already by these. */
function checkPlace<Row extends ProjectedRow>(row: Row, event: DomainEvent, told: string): Row {
  const place = { id: row.id, month: row.month, shardKey: row.shardKey, revision: row.revision, position: row.position };
  const { stream, month, shardKey, revision, position } = event;
  const wanted = { id: stream.slice(stream.indexOf('-') + 1), month, shardKey, revision, position };
  checkEqual(`${told} must give the row the place of the event: id from the stream, month, shardKey, revision and position.`, place, wanted);
  return row;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
