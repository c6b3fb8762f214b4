import { foldText, searchKey } from '#contracts/read-models/tables/invoice-search.js';

/** A search as terms: pure text work, nothing of it is ever SQL. */
export interface SearchQuery {
  /** Folded words, each to be found (as a beginning of a word, or by its stem). */
  readonly words: readonly string[];
  /** The whole text, and each of its parts, as keys: RFC, UUID, series with number, whatever their dashes. */
  readonly key: string;
}

export const SEARCH_LIMITS = { maxWords: 12, maxWordLength: 60, maxQueryLength: 300 } as const;

export function parseSearch(text: string): SearchQuery {
  const words = foldText(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '').map((word) => word.slice(0, SEARCH_LIMITS.maxWordLength));
  return { words: [...new Set(words)].slice(0, SEARCH_LIMITS.maxWords), key: searchKey(text) };
}

/** A lexeme of a tsquery; words hold letters and digits only, so nothing in them can be an operator. */
const prefix = (word: string): string => `'${word}':*`;

export const prefixQuery = (word: string): string => prefix(word);
export const keyPrefixQuery = (key: string): string => `'${key}':*A`;
export const keyQuery = (key: string): string => `'${key}':A`;

/** One letter too many, too few, another or two swapped: optimal string alignment distance of at most one. */
export function isOneLetterOff(left: string, right: string): boolean {
  if (left === right) return true;
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const [a, b] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]);
}

/** Shortest word that is searched with a typing error: below it everything resembles everything. */
export const SHORTEST_TYPO = 4;

/** Whether every word of the query is a word of the text, begins one, or is one letter away from one. */
export const resembles = (words: readonly string[], text: string): boolean => {
  const present = text.split(' ');
  return words.every((word) => present.some((candidate) => candidate.startsWith(word) || (word.length >= SHORTEST_TYPO && isOneLetterOff(word, candidate))));
};
