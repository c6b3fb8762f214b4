import { CATEGORY_CODES, ciiOf, specOf, ublOf } from './builder.js';

export interface Mutant {
  readonly syntax: 'ubl' | 'cii';
  /** What was changed, for a reader of a difference. */
  readonly change: string;
  readonly text: string;
}

const VALUE = />([^<>]+)</gu;
const ATTRIBUTE = / [A-Za-z]+="[^"]*"(?=[ >])/gu;

/** What a value is replaced by: other numbers, other codes. Dates and numbers stay what they are, as the engine stops at the others. */
function replacements(value: string): readonly string[] {
  if (/^\d{4}-\d{2}-\d{2}$/u.test(value)) return ['2026-12-31', '2025-01-01'];
  if (/^\d{8}$/u.test(value)) return ['20261231', '20250101'];
  if (/^-?\d+(?:\.\d+)?$/u.test(value)) return ['0', '-1', '7.125', `${value}1`];
  if (/^(?:true|false)$/u.test(value)) return [value === 'true' ? 'false' : 'true'];
  return /^[A-Z]{1,3}$/u.test(value) ? ['Q', 'O', 'S', 'Z', 'E', 'K', 'L'] : ['Q'];
}

function* mutantsOf(syntax: Mutant['syntax'], name: string, text: string): Iterable<Mutant> {
  const cut = (start: number, length: number, by = ''): string => text.slice(0, start) + by + text.slice(start + length);
  for (const found of text.matchAll(VALUE)) {
    for (const by of replacements(found[1] ?? '')) yield { syntax, change: `${name}: ${found[1]} → ${by} at ${found.index}`, text: cut(found.index, found[0].length, `>${by}<`) };
  }
  for (const found of text.matchAll(ATTRIBUTE)) {
    if (!found[0].includes('xmlns')) yield { syntax, change: `${name}: without${found[0]} at ${found.index}`, text: cut(found.index, found[0].length) };
  }
  const names = new Set([...text.matchAll(/<((?:cac|cbc|ram|udt):[A-Za-z]+)/gu)].map(([, element = '']) => element));
  for (const element of names) {
    const start = text.search(new RegExp(`<${element}[ >]`, 'u'));
    const end = text.indexOf(`</${element}>`, start);
    if (end < 0) continue;
    const length = end + element.length + 3 - start;
    yield { syntax, change: `${name}: without ${element}`, text: cut(start, length) };
    yield { syntax, change: `${name}: ${element} twice`, text: cut(start, 0, text.slice(start, start + length)) };
  }
}

/** Right documents of every category with one value, attribute or element changed. */
export function* mutants(): Iterable<Mutant> {
  for (const category of CATEGORY_CODES) {
    const spec = specOf(category, { net: [10_000] });
    yield* mutantsOf('ubl', `UBL ${category}`, ublOf(spec));
    yield* mutantsOf('cii', `CII ${category}`, ciiOf(spec));
  }
  yield* mutantsOf('ubl', 'UBL credit note', ublOf(specOf('S', { root: 'CreditNote' })));
}
