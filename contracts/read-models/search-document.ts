import { z } from 'zod';
import { canonicalMoney, isMoney, isNegative } from '../money.js';
import type { InvoiceSearchRow } from './other.js';
import { foldProse, lengthOf, searchKeysOf, wordsOf } from './search-words.js';

/** Texts of a document that it is found by; derived from the row, never read back into it. */
export interface SearchTexts {
  /** As in the table's tsvector, weight A: found whole or by their beginning. */
  readonly keys: readonly string[];
  /** Folded names, weight B, and descriptions, weight C; the engine splits them into words and makes the Spanish stems. */
  readonly names: string;
  readonly text: string;
  /** Distinct words of letters, for typing errors. */
  readonly words: readonly string[];
  /** 1 / log2(length + 1), so that a short text that has a word tells more. */
  readonly brevity: number;
  /** The total as text that sorts as the amount does. */
  readonly total: string | null;
  /** Day of issuance, empty without one: the second sort key. */
  readonly day: string;
  readonly year: string | null;
}

/** An invoice as the search engine keeps it: the row, and beside it what it is found by. */
export interface InvoiceDocument extends InvoiceSearchRow {
  readonly search: SearchTexts;
}

const WORD_LIMITS = { shortest: 3, longest: 24, most: 2_000 } as const;
const AMOUNT_DIGITS = { integer: 24, fraction: 12 } as const;

function lettersOnly(words: readonly string[]): readonly string[] {
  const telling = words.filter((word) => /^\p{L}+$/u.test(word) && word.length >= WORD_LIMITS.shortest && word.length <= WORD_LIMITS.longest);
  return [...new Set(telling)].slice(0, WORD_LIMITS.most);
}

function searchTextsOf(row: InvoiceSearchRow): SearchTexts {
  const names = foldProse([row.issuer.name, row.receiver.name].filter((name) => name !== undefined).join(' '));
  const text = foldProse(row.descriptions.join('\n'));
  const words = [...wordsOf(names), ...wordsOf(text)];
  const keys = searchKeysOf(row).map((key) => key.toWellFormed());
  return {
    keys, names, text, words: lettersOnly(words), brevity: 1 / Math.log2(keys.length + lengthOf(words) + 1),
    total: row.total === null ? null : amountOrder(row.total), day: row.issuanceDay ?? '', year: row.issuanceDay?.slice(0, 4) ?? null,
  };
}

/**
 * An amount as 37 digits that sort as text in the order of the amounts, exactly: no float is between. The first digit is the sign (1 from zero
 * up), the others are those of the amount, or what they lack to nine when it is negative.
 */
export function amountOrder(amount: string): string {
  if (!isMoney(amount)) throw new RangeError('not an amount');
  const negative = isNegative(amount);
  const [integer = '', fraction = ''] = canonicalMoney(amount).replace('-', '').split('.');
  const digits = integer.padStart(AMOUNT_DIGITS.integer, '0') + fraction.padEnd(AMOUNT_DIGITS.fraction, '0');
  return negative ? `0${digits.replaceAll(/\d/gu, (digit) => String(9 - Number(digit)))}` : `1${digits}`;
}

/** The document of a row; a pure function of it. */
export const toSearchDocument = (row: InvoiceSearchRow): InvoiceDocument => ({ ...row, search: searchTextsOf(row) });

const texts = z.array(z.string());
const known = z.looseObject({
  id: z.string(), revision: z.int(), position: z.string(), status: z.string(), issuer: z.object({ id: z.string().optional(), name: z.string().optional() }), receiver: z.object({ id: z.string().optional(), name: z.string().optional() }),
  series: z.string().nullable(), number: z.string().nullable(), uuid: z.string().nullable(), currency: z.string().nullable(), total: z.string().nullable(), issuanceDay: z.string().nullable(),
  receivedAt: z.string(), descriptions: texts, findingCodes: texts,
});

/** The row of a document as the engine gave it back; undefined when it is none of ours. */
export function rowOfDocument(source: unknown): InvoiceSearchRow | undefined {
  const document = known.safeParse(source).data;
  if (!document) return undefined;
  const { search: _texts, rowHash: _hash, ...row } = document;
  return row as unknown as InvoiceSearchRow;
}

/** Longer than any value of a document, shorter than what the engine cannot index: what is longer is kept, and not found. */
const WORD = { type: 'keyword', ignore_above: 8_000 } as const;
const SHOWN = { type: 'text', index: false, norms: false } as const;
/** For dashboards only: what cannot be read as one stays out of the dashboard, not out of the index. */
const DAY_FOR_PEOPLE = { type: 'date', format: 'yyyy-MM-dd', ignore_malformed: true } as const;
const AMOUNT_FOR_PEOPLE = { type: 'scaled_float', scaling_factor: 10_000, ignore_malformed: true } as const;
const PARTY = { properties: { id: WORD, name: SHOWN } } as const;
const PROSE = {
  type: 'text', analyzer: 'folio_folded', norms: false, index_options: 'docs', index_prefixes: { min_chars: 2, max_chars: 10 },
  fields: { stems: { type: 'text', analyzer: 'folio_spanish', norms: false, index_options: 'docs' } },
} as const;

/**
 * Explicit mapping of the index. Words are split where the query's are (anything but letters and digits), folded as the query is, and
 * reduced to Spanish stems by the same algorithm as the table's.
 */
export const SEARCH_DOCUMENT_MAPPING = {
  version: 'invoice-search/2',
  /** It lacks `rowHash` and nothing else. */
  extends: ['invoice-search/1'],
  analysis: {
    tokenizer: { folio_words: { type: 'pattern', pattern: '[^\\p{L}\\p{N}]+' } },
    filter: { folio_length: { type: 'truncate', length: 200 }, folio_stop: { type: 'stop', stopwords: '_spanish_' }, folio_stem: { type: 'snowball', language: 'Spanish' } },
    analyzer: {
      folio_folded: { type: 'custom', tokenizer: 'folio_words', filter: ['lowercase', 'asciifolding', 'folio_length'] },
      folio_spanish: { type: 'custom', tokenizer: 'folio_words', filter: ['lowercase', 'asciifolding', 'folio_length', 'folio_stop', 'folio_stem'] },
    },
  },
  properties: {
    id: WORD, month: WORD, shardKey: WORD, revision: { type: 'long' }, position: WORD, status: WORD, format: WORD, documentType: WORD, series: WORD, number: WORD,
    uuid: { ...WORD, normalizer: 'lowercase' }, issuer: PARTY, receiver: PARTY, currency: WORD, total: { ...WORD, fields: { amount: AMOUNT_FOR_PEOPLE } },
    issuanceDay: { ...WORD, fields: { date: DAY_FOR_PEOPLE } }, receivedAt: { type: 'date', ignore_malformed: true }, descriptions: SHOWN, findingCodes: WORD,
    rowHash: { type: 'keyword', index: false, doc_values: false },
    search: { properties: { keys: WORD, names: PROSE, text: PROSE, words: WORD, brevity: { type: 'double', index: false }, total: WORD, day: WORD, year: WORD } },
  },
} as const;

/** Name of the index of a generation: readers and the projection use it itself, never an alias. */
export const searchIndexName = (prefix: string, generation: number): string => `${prefix}invoice-search-g${generation}`;
