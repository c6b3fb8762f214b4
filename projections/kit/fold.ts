import { decodeTrusted } from '#contracts/events/decode.js';
import { definitionOf, type DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import type { ProjectedRow, Projection } from './projection.js';

/** How the worker folds for one projection: which streams have rows, and what an event does to a row. */
export interface Folder<Row extends ProjectedRow> {
  /** Streams of other categories (in the same topic) never have a row. */
  hasRow(event: Pick<Envelope, 'stream'>): boolean;
  /** A skipped event comes back as it is stored: nobody looks into it. @throws UndecodableEvent */
  decode(stored: Envelope): DomainEvent;
  /** A skipped event leaves the row as it is and moves it on, as an ignored one does. */
  fold(row: Row | undefined, event: DomainEvent): Row | undefined;
  /** Names that the stream of a row may have: one for each category that has rows. */
  streamsOf(id: string): readonly string[];
}

/** Ids of events that an operator told a projection to leave out. */
export type Skipped = ReadonlySet<string>;

export const NONE_SKIPPED: Skipped = new Set();

export function folderOf<Row extends ProjectedRow>(projection: Projection<Row>, skipped: Skipped = NONE_SKIPPED): Folder<Row> {
  const handled = new Set(projection.handles);
  const prefixes = [...new Set(projection.handles.map((type) => `${definitionOf(type)?.category ?? ''}-`))];
  const [only] = prefixes;
  return {
    hasRow: (event) => (prefixes.length === 1 && only !== undefined ? event.stream.startsWith(only) : prefixes.some((prefix) => event.stream.startsWith(prefix))),
    streamsOf: (id) => prefixes.map((prefix) => `${prefix}${id}`),
    decode: (stored) => (skipped.has(stored.id) ? (stored as DomainEvent) : decodeTrusted(stored)),
    fold: (row, event) => {
      if (handled.has(event.type) && !skipped.has(event.id)) return projection.evolve(row, event);
      return row && { ...row, revision: event.revision, position: event.position };
    },
  };
}

/** The row of a stream after these events. @throws what decoding or folding throws */
export const foldStream = <Row extends ProjectedRow>(folder: Folder<Row>, events: readonly Envelope[], from?: Row): Row | undefined =>
  events.reduce<Row | undefined>((row, event) => folder.fold(row, folder.decode(event)), from);
