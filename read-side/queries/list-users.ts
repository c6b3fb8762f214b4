import type { Page } from '#contracts/queries.js';
import type { UserRow } from '#contracts/read-models/other.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';
import { KEY_FORMS, readCursor, writeCursor } from '../cursor.js';
import type { ReadView } from '../view.js';

export const USERS = 'users';
const IDENTITY = { list: 'users' };

/** Users by the time they registered. */
export async function listUsers(view: ReadView, limit: number, cursor: string | undefined): Promise<Page<UserRow>> {
  const values: unknown[] = cursor === undefined ? [] : [...readCursor(cursor, IDENTITY, [KEY_FORMS.instant, KEY_FORMS.uuid]).keys];
  const text = `SELECT registered_at, ${selectList(USERS_TABLE)} FROM ${view.schemaOf(USERS)}.users
    ${cursor === undefined ? '' : 'WHERE (registered_at, id) > ($1::timestamptz, $2::uuid)'} ORDER BY registered_at, id LIMIT ${limit + 1}`;
  const found = (await view.all(text, values)).flat().map(([key, ...columns]) => ({ key: key ?? '', row: USERS_TABLE.parse(columns) }));
  const sorted = found.sort((left, right) => (left.key === right.key ? left.row.id < right.row.id : left.key < right.key) ? -1 : 1);
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(({ row }) => row), ...(sorted.length > limit && last && { next: writeCursor(IDENTITY, [last.key, last.row.id]) }) };
}

export const publicUser = ({ month: _month, shardKey: _shardKey, revision, ...row }: UserRow): Record<string, unknown> => ({ ...row, revision: String(revision) });
