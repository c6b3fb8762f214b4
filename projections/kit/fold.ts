import { definitionOf, type DomainEvent } from '#contracts/events/index.js';
import type { ProjectedRow, Projection } from './projection.js';

/** How the worker folds for one projection: which streams have rows, and what an event does to a row. */
export interface Folder<Row extends ProjectedRow> {
  /** Streams of other categories (in the same topic) never have a row. */
  hasRow(event: DomainEvent): boolean;
  fold(row: Row | undefined, event: DomainEvent): Row | undefined;
  /** Names that the stream of a row may have: one for each category that has rows. */
  streamsOf(id: string): readonly string[];
}

export function folderOf<Row extends ProjectedRow>(projection: Projection<Row>): Folder<Row> {
  const handled = new Set(projection.handles);
  const prefixes = [...new Set(projection.handles.map((type) => `${definitionOf(type)?.category ?? ''}-`))];
  const [only] = prefixes;
  return {
    hasRow: (event) => (prefixes.length === 1 && only !== undefined ? event.stream.startsWith(only) : prefixes.some((prefix) => event.stream.startsWith(prefix))),
    streamsOf: (id) => prefixes.map((prefix) => `${prefix}${id}`),
    fold: (row, event) => {
      if (handled.has(event.type)) return projection.evolve(row, event);
      return row && { ...row, revision: event.revision, position: event.position };
    },
  };
}
