import type { UserRow } from '#contracts/read-models/other.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';
import type { RowProjection } from '../kit/projection.js';
import { users } from './project.js';

export const USERS: RowProjection<UserRow> = { ...users, table: USERS_TABLE };
