import { isAfter, parsePosition } from '#contracts/kernel/position.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Lane } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Folder } from '../../kit/fold.js';
import type { ProjectedRow, StoredProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import { idOfStream } from '../batch.js';
import { readLog } from '../rebuild/pass.js';

/** Streams that have an event for which all of this is true. Empty: every stream, which is a whole rebuild and refused here. */
export interface Selection {
  readonly streams?: readonly string[];
  readonly type?: string;
  /** The issuer that the stream is routed by: the one that was claimed first. */
  readonly issuer?: string;
  /** After this position, or recorded at or after this instant (ISO 8601). */
  readonly since?: string;
}

export interface SelectedStream {
  readonly stream: StreamId;
  readonly id: string;
  readonly month: string;
  readonly shardKey: string;
  readonly lane: Lane;
}

const MAX_STREAMS = 1_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/u;

type Test = (event: Envelope) => boolean;

/** @throws Problem rebuild-selection-invalid */
export function selectionTest(projection: StoredProjection, { streams, type, issuer, since }: Selection): Test {
  const wrong = (reason: string): Error => platformProblem('rebuild-selection-invalid', { reason });
  if (streams === undefined && type === undefined && issuer === undefined && since === undefined) throw wrong('it names no stream, type, issuer or time');
  if (streams && (streams.length === 0 || streams.length > MAX_STREAMS)) throw wrong(`it may name 1 to ${MAX_STREAMS} streams`);
  const types = [...projection.handles, ...projection.ignores];
  if (type !== undefined && !types.includes(type)) throw wrong(`${projection.name} knows no event type ${type.slice(0, 80)}`);
  const named = streams && new Set(streams);
  const isSince = since === undefined ? undefined : sinceTest(since, wrong);
  return (event) => (named?.has(event.stream) ?? true) && (type === undefined || event.type === type) && (issuer === undefined || event.shardKey === issuer) && (isSince?.(event) ?? true);
}

function sinceTest(since: string, wrong: (reason: string) => Error): Test {
  const position = parsePosition(since);
  if (position !== undefined) return (event) => isAfter(event.position, position);
  const instant = INSTANT.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(instant)) throw wrong(`${since.slice(0, 40)} is neither a position nor an instant`);
  return (event) => Date.parse(event.recordedAt) >= instant;
}

/** The selected streams, in chunks of at most so many; a stream may come again in a later chunk. */
export async function* selectStreams(
  store: Pick<EventStore, 'readAll' | 'readStream' | 'status'>, projection: StoredProjection, selection: Selection, folder: Folder<ProjectedRow>, chunk: number, signal: AbortSignal, onPage: (events: number) => void,
): AsyncIterable<readonly SelectedStream[]> {
  const isSelected = selectionTest(projection, selection);
  let found = new Map<string, SelectedStream>();
  const only = selection.streams && selection.type === undefined && selection.issuer === undefined && selection.since === undefined;
  for await (const events of only ? firstEvents(store, selection.streams ?? []) : pages(store, projection, selection, signal)) {
    for (const event of events) {
      if (!folder.hasRow(event) || !isSelected(event) || found.has(event.stream)) continue;
      found.set(event.stream, { stream: event.stream, id: idOfStream(event.stream), month: event.month, shardKey: event.shardKey, lane: laneOf(event.type, event.stream) });
    }
    onPage(events.length);
    if (found.size < chunk) continue;
    yield [...found.values()];
    found = new Map();
  }
  if (found.size > 0) yield [...found.values()];
}

/** Up to where the log ended when it was asked for: a busy log would be followed for ever, and later events were folded by the code of now. */
async function* pages(store: Pick<EventStore, 'readAll' | 'status'>, { topics }: StoredProjection, { type, since }: Selection, signal: AbortSignal): AsyncIterable<readonly Envelope[]> {
  const position = since === undefined ? undefined : parsePosition(since);
  const filter = type === undefined ? { typePrefixes: topics.map(typePrefixOf) } : { types: [type] };
  const { head } = await store.status();
  for await (const page of readLog(store, { filter, signal, until: { position: head }, ...(position !== undefined && { from: position }) })) yield page.events;
}

async function* firstEvents(store: Pick<EventStore, 'readStream'>, streams: readonly string[]): AsyncIterable<readonly Envelope[]> {
  for (const stream of new Set(streams)) yield await store.readStream(stream as StreamId, { limit: 1 });
}
