import { stemmer } from '@orama/stemmers/spanish';
import { LRUCache } from 'lru-cache';
import type { InvoiceSearchRow } from './other.js';

/** Characters of one word that are kept, and of one key: an engine refuses a longer one. */
const MAX_WORD = 200;
/** UTF-16 units of one text that is searched, folded: twice as much would still fit into the megabyte of a tsvector, whatever the letters. */
const MAX_TEXT = 100_000;
const MAX_STEMS = 20_000;
/** UTF-16 units of what is remembered. */
const MAX_REMEMBERED = 120;

const BEYOND_ASCII = /[^\0-\x7f]/u;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}]+/gu;

/** Lower case without accents: the form of every word and key; a query folds its words with the same function. */
export const foldText = (text: string): string => (BEYOND_ASCII.test(text) ? text.normalize('NFKD').replaceAll(/\p{M}/gu, '') : text).toLowerCase();

/** Letters that are folded to others and that are no letter with an accent. */
const LIGATURES: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' };

/** As a word stands in the index, whichever engine keeps it. */
export function foldAll(text: string): string {
  const folded = foldText(text);
  return BEYOND_ASCII.test(folded) ? folded.replaceAll(/[ßæœøłđ]/gu, (letter) => LIGATURES[letter] ?? letter) : folded;
}

/** Letters and digits only, folded: an RFC or UUID is the same with and without dashes, a number with and without its series' hyphen. */
export const searchKey = (text: string): string => foldText(text).replaceAll(NEITHER_LETTER_NOR_DIGIT, '').slice(0, MAX_WORD);

/** Keys an invoice is found by exactly, or by their beginning while typing. */
export function searchKeysOf(row: Pick<InvoiceSearchRow, 'series' | 'number' | 'uuid' | 'issuer' | 'receiver' | 'id'>): readonly string[] {
  const seriesAndNumber = row.series !== null && row.number !== null ? `${row.series}${row.number}` : null;
  const texts = [seriesAndNumber, row.number, row.series, row.uuid, row.issuer.id ?? null, row.receiver.id ?? null, row.id];
  return [...new Set(texts.filter((text) => text !== null).map(searchKey).filter((key) => key !== ''))];
}

const ABBREVIATION = /(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])/gu;

/** A text as it is searched: folded, well-formed, bounded. `S.A. de C.V.` is three words and not five. */
export function foldProse(text: string): string {
  const folded = foldAll(text).slice(0, MAX_TEXT).toWellFormed();
  return folded.includes('.') ? folded.replaceAll(ABBREVIATION, (letters) => letters.replaceAll('.', '')) : folded;
}

/** Words of a folded text, where a query's are split too. */
export const wordsOf = (folded: string): readonly string[] => folded.split(NEITHER_LETTER_NOR_DIGIT).filter((word) => word !== '').map((word) => (word.length > MAX_WORD ? word.slice(0, MAX_WORD).toWellFormed() : word));

/** Words without a stem: they tell nothing of an invoice. */
const LITTLE_WORDS: ReadonlySet<string> = new Set(['al', 'con', 'de', 'del', 'el', 'en', 'la', 'las', 'lo', 'los', 'para', 'por', 'que', 'se', 'sin', 'su', 'un', 'una']);

/** A function that is asked the same again and again: remembers its answers to the short texts that it was asked last. */
export function remembering(max: number, answer: (text: string) => string): (text: string) => string {
  const known = new LRUCache<string, string>({ max, memoMethod: answer });
  return (text) => (text.length > MAX_REMEMBERED ? answer(text) : known.memo(text));
}

const snowball = remembering(MAX_STEMS, (word) => stemmer(word) || word);

const hasStem = (word: string): boolean => word.length > 1 && !LITTLE_WORDS.has(word);

/** Spanish stem (Snowball) of a folded word; undefined for single letters and for little words, which have none. */
export const stemOf = (word: string): string | undefined => (hasStem(word) ? snowball(word) : undefined);

/** Number of places that the words of a text have in an index: one as written, one for the stem. */
export const lengthOf = (words: readonly string[]): number => words.reduce((length, word) => length + (hasStem(word) ? 2 : 1), 0);
