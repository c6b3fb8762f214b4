import type { UserId } from '../../kernel/ids.js';
import type { Position, Revision } from '../../kernel/position.js';
import type { Role, Tier } from '../../roles.js';
import type { UserRow } from '../other.js';
import { column, DAY_TYPE, instantFromText, type TableSpec } from './table.js';

export const USERS_TABLE: TableSpec<UserRow> = {
  name: 'users',
  columns: [
    column('id', 'uuid', (row) => row.id),
    column('month', DAY_TYPE, (row) => row.month),
    column('shard_key', 'text', (row) => row.shardKey),
    column('revision', 'bigint', (row) => String(row.revision)),
    column('position', 'bigint', (row) => row.position),
    column('email', 'text', (row) => row.email),
    column('name', 'text', (row) => row.name),
    column('role', 'text', (row) => row.role),
    column('tier', 'text', (row) => row.tier),
    column('status', 'text', (row) => row.status),
    column('registered_at', 'timestamptz', (row) => row.registeredAt),
    column('updated_at', 'timestamptz', (row) => row.updatedAt),
  ],
  derived: [],
  key: ['id', 'month'],
  partitionBy: 'month',
  before: [],
  generated: [],
  indexes: ['ON {table} (registered_at, id)', 'ON {table} (lower(email))'],
  parse: (v) => ({
    id: (v[0] ?? '') as UserId, month: v[1] ?? '', shardKey: v[2] ?? '', revision: Number(v[3]) as Revision, position: (v[4] ?? '0') as Position, email: v[5] ?? '',
    name: v[6] ?? '', role: v[7] as Role, tier: v[8] as Tier, status: v[9] as UserRow['status'], registeredAt: instantFromText(v[10] ?? ''), updatedAt: instantFromText(v[11] ?? ''),
  }),
};
