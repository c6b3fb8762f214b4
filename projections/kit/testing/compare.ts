import { isDeepStrictEqual } from 'node:util';
import type { Brand } from '#contracts/kernel/brand.js';
import type { ProjectedRow } from '../projection.js';
import { checkEqual } from './refusal.js';
import { inOrder, type Stored } from './stored.js';

/** A value as a declaration writes it: without brands, so that `'1160.00'` may stand for an amount. */
export type Plain<Value> =
  Value extends Brand<string, string> ? string : Value extends Brand<number, string> ? number
    : Value extends readonly (infer Member)[] ? readonly Plain<Member>[] : Value extends object ? { readonly [Key in keyof Value]: Plain<Value[Key]> } : Value;

/** Some fields of a row, each as it must be; `id` may be the key of a declared stream. */
export type ExpectedRow<Row> = { readonly [Key in keyof Row]?: Plain<Row[Key]> };
export type ExpectedTally<Tally> = { readonly [Key in keyof Tally]?: Plain<Tally[Key]> };

type Fields = Readonly<Record<string, unknown>>;

const pick = (whole: object, fields: readonly string[]): Fields => Object.fromEntries(fields.map((field) => [field, Reflect.get(whole, field)]));

/**
 * As many as were declared, in any order, each with the fields that were declared.
 * @throws AssertionError with what was declared beside what is there, pair by pair
 */
export function checkDeclared(what: string, declared: readonly object[], found: readonly object[]): void {
  const [left, pairs] = [[...found], new Map<object, object>()];
  // Those that fit go first, so that what is shown of the rest is really wrong.
  for (const matches of [fits, sameId, (): boolean => true]) {
    for (const one of declared) {
      if (pairs.has(one)) continue;
      const place = left.findIndex((candidate) => matches(one, candidate));
      const [match] = place < 0 ? [] : left.splice(place, 1);
      if (match) pairs.set(one, match);
    }
  }
  const fields = [...new Set(declared.flatMap((one) => Object.keys(one)))];
  const actual = [...declared.flatMap((one) => { const match = pairs.get(one); return match ? [pick(match, Object.keys(one))] : []; }), ...left.map((one) => pick(one, fields.length === 0 ? ['id'] : fields))];
  checkEqual(`${what}: not what was declared`, actual, declared);
}

const fits = (declared: object, candidate: object): boolean => isDeepStrictEqual(pick(candidate, Object.keys(declared)), declared);
const sameId = (declared: object, candidate: object): boolean => 'id' in declared && Reflect.get(candidate, 'id') === Reflect.get(declared, 'id');

/** The declared rows with ids in the place of keys. */
export const withIds = <Row>(rows: readonly ExpectedRow<Row>[], idOf: (key: string) => string): readonly object[] =>
  rows.map((row) => ('id' in row && typeof row.id === 'string' ? { ...row, id: idOf(row.id) } : row));

/** A mistake of the declaration, or of the projection: which, and where. @throws AssertionError with the difference of the first thing that differs */
export function checkSame<Row extends ProjectedRow>(how: string, hint: string, expected: Stored<Row>, found: Stored<Row>): void {
  for (const part of ['parked', 'waiting', 'rows', 'tallies', 'digests'] as const) checkEqual(`${part} differ ${how}${hint}`, found[part], expected[part]);
}

export function checkParked(declared: readonly { readonly stream: string; readonly revision: number }[], found: readonly { readonly stream: string; readonly revision: number; readonly reason: string }[]): void {
  const named = (places: readonly { readonly stream: string; readonly revision: number }[]): readonly string[] => inOrder(places.map(({ stream, revision }) => `${stream} at revision ${revision}`), (text) => text);
  const reasons = found.map(({ stream, revision, reason }) => `\n  ${stream}, revision ${revision}: ${reason}`).join('');
  checkEqual(`parked streams: not what was declared with .parks(stream, revision)${reasons}`, named(found), named(declared));
}
