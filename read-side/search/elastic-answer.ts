import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { SearchResult } from '#contracts/queries.js';
import { rowOfDocument } from '#contracts/read-models/search-document.js';
import type { FoundRow } from './search.js';
import type { IndexedWord } from './typos.js';

const buckets = z.object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.int() })) });
const PAGE = z.object({
  pit_id: z.string().optional(),
  hits: z.object({ total: z.object({ value: z.int() }), hits: z.array(z.object({ _id: z.string(), _source: z.unknown(), sort: z.array(z.unknown()).min(3) })) }),
  aggregations: z.object({ status: buckets, format: buckets, currency: buckets, issuer: buckets, year: buckets }),
});
const PRESENCE = z.object({ aggregations: z.object({ words: z.object({ buckets: z.array(z.object({ doc_count: z.int() })) }) }) });
const RESEMBLING = z.object({ aggregations: z.object({ sample: z.looseObject({}) }) });

const unreadable = () => platformProblem('search-unavailable', { reason: 'its answer cannot be read' });

/** @throws Problem search-unavailable when the answer is not of the kind that was asked for */
function read<Value>(schema: z.ZodType<Value>, answer: unknown): Value {
  const { data, success } = schema.safeParse(answer);
  if (!success) throw unreadable();
  return data;
}

/** Digits of a score in a cursor: finds the engine's own number (a float of 32 bits) again, exactly. */
const SCORE_DIGITS = 12;

export interface EnginePage extends Pick<SearchResult, 'total' | 'facets'> {
  readonly rows: readonly FoundRow[];
  /** The point in time as it is to be named from now on. */
  readonly pit: string | undefined;
}

export function readPage(answer: unknown): EnginePage {
  const { hits, aggregations, pit_id: pit } = read(PAGE, answer);
  const rows = hits.hits.map(({ _source: source, sort }) => {
    const row = rowOfDocument(source);
    if (!row || typeof sort[0] !== 'number') throw unreadable();
    return { row, score: sort[0].toFixed(SCORE_DIGITS) };
  });
  const valuesOf = (name: keyof typeof aggregations) => aggregations[name].buckets.map(({ key, doc_count: count }) => ({ value: key, count }));
  const facets = { status: valuesOf('status'), format: valuesOf('format'), currency: valuesOf('currency'), issuer: valuesOf('issuer'), year: valuesOf('year') };
  return { rows, total: hits.total.value, facets, pit };
}

/** Number of invoices per word, in the order of the words. */
export function readPresence(answer: unknown, words: number): readonly number[] {
  const { buckets: found } = read(PRESENCE, answer).aggregations.words;
  if (found.length !== words) throw unreadable();
  return found.map(({ doc_count: count }) => count);
}

/** Words of all parts; one that is in several is counted once. */
export function readResembling(answer: unknown): readonly IndexedWord[] {
  const parts = Object.entries(read(RESEMBLING, answer).aggregations.sample).filter(([name]) => name.startsWith('part'));
  const rows = new Map(parts.flatMap(([, part]) => read(buckets, part).buckets.map(({ key, doc_count: count }) => [key, count] as const)));
  return [...rows].map(([word, count]) => ({ word, rows: count }));
}

const PIT = z.union([z.object({ id: z.string() }).transform(({ id }) => id), z.object({ pit_id: z.string() }).transform(({ pit_id: id }) => id)]);
export const readPit = (answer: unknown): string => read(PIT, answer);
