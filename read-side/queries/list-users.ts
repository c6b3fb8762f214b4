import type { Page } from '#contracts/queries.js';
import type { UserRow } from '#contracts/read-models/other.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';
import { readCursor, writeCursor } from '../cursor.js';
import type { ReadView } from '../view.js';

export const USERS = 'users';
const IDENTITY = { list: 'users' };

/** Users by the time they registered. */
export async function listUsers(view: ReadView, limit: number, cursor: string | undefined): Promise<Page<UserRow>> {
  const values: unknown[] = cursor === undefined ? [] : [...readCursor(cursor, IDENTITY, 2).keys];
  const text = `SELECT ${selectList(USERS_TABLE)} FROM ${view.schemaOf(USERS)}.users
    ${cursor === undefined ? '' : 'WHERE (registered_at, id) > ($1::timestamptz, $2::uuid)'} ORDER BY registered_at, id LIMIT ${limit + 1}`;
  const rows = (await view.all(text, values)).flat().map((row) => USERS_TABLE.parse(row)).sort((left, right) => (left.registeredAt + left.id < right.registeredAt + right.id ? -1 : 1));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last && { next: writeCursor(IDENTITY, [last.registeredAt, last.id]) }) };
}

export const publicUser = ({ month: _month, shardKey: _shardKey, revision, ...row }: UserRow): Record<string, unknown> => ({ ...row, revision: String(revision) });
