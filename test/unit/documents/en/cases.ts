import { replaced } from '../given.js';
import type { Edit, Mutation } from '../mutation.js';

/** What is broken, how in UBL and in CII, and what is found; `undefined` where a syntax cannot say it. */
export type BothCase = readonly [title: string, ubl: Edit | readonly Edit[] | undefined, cii: Edit | readonly Edit[] | undefined, codes: readonly string[], ciiCodes?: readonly string[]];

const isOne = (edits: Edit | readonly Edit[]): edits is Edit => typeof edits[0] === 'string' || edits[0] instanceof RegExp;
const edited = (right: string, edits: Edit | readonly Edit[]): string => (isOne(edits) ? [edits] : edits).reduce((text, [from, to]) => replaced(text, from, to), right);

/** Right documents, and what is told of them although nothing is wrong. */
interface Right {
  readonly ubl: string;
  readonly cii?: string;
  readonly remarks?: { readonly ubl?: readonly string[]; readonly cii?: readonly string[] };
}

/** The documents of cases, each made of the right one of its syntax. */
export const bothMutationsOf = (name: string, right: Right, cases: readonly BothCase[]): Mutation[] =>
  cases.flatMap(([title, ubl, cii, codes, ciiCodes]): Mutation[] => [
    ...(ubl ? [{ title: `${name} in UBL with ${title}`, codes: [...codes, ...(right.remarks?.ubl ?? [])], text: () => edited(right.ubl, ubl) }] : []),
    ...(cii ? [{ title: `${name} in CII with ${title}`, codes: [...(ciiCodes ?? codes), ...(right.remarks?.cii ?? [])], text: () => edited(right.cii ?? '', cii) }] : []),
  ]);
