import { foldAll, foldProse, searchKey, stemOf, wordsOf } from '#contracts/read-models/search-words.js';

/** One part of a search between spaces. All of them must be found. */
export interface SearchTerm {
  /** Letters and digits of the part without anything between them: RFC, UUID, series with number. */
  readonly key: string;
  /** Its words, split and folded as a text's are; more than one when it is written with dashes or other signs. */
  readonly words: readonly string[];
  /** The same with the letters of an abbreviation apart: `S.A.` of a text that has `S A`. */
  readonly apart: readonly string[];
}

/** A search as terms: text to text, nothing of it is SQL. Words and keys hold letters and digits only. */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  /** The whole search as one key, for keys written with spaces. */
  readonly whole: string;
}

export const SEARCH_LIMITS = { maxQueryLength: 300, maxWords: 12, maxWordLength: 60 } as const;

/** Words that stand in nearly every text of the two languages: left out where anything else was asked for. */
const STOP_WORDS: ReadonlySet<string> = new Set(['a', 'al', 'and', 'con', 'de', 'del', 'el', 'en', 'for', 'la', 'las', 'los', 'of', 'para', 'por', 'the', 'un', 'una', 'y']);

const bounded = (words: readonly string[], most: number): readonly string[] => words.slice(0, most).map((word) => Array.from(word).slice(0, SEARCH_LIMITS.maxWordLength).join(''));

/** Any text is a search: signs separate words and mean nothing else; what has neither letter nor digit has no terms. */
export function parseSearch(text: string): SearchQuery {
  const terms = new Map<string, SearchTerm>();
  let room: number = SEARCH_LIMITS.maxWords;
  for (const part of text.toWellFormed().split(/[\s\p{Cc}]+/u)) {
    const words = bounded(wordsOf(foldProse(part)), room);
    const apart = bounded(wordsOf(foldAll(part)), room);
    const key = searchKey(part);
    if (words.length === 0 || terms.has(key)) continue;
    terms.set(key, { key, words, apart });
    room -= apart.length;
  }
  return { terms: withoutStopWords([...terms.values()]), whole: searchKey(text.toWellFormed()) };
}

/**
 * Forms of a word that the stemmer does not bring together once accents are dropped: it knows `instalación` and `instalaciones`
 * as one word, but not `instalacion`.
 */
export const formsOf = (word: string): readonly string[] => (word.length > 7 && word.endsWith('iones') ? [word, word.slice(0, -2)] : [word]);

/** Spanish stems of words as they are asked. */
export const stemsOf = (words: readonly string[]): readonly string[] => [...new Set(words.flatMap((word) => stemOf(word) ?? []))];

/** Words that a text must have for the term, in one of these ways. */
export const readingsOf = ({ words, apart }: SearchTerm): readonly (readonly string[])[] => (words.join(' ') === apart.join(' ') ? [words] : [words, apart]);

/** Whether its key says more than its one word, with which a key begins as well: it has several, or keeps letters that words write with others (`ß`). */
export const hasOwnKey = ({ words, key }: SearchTerm): boolean => words.join(' ') !== key;

function withoutStopWords(terms: readonly SearchTerm[]): readonly SearchTerm[] {
  const telling = terms.filter(({ key }) => !STOP_WORDS.has(key));
  return telling.length > 0 ? telling : terms;
}
