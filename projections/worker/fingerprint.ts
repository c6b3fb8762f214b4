import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { definitionOf } from '#contracts/events/index.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import { isDerived, type StoredProjection } from '../kit/projection.js';

/** What the rows of a projection depend on beside the log. */
export interface Fingerprint {
  /** Of the fold: `project.ts` and what it imports of the projections. */
  readonly code: string;
  /** Of the columns and of those derived from them; empty for stores elsewhere. */
  readonly table: string;
  /** Of the code that makes what is stored beside the rows: derived columns, sums, texts of a document; empty: nothing is. */
  readonly beside: string;
  /** Handled event types with the version that is folded. */
  readonly events: Readonly<Record<string, number>>;
}

export const FINGERPRINT = z.object({ code: z.string(), table: z.string(), beside: z.string().default(''), events: z.record(z.string(), z.int()) });

const digest = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 16);

export function fingerprintOf(projection: StoredProjection): Fingerprint {
  const events = Object.fromEntries([...projection.handles].sort().map((type) => [type, definitionOf(type)?.version ?? 0]));
  return { code: digest(codeOf(projection)), table: tableOf(projection), beside: besideOf(projection), events };
}

/** Of the shape of its table; empty: it has none. */
const tableOf = (projection: StoredProjection): string => (isDerived(projection) ? '' : digest(shapeOf(projection)));

function shapeOf({ table, tallies }: Exclude<StoredProjection, { store: unknown }>): string {
  const of = ({ name, columns, derived, key, generated }: typeof table): unknown => [name, columns.map((column) => [column.name, column.type]), derived.map((column) => [column.name, column.type]), key, generated];
  return canonicalJson([of(table), tallies ? of(tallies.table as typeof table) : null]);
}

const codeOf = (projection: StoredProjection): string => textOf(projection.source, [Reflect.get(projection, 'evolve')]);

function besideOf(projection: StoredProjection): string {
  if (isDerived(projection)) return projection.store.source === undefined ? '' : digest(textOf(projection.store.source, []));
  const { table: { source, derived }, tallies } = projection;
  const texts = [
    ...(derived.length === 0 ? [] : [textOf(source, derived.map((column): unknown => Reflect.get(column, 'encode')))]),
    ...(tallies ? [textOf(tallies.source, Object.values(tallies).filter((value) => typeof value === 'function'))] : []),
  ];
  return texts.length === 0 ? '' : digest(texts.join('\n'));
}

/** What does not say where it is written has only the text of its functions. */
function textOf(source: string | undefined, functions: readonly unknown[]): string {
  if (source === undefined) return functions.map(String).join('\n');
  return [...sourcesOf(fileURLToPath(source))].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text).join('\n');
}

const RELATIVE = /\bfrom\s*['"](\.{1,2}\/[^'"]+)['"]/gu;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gmu;

/** The module and all that it imports by a relative path, each without comments and white space: only what it does counts. */
function sourcesOf(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text.replaceAll(COMMENTS, ' ').replaceAll(/\s+/gu, ' ').trim());
  for (const [, path = ''] of text.matchAll(RELATIVE)) sourcesOf(resolve(dirname(file), path), found);
  return found;
}

/** Whether the code of now can write the rows of a generation: one with other columns belongs to other code, and stands still under this one. */
export const isWritable = (projection: StoredProjection, { table }: { readonly table?: string }): boolean => table === undefined || table === tableOf(projection);

/** Why rows that were built with another fingerprint may not be what this code makes, and the smallest rebuild that repairs it. */
export interface OutOfDate {
  readonly why: readonly string[];
  /** Words of the command line. */
  readonly repair: string;
}

/** @param built undefined: nothing is on record of how the rows were built */
export function outOfDate(projection: StoredProjection, built: Fingerprint | undefined, now = fingerprintOf(projection)): OutOfDate | undefined {
  const whole = `folio rebuild ${projection.name} --expect-changes`;
  if (!built) return { why: ['it was built before this was kept on record'], repair: `folio rebuild ${projection.name}` };
  const types = Object.keys({ ...built.events, ...now.events }).filter((type) => built.events[type] !== now.events[type]);
  const why = [
    ...(built.table === now.table ? [] : ['its table has another shape']), ...(built.code === now.code ? [] : ['its fold is other code']),
    ...(built.beside === now.beside ? [] : ['what is stored beside its rows is made by other code']),
    ...types.map((type) => `${type} is ${now.events[type] === undefined ? 'no longer folded' : built.events[type] === undefined ? 'folded now' : `folded as version ${now.events[type]}`}`),
  ];
  if (why.length === 0) return undefined;
  const inPlace = built.table === now.table && built.code === now.code && built.beside === now.beside && !isDerived(projection) && !projection.tallies && types.every((type) => now.events[type] !== undefined);
  return { why, repair: inPlace ? types.map((type) => `folio rebuild ${projection.name} --type ${type}`).join('; ') : whole };
}
