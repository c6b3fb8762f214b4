/** Limits of the search with typing errors. Below the shortest word everything is a letter away from everything. */
export const TYPO_LIMITS = { shortest: 4, longest: 20, shortestPrefix: 6, maxWords: 3, maxCorrections: 8 } as const;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** Only words are corrected: a number, an RFC or a UUID with another letter is another one. */
export const isCorrectable = (word: string): boolean => /^\p{L}+$/u.test(word) && word.length >= TYPO_LIMITS.shortest && word.length <= TYPO_LIMITS.longest;

/** Every word that is one letter away: one missing, one too many, another one, or two neighbours swapped. */
export function variantsOf(word: string): ReadonlySet<string> {
  const letters = Array.from(word);
  const replacedBy = (from: number, count: number, text: string): string => [...letters.slice(0, from), text, ...letters.slice(from + count)].join('');
  const variants = new Set<string>();
  for (let at = 0; at <= letters.length; at += 1) {
    for (const letter of ALPHABET) {
      variants.add(replacedBy(at, 0, letter));
      if (at < letters.length) variants.add(replacedBy(at, 1, letter));
    }
    if (at < letters.length) variants.add(replacedBy(at, 1, ''));
    if (at + 1 < letters.length) variants.add(replacedBy(at, 2, `${letters[at + 1] ?? ''}${letters[at] ?? ''}`));
  }
  variants.delete(word);
  return variants;
}

/** A word that the index has, and how many rows of those looked at have it. */
export interface IndexedWord {
  readonly word: string;
  readonly rows: number;
}

/**
 * What the misspelt word may have been, likeliest first: words of the index that are one letter away, before those that only begin so
 * (longer words only), and within each the more frequent ones. Words beginning with an earlier correction are found by it and left out.
 */
export function correctionsOf(word: string, indexed: readonly IndexedWord[]): readonly string[] {
  const variants = variantsOf(word);
  const rows = new Map<string, { whole: boolean; rows: number }>();
  for (const found of indexed) {
    const correction = variants.has(found.word) ? found.word : beginningOf(found.word, word, variants);
    if (correction === undefined) continue;
    const known = rows.get(correction);
    rows.set(correction, { whole: correction === found.word || (known?.whole ?? false), rows: found.rows + (known?.rows ?? 0) });
  }
  const ranked = [...rows].sort(([left, of], [right, than]) => Number(than.whole) - Number(of.whole) || than.rows - of.rows || (left < right ? -1 : 1));
  const kept: string[] = [];
  for (const [correction] of ranked) if (!kept.some((earlier) => correction.startsWith(earlier))) kept.push(correction);
  return kept.slice(0, TYPO_LIMITS.maxCorrections);
}

/** The longest beginning of an indexed word that is one letter away. */
function beginningOf(indexed: string, word: string, variants: ReadonlySet<string>): string | undefined {
  if (word.length < TYPO_LIMITS.shortestPrefix) return undefined;
  return [word.length + 1, word.length, word.length - 1].map((length) => indexed.slice(0, length)).find((beginning) => variants.has(beginning));
}
