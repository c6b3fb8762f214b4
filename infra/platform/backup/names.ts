import { parseKey } from '../object-store/content.js';

/**
 * Names of the files of a backup, which are those of the entries of its stream and of the files in its folder. Whatever is not of one of these forms is
 * refused before it is used as a path: no name leaves the folder, and none can stand for another.
 */
export type BackupName =
  | { readonly kind: 'manifest' }
  | { readonly kind: 'problem' }
  | { readonly kind: 'listing' }
  | { readonly kind: 'rows'; readonly database: string; readonly table: string }
  | { readonly kind: 'key'; readonly path: string }
  /** What the operator has brought: certificates, catalogues. `path` has the folder. */
  | { readonly kind: 'operator'; readonly path: string }
  | { readonly kind: 'object'; readonly key: string };

export const MANIFEST = 'manifest.json';
/** Stands in the stream instead of the manifest when the server could not go on: a problem document. Never kept. */
export const PROBLEM = 'problem.json';

const LISTING = /^listing\/\d{8}\.jsonl$/u;
const ROWS = /^(log|write)\/([a-z][a-z0-9_]{0,62})\/\d{8}\.copy$/u;
/** One dot exactly: drafts that the key ring has not finished have more. */
const KEY = /^keys\/((?:[A-Za-z0-9_-]{1,100}\/)?[A-Za-z0-9_-]{1,100}\.[a-z]{1,10})$/u;

/** Drafts have another ending. */
const OPERATOR = /^(?:trust\/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\.cer|catalogues\/catalogues\.json)$/u;

const numbered = (number: number): string => String(number).padStart(8, '0');

export const listingName = (number: number): string => `listing/${numbered(number)}.jsonl`;
export const rowsName = (database: string, table: string, number: number): string => `${database}/${table}/${numbered(number)}.copy`;
export const keyName = (path: string): string => `keys/${path}`;

/** What a name stands for; undefined for a name that no backup has. */
export function parseName(name: string): BackupName | undefined {
  if (name === MANIFEST) return { kind: 'manifest' };
  if (name === PROBLEM) return { kind: 'problem' };
  if (LISTING.test(name)) return { kind: 'listing' };
  const rows = ROWS.exec(name);
  if (rows) return { kind: 'rows', database: rows[1] ?? '', table: rows[2] ?? '' };
  const key = KEY.exec(name);
  if (key) return { kind: 'key', path: key[1] ?? '' };
  if (OPERATOR.test(name)) return { kind: 'operator', path: name };
  return parseKey(name) ? { kind: 'object', key: name } : undefined;
}

/** The folder of a name; empty for those at the top. */
export const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));
