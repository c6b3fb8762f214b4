import { createHash } from 'node:crypto';
import { platformProblem } from '#contracts/kernel/errors.js';
import { canonicalJson } from '#contracts/kernel/json.js';

/** Where a list goes on: the sort keys of its last row, tied to the query they belong to and to the form of the keys. */
export interface Cursor {
  readonly keys: readonly string[];
}

/** Grows when the meaning of the keys changes: older cursors are then `cursor-expired`. */
const FORM = 1;
const MAX_LENGTH = 2_000;

const digest = (query: unknown): string => createHash('sha256').update(canonicalJson(query)).digest('base64url').slice(0, 16);

export const writeCursor = (query: unknown, keys: readonly string[]): string => Buffer.from(JSON.stringify([FORM, digest(query), keys])).toString('base64url');

/** @throws Problem cursor-invalid (malformed, or of another query) | cursor-expired */
export function readCursor(text: string, query: unknown, keyCount: number): Cursor {
  const [form, of, keys] = decode(text);
  if (typeof form === 'number' && form !== FORM) throw platformProblem('cursor-expired');
  if (of !== digest(query) || !Array.isArray(keys) || keys.length !== keyCount || !keys.every((key) => typeof key === 'string')) throw platformProblem('cursor-invalid');
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
