import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { DocumentOutcome, IndexedDocument } from '../port.js';
import { causeOf, EngineRefusal } from './faults.js';

export interface BulkLimits {
  readonly maxDocuments: number;
  readonly maxBytes: number;
}

/** A document as the two lines of a bulk, and its place among those asked for. */
export interface BulkLine {
  readonly place: number;
  readonly action: string;
  readonly source: string;
  readonly bytes: number;
}

/** Length as UTF-8 of one line more. */
const sizeOf = (action: string, source: string): number => action.length + Buffer.byteLength(source) + 2;

export function bulkLine({ id, revision, source: document }: IndexedDocument, place: number): BulkLine {
  const action = JSON.stringify({ index: { _id: id, version: revision, version_type: 'external_gte' } });
  const source = JSON.stringify(document);
  return { place, action, source, bytes: sizeOf(action, source) };
}

/** Bulks within both limits; a document over the limit goes alone. */
export function* chunksOf(lines: readonly BulkLine[], { maxDocuments, maxBytes }: BulkLimits): Generator<readonly BulkLine[]> {
  let chunk: BulkLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (chunk.length > 0 && (chunk.length >= maxDocuments || bytes + line.bytes > maxBytes)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(line);
    bytes += line.bytes;
  }
  if (chunk.length > 0) yield chunk;
}

const ANSWER = z.object({ items: z.array(z.object({ index: z.object({ status: z.int(), error: z.unknown().optional() }) })) });

/** Outcome of each line of a bulk, `busy` for those that may be taken later. @throws Problem search-unavailable when one says that the engine cannot write now */
export function bulkOutcomes(answer: unknown, lines: readonly BulkLine[], index: string): readonly (DocumentOutcome | 'busy')[] {
  const items = ANSWER.safeParse(answer).data?.items;
  if (items?.length !== lines.length) throw platformProblem('search-unavailable', { reason: 'its answer to a bulk cannot be read' });
  return items.map(({ index: { status, error } }) => outcomeOf(status, error, index));
}

function outcomeOf(status: number, error: unknown, index: string): DocumentOutcome | 'busy' {
  if (status === 200 || status === 201) return 'written';
  if (status === 409) return 'older';
  if (status === 429) return 'busy';
  const [type, reason] = causeOf(error);
  if (status === 400 || status === 413) return { refused: `${type}: ${reason}` };
  // No fault of the document: the index is gone, read-only, not allowed, or a shard is away.
  if (status === 404) throw platformProblem('search-unavailable', { reason: `there is no index ${index} that Folio made` });
  throw new EngineRefusal(status, type, reason);
}
