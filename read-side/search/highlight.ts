import { foldProse, searchKey } from '#contracts/read-models/search-words.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';

/** What was searched, as far as it can be seen in a text: folded beginnings of words, Spanish stems, keys. */
export interface Marks {
  readonly words: readonly string[];
  readonly stems: readonly string[];
  readonly keys: readonly string[];
}

export const HIGHLIGHT_LIMITS = { fragments: 3, length: 160, lead: 40 } as const;

/** Letters that an inflected word may have behind its stem. */
const LONGEST_ENDING = 4;
/** An abbreviation with its dots, as `foldProse` takes it for one word, or a word. */
const WORD = /(?<![\p{L}\p{N}\p{M}])\p{L}\p{M}*(?:\.\p{L}\p{M}*)+(?![\p{L}\p{N}\p{M}])|[\p{L}\p{N}\p{M}]+/gu;

/** Texts of a row in which something was found, best field first, cut to the place and safe as HTML. */
export function highlightsOf(row: InvoiceSearchRow, marks: Marks): readonly string[] {
  const keys = [row.uuid, row.issuer.id, row.receiver.id].filter((text) => typeof text === 'string');
  const texts = [row.issuer.name, row.receiver.name, ...row.descriptions].filter((text) => text !== undefined);
  const fragments = [...numberFragment(row, marks.keys), ...keys.filter((key) => isAskedFor(key, marks.keys)).map(markedWhole)];
  for (const text of texts) {
    if (fragments.length >= HIGHLIGHT_LIMITS.fragments) break;
    const fragment = fragmentOf(text, marks);
    if (fragment !== undefined) fragments.push(fragment);
  }
  return [...new Set(fragments)].slice(0, HIGHLIGHT_LIMITS.fragments);
}

const isAskedFor = (key: string, asked: readonly string[]): boolean => asked.some((beginning) => searchKey(key).startsWith(beginning));
const markedWhole = (text: string): string => `<mark>${escapeHtml(text)}</mark>`;

/** Series and number together, or the number alone where only that was asked for. */
function numberFragment({ series, number }: InvoiceSearchRow, asked: readonly string[]): readonly string[] {
  if (number === null) return [];
  const name = series === null ? number : `${series}-${number}`;
  if (isAskedFor(name, asked)) return [markedWhole(name)];
  return isAskedFor(number, asked) ? [`${escapeHtml(`${series ?? ''}-`)}${markedWhole(number)}`] : [];
}

/** The text around its first found word; undefined when it has none. */
function fragmentOf(text: string, marks: Marks): string | undefined {
  const found = [...text.matchAll(WORD)].filter(([word]) => isMarked(foldProse(word), marks));
  const first = found[0];
  if (!first) return undefined;
  const start = startBefore(text, first.index);
  const end = Math.max(start + HIGHLIGHT_LIMITS.length, first.index + first[0].length);
  let html = start > 0 ? '… ' : '';
  let at = start;
  for (const { 0: word, index } of found) {
    if (index + word.length > end) break;
    html += `${escapeHtml(text.slice(at, index))}<mark>${escapeHtml(word)}</mark>`;
    at = index + word.length;
  }
  return html + escapeHtml(text.slice(at, end)) + (text.length > end ? ' …' : '');
}

/** A beginning of a word not far before the place. */
function startBefore(text: string, place: number): number {
  if (place <= HIGHLIGHT_LIMITS.lead) return 0;
  const space = text.indexOf(' ', place - HIGHLIGHT_LIMITS.lead);
  return space < 0 || space >= place ? place : space + 1;
}

/** Single letters are in every text: they are marked in keys only. */
const isMarked = (word: string, { words, stems }: Marks): boolean =>
  words.some((asked) => asked.length > 1 && word.startsWith(asked)) || stems.some((stem) => word.startsWith(stem) && word.length - stem.length <= LONGEST_ENDING);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe as HTML, and well-formed whatever was cut. */
export const escapeHtml = (text: string): string => text.toWellFormed().replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
