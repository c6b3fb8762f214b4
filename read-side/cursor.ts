import { createHash } from 'node:crypto';
import { calendarDay } from '#contracts/calendar.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { isUuid } from '#contracts/kernel/ids.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import { isMoney } from '#contracts/money.js';
import { instantFromText } from '#contracts/read-models/tables/table.js';

/** Where a list goes on: the sort keys of its last row, tied to the query they belong to and to the form of the keys. */
export interface Cursor {
  readonly keys: readonly string[];
}

/** Grows when the meaning of the keys changes: older cursors are then `cursor-expired`. */
const FORM = 1;
const MAX_LENGTH = 2_000;

const digest = (query: unknown): string => createHash('sha256').update(canonicalJson(query)).digest('base64url').slice(0, 16);

export const writeCursor = (query: unknown, keys: readonly string[]): string => Buffer.from(JSON.stringify([FORM, digest(query), keys])).toString('base64url');

/** Whether a text can be a key of this kind. A cursor is only as trustworthy as its bearer: what the database could not read is refused before. */
export type KeyForm = (key: string) => boolean;

const INSTANT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?\+00$/u;

export const KEY_FORMS = {
  uuid: isUuid,
  /** As Postgres prints a timestamptz in UTC. */
  instant: (key) => INSTANT.test(key) && calendarDay(key) !== undefined && Number.isFinite(Date.parse(instantFromText(key))),
  /** A day, or nothing for rows without one. */
  day: (key) => key === '' || (key.length === 10 && calendarDay(key) !== undefined),
  amount: (key) => key === '-Infinity' || isMoney(key),
  score: (key) => /^\d{1,4}\.\d{1,12}$/u.test(key),
} as const satisfies Readonly<Record<string, KeyForm>>;

/** @throws Problem cursor-invalid (malformed, or of another query) | cursor-expired */
export function readCursor(text: string, query: unknown, forms: readonly KeyForm[]): Cursor {
  const [form, of, keys] = decode(text);
  if (typeof form === 'number' && form !== FORM) throw platformProblem('cursor-expired');
  if (of !== digest(query) || !Array.isArray(keys) || keys.length !== forms.length) throw platformProblem('cursor-invalid');
  if (!keys.every((key, index) => typeof key === 'string' && forms[index]?.(key) === true)) throw platformProblem('cursor-invalid');
  return { keys: keys as readonly string[] };
}

function decode(text: string): readonly unknown[] {
  if (text.length > MAX_LENGTH) throw platformProblem('cursor-invalid');
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(value) && value.length === 3) return value;
  } catch {
    // Falls through: not JSON.
  }
  throw platformProblem('cursor-invalid');
}
